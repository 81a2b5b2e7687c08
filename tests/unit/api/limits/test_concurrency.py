from __future__ import annotations

import asyncio

import pytest

from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.errors import Busy, Overloaded


def test_slots_are_given_in_the_order_of_asking() -> None:
    async def scenario() -> list[int]:
        limit, order = ConcurrencyLimit(slots=1, max_waiting=9, max_seconds=9), list[int]()

        async def use_slot(number: int) -> None:
            async with limit.slot():
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(use_slot(number) for number in range(9)))
        return order

    assert asyncio.run(scenario()) == list(range(9))


def test_no_more_slots_are_in_use_than_there_are() -> None:
    async def scenario() -> int:
        limit, in_use, max_in_use = ConcurrencyLimit(slots=3, max_waiting=99, max_seconds=9), 0, 0

        async def use_slot() -> None:
            nonlocal in_use, max_in_use
            async with limit.slot():
                in_use += 1
                max_in_use = max(max_in_use, in_use)
                await asyncio.sleep(0)
                in_use -= 1

        await asyncio.gather(*(use_slot() for _ in range(30)))
        return max_in_use

    assert asyncio.run(scenario()) == 3


@pytest.mark.parametrize(("waiting", "seconds", "error"), [(0, 9.0, Busy), (1, 0.0, Overloaded), (1, 0.01, Overloaded)])
def test_who_cannot_wait_is_refused(waiting: int, seconds: float, error: type[Exception]) -> None:
    async def scenario() -> None:
        limit = ConcurrencyLimit(slots=1, max_waiting=waiting, max_seconds=seconds)
        async with limit.slot():
            with pytest.raises(error):
                async with limit.slot():
                    pass
        async with limit.slot():  # the slot and the place in the queue are free again
            pass

    asyncio.run(scenario())


def test_a_free_slot_needs_no_waiting() -> None:
    async def scenario() -> None:
        async with ConcurrencyLimit(slots=1, max_waiting=0, max_seconds=0).slot():
            pass

    asyncio.run(scenario())
