"""Endpoints: addresses that are told of what happens."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import AlreadyThere, NotFound
from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import webhook_delivery, webhook_endpoint
from fotopoort.registry.webhooks import holding, sealed_keys
from fotopoort.vocabulary import Text

BY_HAND: Final = "by_hand"  # somebody disabled it
GONE: Final = "gone"  # it answered that there is nobody any more (410)


class EventType(StrEnum):
    """What an endpoint can be told of."""

    SCREENING_DONE = "screening.done"  # a photo has its outcome
    REVIEW_NEEDED = "review.needed"  # a photo waits for a person
    VERDICT_REVOKED = "verdict.revoked"  # what went out may be shown no longer


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that is told of what happens.

    Attributes:
        public_key: what others verify its messages with; None: they have a shared secret.
        networks: that its addresses must lie in; none: any public one.
        disabled: since when it is told nothing; None: it is told.
        reason: a code: why it was disabled.
        paused_until: it asked not to be told before, or did not answer.
    """

    id: str
    url: str = field(repr=False)
    public_key: str | None
    events: tuple[EventType, ...]
    networks: tuple[str, ...]
    made: datetime
    disabled: datetime | None
    reason: str | None
    paused_until: datetime | None


def add(
    session: Session,
    url: str,
    keys: Sequence[str],
    *,
    public_key: str | None,
    events: Collection[EventType],
    networks: Sequence[str] = (),
) -> Endpoint:
    """Tell an address from now on. What is written here was checked by `webhooks.registration`.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    id_, types = secrets.token_hex(8), tuple(event for event in EventType if event in events)
    row: dict[str, Any] = {"tenant": session.tenant, "id": id_, "url": url, "public_key": public_key}
    row |= {"keys": sealed_keys.seal(session, id_, keys), "events": [event.value for event in types]}
    row |= {"networks": list(networks), "made": session.now}
    session.connection.execute(insert(webhook_endpoint).values(row))
    # The address is the school's own choice and no person's; in the log it is a digest all the same.
    session.note(
        "webhook.endpoint.added", endpoint=id_, url=digest(url), events=row["events"], networks=row["networks"]
    )
    return Endpoint(id_, url, public_key, types, tuple(networks), session.now, None, None, None)


def endpoints(session: Session) -> list[Endpoint]:
    """Every endpoint, oldest first."""
    query = select(webhook_endpoint).where(webhook_endpoint.c.tenant == session.tenant)
    rows = session.connection.execute(query.order_by(webhook_endpoint.c.made, webhook_endpoint.c.id))
    return [_endpoint(row) for row in rows]


def find(session: Session, endpoint_id: str) -> Endpoint:
    """One endpoint.

    Raises:
        NotFound: there is no such endpoint.
    """
    return _endpoint(_row(session, endpoint_id))


def signing_keys(session: Session, endpoint_id: str) -> tuple[str, ...]:
    """The keys that its messages are signed with, as texts, the newest first: secrets.

    Raises:
        NotFound: there is no such endpoint.
        KeyMissing: the key file cannot be used.
    """
    return sealed_keys.opened(session, endpoint_id, _row(session, endpoint_id).keys)


def add_key(session: Session, endpoint_id: str, key: str, *, public_key: str | None) -> None:
    """Sign its messages with a new key, and still with the old one, until its owner verifies with the new.

    Raises:
        AlreadyThere: there is an old key yet: to forget it unasked would leave the owner with nothing to verify with.
        NotFound: there is no such endpoint.
        KeyMissing: the key file cannot be used.
    """
    old = signing_keys(session, endpoint_id)
    if len(old) > 1:
        raise AlreadyThere(
            Text(nl="De vorige sleutel tekent ook nog.", en="The key before this one still signs too."),
            hint=Text(
                nl="Controleert de site met de nieuwe? Haal de oude dan weg met `--drop-old`.",
                en="When the site verifies with the new one, take the old one away with `--drop-old`.",
            ),
        )
    _change(session, endpoint_id, keys=sealed_keys.seal(session, endpoint_id, [key, *old]), public_key=public_key)
    session.note("webhook.endpoint.key_added", endpoint=endpoint_id)


def drop_old_keys(session: Session, endpoint_id: str) -> None:
    """Sign its messages with the newest key alone.

    Raises:
        NotFound: there is no such endpoint.
        KeyMissing: the key file cannot be used.
    """
    newest, *old = signing_keys(session, endpoint_id)
    if old:
        _change(session, endpoint_id, keys=sealed_keys.seal(session, endpoint_id, [newest]))
        session.note("webhook.endpoint.key_dropped", endpoint=endpoint_id)


def disable(session: Session, endpoint_id: str, reason: str = BY_HAND) -> None:
    """Tell it nothing any more. What waits for it becomes a dead letter when it is due, and so does what is revoked.

    Raises:
        NotFound: there is no such endpoint.
    """
    if find(session, endpoint_id).disabled is None:
        _change(session, endpoint_id, disabled=session.now, reason=reason)
        session.note("webhook.endpoint.disabled", endpoint=endpoint_id, reason=reason)


def enable(session: Session, endpoint_id: str) -> None:
    """Tell it again of what happens from now on. `webhooks.delivery.enable` does so, and sends it what was revoked.

    Raises:
        NotFound: there is no such endpoint.
    """
    if find(session, endpoint_id).disabled is not None:
        _change(session, endpoint_id, disabled=None, reason=None, paused_until=None)
        session.note("webhook.endpoint.enabled", endpoint=endpoint_id)


def remove(session: Session, endpoint_id: str) -> None:
    """Forget an endpoint, with its keys and all that it was or would be told.

    Raises:
        NotFound: there is no such endpoint.
    """
    find(session, endpoint_id)
    session.connection.execute(delete(webhook_endpoint).where(*_is(session, endpoint_id)))  # deliveries go with it
    session.note("webhook.endpoint.removed", endpoint=endpoint_id)


def pause(session: Session, endpoint_id: str, until: datetime) -> None:
    """Tell it nothing before this moment: neither what waits for it now nor what comes. A longer pause stays."""
    shorter = or_(webhook_endpoint.c.paused_until.is_(None), webhook_endpoint.c.paused_until < until)
    paused = update(webhook_endpoint).where(*_is(session, endpoint_id), shorter).values(paused_until=until)
    session.connection.execute(paused)
    holding.hold_back(session, _its(session, endpoint_id), until)


def hold_back(session: Session, endpoint_id: str, trial: datetime, until: datetime) -> None:
    """Tell it nothing before a moment, but for one message that is tried earlier: a revocation where one waits.

    Args:
        trial: when that one is tried, if it would have been by then.
        until: when all else is.
    """
    its = _its(session, endpoint_id)
    revocations = its.where(webhook_delivery.c.type == EventType.VERDICT_REVOKED.value)
    first = holding.first_due(session, revocations, trial) or holding.first_due(session, its, trial)
    pause(session, endpoint_id, until)
    if first is not None:
        holding.try_at(session, first, trial)


def most_attempts(session: Session, endpoint_id: str) -> int:
    """How often the message that was tried most of all that wait was."""
    return holding.most_attempts(session, _its(session, endpoint_id))


def next_due(session: Session, endpoint: Endpoint) -> datetime | None:
    """When a new message for an endpoint is due; None: at once."""
    now = database_clock(session.connection)
    return endpoint.paused_until if endpoint.paused_until and endpoint.paused_until > now else None


def _is(session: Session, endpoint_id: str) -> tuple[ColumnElement[bool], ...]:
    return webhook_endpoint.c.tenant == session.tenant, webhook_endpoint.c.id == endpoint_id


def _its(session: Session, endpoint_id: str) -> holding.Ids:
    """The jobs of all that it was or would be told."""
    return select(webhook_delivery.c.id).where(
        webhook_delivery.c.tenant == session.tenant, webhook_delivery.c.endpoint == endpoint_id
    )


def _row(session: Session, endpoint_id: str) -> Row[Any]:
    row = session.connection.execute(select(webhook_endpoint).where(*_is(session, endpoint_id))).one_or_none()
    if row is None:
        raise NotFound(
            Text(nl="Dit adres is er niet.", en="There is no such endpoint."),
            hint=Text(nl="Kijk bij `fotopoort webhooks list`.", en="See `fotopoort webhooks list`."),
        )
    return row


def _change(session: Session, endpoint_id: str, **values: Any) -> None:  # noqa: ANN401 - values of columns
    session.connection.execute(update(webhook_endpoint).where(*_is(session, endpoint_id)).values(values))


def _endpoint(row: Row[Any]) -> Endpoint:
    events = tuple(EventType(event) for event in row.events if event in set(EventType))
    states = row.made, row.disabled, row.reason, row.paused_until
    return Endpoint(row.id, row.url, row.public_key, events, tuple(row.networks), *states)
