"""`fotopoort users`: who can log in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from fotopoort.cli.registry.rows import AsJson, say, show
from fotopoort.cli.registry_session import reading, writing
from fotopoort.registry.access import accounts, invitations
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text

app = typer.Typer(help="People who can log in, as what.", no_args_is_help=True)

LoginName = Annotated[str, typer.Argument(metavar="LOGIN", help="What this person logs in with.")]


@app.command("list")
def list_users(context: typer.Context, as_json: AsJson = False) -> None:
    """Everybody who can log in."""
    with reading(Act.MANAGE_ACCOUNTS) as session:
        rows = accounts.accounts(session)
    columns = ("login", "name", "role", "groups", "has_password", "has_second_factor", "disabled", "id")
    show(context, rows, columns, as_json=as_json, nothing=Text(nl="Er is nog niemand.", en="There is nobody yet."))


@app.command("add")
def add_user(
    context: typer.Context,
    login: Annotated[
        str, typer.Argument(help="What this person will log in with; an e-mail address is a good choice.")
    ],
    name: Annotated[str, typer.Option(help="What this person is called.")],
    role: Annotated[KeyRole, typer.Option(help="teacher, office or privacy_officer.")] = KeyRole.TEACHER,
    group: Annotated[list[str] | None, typer.Option(help="A teacher's own group; may be repeated.")] = None,
) -> None:
    """Add somebody. On stdout: the link by which they choose a password."""
    with writing(Act.MANAGE_ACCOUNTS) as session:
        made = accounts.add(session, login, name, role, group or ())
        secret, until = invitations.invite(session, made.id)
    _show_link(context, secret, until)


@app.command("reset")
def reset_user(
    context: typer.Context,
    login: LoginName,
    code: Annotated[bool, typer.Option("--code", help="Also forget their second factor, as for a lost phone.")] = False,
) -> None:
    """Log somebody out and have them choose another password. On stdout: the link for that."""
    with writing(Act.MANAGE_ACCOUNTS) as session:
        secret, until = invitations.reset(session, accounts.by_login(session, login).id, second_factor_too=code)
    _show_link(context, secret, until)


@app.command("disable")
def disable_user(context: typer.Context, login: LoginName) -> None:
    """Let somebody in no more, and log them out everywhere."""
    with writing(Act.MANAGE_ACCOUNTS) as session:
        accounts.disable(session, accounts.by_login(session, login).id)
    say(context, Text(nl="Kan niet meer inloggen.", en="Can log in no more."))


@app.command("enable")
def enable_user(context: typer.Context, login: LoginName) -> None:
    """Let somebody in again who was disabled."""
    with writing(Act.MANAGE_ACCOUNTS) as session:
        accounts.enable(session, accounts.by_login(session, login).id)
    say(context, Text(nl="Kan weer inloggen.", en="Can log in again."))


def _show_link(context: typer.Context, secret: str, until: datetime) -> None:
    day = until.date()
    say(
        context,
        Text(
            nl=f"Geef deze link alleen aan deze persoon; hij werkt één keer, tot {day}:",
            en=f"Give this link to this person only; it works once, until {day}:",
        ),
    )
    typer.echo(_address(secret))


def _address(secret: str) -> str:
    # Imported here: it takes a quarter of a second, which the other commands should not have to wait for.
    from fotopoort.api.middleware import is_loopback
    from fotopoort.web.addresses import INVITATION

    settings = load_settings()
    scheme = "http" if is_loopback(settings.host) else "https"  # without HTTPS there are no pages elsewhere
    origin = settings.public_url or f"{scheme}://{settings.host}:{settings.port}"
    return f"{origin}{INVITATION}/{secret}"
