"""How many photos or texts are worked on at a time, how many requests may wait, and how long."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

from fotopoort.api.limits.fair_queue import FairQueue
from fotopoort.errors import Busy, Overloaded
from fotopoort.registry.access.roles import Caller

Result = TypeVar("Result")
Waiting = asyncio.Future[None]  # has a result when a slot is free for it


class ConcurrencyLimit:
    """A bounded number of slots with a bounded queue, fair between keys: see `FairQueue`.

    Args:
        slots: how many may be at work at a time.
        max_waiting: how many requests may wait for their first one.
        max_seconds: how long a request may wait for its first one.
    """

    def __init__(self, *, slots: int, max_waiting: int, max_seconds: float) -> None:
        self._queue: FairQueue[Waiting] = FairQueue(places=slots, max_waiting=max_waiting)
        self._max_seconds = max_seconds

    @property
    def is_full(self) -> bool:
        """Whether a caller who comes now has to wait."""
        return self._queue.is_full

    @property
    def retry_after(self) -> int:
        """Seconds after which everyone who waits now has had a slot or has given up."""
        return max(1, math.ceil(self._max_seconds))

    @asynccontextmanager
    async def slot(self, caller: Caller, *, work: float = 1.0, first: bool = True) -> AsyncIterator[None]:
        """Wait for a slot and hold it. Leaving the context, also by cancellation, gives it to the next caller.

        Args:
            work: how much it is, where pieces of work are not alike.
            first: of this request. For the others it waits however long that takes: it is let in already.

        Raises:
            Busy: the queue is full, or this request gave way to one of another key.
            Overloaded: the first slot did not come in time.
        """
        waiting: Waiting = asyncio.get_running_loop().create_future()
        gave_way = self._queue.join((caller.tenant, caller.id), waiting, work=work, newcomer=first)
        if gave_way is not None and not gave_way.done():
            gave_way.set_exception(Busy())
        self._fill_slots()
        has_slot = False
        try:
            async with asyncio.timeout(self._max_seconds if first and not waiting.done() else None):
                await waiting
            has_slot = True
            yield
        except TimeoutError:
            if has_slot:  # it is of the work
                raise
            raise Overloaded from None
        finally:
            self._queue.leave(waiting)
            self._fill_slots()

    def _fill_slots(self) -> None:
        while (waiting := self._queue.start()) is not None:
            if not waiting.done():  # else whoever waited is leaving, and gives the slot on
                waiting.set_result(None)


async def settled(future: Future[Result]) -> Result:
    """What came of work in another process.

    Cancelled, this still waits for the end: until then a process is busy with it, and its slot is taken.
    """
    waiting = asyncio.wrap_future(future)
    try:
        await asyncio.wait({waiting})
    except asyncio.CancelledError:
        await asyncio.wait({waiting})
        raise
    return waiting.result()


async def unless_disconnected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work, or stop it when the client closes the connection.

    Raises:
        ClientDisconnect: nobody is there any more.
    """

    async def disconnected() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(disconnected())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.wait({working, leaving})
