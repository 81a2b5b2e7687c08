"""The largest crops against every crop there is, on photos so small that all can be tried."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.policy.crops.geometry import MAX_LEFT_OUT, RATIOS, grown, largest_crops, outward
from fotopoort.vocabulary import Box

SIDE = 14  # pixels, at most: every crop of such a photo can be tried


@st.composite
def boxes(draw: st.DrawFn, most: int) -> list[Box]:
    numbers = st.floats(-2, SIDE + 2, allow_nan=False)
    sizes = st.floats(0, SIDE / 2, allow_nan=False)
    return [Box(draw(numbers), draw(numbers), draw(sizes), draw(sizes)) for _ in range(draw(st.integers(0, most)))]


def every_crop(width: int, height: int, ratio: float) -> list[Box]:
    sizes = [(w, math.floor(w / ratio + 0.5)) for w in range(1, width + 1)]
    return [
        Box(x, y, w, h)
        for w, h in sizes
        if 1 <= h <= height
        for x in range(width - w + 1)
        for y in range(height - h + 1)
    ]


def holds(outer: Box, inner: Box) -> bool:
    return outer.x <= inner.x and outer.y <= inner.y and outer.right >= inner.right and outer.bottom >= inner.bottom


@given(
    width=st.integers(4, SIDE),
    height=st.integers(4, SIDE),
    left_out=boxes(3),
    kept=boxes(2),
    share=st.sampled_from([0.5, 0.7]),
)
def test_there_is_no_larger_crop_than_those_found(
    width: int, height: int, left_out: list[Box], kept: list[Box], share: float
) -> None:
    out = [outward(box).clipped(width, height) for box in left_out]
    inside = [outward(box).clipped(width, height) for box in kept]
    expected = []
    for ratio in RATIOS:
        fitting = [
            crop.area
            for crop in every_crop(width, height, ratio)
            if crop.area >= share * width * height
            and all(crop.overlap(box) == 0 for box in out)
            and all(holds(crop, box) for box in inside)
        ]
        expected += [max(fitting)] if fitting else []
    found = largest_crops(width, height, left_out, kept, share)
    assert [crop.area for crop in found] == sorted(expected, reverse=True)


@given(
    width=st.integers(200, 6000),
    height=st.integers(200, 6000),
    data=st.data(),
    share=st.sampled_from([0.1, 0.5]),
)
def test_a_crop_shows_nothing_that_is_left_out_and_all_that_is_kept(
    width: int, height: int, data: st.DataObject, share: float
) -> None:
    def some(most: int, least: int = 0) -> list[Box]:
        return [
            Box(
                *(
                    data.draw(st.floats(low, high))
                    for low, high in ((-50, width), (-50, height), (0, width), (0, height))
                )
            )
            for _ in range(data.draw(st.integers(least, most)))
        ]

    left_out, kept = some(6), some(3, least=1)
    for crop in largest_crops(width, height, left_out, kept, share):
        assert holds(Box(0, 0, width, height), crop)
        assert crop.area >= share * width * height
        assert all(crop.overlap(box) == 0 for box in left_out)
        assert all(holds(crop, box.clipped(width, height)) for box in kept)
        assert any(abs(crop.h - crop.w / ratio) <= 0.5 for ratio in RATIOS)
        assert crop == outward(crop)


def test_what_is_left_out_at_a_side_costs_that_side() -> None:
    crops = largest_crops(1600, 1200, [Box(1400, 500, 100, 100)], [Box(200, 400, 200, 200)], 0.5)
    assert crops[0] == Box(0, 150, 1400, 933) or crops[0].area == 1400 * 1050
    assert all(crop.right <= 1400 for crop in crops)


@pytest.mark.parametrize(
    ("left_out", "kept"),
    [
        pytest.param([Box(700, 500, 200, 200)], [], id="in the middle"),
        pytest.param([Box(250, 450, 100, 100)], [Box(200, 400, 200, 200)], id="beside a face that is kept"),
        pytest.param([Box(300, 0, 50, 1200), Box(1250, 0, 50, 1200)], [Box(100, 400, 80, 80)], id="between"),
        pytest.param(
            [Box(0, 0, 1, 1)] * 1 + [Box(n, 0, 1, 1) for n in range(MAX_LEFT_OUT)] + [Box(0, 2, 1, 1)],
            [],
            id="far too many",
        ),
    ],
)
def test_sometimes_there_is_none(left_out: list[Box], kept: list[Box]) -> None:
    assert largest_crops(1600, 1200, left_out, kept, 0.5) == ()


def test_without_anything_to_keep_a_small_crop_lies_around_the_centre() -> None:
    assert largest_crops(40, 30, [], [], 0.1)[0] == Box(0, 0, 40, 30)


def test_a_box_grows_on_each_side() -> None:
    assert grown(Box(10, 20, 30, 40), 5) == Box(5, 15, 40, 50)
