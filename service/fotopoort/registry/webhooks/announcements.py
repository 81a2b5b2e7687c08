"""What is told outside, written in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from fotopoort.registry import outbox
from fotopoort.registry.registry import Session

ANNOUNCE: Final = "webhook.announce"  # the job that tells it


class EventType(StrEnum):
    SCREENING_DONE = "screening.done"  # nothing about it waits for anybody any more
    REVIEW_NEEDED = "review.needed"  # somebody at school is asked about it
    VERDICT_REVOKED = "verdict.revoked"  # what went out must be taken down


def announce(transaction: Session, event: EventType, data: Mapping[str, str]) -> None:
    """Have this told to all who want to hear of it.

    Args:
        data: `id`, `sha256`, `channel`, `href`, and of what is revoked `rendition_sha256`.
    """
    told = {"gate": data["id"], "photo": data["sha256"], "rendition": data.get("rendition_sha256")}
    outbox.enqueue(transaction, ANNOUNCE, {"event": event.value, **told})
