"""Photos of one moment are put together."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.application.posts.bursts import MAX_BITS_IN_A_MINUTE, NEAR, Shot, bursts
from fotopoort.photo.perceptual_hash import BITS, BYTES, MAX_DIFFERING_BITS

NINE = datetime(2024, 3, 12, 9, 0)


def print_with(*bits: int) -> str:
    """A likeness in which these bits are set."""
    return f"{sum(1 << bit for bit in bits) << (8 * BYTES - BITS):0{2 * BYTES}x}"


def differing(count: int) -> str:
    """One that differs in so many bits from `print_with()`."""
    return print_with(*range(count))


def at(seconds: float) -> str:
    return (NINE + timedelta(seconds=seconds)).isoformat()


def shot(name: str, captured_at: str | None, likeness: str) -> Shot[str]:
    return Shot(name, name, captured_at, likeness)


@pytest.mark.parametrize(
    ("likeness", "captured_at", "together"),
    [
        pytest.param(differing(0), at(1), True, id="the same"),
        pytest.param(differing(MAX_BITS_IN_A_MINUTE), at(60), True, id="much alike within a minute"),
        pytest.param(differing(MAX_BITS_IN_A_MINUTE + 1), at(1), False, id="another scene"),
        pytest.param(differing(MAX_DIFFERING_BITS), at(3600), True, id="a copy, however late"),
        pytest.param(differing(MAX_DIFFERING_BITS + 1), at(61), False, id="less alike than a copy, after a minute"),
        pytest.param(differing(MAX_DIFFERING_BITS), None, True, id="a copy of an unknown time"),
        pytest.param(differing(MAX_DIFFERING_BITS + 1), None, False, id="less alike than a copy, at an unknown time"),
        pytest.param(differing(MAX_DIFFERING_BITS + 1), "2024-03-12", False, id="less alike than a copy, on that day"),
        pytest.param("", at(1), False, id="a flat picture is like nothing"),
    ],
)
def test_what_belongs_together(likeness: str, captured_at: str | None, together: bool) -> None:
    found = bursts([shot("1", at(0), differing(0)), shot("2", captured_at, likeness)])
    assert found == ((("1", "2"),) if together else ())


def test_each_photo_leads_to_the_next() -> None:
    """Though the first and the last are of other scenes by themselves."""
    shots = [shot(f"{n}", at(n), print_with(*range(n * 10, n * 10 + 15))) for n in range(5)]
    assert bursts(shots) == (("0", "1", "2", "3", "4"),)


def test_photos_are_in_order_of_time_and_the_largest_burst_comes_first() -> None:
    small = [shot(f"a{n}", at(n), differing(0)) for n in range(2)]
    large = [shot(f"b{n}", at(1000 - n), print_with(*range(50, 100))) for n in range(3)]
    assert bursts([*small, *large]) == (("b2", "b1", "b0"), ("a0", "a1"))


def test_a_burst_longer_than_what_is_looked_at_around_a_photo_is_one() -> None:
    names = [f"{n:03}" for n in range(3 * NEAR)]
    assert bursts(shot(name, at(n), differing(n % 3)) for n, name in enumerate(names)) == (tuple(names),)


shots = st.lists(
    st.builds(
        lambda number, captured_at, bits: Shot(number, f"{number}.jpg", captured_at, print_with(*bits)),
        st.integers(0, 10_000),
        st.none() | st.integers(0, 200).map(at) | st.just("2024-03-12"),
        st.sets(st.integers(0, 40), max_size=25),
    ),
    unique_by=lambda shot: shot.photo,
    max_size=25,
)


@given(shots, st.randoms(use_true_random=False))
def test_the_order_they_come_in_never_matters(some: list[Shot[int]], chance: random.Random) -> None:
    mixed = list(some)
    chance.shuffle(mixed)
    assert set(bursts(mixed)) == set(bursts(some))


@given(shots)
def test_no_photo_is_in_two_bursts_and_none_is_alone(some: list[Shot[int]]) -> None:
    together = bursts(some)
    numbers = [number for burst in together for number in burst]
    assert len(numbers) == len(set(numbers))
    assert all(len(burst) > 1 for burst in together)
    assert set(numbers) <= {shot.photo for shot in some}


@given(shots)
def test_every_photo_is_alike_to_another_of_its_burst(some: list[Shot[int]]) -> None:
    bits = {shot.photo: int(shot.likeness, 16) for shot in some}
    for burst in bursts(some):
        for photo in burst:
            others = (bits[other] for other in burst if other != photo)
            assert min((bits[photo] ^ other).bit_count() for other in others) <= MAX_BITS_IN_A_MINUTE
