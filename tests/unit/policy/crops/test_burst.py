"""Which photo of a burst to use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.policy.crops.burst import Usable, Worth, better, full_in_view, ranked, worth
from fotopoort.vocabulary import Box, Outcome

from ..scenes import POLICY, face, photo

HALF, TENTH = Box(0, 0, 50, 100), Box(0, 0, 10, 100)
AREA = 100.0 * 100


def of(outcome: Outcome, crop: Box | None = None, covered: tuple[Box, ...] = (), full_in_view: int = 0) -> Worth:
    return worth(outcome, crop, covered, full_in_view=full_in_view, area=AREA)


AS_IT_IS, COVERED, NOT = of(Outcome.PUBLISH), of(Outcome.BLUR, covered=(TENTH,)), of(Outcome.REJECT)
CROPPED = of(Outcome.REJECT, HALF)


@pytest.mark.parametrize(
    ("found", "usable", "shown"),
    [
        pytest.param(NOT, Usable.NOT, 0, id="not at all"),
        pytest.param(COVERED, Usable.COVERED, 0.9, id="covered"),
        pytest.param(of(Outcome.BLUR, covered=(HALF, HALF, TENTH)), Usable.COVERED, 0, id="covers that overlap"),
        pytest.param(CROPPED, Usable.CROPPED, 0.5, id="only a part of it"),
        pytest.param(of(Outcome.BLUR, HALF, (TENTH,)), Usable.CROPPED, 0.5, id="covered, or a part of it"),
        pytest.param(AS_IT_IS, Usable.AS_IT_IS, 1, id="as it is"),
    ],
)
def test_what_can_be_had_of_a_photo(found: Worth, usable: Usable, shown: float) -> None:
    assert found.usable is usable
    assert found.shown == pytest.approx(shown)


def test_faces_count_that_look_into_the_camera_and_can_be_recognised() -> None:
    aside, small = face(2, yaw=60), face(3, 8)
    assert full_in_view(photo(face(1), aside, small), 1600, POLICY) == 1
    assert full_in_view(photo(face(1)), 100, POLICY) == 0, "published as small as that, it is not recognised"
    unreliable = replace(aside, pose_reliable=False)
    assert full_in_view(photo(unreliable), 1600, POLICY) == 1


def test_as_it_is_comes_before_a_crop_and_a_crop_before_covers() -> None:
    burst = {n: [found] for n, found in enumerate([NOT, COVERED, CROPPED, AS_IT_IS, CROPPED, AS_IT_IS])}
    assert ranked(burst) == [3, 5, 2, 4, 1, 0]


def test_of_what_can_be_had_alike_the_fewest_faces_full_in_view_count_then_what_is_shown_then_the_earlier() -> None:
    covered = {
        "three faces": of(Outcome.BLUR, covered=(), full_in_view=3),
        "one face, half covered": of(Outcome.BLUR, covered=(HALF,), full_in_view=1),
        "one face, a tenth covered": of(Outcome.BLUR, covered=(TENTH,), full_in_view=1),
        "the same, later": of(Outcome.BLUR, covered=(TENTH,), full_in_view=1),
    }
    assert ranked({name: [found] for name, found in covered.items()}) == [
        "one face, a tenth covered", "the same, later", "one face, half covered", "three faces",
    ]  # fmt: skip
    cropped = {"smaller": [of(Outcome.REJECT, TENTH)], "larger": [of(Outcome.REJECT, HALF)]}
    assert ranked(cropped) == ["larger", "smaller"]


def test_the_channel_that_gets_least_counts_first() -> None:
    assert ranked({"a": [NOT, AS_IT_IS], "b": [COVERED, COVERED]}) == ["b", "a"]


def test_without_channels_the_earlier_comes_first() -> None:
    assert ranked({"a": [], "b": []}) == ["a", "b"]


def test_another_one_is_named_only_where_more_can_be_had_of_it() -> None:
    burst = {"a": [COVERED], "b": [of(Outcome.BLUR)], "c": [NOT]}
    assert [better(burst).get(name) for name in burst] == [None, None, "b"]
    assert better(burst | {"d": [AS_IT_IS]})["b"] == "d"


def test_another_one_is_not_named_where_less_can_be_had_of_it_on_some_channel() -> None:
    burst = {"a": [NOT, AS_IT_IS], "b": [COVERED, COVERED], "c": [COVERED, AS_IT_IS]}
    assert [better(burst).get(name) for name in burst] == ["c", "c", None]
    burst.pop("c")
    assert [better(burst).get(name) for name in burst] == [None, None]


worths = st.builds(Worth, st.sampled_from(Usable), st.integers(0, 3), st.floats(0, 1, width=16))
bursts = st.integers(1, 3).flatmap(
    lambda channels: st.dictionaries(
        st.integers(0, 9), st.lists(worths, min_size=channels, max_size=channels), min_size=1
    )
)


@given(bursts)
def test_whoever_is_named_instead_is_no_worse_anywhere_and_needs_no_other(burst: dict[int, list[Worth]]) -> None:
    assert sorted(ranked(burst)) == sorted(burst)
    for name, now in burst.items():
        if (other := better(burst).get(name)) is not None:
            assert all(new.usable >= old.usable for new, old in zip(burst[other], now, strict=True))
            assert sum(new.usable for new in burst[other]) > sum(old.usable for old in now)
            assert better(burst).get(other) is None
