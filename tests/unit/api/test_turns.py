from __future__ import annotations

import asyncio

import pytest

from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.errors import Busy, Overloaded


def test_turns_come_in_the_order_asked_for() -> None:
    async def play() -> list[int]:
        turns, order = ConcurrencyLimit(places=1, waiting=9, seconds=9), list[int]()

        async def take(number: int) -> None:
            async with turns.turn():
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(take(number) for number in range(9)))
        return order

    assert asyncio.run(play()) == list(range(9))


def test_never_more_at_a_time_than_there_are_places() -> None:
    async def play() -> int:
        turns, now, most = ConcurrencyLimit(places=3, waiting=99, seconds=9), 0, 0

        async def take() -> None:
            nonlocal now, most
            async with turns.turn():
                now += 1
                most = max(most, now)
                await asyncio.sleep(0)
                now -= 1

        await asyncio.gather(*(take() for _ in range(30)))
        return most

    assert asyncio.run(play()) == 3


@pytest.mark.parametrize(("waiting", "seconds", "error"), [(0, 9.0, Busy), (1, 0.0, Overloaded), (1, 0.01, Overloaded)])
def test_no_turn_for_whom_there_is_none(waiting: int, seconds: float, error: type[Exception]) -> None:
    async def play() -> None:
        turns = ConcurrencyLimit(places=1, waiting=waiting, seconds=seconds)
        async with turns.turn():
            with pytest.raises(error):
                async with turns.turn():
                    pass
        async with turns.turn():  # the place and the waiting place are free again
            pass

    asyncio.run(play())


def test_a_free_place_needs_no_waiting() -> None:
    async def play() -> None:
        async with ConcurrencyLimit(places=1, waiting=0, seconds=0).turn():
            pass

    asyncio.run(play())
