"""`fotopoort policy show`."""

from __future__ import annotations

import typer

from fotopoort.cli.language import Lang
from fotopoort.policy.texts.show import policy_page
from fotopoort.policy_file import load_policy
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Language

app = typer.Typer(help="The school's rules.", no_args_is_help=True)


@app.command()
def show(lang: Lang = Language.NL) -> None:
    """Print the rules as a page for parents (Markdown)."""
    typer.echo(policy_page(load_policy(load_settings().policy_file), lang.value))


@app.callback()
def rules() -> None:
    """The school's rules."""
