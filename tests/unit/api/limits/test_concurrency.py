from __future__ import annotations

import asyncio

import pytest

from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.errors import Busy, Overloaded
from fotopoort.registry.access.roles import Caller, KeyRole

A, B = (Caller("school", key, KeyRole.MACHINE) for key in "ab")


def test_one_key_has_its_turns_in_the_order_of_asking() -> None:
    async def scenario() -> list[int]:
        concurrency, order = ConcurrencyLimit(slots=1, max_waiting=9, max_seconds=9), list[int]()

        async def have_slot(number: int) -> None:
            async with concurrency.slot(A):
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(have_slot(number) for number in range(9)))
        return order

    assert asyncio.run(scenario()) == list(range(9))


def test_a_request_of_many_photos_lets_those_of_another_key_go_in_between() -> None:
    async def scenario() -> str:
        concurrency, order = ConcurrencyLimit(slots=1, max_waiting=9, max_seconds=9), list[str]()

        async def request(caller: Caller, photos: int) -> None:
            for number in range(photos):
                async with concurrency.slot(caller, first=not number):
                    order.append(caller.id)
                    await asyncio.sleep(0)

        await asyncio.gather(request(A, 6), request(B, 3))
        return "".join(order)

    assert asyncio.run(scenario()) == "abababaaa"


def test_no_more_have_a_turn_than_there_are() -> None:
    async def scenario() -> int:
        concurrency, at_work, most = ConcurrencyLimit(slots=3, max_waiting=99, max_seconds=9), 0, 0

        async def have_slot() -> None:
            nonlocal at_work, most
            async with concurrency.slot(A):
                at_work += 1
                most = max(most, at_work)
                await asyncio.sleep(0)
                at_work -= 1

        await asyncio.gather(*(have_slot() for _ in range(30)))
        return most

    assert asyncio.run(scenario()) == 3


@pytest.mark.parametrize(("waiting", "seconds", "error"), [(0, 9.0, Busy), (1, 0.0, Overloaded), (1, 0.01, Overloaded)])
def test_who_cannot_wait_is_refused(waiting: int, seconds: float, error: type[Exception]) -> None:
    async def scenario() -> None:
        concurrency = ConcurrencyLimit(slots=1, max_waiting=waiting, max_seconds=seconds)
        async with concurrency.slot(A):
            with pytest.raises(error):
                async with concurrency.slot(A):
                    pass
        async with concurrency.slot(A):  # the slot and the place in the queue are free again
            pass

    asyncio.run(scenario())


def test_who_waits_with_many_of_its_key_gives_way_to_another_key() -> None:
    async def scenario() -> list[str]:
        concurrency, ends, results = (
            ConcurrencyLimit(slots=1, max_waiting=2, max_seconds=9),
            asyncio.Event(),
            list[str](),
        )

        async def have_slot(caller: Caller, name: str) -> None:
            try:
                async with concurrency.slot(caller):
                    await ends.wait()
                    results.append(name)
            except Busy:
                results.append(f"{name} busy")

        tasks = []
        for caller, name in ((A, "a1"), (A, "a2"), (A, "a3"), (B, "b1")):
            tasks.append(asyncio.create_task(have_slot(caller, name)))
            await asyncio.sleep(0)
        ends.set()
        await asyncio.gather(*tasks)
        return results

    assert sorted(asyncio.run(scenario())) == ["a1", "a2", "a3 busy", "b1"]


def test_the_next_photo_of_a_request_waits_however_long_it_takes() -> None:
    async def scenario() -> bool:
        concurrency = ConcurrencyLimit(slots=1, max_waiting=0, max_seconds=0)
        async with concurrency.slot(A):
            later = asyncio.create_task(concurrency.slot(B, first=False).__aenter__())
            await asyncio.sleep(0)
            assert not later.done()
        await later
        return True

    assert asyncio.run(scenario())


def test_a_work_that_takes_too_long_is_not_called_overloaded() -> None:
    async def scenario() -> None:
        async with ConcurrencyLimit(slots=1, max_waiting=0, max_seconds=0).slot(A):
            raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(scenario())


def test_who_leaves_just_as_the_turn_comes_gives_it_on() -> None:
    async def scenario() -> None:
        concurrency = ConcurrencyLimit(slots=1, max_waiting=9, max_seconds=9)

        async def have_slot() -> None:
            async with concurrency.slot(A):
                await asyncio.sleep(0)

        async with concurrency.slot(A):
            leaving, staying = asyncio.create_task(have_slot()), asyncio.create_task(have_slot())
            await asyncio.sleep(0)
        leaving.cancel()  # it has been given the slot, and does not know it yet
        await staying

    asyncio.run(asyncio.wait_for(scenario(), 10))
