"""What was screened lately, in memory only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from cachetools import TTLCache

from fotopoort.application.redecision import GivenScreening
from fotopoort.registry.access.roles import Caller

DOCUMENT_BYTES = 16_384  # what a document counts for: with a hundred faces it is about this much

Key: TypeAlias = tuple[str, str, str]  # tenant, caller, screening


@dataclass(frozen=True, slots=True)
class CachedScreening:
    """One photo's screening, for the key that it was given to and for no other.

    Attributes:
        file: the photo's name, as the caller gave it.
        given: with what it rests on, so that it is known whether it still holds.
        answer: the number of what was said of it last, where that is why it was judged again.
    """

    caller: Caller
    file: str = field(repr=False)
    given: GivenScreening
    answer: int | None = None

    @property
    def bytes(self) -> int:
        """About how much memory it takes; channels may share a rendition."""
        renditions = {made.sha256: len(made.jpeg) for made in self.given.screening.renditions.values()}
        return DOCUMENT_BYTES + self.given.text_size + sum(renditions.values())

    @property
    def key(self) -> Key:
        return _key(self.caller, self.given.screening.id)


class RenditionCache:
    """Keeps screenings for a while; where they would take too much memory, those least recently used go first.

    Args:
        seconds: how long each is kept.
        max_bytes: how much memory all may take together; a screening that is larger by itself is not kept.
        clock: seconds that never go back.
    """

    def __init__(self, *, seconds: float, max_bytes: int, clock: Callable[[], float]) -> None:
        self._screenings: TTLCache[Key, CachedScreening] = TTLCache(
            max_bytes, seconds, timer=clock, getsizeof=lambda screening: screening.bytes
        )

    def put(self, screening: CachedScreening) -> None:
        """Keep a screening, in place of an earlier one with that id; not of one in which more was said of the photo."""
        there = self._screenings.get(screening.key)
        if there is not None and there.given.number > screening.given.number:
            return
        self._screenings.pop(screening.key, None)
        if screening.bytes <= self._screenings.maxsize:
            self._screenings[screening.key] = screening

    def get(self, caller: Caller, screening_id: str) -> CachedScreening | None:
        """The screening with that id that this caller was given, if it is still here."""
        return self._screenings.get(_key(caller, screening_id))

    def expire(self) -> None:
        """Free the memory of screenings whose time is over, also when nobody asks for anything."""
        self._screenings.expire()

    def clear(self) -> None:
        """Let go of everything."""
        self._screenings.clear()


def _key(caller: Caller, screening_id: str) -> Key:
    return caller.tenant, caller.id, screening_id
