"""A picture and its halves."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.vision.levels import SMALL, enough, shrink


@given(st.integers(1, 700), st.integers(1, 700))
def test_each_level_is_half_the_one_before(width: int, height: int) -> None:
    levels = shrink(np.zeros((height, width, 3), np.uint8))
    assert levels[0].shape == (height, width, 3)
    for larger, smaller in itertools.pairwise(levels):
        assert smaller.shape[0] == max(1, (larger.shape[0] + 1) // 2)
        assert smaller.shape[1] == max(1, (larger.shape[1] + 1) // 2)
    assert max(levels[-1].shape[:2]) <= SMALL


@given(st.integers(1, 1500), st.integers(1, 1500), st.integers(1, 1500), st.integers(1, 1500))
def test_enough_is_the_smallest_that_has_the_pixels(height: int, width: int, rows: int, columns: int) -> None:
    levels = shrink(np.zeros((height, width, 3), np.uint8))
    found = enough(levels, columns, rows).shape
    large = [level.shape for level in levels if level.shape[0] >= rows and level.shape[1] >= columns]
    assert found == (min(large) if large else levels[0].shape)
