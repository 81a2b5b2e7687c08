"""Threads for what takes long: hashing a password, or waiting for the database; so many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from fotopoort.errors import Overloaded
from fotopoort.vocabulary import Text

Result = TypeVar("Result")

THREADS: Final = 2  # a password takes a tenth of a second of one processor, and 19 MiB
MAX_WAITING: Final = 64  # a school that logs in at eight thirty


class WorkThreads:
    """Runs work in threads, a few at a time; the rest waits, up to a number."""

    def __init__(self, threads: int = THREADS, max_waiting: int = MAX_WAITING) -> None:
        self._free, self._max = asyncio.Semaphore(threads), threads + max_waiting
        self._under_way = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of the work.

        Raises:
            Overloaded: too much waits already.
        """
        if self._under_way >= self._max:
            raise Overloaded(
                Text(nl="Er loggen nu te veel mensen tegelijk in.", en="Too many people are logging in at once."),
                hint=Text(nl="Probeer het over een minuut opnieuw.", en="Try again in a minute."),
            )
        self._under_way += 1
        try:
            async with self._free:
                return await asyncio.to_thread(work)
        finally:
            self._under_way -= 1
