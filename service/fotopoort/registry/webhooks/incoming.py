"""Photos that sources told of: what was told is sealed, and erased when the photo was fetched or never can be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select, update

from fotopoort.errors import Busy
from fotopoort.registry import outbox
from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import insert_into
from fotopoort.registry.store.tables import job, webhook_incoming
from fotopoort.registry.webhooks import holding, sealed_keys

KIND: Final = "webhook.fetch"
MAX_WAITING: Final = 500  # of one source: more would keep what others tell waiting for hours
KEY_LENGTH: Final = 40  # hexadecimal digits of a message's id that tell it from others


@dataclass(frozen=True, slots=True)
class ReportedPhoto:
    """What a source told, to be fetched."""

    source: str
    content: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class IncomingState:
    """What became of a photo that a source told of.

    Attributes:
        state: of its job: "waiting", "done" or "dead".
        error: the code of what went wrong last.
        result: the id of what was made of it.
    """

    id: str
    source: str
    state: str
    error: str | None
    result: str | None


def record(session: Session, source_id: str, message: str, content: dict[str, Any]) -> str:
    """Have fetched what a source told of. Returns its id: of the same message the same.

    Args:
        message: the id that the source gave it.
        content: what it told, as JSON has it.

    Raises:
        Busy: too much waits that it told of before.
        KeyMissing: the key file cannot be used.
    """
    key = f"{source_id}:{hashlib.sha256(message.encode()).hexdigest()[:KEY_LENGTH]}"
    due = holding.held_until(session, _of(session, source_id))
    id_ = outbox.enqueue(session, KIND, {"source": source_id}, key=key, due=due)
    sealed = sealed_keys.KEY.seal(session, id_, json.dumps(content).encode())
    row = {"tenant": session.tenant, "id": id_, "source": source_id, "request": sealed}
    added = insert_into(session.connection, webhook_incoming).values(row)
    if_new = added.on_conflict_do_nothing(index_elements=["tenant", "id"]).returning(webhook_incoming.c.id)
    if session.connection.execute(if_new).first():
        if holding.count(session, _of(session, source_id)) > MAX_WAITING:
            raise Busy
        session.note("webhook.received", source=source_id, incoming=id_)
    return id_


def told(session: Session, incoming_id: str) -> ReportedPhoto | None:
    """What is to be fetched; None: nothing any more.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    row = session.connection.execute(select(webhook_incoming).where(*_is(session, incoming_id))).one_or_none()
    if row is None or row.request is None:
        return None
    return ReportedPhoto(row.source, json.loads(sealed_keys.KEY.open(session, incoming_id, row.request)))


def finish(session: Session, incoming_id: str, result: str | None) -> None:
    """Erase what was told. `result`: the id of what was made of it; None: nothing can be."""
    changed = update(webhook_incoming).where(*_is(session, incoming_id)).values(request=None, result=result)
    session.connection.execute(changed)
    session.note("webhook.fetched" if result else "webhook.not_fetched", incoming=incoming_id)


def hold_back(session: Session, source_id: str, trial: datetime, until: datetime) -> None:
    """Fetch nothing of a source before a moment, but for one photo that is tried earlier.

    Args:
        trial: when that one is, if it would have been by then.
        until: when all others are.
    """
    its = _of(session, source_id)
    first = holding.first_due(session, its, trial)
    holding.hold_back(session, its, until)
    if first is not None:
        holding.try_at(session, first, trial)


def most_attempts(session: Session, source_id: str) -> int:
    """How often the photo of a source that was tried most of all that wait was."""
    return holding.most_attempts(session, _of(session, source_id))


def state(session: Session, source_id: str, incoming_id: str) -> IncomingState | None:
    """What became of a photo that this source told of; None: it told of none such."""
    of_job = and_(job.c.tenant == webhook_incoming.c.tenant, job.c.id == webhook_incoming.c.id)
    query = select(job.c.state, job.c.error, webhook_incoming.c.result).join(job, of_job)
    is_of_source = webhook_incoming.c.source == source_id
    row = session.connection.execute(query.where(*_is(session, incoming_id), is_of_source)).one_or_none()
    return None if row is None else IncomingState(incoming_id, source_id, row.state, row.error, row.result)


def _of(session: Session, source_id: str) -> holding.Ids:
    """The jobs of all that a source told of."""
    return select(webhook_incoming.c.id).where(
        webhook_incoming.c.tenant == session.tenant, webhook_incoming.c.source == source_id
    )


def _is(session: Session, incoming_id: str) -> tuple[ColumnElement[bool], ...]:
    return webhook_incoming.c.tenant == session.tenant, webhook_incoming.c.id == incoming_id
