"""A school with a registry, whose verdicts the test gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fotopoort.errors import FotopoortError, NotFound
from fotopoort.pull.connection import GuardedConnection
from fotopoort.pull.messages import SealedPhoto
from fotopoort.pull.puller import Puller, caller
from fotopoort.pull.verdicts import Verdict
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.pull import photos
from fotopoort.registry.registry import Registry
from fotopoort.settings import Settings
from fotopoort.webhooks.outbound.client import GuardedClient

MAX_BYTES = 200_000


@dataclass
class PlayedVerdicts:
    """What judges, played by the test.

    Attributes:
        taken: what was given, by ticket.
        documents: the verdicts so far.
        renditions: what may be shown, by ticket.
        error: what the next `take` raises.
        by_itself: every photo is published at once, as its own bytes turned around.
    """

    taken: dict[str, SealedPhoto] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    renditions: dict[str, bytes] = field(default_factory=dict)
    error: FotopoortError | None = None
    by_itself: bool = True

    def take(self, caller: Caller, photo: SealedPhoto, idempotency_key: str) -> str:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        ticket = "g_" + hashlib.sha256(idempotency_key.encode()).hexdigest()[:16]
        self.calls.append(ticket)
        self.taken[ticket] = photo
        if self.by_itself and ticket not in self.documents:
            self.publish(ticket)
        return ticket

    def picture(self, photo: bytes) -> bytes:
        """What may be seen of a photo."""
        return rendition_of(photo)

    def publish(self, ticket: str, *, is_named: bool = False) -> None:
        """This photo may be published; `is_named`: but not under its file's name."""
        rendition = self.picture(self.taken[ticket].content)
        self.renditions[ticket] = rendition
        sha256 = hashlib.sha256(rendition).hexdigest()
        self.documents[ticket] = {
            "status": "done",
            "outcome": "publish",
            "holds": True,
            "href": "/v1/gate/x",
            "rendition": {"href": "/v1/gate/x/rendition", "sha256": sha256, "bytes": len(rendition)},
            "text": {"outcome": "reject", "message": {"nl": "Een naam.", "en": "A name."}} if is_named else None,
        }

    def reject(self, ticket: str) -> None:
        """This photo may not be published, or not any more."""
        self.renditions.pop(ticket, None)
        self.documents[ticket] = {"status": "done", "outcome": "reject", "rendition": None, "holds": False}

    def verdict(self, caller: Caller, ticket: str, shown: str | None) -> Verdict:
        if ticket not in self.taken:
            raise NotFound
        rendition = self.renditions.get(ticket)
        return Verdict(self.documents.get(ticket), None if rendition is None else hashlib.sha256(rendition).hexdigest())

    def rendition(self, caller: Caller, ticket: str, sha256: str) -> bytes | None:
        return self.renditions.get(ticket)


def rendition_of(photo: bytes) -> bytes:
    """What stands for a rendition: nothing of the photo is in it."""
    return hashlib.sha256(photo).digest() * 20


@dataclass
class PlayedSchool:
    registry: Registry
    verdicts: PlayedVerdicts = field(default_factory=PlayedVerdicts)

    @property
    def caller(self) -> Caller:
        return console("school")

    def tell(self, ticket: str) -> None:
        """As whatever changes a verdict does."""
        with self.registry.write(self.caller, Act.MAINTAIN) as session:
            photos.mark_changed(session, ticket)


def open_school(data_folder: Path) -> Registry:
    return Registry.open(Settings(data_folder=data_folder), add_school=console("school"))


def puller(
    school: PlayedSchool,
    pairing: str,
    worker: str = "w",
    *,
    max_bytes: int = MAX_BYTES,
    **how: Any,  # noqa: ANN401
) -> Puller:
    """One that does not wait for photos, and polls each time."""
    seconds = iter(range(0, 10**9, 1000))
    return Puller(
        school.registry,
        caller("school", pairing),
        school.verdicts,
        GuardedConnection(GuardedClient()),
        worker=worker,
        max_bytes=max_bytes,
        wait=0,
        **{"ticks": lambda: next(seconds), **how},
    )
