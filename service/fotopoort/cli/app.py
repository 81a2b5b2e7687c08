"""The command `fotopoort`: every sub-command, and the place where an error becomes a sentence and an exit status."""

from __future__ import annotations

import logging
import sys

import typer

from fotopoort.cli import audit, models, names, policy
from fotopoort.cli.demo.command import demo
from fotopoort.cli.folders.batch import batch
from fotopoort.cli.folders.watch import watch
from fotopoort.cli.folders.worker import worker
from fotopoort.cli.inspect import inspect
from fotopoort.cli.language import GlobalLang, LanguageChoice
from fotopoort.cli.registry import app as registry
from fotopoort.cli.registry.photos import answer, block
from fotopoort.cli.screen import screen
from fotopoort.cli.serve import serve
from fotopoort.errors import FotopoortError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def fotopoort(lang: GlobalLang = None) -> None:
    """The photo gate for schools: may this photo be published, on which channel, and how?"""


app.command()(screen)
app.command()(batch)
app.command()(worker)
app.command()(watch)
app.command()(answer)
app.command()(block)
app.command()(inspect)
app.command()(serve)
app.command()(demo)
app.add_typer(audit.app, name="audit")
app.add_typer(models.app, name="models")
app.add_typer(names.app, name="names")
app.add_typer(policy.app, name="policy")
app.add_typer(registry.app, name="registry")


def main() -> None:
    """Run the command line. Exit status: 0 all judged, 1 some photo or model failed, 2 wrong use, 3 --fail-on met."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    choice = LanguageChoice()
    try:
        app(obj=choice)
    except FotopoortError as error:
        language = choice.of_errors
        typer.echo(f"{error.message:{language}} {error.hint:{language}}", err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:  # the reader of our output left; it knows
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
