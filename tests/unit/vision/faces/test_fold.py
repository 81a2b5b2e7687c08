"""Folding long pictures: nothing is left out, and what is found is brought back to where it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.vision.faces.centerface import Detections
from fotopoort.vision.faces.fold import LONG, OVERLAP, Fold, is_long

Array = np.ndarray[Any, np.dtype[Any]]

shorter = st.integers(1, 60)
ratios = st.floats(LONG, 40)
standing = st.booleans()


def shape_of(shorter: int, ratio: float, standing: bool) -> tuple[int, int]:
    longer = int(np.ceil(shorter * ratio))
    return (longer, shorter) if standing else (shorter, longer)


def boxes_around(centres: Array, size: float) -> Detections:
    boxes = np.concatenate([centres - size / 2, centres + size / 2], axis=1)
    return Detections(boxes, np.full(len(boxes), 0.9), np.repeat(centres[:, None], 5, axis=1))


@given(shorter, ratios, standing)
def test_every_pixel_is_in_the_folded_picture_and_unfolds_to_its_place(
    shorter: int, ratio: float, standing: bool
) -> None:
    height, width = shape_of(shorter, ratio, standing)
    fold = Fold.of(height, width)
    numbered = np.arange(1, height * width + 1).reshape(height, width)
    pixels = np.stack([numbered % 256, numbered // 256 % 256, numbered // 65536], axis=-1).astype(np.uint8)
    folded = fold.folded(pixels).astype(int)
    numbers = folded[..., 0] + 256 * folded[..., 1] + 65536 * folded[..., 2]
    rows, columns = np.nonzero(numbers)
    found = fold.unfolded(boxes_around(np.stack([columns, rows], axis=1) + 0.5, 0.0))
    assert len(found) >= height * width
    seen = {(int(x), int(y)) for x, y in found.landmarks[:, 0]}
    assert len(seen) == height * width
    back = {numbered[y, x] for x, y in seen}
    assert back == set(numbers[rows, columns])


@given(shorter, ratios, standing, st.floats(0, 1), st.floats(-0.2, 0.2))
def test_a_face_anywhere_is_whole_in_a_part_that_answers_for_it(
    shorter: int, ratio: float, standing: bool, place: float, error: float
) -> None:
    """Also where it is as large as the picture allows, and where each part places it a little beyond the seam."""
    height, width = shape_of(shorter, ratio, standing)
    fold, longer = Fold.of(height, width), max(height, width)
    size = 0.8 * shorter
    along = size / 2 + place * (longer - size)
    found = 0
    for number, start in enumerate(fold.starts):
        if start <= along - size / 2 + 1 and along + size / 2 - 1 <= start + fold.length:
            in_part = np.array([along - start, number * fold.pitch + shorter / 2])
            seen_at = in_part + np.array([error * size, 0.0])
            detections = fold.unfolded(boxes_around((seen_at[::-1] if standing else seen_at)[None], size))
            found += len(detections)
            expected = np.array([along + error * size, shorter / 2])
            for centre in detections.landmarks[:, 0]:
                np.testing.assert_allclose(centre, expected[::-1] if standing else expected)
    assert found >= 1


@given(st.integers(20, 400), ratios, standing)
def test_a_folded_picture_is_smaller_and_no_more_than_its_parts(shorter: int, ratio: float, standing: bool) -> None:
    height, width = shape_of(shorter, ratio, standing)
    fold = Fold.of(height, width)
    folded = fold.folded(np.zeros((height, width, 3), np.uint8))
    assert max(folded.shape[:2]) <= 0.9 * max(height, width)
    assert fold.longer_side >= max(folded.shape[:2])
    assert folded.shape[0] * folded.shape[1] <= 2 * (1 + OVERLAP) * height * width


@pytest.mark.parametrize("size", [(3000, 4000), (4000, 3000), (1080, 1920), (1080, 2400)])
def test_an_ordinary_photo_is_not_folded(size: tuple[int, int]) -> None:
    assert not is_long(*size)


@pytest.mark.parametrize("size", [(1000, 2500), (3000, 1000)])
def test_a_long_picture_is(size: tuple[int, int]) -> None:
    assert is_long(*size)
