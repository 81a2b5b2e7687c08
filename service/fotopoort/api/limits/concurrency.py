"""How many requests screen photos at a time, how many more may wait, and for how long."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fotopoort.errors import Busy, Overloaded


class ConcurrencyLimit:
    """A bounded number of slots with a bounded queue, first come first served.

    Args:
        slots: how many may be in use at a time.
        max_waiting: how many callers may wait for one.
        max_seconds: how long a caller may wait.
    """

    def __init__(self, *, slots: int, max_waiting: int, max_seconds: float) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._max_waiting, self._waiting, self._max_seconds = max_waiting, 0, max_seconds

    @property
    def is_full(self) -> bool:
        """Whether a caller who comes now has to wait."""
        return self._slots.locked()

    @property
    def retry_after(self) -> int:
        """Seconds after which everyone who waits now has had a slot or has given up."""
        return max(1, math.ceil(self._max_seconds))

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot and use it. Leaving the context, also by cancellation, frees it for the next caller.

        Raises:
            Busy: the queue is full.
            Overloaded: no slot became free in time.
        """
        if self.is_full and self._waiting >= self._max_waiting:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._max_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise Overloaded from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()
