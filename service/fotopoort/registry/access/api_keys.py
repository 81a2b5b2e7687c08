"""API keys: shown once when they are made and stored as hashes. Each has a role and belongs to one school."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from fotopoort.errors import NotAllowed, NotFound
from fotopoort.registry.access.accounts import own_groups
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.access.secret_hash import hashed, new_secret
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.database import Database
from fotopoort.registry.store.tables import key
from fotopoort.vocabulary import Text

_CALLER: Final[tuple[ColumnElement[Any], ...]] = (
    key.c.tenant,
    key.c.id,
    key.c.role,
    key.c.groups,
)  # what a caller is made of


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is stored of a key; not the key itself. `label` says whose it is or what for."""

    id: str
    role: KeyRole
    groups: tuple[str, ...]
    label: str = field(repr=False)
    made: datetime
    revoked: datetime | None


def make(session: Session, role: KeyRole, label: str, groups: Collection[str] = ()) -> tuple[ApiKey, str]:
    """Make a key. Returns what is stored of it and the key itself, which is seen only now.

    Raises:
        UnknownGroup: there is no such group.
        BadRecord: a teacher without a group, or a group for somebody else.
    """
    own = own_groups(session, role, groups)
    secret = new_secret()
    made = ApiKey(secrets.token_hex(8), role, own, label, session.now, None)
    row = {"tenant": session.tenant, "id": made.id, "hash": hashed(secret), "role": role.value, "groups": list(own)}
    session.connection.execute(insert(key).values(row | {"label": label, "made": made.made}))
    session.note("key.made", key=made.id, role=role.value)
    return made, secret


def keys(session: Session) -> list[ApiKey]:
    """Every key ever made, oldest first."""
    rows = session.connection.execute(
        select(key.c.id, key.c.role, key.c.groups, key.c.label, key.c.made, key.c.revoked)
        .where(key.c.tenant == session.tenant)
        .order_by(key.c.made, key.c.id)
    )
    return [ApiKey(row.id, KeyRole(row.role), tuple(row.groups), row.label, row.made, row.revoked) for row in rows]


def revoke(session: Session, key_id: str) -> None:
    """Revoke a key; it gives access to nothing from now on.

    Raises:
        NotFound: there is no such key.
    """
    conditions = (key.c.tenant == session.tenant, key.c.id == key_id, key.c.revoked.is_(None))
    if not session.connection.execute(update(key).where(*conditions).values(revoked=session.now)).rowcount:
        raise _unknown()
    session.note("key.revoked", key=key_id)


def identify(database: Database, secret: str) -> Caller:
    """The caller whose key this is.

    Raises:
        NotAllowed: it is nobody's, or it was revoked.
        RegistryUnavailable: the database does not answer.
    """
    with database.read() as connection:
        row = connection.execute(
            select(*_CALLER).where(key.c.hash == hashed(secret), key.c.revoked.is_(None))
        ).one_or_none()
    if row is None:
        raise NotAllowed
    return _caller(row)


def caller_of(session: Session, key_id: str) -> Caller:
    """Whoever has this key.

    Raises:
        NotFound: there is no such key, or it was revoked.
    """
    row = session.connection.execute(
        select(*_CALLER).where(key.c.tenant == session.tenant, key.c.id == key_id, key.c.revoked.is_(None))
    ).one_or_none()
    if row is None:
        raise _unknown()
    return _caller(row)


def log_use(registry: Registry, caller: Caller, act: Act, route: str) -> None:
    """Write in the audit log that a key was used, and for which route; never the address as it was typed."""
    with registry.write(caller, act) as session:
        session.note("key.used", route=route)


def _caller(row: Row[Any]) -> Caller:
    return Caller(row.tenant, row.id, KeyRole(row.role), frozenset(row.groups))


def _unknown() -> NotFound:
    return NotFound(
        Text(nl="Die API-sleutel is er niet.", en="There is no such API key."),
        hint=Text(nl="Kijk bij `fotopoort registry keys list`.", en="See `fotopoort registry keys list`."),
    )
