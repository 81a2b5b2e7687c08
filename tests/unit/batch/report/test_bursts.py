"""Photos of one moment are put together, and the best overview of them is proposed, per channel."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entries import Json, entry, face, failed, verdict

from fotopoort.batch.entry import Entry
from fotopoort.batch.report.bursts import MAX_BITS_IN_A_MINUTE, NEAR, Burst, Rank, Shot, bursts
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


def found(*entries: Entry) -> list[tuple[int, ...]]:
    return [burst.photos for burst in bursts(Shot.of(number, entry) for number, entry in enumerate(entries))]


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
    first, other = (
        entry("1.jpg", captured_at=at(0), likeness=differing(0)),
        entry("2.jpg", captured_at=captured_at, likeness=likeness),
    )
    assert found(first, other) == ([(0, 1)] if together else [])


def test_each_photo_leads_to_the_next() -> None:
    """Though the first and the last are of other scenes by themselves."""
    shots = [entry(f"{n}.jpg", captured_at=at(n), likeness=print_with(*range(n * 10, n * 10 + 15))) for n in range(5)]
    assert found(*shots) == [(0, 1, 2, 3, 4)]


def test_photos_are_in_order_of_time_and_the_largest_burst_comes_first() -> None:
    small = [entry(f"a{n}.jpg", captured_at=at(n), likeness=differing(0)) for n in range(2)]
    large = [entry(f"b{n}.jpg", captured_at=at(1000 - n), likeness=print_with(*range(50, 100))) for n in range(3)]
    assert found(*small, *large) == [(4, 3, 2), (0, 1)]


def test_a_burst_longer_than_what_is_looked_at_around_a_photo_is_one() -> None:
    count = 3 * NEAR
    assert found(*(entry(f"{n:03}.jpg", captured_at=at(n), likeness=differing(n % 3)) for n in range(count))) == [
        tuple(range(count))
    ]


def best(*entries: Entry) -> dict[str, int]:
    (burst,) = bursts(Shot.of(number, entry) for number, entry in enumerate(entries))
    return dict(burst.best)


def shot(name: str, faces: Sequence[Json] = (), website: Json | None = None) -> Entry:
    return entry(f"{name}.jpg", captured_at=at(0), likeness=differing(0), faces=faces, website=website)


def test_the_fewest_frontal_faces_come_before_the_least_covered() -> None:
    frontal = shot("1", [face(1, frontal=True)])
    covered = shot("2", [face(1), face(2)], website=verdict("blur", "website/2.jpg", covered=[(0, 0, 900, 900)]))
    assert best(frontal, covered) == {"social_schools": 1, "website": 1}


def test_of_equals_the_least_covered_is_taken_and_then_the_first() -> None:
    more = shot("1", website=verdict("blur", "website/1.jpg", covered=[(0, 0, 500, 500), (600, 0, 500, 500)]))
    less = shot("2", website=verdict("blur", "website/2.jpg", covered=[(0, 0, 500, 500)]))
    equal = shot("3", website=verdict("blur", "website/3.jpg", covered=[(0, 0, 500, 500)]))
    assert best(more, less, equal) == {"social_schools": 0, "website": 1}


def test_a_frontal_face_too_small_to_recognise_does_not_count() -> None:
    assert best(shot("1", [face(1, frontal=True)]), shot("2", [face(1, frontal=True, recognisable=False)])) == {
        "social_schools": 1,
        "website": 1,
    }


def test_what_may_not_be_published_is_never_proposed() -> None:
    assert best(shot("1", website=verdict("reject")), shot("2", [face(1, frontal=True)])) == {
        "social_schools": 0,
        "website": 1,
    }
    assert best(shot("1", website=verdict("reject")), shot("2", website=verdict("reject"))) == {"social_schools": 0}


def test_a_photo_that_was_not_judged_has_no_rank() -> None:
    assert Shot.of(0, failed()).ranks == {}


shots = st.lists(
    st.builds(
        lambda path, captured_at, bits, ranks: Shot(path, f"{path}.jpg", captured_at, print_with(*bits), ranks),
        st.integers(0, 10_000),
        st.none() | st.integers(0, 200).map(at) | st.just("2024-03-12"),
        st.sets(st.integers(0, 40), max_size=25),
        st.dictionaries(
            st.sampled_from(["website", "facebook"]), st.builds(Rank, st.integers(0, 3), st.floats(0, 1, width=16))
        ),
    ),
    unique_by=lambda shot: shot.number,
    max_size=25,
)


@given(shots, st.randoms(use_true_random=False))
def test_the_order_they_come_in_never_matters(some: list[Shot], chance: random.Random) -> None:
    mixed = list(some)
    chance.shuffle(mixed)
    assert set(map(str, bursts(mixed))) == set(map(str, bursts(some)))


@given(shots)
def test_no_photo_is_in_two_bursts_and_none_is_alone(some: list[Shot]) -> None:
    together = bursts(some)
    numbers = [number for burst in together for number in burst.photos]
    assert len(numbers) == len(set(numbers))
    assert all(len(burst.photos) > 1 for burst in together)
    assert set(numbers) <= {shot.number for shot in some}


@given(shots)
def test_every_photo_is_alike_to_another_of_its_burst(some: list[Shot]) -> None:
    bits = {shot.number: int(shot.likeness, 16) for shot in some}
    for burst in bursts(some):
        for photo in burst.photos:
            others = (bits[other] for other in burst.photos if other != photo)
            assert min((bits[photo] ^ other).bit_count() for other in others) <= MAX_BITS_IN_A_MINUTE


@given(shots)
def test_no_other_photo_of_a_burst_is_better_than_the_one_proposed(some: list[Shot]) -> None:
    by_number = {shot.number: shot for shot in some}

    def ranks(burst: Burst, channel: str) -> list[Rank]:
        return [by_number[photo].ranks[channel] for photo in burst.photos if channel in by_number[photo].ranks]

    for burst in bursts(some):
        assert set(burst.best) == {channel for photo in burst.photos for channel in by_number[photo].ranks}
        for channel, proposed in burst.best.items():
            assert by_number[proposed].ranks[channel] == min(ranks(burst, channel))
