"""What is told to endpoints: written in the transaction of what it tells, so that both are there or neither."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC
from typing import Final

from sqlalchemy import insert

from fotopoort.registry import outbox
from fotopoort.registry.pull import photos
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import utc_text
from fotopoort.registry.store.tables import webhook_delivery
from fotopoort.registry.webhooks.endpoints import EventType, endpoints, next_due

__all__ = ["EventType", "announce"]

KIND: Final = "webhook.deliver"
MAX_BYTES: Final = 20_000  # of a body, by the specification

# What may be told, and how each looks: nothing that could be a name, a text or the id of a person.
FIELDS: Final[Mapping[str, re.Pattern[str]]] = {
    "id": re.compile(r"[a-z]{0,4}_?[0-9a-f-]{8,64}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "rendition_sha256": re.compile(r"[0-9a-f]{64}"),
    "channel": re.compile(r"[a-z0-9_-]{1,40}"),
    "href": re.compile(r"(https?://[a-z0-9.:\[\]-]{1,255})?/[A-Za-z0-9/_.?=&%-]{0,500}"),
}


def announce(session: Session, event: EventType, data: Mapping[str, str]) -> str:
    """Have every enabled endpoint that wants it told of an event; one that is disabled gets a revocation when it is
    enabled, for until then it is a dead letter. Returns the message's id.

    Args:
        session: of the transaction in which what is told is written.
        data: of the FIELDS, those that the event has. A receiver gets the rest from `href`.

    Raises:
        ValueError: there is something else in the data.
    """
    for name, value in data.items():
        if name not in FIELDS or not FIELDS[name].fullmatch(value):
            raise ValueError(f"{name if name in FIELDS else 'a field'} cannot be told")
    message = f"msg_{uuid.uuid4().hex}"
    timestamp = utc_text(session.now.astimezone(UTC))
    body = json.dumps({"type": event.value, "timestamp": timestamp, "data": dict(data)}, separators=(",", ":"))
    if len(body.encode()) >= MAX_BYTES:
        raise ValueError("a message is short")
    if "id" in data:
        photos.mark_changed(session, data["id"])  # a website that cannot be called is told when it is polled
    for endpoint in endpoints(session):
        is_kept = endpoint.disabled is None or event is EventType.VERDICT_REVOKED
        if is_kept and event in endpoint.events:
            payload: outbox.Payload = {"endpoint": endpoint.id, "message": message}
            delivery = outbox.enqueue(session, KIND, payload, due=next_due(session, endpoint))
            row = {"tenant": session.tenant, "id": delivery, "endpoint": endpoint.id, "message": message}
            session.connection.execute(insert(webhook_delivery).values(row | {"type": event.value, "body": body}))
    return message
