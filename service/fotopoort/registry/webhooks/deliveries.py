"""What becomes of each message to each endpoint: its state is that of the job which has the same id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, select, update

from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import job, webhook_delivery
from fotopoort.registry.webhooks import endpoints
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType

MAX_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Message:
    """What an endpoint is told. `keys`: to sign it with, as texts."""

    endpoint: Endpoint
    id: str
    body: bytes = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to an endpoint, and what became of it.

    Attributes:
        state: "waiting", "done" or "dead".
        next_at: when it is tried; None: not any more.
        error: the code of what went wrong last.
        status: with which the endpoint took it.
    """

    id: str
    endpoint: str
    message: str
    type: str
    state: str
    attempts: int
    next_at: datetime | None
    error: str | None
    status: int | None
    made: datetime


def message_of(session: Session, delivery_id: str) -> Message | None:
    """What is to be delivered; None: its endpoint is gone.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    query = select(webhook_delivery).where(*_is(session, delivery_id))
    row = session.connection.execute(query).one_or_none()
    if row is None:
        return None
    endpoint = endpoints.find(session, row.endpoint)
    return Message(endpoint, row.message, row.body.encode(), endpoints.signing_keys(session, row.endpoint))


def record(session: Session, delivery_id: str, status: int) -> None:
    """An endpoint took a message."""
    session.connection.execute(update(webhook_delivery).where(*_is(session, delivery_id)).values(status=status))
    session.note("webhook.delivered", delivery=delivery_id, status=status)


def deliveries(
    session: Session, states: Sequence[str] = ("dead",), *, limit: int | None = MAX_LISTED
) -> list[Delivery]:
    """The messages in these states, the newest first; so many at most, or all of them."""
    of_job = and_(job.c.tenant == webhook_delivery.c.tenant, job.c.id == webhook_delivery.c.id)
    query = (
        select(webhook_delivery, job.c.state, job.c.attempts, job.c.due, job.c.error, job.c.made)
        .join(job, of_job)
        .where(webhook_delivery.c.tenant == session.tenant, job.c.state.in_(states))
        .order_by(job.c.made.desc(), job.c.id)
        .limit(limit)
    )
    return [
        Delivery(
            row.id,
            row.endpoint,
            row.message,
            row.type,
            row.state,
            row.attempts,
            row.due if row.state == "waiting" else None,
            row.error,
            row.status,
            row.made,
        )
        for row in session.connection.execute(query)
    ]


def dead_revocations(session: Session, endpoint_id: str) -> list[str]:
    """The ids of all revocations that an endpoint was not told of and that were given up."""
    of_job = and_(job.c.tenant == webhook_delivery.c.tenant, job.c.id == webhook_delivery.c.id)
    query = select(job.c.id).join(webhook_delivery, of_job)
    its = webhook_delivery.c.tenant == session.tenant, webhook_delivery.c.endpoint == endpoint_id
    is_dead = job.c.state == "dead", webhook_delivery.c.type == EventType.VERDICT_REVOKED.value
    return list(session.connection.execute(query.where(*its, *is_dead).order_by(job.c.made, job.c.id)).scalars())


def _is(session: Session, delivery_id: str) -> tuple[ColumnElement[bool], ...]:
    return webhook_delivery.c.tenant == session.tenant, webhook_delivery.c.id == delivery_id
