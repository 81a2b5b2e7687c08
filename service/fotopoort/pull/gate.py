"""Photos of websites go through the gate, as those of a CMS that can call in do."""

from __future__ import annotations

from typing import Any, Final

from fotopoort.application.gate.requests import GateRequest
from fotopoort.application.gate.service import MAX_BACKLOG, Gate
from fotopoort.errors import NoLongerValid, NotFound, NothingToPublish, Overloaded
from fotopoort.pull.messages import SealedPhoto
from fotopoort.pull.verdicts import Verdict
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.gate import gates
from fotopoort.registry.registry import Registry, Session
from fotopoort.vocabulary import ChannelId

MAX_FILE_NAME: Final = 1000  # characters, as over HTTP


class GateVerdicts:
    """Fits `Verdicts`.

    Args:
        page: the address of the pages on which somebody at school answers.
    """

    def __init__(self, gate: Gate, registry: Registry, page: str) -> None:
        self._gate, self._registry, self._page = gate, registry, page.rstrip("/")

    def take(self, caller: Caller, photo: SealedPhoto, idempotency_key: str) -> str:
        with self._registry.read(caller, Act.GATE) as session:
            if gates.backlog(session) >= MAX_BACKLOG:
                raise Overloaded
        request = GateRequest(
            content=photo.content or None,
            channel=ChannelId(photo.channel),
            text=photo.text.replace("\r\n", "\n") if photo.text and photo.text.strip() else None,
            file_name=(photo.file_name or "")[:MAX_FILE_NAME],
            groups=frozenset(photo.groups),
            reference=photo.reference or "",
            key=idempotency_key,
        )
        return self._gate.take(caller, request).id

    def verdict(self, caller: Caller, ticket: str, shown: str | None) -> Verdict:
        with self._registry.read(caller, Act.GATE) as session:
            is_told = self._gate.is_told(session, ticket, None)
        if not is_told:  # what is answered is on record first
            with self._registry.write(caller, Act.GATE) as session:
                self._gate.tell(session, ticket, None)
            self._gate.wake()
        with self._registry.read(caller, Act.GATE) as session:
            document: dict[str, Any] = self._gate.document(session, ticket, None, self._page)
            holds = shown is not None and self._holds(session, ticket, shown)
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

    def _holds(self, session: Session, ticket: str, shown: str) -> bool:
        channel = gates.of(session, ticket).channel
        try:
            return bool(self._gate.document(session, shown, channel, self._page)["holds"])
        except NotFound:  # nothing vouches for it
            return False
