"""Sources: those who may tell the service of photos, and from where those are fetched."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadSignature, NotFound
from fotopoort.registry.access.roles import Caller, KeyRole
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import webhook_source
from fotopoort.registry.webhooks import sealed_keys
from fotopoort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who may tell the service of photos.

    Attributes:
        label: who it is.
        hosts: from which its photos may be fetched.
        networks: that those must lie in; none: any public one.
    """

    id: str
    label: str = field(repr=False)
    hosts: tuple[str, ...]
    networks: tuple[str, ...]
    made: datetime
    revoked: datetime | None


def add(
    session: Session, label: str, keys: Sequence[str], *, hosts: Sequence[str], networks: Sequence[str] = ()
) -> Source:
    """Let somebody in. What is written here was checked by `webhooks.registration`.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    id_ = secrets.token_hex(8)
    row: dict[str, Any] = {"tenant": session.tenant, "id": id_, "label": label, "made": session.now}
    row |= {"keys": sealed_keys.seal(session, id_, keys), "hosts": list(hosts), "networks": list(networks)}
    session.connection.execute(insert(webhook_source).values(row))
    session.note("webhook.source.added", source=id_, hosts=digest(list(hosts)), networks=list(networks))
    return Source(id_, label, tuple(hosts), tuple(networks), session.now, None)


def sources(session: Session) -> list[Source]:
    """Every source that ever was, oldest first."""
    query = select(webhook_source).where(webhook_source.c.tenant == session.tenant)
    rows = session.connection.execute(query.order_by(webhook_source.c.made, webhook_source.c.id))
    return [_source(row) for row in rows]


def revoke(session: Session, source_id: str) -> None:
    """Believe it no more, nor fetch what it told of.

    Raises:
        NotFound: there is no such source.
    """
    conditions = (
        webhook_source.c.tenant == session.tenant,
        webhook_source.c.id == source_id,
        webhook_source.c.revoked.is_(None),
    )
    if not session.connection.execute(update(webhook_source).where(*conditions).values(revoked=session.now)).rowcount:
        raise NotFound(
            Text(nl="Deze afzender is er niet.", en="There is no such source."),
            hint=Text(nl="Kijk bij `fotopoort webhooks sources`.", en="See `fotopoort webhooks sources`."),
        )
    session.note("webhook.source.revoked", source=source_id)


def find(session: Session, source_id: str) -> Source | None:
    """A source that was not revoked."""
    query = select(webhook_source).where(
        webhook_source.c.tenant == session.tenant,
        webhook_source.c.id == source_id,
        webhook_source.c.revoked.is_(None),
    )
    row = session.connection.execute(query).one_or_none()
    return None if row is None else _source(row)


def identify(registry: Registry, source_id: str) -> tuple[Caller, Source, tuple[str, ...]]:
    """Whoever tells us something, if it is this source: as a caller, and the keys that it signs with.

    Raises:
        BadSignature: there is no such source, which nobody is told.
        KeyMissing: the key file cannot be used.
        RegistryUnavailable: the database does not answer.
    """
    with registry.database.read() as connection:
        query = select(webhook_source).where(webhook_source.c.id == source_id, webhook_source.c.revoked.is_(None))
        row = connection.execute(query).one_or_none()
        if row is None:
            raise BadSignature
        caller = caller_of(row.tenant, row.id)
        return caller, _source(row), sealed_keys.opened(registry.session(connection, caller), row.id, row.keys)


def caller_of(tenant: str, source_id: str) -> Caller:
    """A source, as somebody who asks the gate."""
    return Caller(tenant, source_id, KeyRole.CMS)


def _source(row: Row[Any]) -> Source:
    return Source(row.id, row.label, tuple(row.hosts), tuple(row.networks), row.made, row.revoked)
