"""Where people are logged in: rows of hashes. What a browser holds is a secret of which only the hash is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update

from fotopoort.errors import NotLoggedIn
from fotopoort.registry.access.accounts import Account, from_row
from fotopoort.registry.access.secret_hash import hashed, new_secret
from fotopoort.registry.registry import Session
from fotopoort.registry.store.database import Database
from fotopoort.registry.store.tables import account, login_session

TOUCHED: Final = timedelta(minutes=1)  # how precisely it is known when a session was used last
LONGEST: Final = timedelta(days=7)  # that a session can last, whatever is set
AHEAD: Final = timedelta(minutes=5)  # that the clocks of two services differ; a row of later is of a wrong clock
CSRF: Final = "csrf"


class Stage(StrEnum):
    """How far somebody is with logging in."""

    CODE = "code"  # a code of the second factor must be given
    ENROL = "enrol"  # a second factor must be set up
    IN = "in"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts: without use, and in any case."""

    idle: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Somebody who is logged in somewhere, or nearly.

    Attributes:
        hash: of what their browser holds; it names the session.
        needs_touch: it was not recorded lately that it is in use, see `touch`.
    """

    hash: str = field(repr=False)
    account: Account
    stage: Stage
    needs_touch: bool


def start(session: Session, of: Account, *, confirmed: bool = False) -> str:
    """Log somebody in. Returns what their browser is to hold.

    Args:
        confirmed: a code of the second factor was given.
    """
    secret = new_secret()
    row = {"tenant": session.tenant, "hash": hashed(secret), "account": of.id, "made": session.now, "seen": session.now}
    session.connection.execute(insert(login_session).values(row | {"confirmed": session.now if confirmed else None}))
    return secret


def find(database: Database, tenant: str, secret: str, now: datetime, lifetime: Lifetime) -> LoginSession:
    """Whose session this is. Role and groups are those that the account has now.

    Raises:
        NotLoggedIn: it is over, was ended, or never was; or the account was disabled.
        RegistryUnavailable: the database does not answer.
    """
    of_account = (account.c.tenant == login_session.c.tenant) & (account.c.id == login_session.c.account)
    query = (
        select(account, login_session.c.seen, login_session.c.confirmed)
        .join(login_session, of_account)
        .where(
            login_session.c.tenant == tenant,
            login_session.c.hash == hashed(secret),
            login_session.c.seen > now - lifetime.idle,
            login_session.c.made > now - lifetime.longest,
            login_session.c.seen <= now + AHEAD,
            login_session.c.made <= now + AHEAD,
            account.c.disabled.is_(None),
        )
    )
    with database.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotLoggedIn
    found = from_row(row)
    stage = Stage.IN
    if found.needs_second_factor and row.confirmed is None:
        stage = Stage.CODE if found.has_second_factor else Stage.ENROL
    return LoginSession(hashed(secret), found, stage, needs_touch=row.seen <= now - TOUCHED)


def touch(session: Session, held: LoginSession) -> None:
    """Record that a session is in use."""
    session.connection.execute(update(login_session).where(*_is(session, held.hash)).values(seen=session.now))


def renew(session: Session, held: LoginSession) -> str:
    """Put another session in the place of this one, once its second factor was given: whoever held the old secret has
    nothing. Returns what the browser is to hold.

    Raises:
        NotLoggedIn: it was ended meanwhile.
    """
    if not session.connection.execute(delete(login_session).where(*_is(session, held.hash))).rowcount:
        raise NotLoggedIn
    return start(session, held.account, confirmed=True)


def end(session: Session, held: LoginSession) -> None:
    """Log out."""
    session.connection.execute(delete(login_session).where(*_is(session, held.hash)))
    session.note("logout", account=held.account.id)


def end_others(session: Session, account_id: str, secret: str) -> None:
    """Log somebody out everywhere but where this secret is."""
    others = login_session.c.account == account_id, login_session.c.hash != hashed(secret)
    session.connection.execute(delete(login_session).where(login_session.c.tenant == session.tenant, *others))


def is_confirmed(session: Session, held: LoginSession) -> bool:
    """Whether a code of the second factor was given in it.

    Raises:
        NotLoggedIn: it was ended meanwhile.
    """
    row = session.connection.execute(select(login_session.c.confirmed).where(*_is(session, held.hash))).one_or_none()
    if row is None:
        raise NotLoggedIn
    return row.confirmed is not None


def forget_ended(session: Session) -> None:
    """Erase the rows of sessions that are over by any setting, or were made while the clock was wrong."""
    over = (login_session.c.made <= session.now - LONGEST) | (login_session.c.made > session.now + AHEAD)
    session.connection.execute(delete(login_session).where(login_session.c.tenant == session.tenant, over))


def csrf_token(secret: str) -> str:
    """What a form of this session sends along, so that no other site can have sent it."""
    return hashed(CSRF + secret)


def _is(session: Session, session_hash: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return login_session.c.tenant == session.tenant, login_session.c.hash == session_hash
