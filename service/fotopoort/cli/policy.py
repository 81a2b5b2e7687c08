"""`fotopoort policy show`."""

from __future__ import annotations

from typing import Annotated

import typer

from fotopoort.cli.output import Language
from fotopoort.policy_file import load_policy
from fotopoort.policy.show import policy_page
from fotopoort.settings import load_settings

app = typer.Typer(help="The school's rules.", no_args_is_help=True)


@app.command()
def show(lang: Annotated[Language, typer.Option(help="nl or en.")] = Language.NL) -> None:
    """Print the rules as a page for parents (Markdown)."""
    typer.echo(policy_page(load_policy(load_settings().policy_file), lang.value))


@app.callback()
def rules() -> None:
    """The school's rules."""
