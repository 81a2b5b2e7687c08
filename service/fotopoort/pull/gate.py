"""Photos of websites go through the gate, as those of a CMS that can call in do."""

from __future__ import annotations

from typing import Any

from fotopoort.application.gate.requests import GateRequest
from fotopoort.application.gate.service import Gate
from fotopoort.errors import NoLongerValid, NotFound, NothingToPublish
from fotopoort.pull.messages import SealedPhoto
from fotopoort.pull.verdicts import Verdict
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.gate import gates
from fotopoort.registry.registry import Registry, Session
from fotopoort.vocabulary import ChannelId


class GateVerdicts:
    """Fits `Verdicts`.

    Args:
        page: the address of the pages on which somebody at school answers.
    """

    def __init__(self, gate: Gate, registry: Registry, page: str) -> None:
        self._gate, self._registry, self._page = gate, registry, page.rstrip("/")

    def take(self, caller: Caller, photo: SealedPhoto, idempotency_key: str) -> str:
        request = GateRequest.cleaned(
            photo.content or None,
            ChannelId(photo.channel),
            text=photo.text,
            file_name=photo.file_name,
            groups=photo.groups,
            reference=photo.reference,
            key=idempotency_key,
        )
        return self._gate.take(caller, request).id

    def verdict(self, caller: Caller, ticket: str, shown: str | None) -> Verdict:
        document, holds, is_told = self._now(caller, ticket, shown)
        if not is_told:  # what is answered is on record first
            with self._registry.write(caller, Act.GATE) as session:
                self._gate.tell(session, ticket, None)
            self._gate.wake()
            document, holds, is_told = self._now(caller, ticket, shown)
            if not is_told:
                return Verdict(None, holds=holds)  # it changed again: the next look tells
        rendition = document["rendition"]
        return Verdict(
            document if document["status"] == "done" else None,
            rendition["sha256"] if rendition is not None else None,
            holds,
        )

    def rendition(self, caller: Caller, ticket: str, sha256: str) -> bytes | None:
        with self._registry.read(caller, Act.GATE) as session:
            try:
                found, jpeg = self._gate.rendition(session, ticket)
            except (NoLongerValid, NothingToPublish):
                return None
        return jpeg if found == sha256 else None

    def _now(self, caller: Caller, ticket: str, shown: str | None) -> tuple[dict[str, Any], bool, bool]:
        """What holds now, whether what the website shows does, and whether all of it is on record."""
        with self._registry.read(caller, Act.GATE) as session:
            document, is_told = self._gate.document(session, ticket, None, self._page)
            return document, shown is not None and self._holds(session, ticket, shown), is_told

    def _holds(self, session: Session, ticket: str, shown: str) -> bool:
        try:
            return self._gate.holds(session, shown, gates.of(session, ticket).channel)
        except NotFound:  # nothing vouches for it
            return False
