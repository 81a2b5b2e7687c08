"""Who is served next: the key that has had the least, and of a key whoever came first. No clock, no waiting."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fotopoort.errors import Busy

Ticket = TypeVar("Ticket", bound=Hashable)
Key = Hashable


@dataclass(slots=True)
class _Line(Generic[Ticket]):
    """The tickets of one key that wait.

    Attributes:
        had: what this key has had so far, in units of work, as far as it matters.
        since: when the key last got a place or joined, as a number that grows. Of keys that have had equally much, the
            one that has waited longest is next.
    """

    had: float = 0.0
    since: int = 0
    tickets: deque[tuple[Ticket, float]] = field(default_factory=deque)


class FairQueue(Generic[Ticket]):
    """A bounded number of places, shared evenly between keys.

    With work of one size, the keys take turns: the first ticket of a key waits for at most one ticket of every other
    key. With work of several sizes, a key that had a large piece waits until the others have had as much. Nobody saves
    up for later: a key that comes back after a pause begins with as much as the others have had.

    Args:
        places: how many tickets may be at work at a time.
        max_waiting: how many newcomers may wait; see `join`.
    """

    def __init__(self, *, places: int, max_waiting: int) -> None:
        self._places, self._max_waiting = places, max_waiting
        self._lines: dict[Key, _Line[Ticket]] = {}
        self._keys: dict[Ticket, Key] = {}  # of the tickets that wait
        self._newcomers: dict[Ticket, Key] = {}  # the newcomers among them, which are limited
        self._at_work: set[Ticket] = set()
        self._level = 0.0  # what the key that was last served had had before that
        self._number = 0

    @property
    def is_full(self) -> bool:
        """Whether a ticket that joins now must wait."""
        return len(self._at_work) >= self._places or bool(self._keys)

    def join(self, key: Key, ticket: Ticket, *, work: float = 1.0, newcomer: bool = True) -> Ticket | None:
        """Stand in line.

        When the limit of waiting newcomers is reached, the key with the most of them gives up its last one for a key
        that has at least two fewer: no key takes all the room to wait.

        Args:
            work: how much it is.
            newcomer: False for the next part of a request that was served before: it always joins, and never gives way.

        Returns:
            The ticket that gave way, if any.

        Raises:
            Busy: the limit of waiting newcomers is reached.
        """
        gave_way = self._make_room(key) if newcomer and self.is_full else None
        if not self._at_work and not self._keys:  # nobody is owed anything
            self._level = max([self._level, *(line.had for line in self._lines.values())])
        line = self._lines.setdefault(key, _Line())
        if not line.tickets:
            line.had = max(line.had, self._level)
            line.since = self._next_number()
        line.tickets.append((ticket, work))
        self._keys[ticket] = key
        if newcomer:
            self._newcomers[ticket] = key
        return gave_way

    def start(self) -> Ticket | None:
        """Give the next ticket a place. Returns that ticket; None where all places are taken or nobody waits."""
        waiting = [line for line in self._lines.values() if line.tickets]
        if not waiting or len(self._at_work) >= self._places:
            return None
        line = min(waiting, key=lambda line: (line.had, line.since))
        ticket, work = line.tickets.popleft()
        self._level = line.had
        line.had += work
        line.since = self._next_number()
        self._newcomers.pop(ticket, None)
        del self._keys[ticket]
        self._at_work.add(ticket)
        self._lines = {key: line for key, line in self._lines.items() if line.tickets or line.had > self._level}
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Take a ticket out: its work is done, or nobody waits for it any more."""
        self._at_work.discard(ticket)
        self._newcomers.pop(ticket, None)
        key = self._keys.pop(ticket, None)
        if key is not None:
            line = self._lines[key]
            line.tickets = deque(waiting for waiting in line.tickets if waiting[0] != ticket)

    def _make_room(self, key: Key) -> Ticket | None:
        if len(self._newcomers) < self._max_waiting:
            return None
        counts = Counter(self._newcomers.values())
        most = max(counts, key=lambda other: counts[other], default=key)
        if counts[most] <= counts[key] + 1:
            raise Busy
        ticket = next(ticket for ticket, other in reversed(self._newcomers.items()) if other == most)
        self.leave(ticket)
        return ticket

    def _next_number(self) -> int:
        self._number += 1
        return self._number
