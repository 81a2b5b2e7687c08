"""What was screened lately, in memory only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fotopoort.registry.access.roles import Caller
from fotopoort.vocabulary import ChannelId, Rendition

DOCUMENT_BYTES = 16_384  # what a document counts for: with a hundred faces it is about this much


@dataclass(frozen=True, slots=True)
class CachedScreening:
    """One photo's document, as it was answered to `caller`, and its renditions."""

    caller: Caller
    document: Mapping[str, Any]
    renditions: Mapping[ChannelId, Rendition]

    def is_for(self, caller: Caller) -> bool:
        """Whether this caller may have it: one of the same school, and a teacher only what they sent themselves."""
        return caller.tenant == self.caller.tenant and (not caller.own_groups_only or caller.id == self.caller.id)

    @property
    def bytes(self) -> int:
        """About how much memory it takes; channels may share a rendition."""
        return DOCUMENT_BYTES + sum({one.sha256: len(one.jpeg) for one in self.renditions.values()}.values())


class RenditionCache:
    """Keeps screenings for a while; where they would take too much memory, the oldest leave before their time.

    Args:
        seconds: how long each is kept.
        max_bytes: how much memory all may take together.
        clock: seconds that never go back.
    """

    def __init__(self, *, seconds: float, max_bytes: int, clock: Callable[[], float]) -> None:
        self._seconds, self._max_bytes, self._clock = seconds, max_bytes, clock
        self._kept: dict[str, tuple[float, CachedScreening]] = {}  # until when; in the order they came
        self._bytes = 0

    def put(self, kept: CachedScreening) -> None:
        """Keep one, by its document's id; an earlier one of that id makes way."""
        _, before = self._kept.pop(kept.document["id"], (0.0, None))
        self._bytes -= before.bytes if before else 0
        self._kept[kept.document["id"]] = (self._clock() + self._seconds, kept)
        self._bytes += kept.bytes
        self.sweep()

    def get(self, screening: str) -> CachedScreening | None:
        """The one with that id, if it is still here."""
        self.sweep()
        _, kept = self._kept.get(screening, (0.0, None))
        return kept

    def sweep(self) -> None:
        """Let go of what has had its time, and of the oldest while there is too much."""
        now = self._clock()
        for screening, (until, kept) in list(self._kept.items()):
            if until > now and self._bytes <= self._max_bytes:
                break
            del self._kept[screening]
            self._bytes -= kept.bytes

    def clear(self) -> None:
        """Let go of everything."""
        self._kept.clear()
        self._bytes = 0
