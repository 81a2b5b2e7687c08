from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.photo.orientation import STEPS, as_stored, to_stored, to_upright, upright, upright_size
from fotopoort.vocabulary import Box

# Where the stored picture's first pixel and the last of its first row are seen (EXIF 3.0, 4.6.5: tag Orientation).
SEEN = {
    1: ("top left", "top right"),
    2: ("top right", "top left"),
    3: ("bottom right", "bottom left"),
    4: ("bottom left", "bottom right"),
    5: ("top left", "bottom left"),
    6: ("top right", "bottom right"),
    7: ("bottom right", "top right"),
    8: ("bottom left", "top left"),
}


@pytest.mark.parametrize("orientation", SEEN)
def test_corners_go_where_the_standard_says(orientation: int) -> None:
    stored = np.zeros((4, 6, 1), np.uint8)
    stored[0, 0], stored[0, -1] = 1, 2
    turned = upright(stored, orientation).reshape(upright_size(6, 4, orientation)[::-1])
    corners = {"top left": (0, 0), "top right": (0, -1), "bottom left": (-1, 0), "bottom right": (-1, -1)}
    first, second = SEEN[orientation]
    assert (turned[corners[first]], turned[corners[second]]) == (1, 2)
    assert np.array_equal(as_stored(turned, orientation).reshape(stored.shape), stored)


@given(st.sampled_from(sorted(STEPS)), st.integers(0, 20), st.integers(0, 10), st.integers(1, 19), st.integers(1, 19))
def test_a_box_goes_where_its_pixels_go(orientation: int, x: int, y: int, w: int, h: int) -> None:
    stored = np.zeros((30, 40, 1), np.uint8)
    stored[y : y + h, x : x + w] = 1
    width, height = upright_size(40, 30, orientation)
    box = to_upright(Box(x, y, w, h), orientation, width, height)
    turned = upright(stored, orientation).reshape(height, width)
    assert turned[int(box.y) : int(box.bottom), int(box.x) : int(box.right)].all()
    assert turned.sum() == box.area
    assert to_stored(box, orientation, width, height) == Box(x, y, w, h)
