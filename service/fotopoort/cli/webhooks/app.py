"""`fotopoort webhooks`: addresses that are told of what happens, and what became of each message."""

from __future__ import annotations

from typing import Annotated

import typer

from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import reading, writing
from fotopoort.cli.webhooks import sources
from fotopoort.errors import NotFound, UseError
from fotopoort.registry.access.roles import Act
from fotopoort.registry.webhooks import deliveries, endpoints
from fotopoort.registry.webhooks.endpoints import EventType
from fotopoort.vocabulary import Text
from fotopoort.webhooks.delivery import enable as tell_again
from fotopoort.webhooks.delivery import resend as send_again
from fotopoort.webhooks.registration import add_endpoint, rotate_key

app = typer.Typer(help="Whom the service tells of what happens, and who tells it.", no_args_is_help=True)
app.add_typer(sources.app, name="sources")

EndpointId = Annotated[str, typer.Argument(metavar="ENDPOINT", help="The id that `webhooks list` shows.")]
COLUMNS = ("id", "type", "endpoint", "attempts", "error", "made")


@app.command("list")
def list_endpoints(context: typer.Context, as_json: AsJson = False) -> None:
    """Every address that is told."""
    with reading(Act.MANAGE_WEBHOOKS) as session:
        rows = endpoints.endpoints(session)
    columns = ("id", "url", "events", "networks", "disabled", "reason")
    nothing = Text(nl="Er is nog geen adres.", en="There is no endpoint yet.")
    show(context, rows, columns, as_json=as_json, nothing=nothing)


@app.command("add")
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Where messages go: https://school.nl/hook.")],
    event: Annotated[
        list[EventType] | None, typer.Option(help="Of what it is told; may be repeated. Left out: of everything.")
    ] = None,
    network: Annotated[
        list[str] | None,
        typer.Option(help="A network that its address must lie in: 192.168.1.0/24; may be repeated."),
    ] = None,
    shared_secret: Annotated[
        bool, typer.Option("--shared-secret", help="Sign with a secret that both have (v1), for who cannot do v1a.")
    ] = False,
) -> None:
    """Tell an address of what happens. On stdout: the public key that it verifies with, or the shared secret."""
    with writing(Act.MANAGE_WEBHOOKS) as session:
        added, key = add_endpoint(session, url, events=event or (), networks=network or (), shared_secret=shared_secret)
    if added.public_key is None:
        say(
            context,
            Text(
                nl=f"Adres {added.id}. Geheim, alleen nu te zien:", en=f"Endpoint {added.id}. Secret, shown only now:"
            ),
        )
    else:
        say(
            context,
            Text(
                nl=f"Adres {added.id}. De ontvanger controleert met deze sleutel:",
                en=f"Endpoint {added.id}. Its owner verifies with this key:",
            ),
        )
    typer.echo(key)


@app.command("key")
def key(
    context: typer.Context,
    endpoint: EndpointId,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make a new key. The old one still signs too, until --drop-old.")
    ] = False,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Sign with the newest key alone.")] = False,
) -> None:
    """The public key with which the owner of an address verifies what comes. Anybody may have it."""
    if rotate or drop_old:
        with writing(Act.MANAGE_WEBHOOKS) as session:
            new = rotate_key(session, endpoint) if rotate else None
            if drop_old:
                endpoints.drop_old_keys(session, endpoint)
        if drop_old:
            say(context, Text(nl="Alleen de nieuwste sleutel tekent nog.", en="Only the newest key signs now."))
        else:
            say(context, Text(nl="De oude sleutel tekent ook nog.", en="The old key still signs too."))
        if new is not None:
            typer.echo(new)
        return
    with reading(Act.MANAGE_WEBHOOKS) as session:
        found = endpoints.find(session, endpoint)
    if found.public_key is None:
        raise NotFound(
            Text(
                nl="Dit adres heeft een gedeeld geheim, dat je alleen zag toen het werd gemaakt.",
                en="This endpoint has a shared secret, which was seen only when it was made.",
            ),
            hint=Text(
                nl="Is het kwijt? Maak een nieuw met `--rotate`.",
                en="If it is lost, make a new one with `--rotate`.",
            ),
        )
    typer.echo(found.public_key)


@app.command("disable")
def disable(context: typer.Context, endpoint: EndpointId) -> None:
    """Tell an address nothing any more. What waits for it is given up when it is due."""
    with writing(Act.MANAGE_WEBHOOKS) as session:
        endpoints.disable(session, endpoint)
    say(context, Text(nl="Staat uit.", en="Disabled."))


@app.command("enable")
def enable(context: typer.Context, endpoint: EndpointId) -> None:
    """Tell an address again, first of what was revoked meanwhile. For the rest: `webhooks resend`."""
    with writing(Act.MANAGE_WEBHOOKS) as session:
        count = tell_again(session, endpoint)
    say(
        context,
        Text(
            nl=f"Staat aan. Intrekkingen die nu worden verstuurd: {count}.",
            en=f"Enabled. Revocations that are sent now: {count}.",
        ),
    )


@app.command("remove")
def remove(context: typer.Context, endpoint: EndpointId) -> None:
    """Forget an address, with all that it would still be told."""
    with writing(Act.MANAGE_WEBHOOKS) as session:
        endpoints.remove(session, endpoint)
    say(context, Text(nl="Weggehaald.", en="Removed."))


@app.command("dead")
def dead(context: typer.Context, as_json: AsJson = False) -> None:
    """Messages that were given up."""
    with reading(Act.MANAGE_WEBHOOKS) as session:
        rows = deliveries.deliveries(session)
    nothing = Text(nl="Er is niets opgegeven.", en="Nothing was given up.")
    show(context, rows, COLUMNS, as_json=as_json, nothing=nothing)


@app.command("resend")
def resend(
    context: typer.Context,
    message: Annotated[str | None, typer.Argument(help="The id that `webhooks dead` shows.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every message that was given up.")] = False,
) -> None:
    """Send a message that was given up again, under its own id."""
    if (message is None) is not everything:
        raise UseError(
            Text(nl="Noem één bericht, of geef --all.", en="Name one message, or give --all."),
            hint=Text(
                nl="De berichten staan in `fotopoort webhooks dead`.", en="`fotopoort webhooks dead` shows them."
            ),
        )
    with writing(Act.MANAGE_WEBHOOKS) as session:
        count = send_again(session, message)
    say(context, Text(nl=f"Opnieuw te versturen: {count}.", en=f"To be sent again: {count}."))
