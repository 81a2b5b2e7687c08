"""`fotopoort pull`: websites at a hoster, which cannot call in: their photos are fetched."""

from __future__ import annotations

from typing import Annotated

import typer

from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import open_registry, reading, writing
from fotopoort.registry.access.roles import Act
from fotopoort.registry.pull import pairings
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text

app = typer.Typer(
    help="Websites at a hoster, which cannot call in: `fotopoort serve` fetches their photos.", no_args_is_help=True
)


@app.command("pair")
def pair_website(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The code that the website's plugin shows.")],
) -> None:
    """Pair with a website. Prints the id, which the plugin shows as well: compare them."""
    from fotopoort.pull.pairing import pair

    with open_registry(load_settings(), make=True) as (registry, caller):
        pairing = pair(registry, caller, code)
    told = Text(
        nl="Gekoppeld. Laat de plugin dezelfde code zien? Dan klopt het:",
        en="Paired. Does the plugin show the same code? Then all is well:",
    )
    say(context, told)
    typer.echo(pairing)


@app.command("list")
def list_websites(context: typer.Context, as_json: AsJson = False) -> None:
    """Websites that are paired, when each was reached last, and what went wrong since."""
    with reading(Act.MANAGE_KEYS) as session:
        rows = pairings.pairings(session)
    columns = ("id", "address", "made", "reached", "error")
    nothing = Text(nl="Er is geen website gekoppeld.", en="No website is paired.")
    show(context, rows, columns, as_json=as_json, nothing=nothing)


@app.command("remove")
def remove_website(
    context: typer.Context, pairing: Annotated[str, typer.Argument(help="The id that `pull list` shows.")]
) -> None:
    """Fetch nothing from a website any more. Photos that it shows stay there: take them down first."""
    with writing(Act.MANAGE_KEYS) as session:
        pairings.remove(session, pairing)
    say(context, Text(nl="Ontkoppeld.", en="Removed."))
