"""`fotopoort webhooks sources`: who may tell the service of photos, by a signed message."""

from __future__ import annotations

from typing import Annotated

import typer

from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import reading, writing
from fotopoort.registry.access.roles import Act
from fotopoort.registry.webhooks import sources
from fotopoort.vocabulary import Text
from fotopoort.webhooks.registration import add_source

app = typer.Typer(help="Who may tell of photos by a signed message.", no_args_is_help=True)


@app.command("list")
def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """Every source that was added."""
    with reading(Act.MANAGE_WEBHOOKS) as session:
        rows = sources.sources(session)
    nothing = Text(nl="Er is nog geen afzender.", en="There is no source yet.")
    show(
        context, rows, ("id", "label", "key", "hosts", "networks", "made", "revoked"), as_json=as_json, nothing=nothing
    )


@app.command("add")
def add(
    context: typer.Context,
    label: Annotated[str, typer.Argument(help="Who it is: “our website”.")],
    host: Annotated[list[str], typer.Option(help="A host from which its photos may be fetched; may be repeated.")],
    api_key: Annotated[
        str, typer.Option("--api-key", help="The id of the API key with which it asks what came of its photos.")
    ],
    network: Annotated[
        list[str] | None, typer.Option(help="A network they must lie in: 192.168.1.0/24; may be repeated.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option(help="A public key (whpk_…) it signs with, in place of a new secret.")
    ] = None,
) -> None:
    """Let somebody tell of photos. On stdout: the address to tell it to, and the secret to sign with."""
    with writing(Act.MANAGE_WEBHOOKS) as session:
        added, secret = add_source(session, label, host, api_key=api_key, networks=network or (), keys=key or ())
    shown = Text(nl=f"Afzender {added.id}.", en=f"Source {added.id}.")
    if secret is not None:
        shown = Text(nl=f"{shown.nl} Het geheim is alleen nu te zien:", en=f"{shown.en} The secret is shown only now:")
    say(context, shown)
    typer.echo(sources.PATH + added.id)
    if secret is not None:
        typer.echo(secret)


@app.command("revoke")
def revoke(
    context: typer.Context, source: Annotated[str, typer.Argument(help="The id that `webhooks sources list` shows.")]
) -> None:
    """Believe a source no more."""
    with writing(Act.MANAGE_WEBHOOKS) as session:
        sources.revoke(session, source)
    say(context, Text(nl="Ingetrokken.", en="Taken back."))
