"""The command `fotopoort`: every sub-command, and the place where an error becomes a sentence and an exit status."""

from __future__ import annotations

import atexit
import gc
import logging
import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from fotopoort import logs
from fotopoort.cli.language import GlobalLang, LanguageChoice, choice_of
from fotopoort.errors import FotopoortError
from fotopoort.vocabulary import Language

# Where each command is, in the order of the help.
COMMANDS: Final = {
    "screen": "fotopoort.cli.screen.command:screen",
    "batch": "fotopoort.cli.folders.batch:batch",
    "worker": "fotopoort.cli.folders.worker:worker",
    "watch": "fotopoort.cli.folders.watch:watch",
    "answer": "fotopoort.cli.registry.photos:answer",
    "block": "fotopoort.cli.registry.photos:block",
    "own-child": "fotopoort.cli.registry.own_child:own_child",
    "inspect": "fotopoort.cli.inspect:inspect",
    "serve": "fotopoort.cli.serve:serve",
    "demo": "fotopoort.cli.demo.command:demo",
    "doctor": "fotopoort.cli.doctor.command:doctor",
    "audit": "fotopoort.cli.audit:app",
    "jobs": "fotopoort.cli.jobs.app:app",
    "models": "fotopoort.cli.models:app",
    "names": "fotopoort.cli.names:app",
    "openapi": "fotopoort.cli.openapi.command:openapi",
    "policy": "fotopoort.cli.policy:app",
    "pull": "fotopoort.cli.pull.app:app",
    "registry": "fotopoort.cli.registry.app:app",
    "users": "fotopoort.cli.users.app:app",
    "webhooks": "fotopoort.cli.webhooks.app:app",
}
OFFICE: Final = (
    "fotopoort.cli.registry.",
    "fotopoort.cli.audit:",
    "fotopoort.cli.jobs.",
    "fotopoort.cli.pull.",
    "fotopoort.cli.users.",
    "fotopoort.cli.webhooks.",
    "fotopoort.cli.serve:",
    "fotopoort.cli.doctor.",
)  # where commands are that an office uses, or whoever looks after its machine
WITH_DUTCH: Final = frozenset(name for name, place in COMMANDS.items() if place.startswith(OFFICE))  # whose help can be
DUTCH: Final = "fotopoort.cli.registry.dutch"


class Commands(TyperGroup):
    """The commands, each imported when it is asked for: none waits for what another one needs."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**settings)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]  # None: not loaded yet

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        if cmd_name in COMMANDS and self.commands[cmd_name] is None:
            self.commands[cmd_name] = _load(cmd_name, choice_of(ctx).chosen)
        return self.commands.get(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        if choice_of(ctx).chosen is Language.NL:
            import_module(DUTCH).in_dutch(self)
        super().format_help(ctx, formatter)


def _load(name: str, language: Language | None = None) -> Any:  # noqa: ANN401 - typer's own command
    module, _, attribute = COMMANDS[name].partition(":")
    command = getattr(import_module(module), attribute)
    alone = typer.Typer(add_completion=False)
    if isinstance(command, typer.Typer):
        alone.add_typer(command, name=name)
    else:
        alone.command(name)(command)
    loaded = typer.main.get_group(alone).commands[name]
    if language is not Language.NL:
        return loaded
    dutch = import_module(DUTCH)
    return dutch.in_dutch(loaded) if name in WITH_DUTCH else dutch.listed_in_dutch(loaded)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def fotopoort(lang: GlobalLang = None) -> None:
    """The photo gate for schools: may this photo be published, on which channel, and how?"""


def main() -> None:
    """Run the command line. Exit status: 0 all judged, 1 some photo or model failed, 2 wrong use, 3 --fail-on met."""
    atexit.register(gc.freeze)  # the system takes back all memory; to look for garbage first takes a tenth of a second
    logs.configure(logs.LogFormat.BARE, logging.ERROR)
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
