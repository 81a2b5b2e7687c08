"""Sources: those who may tell the service of photos, and from where those are fetched."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadSignature, NotFound
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Caller, visitor
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import webhook_source
from fotopoort.registry.webhooks import sealed_keys
from fotopoort.vocabulary import Text

PATH: Final = "/v1/hooks/in/"  # begins the addresses where sources tell, each followed by its id


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who may tell the service of photos.

    Attributes:
        label: who it is.
        key: the id of the API key on whose behalf it tells: what comes of it, that key can ask about.
        hosts: from which its photos may be fetched.
        networks: that those must lie in; none: any public one.
    """

    id: str
    label: str = field(repr=False)
    key: str
    hosts: tuple[str, ...]
    networks: tuple[str, ...]
    made: datetime
    revoked: datetime | None


def add(
    session: Session,
    label: str,
    keys: Sequence[str],
    *,
    api_key: str,
    hosts: Sequence[str],
    networks: Sequence[str] = (),
) -> Source:
    """Let somebody in. What is written here was checked by `webhooks.registration`.

    Args:
        keys: it signs with one of them, as texts.
        api_key: the id of the key on whose behalf it tells.

    Raises:
        NotFound: there is no such API key.
        KeyMissing: the key file cannot be used.
    """
    api_keys.caller_of(session, api_key)
    id_ = secrets.token_hex(8)
    row: dict[str, Any] = {"tenant": session.tenant, "id": id_, "label": label, "key": api_key}
    row |= {"keys": sealed_keys.seal(session, id_, keys), "hosts": list(hosts), "networks": list(networks)}
    row |= {"made": session.now}
    session.connection.execute(insert(webhook_source).values(row))
    session.note("webhook.source.added", source=id_, key=api_key, hosts=digest(list(hosts)), networks=list(networks))
    return Source(id_, label, api_key, tuple(hosts), tuple(networks), session.now, None)


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


def find(session: Session, source_id: str) -> tuple[Caller, Source] | None:
    """A source that was not revoked, and on whose behalf it tells; None: it was, or that one's key."""
    query = select(webhook_source).where(
        webhook_source.c.tenant == session.tenant,
        webhook_source.c.id == source_id,
        webhook_source.c.revoked.is_(None),
    )
    row = session.connection.execute(query).one_or_none()
    try:
        return None if row is None else (api_keys.caller_of(session, row.key), _source(row))
    except NotFound:
        return None


def identify(registry: Registry, source_id: str) -> tuple[Caller, Source, tuple[str, ...]]:
    """Whoever tells us something, if it is this source: as a caller, and the keys that it signs with.

    Raises:
        BadSignature: there is no such source, or its API key was revoked, which nobody is told.
        KeyMissing: the key file cannot be used.
        RegistryUnavailable: the database does not answer.
    """
    with registry.database.read() as connection:
        query = select(webhook_source).where(webhook_source.c.id == source_id, webhook_source.c.revoked.is_(None))
        row = connection.execute(query).one_or_none()
        if row is None:
            raise BadSignature
        session = registry.session(connection, visitor(row.tenant))
        try:
            caller = api_keys.caller_of(session, row.key)
        except NotFound:
            raise BadSignature from None
        return caller, _source(row), sealed_keys.opened(session, row.id, row.keys)


def _source(row: Row[Any]) -> Source:
    return Source(row.id, row.label, row.key, tuple(row.hosts), tuple(row.networks), row.made, row.revoked)
