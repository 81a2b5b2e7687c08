"""Taking turns: so many at a time, so many waiting, and for so long."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fotopoort.errors import Busy, Overloaded


class ConcurrencyLimit:
    """A bounded queue, first come first served.

    Args:
        places: how many have their turn at a time.
        waiting: how many more may wait.
        seconds: how long one may wait.
    """

    def __init__(self, *, places: int, waiting: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._limit, self._waiting, self._seconds = waiting, 0, seconds

    @property
    def all_taken(self) -> bool:
        """Would one who comes now have to wait?"""
        return self._places.locked()

    @property
    def retry_after(self) -> int:
        """Seconds after which everyone who waits now has had a turn or has left."""
        return max(1, math.ceil(self._seconds))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and have it; leaving or being cancelled gives it to the next.

        Raises:
            Busy: as many are waiting as may.
            Overloaded: the turn did not come in time.
        """
        if self.all_taken and self._waiting >= self._limit:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Overloaded from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()
