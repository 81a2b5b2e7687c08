"""`fotopoort models list | pull | verify`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from fotopoort.errors import ModelCorrupt, ModelMissing
from fotopoort.settings import load_settings
from fotopoort.vision.models.catalogue import Catalogue, Check, State
from fotopoort.vocabulary import Text

app = typer.Typer(help="The models that look at photos.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Model ids, as `models list` shows them.")]


@app.command("list")
def show() -> None:
    """Show every model: what it is for, its licence, and whether it is here."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Model", "For", "Licence", "Needed", "Here"):
        table.add_column(heading, overflow="fold")
    for check in _catalogue().verify():
        model = check.model
        needed = "yes" if model.required else "optional"
        table.add_row(model.id, model.purpose, model.licence, needed, check.state)
    Console().print(table)


@app.command()
def pull(
    ids: Ids = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch again what is here already.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when nothing had to be fetched.")] = False,
) -> None:
    """Fetch the models that are needed (or those named) and not here yet."""
    catalogue = _catalogue()
    with Console(stderr=True).status("Fetching models …"):
        fetched = catalogue.pull(ids, force=force)
    for model in fetched:
        typer.echo(f"{model.id}: fetched ({model.bytes / 1e6:.1f} MB, {model.licence})", err=True)
    if not fetched and not quiet:
        typer.echo("Every model is here already.", err=True)


@app.command()
def verify(ids: Ids = None) -> None:
    """Read the model files anew and hold each against its sha256."""
    checks = _catalogue().verify(ids)
    for check in checks:
        typer.echo(f"{check.model.id}: {check.state}")
    if corrupt := _named(checks, State.CORRUPT):
        raise ModelCorrupt(
            Text(
                nl=f"Dit zijn niet de bestanden die in de lijst staan: {corrupt}.",
                en=f"Not the files the manifest names: {corrupt}.",
            ),
            hint=Text(nl="Voer `fotopoort models pull` uit.", en="Run `fotopoort models pull`."),
        )
    if missing := _named([check for check in checks if check.model.required or ids], State.MISSING):
        raise ModelMissing(Text(nl=f"Niet op deze computer: {missing}.", en=f"Not on this machine: {missing}."))


def _named(checks: list[Check] | tuple[Check, ...], state: State) -> str:
    return ", ".join(str(check.path) for check in checks if check.state is state)


def _catalogue() -> Catalogue:
    return Catalogue(load_settings().models_folder)
