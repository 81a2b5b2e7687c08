"""`fotopoort registry keys`: who may come in over HTTP, and for what."""

from __future__ import annotations

from typing import Annotated

import typer

from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import reading, writing
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.vocabulary import Text

app = typer.Typer(help="API keys: who may come in, and for what.", no_args_is_help=True)


@app.command("list")
def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """Every key that was made."""
    with reading(Act.MANAGE_KEYS) as session:
        rows = api_keys.keys(session)
    columns = ("id", "role", "groups", "label", "made", "revoked")
    show(context, rows, columns, as_json=as_json, nothing=Text(nl="Er zijn geen sleutels.", en="There are no keys."))


@app.command("add")
def add_key(
    context: typer.Context,
    role: Annotated[KeyRole, typer.Argument(help="teacher, office, privacy_officer, machine or cms.")],
    label: Annotated[str, typer.Option(help="Whose it is, or what for.")],
    group: Annotated[list[str] | None, typer.Option(help="A teacher's own group; may be repeated.")] = None,
) -> None:
    """Make a key. It is shown once, on stdout."""
    with writing(Act.MANAGE_KEYS) as session:
        made, secret = api_keys.make(session, role, label, group or ())
    say(context, Text(nl=f"Sleutel {made.id}, alleen nu te zien:", en=f"Key {made.id}, shown only now:"))
    typer.echo(secret)


@app.command("revoke")
def revoke_key(
    context: typer.Context, key: Annotated[str, typer.Argument(help="The id that `keys list` shows.")]
) -> None:
    """Take a key back."""
    with writing(Act.MANAGE_KEYS) as session:
        api_keys.revoke(session, key)
    say(context, Text(nl="Ingetrokken.", en="Taken back."))
