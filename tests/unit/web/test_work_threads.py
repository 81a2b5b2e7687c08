"""So many at a time, so many that wait, and no more."""

from __future__ import annotations

import asyncio
import threading

import pytest
from tests.waiting import PATIENCE

from fotopoort.errors import Overloaded
from fotopoort.web.work_threads import WorkThreads


def test_some_work_at_once_some_wait_and_the_rest_is_refused() -> None:
    asyncio.run(scenario())


async def scenario() -> None:
    threads, free = WorkThreads(threads=2, max_waiting=3), threading.Event()
    lock, at_work, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        assert free.wait(PATIENCE)
        with lock:
            at_work -= 1

    under_way = [asyncio.create_task(threads.run(work)) for _ in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await threads.run(work)
    free.set()
    await asyncio.gather(*under_way)
    assert most <= 2
    await threads.run(work)
