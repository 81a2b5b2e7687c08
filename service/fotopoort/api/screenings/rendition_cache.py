"""What was screened lately, in memory only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import TTLCache

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
        return DOCUMENT_BYTES + sum({made.sha256: len(made.jpeg) for made in self.renditions.values()}.values())


class RenditionCache:
    """Keeps screenings for a while; where they would take too much memory, those least recently used go first.

    Args:
        seconds: how long each is kept.
        max_bytes: how much memory all may take together; a screening that is larger by itself is not kept.
        clock: seconds that never go back.
    """

    def __init__(self, *, seconds: float, max_bytes: int, clock: Callable[[], float]) -> None:
        self._screenings: TTLCache[str, CachedScreening] = TTLCache(
            max_bytes, seconds, timer=clock, getsizeof=lambda screening: screening.bytes
        )

    def put(self, screening: CachedScreening) -> None:
        """Keep a screening under its document's id, in place of an earlier one with that id."""
        key = screening.document["id"]
        self._screenings.pop(key, None)
        if screening.bytes <= self._screenings.maxsize:
            self._screenings[key] = screening

    def get(self, screening_id: str) -> CachedScreening | None:
        """The screening with that id, if it is still here."""
        return self._screenings.get(screening_id)

    def expire(self) -> None:
        """Free the memory of screenings whose time is over, also when nobody asks for anything."""
        self._screenings.expire()

    def clear(self) -> None:
        """Let go of everything."""
        self._screenings.clear()
