"""Cutting a face out: where every point goes, which way up, and that no pixels are skipped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.vision.faces.crop import cut
from fotopoort.vision.faces.pyramid import PASSES, Array, Candidate
from fotopoort.vision.levels import shrink


def candidate(x: float, y: float, width: float, height: float) -> Candidate:
    """A candidate around (x, y)."""
    box = np.array([x - width / 2, y - height / 2, x + width / 2, y + height / 2])
    return Candidate(box, np.zeros((5, 2)), 0, np.zeros(PASSES))


@given(st.floats(20, 600), st.floats(20, 400), st.floats(10, 300), st.floats(1, 5), st.floats(-180, 180))
def test_the_middle_stays_the_middle_and_the_view_fills_the_crop(
    x: float, y: float, side: float, view: float, degrees: float
) -> None:
    levels = [np.zeros((420, 640, 3), np.uint8)]
    crop, matrix = cut(levels, candidate(x, y, side, side * 0.8), view, 192, degrees)
    assert crop.shape == (192, 192, 3)
    np.testing.assert_allclose(matrix @ [x, y, 1], [96, 96], atol=1e-6)
    edge = np.linalg.norm(matrix @ [x + side * view / 2, y, 1] - [96, 96])
    assert edge == pytest.approx(96)


@given(st.floats(-180, 180))
def test_turning_is_counter_clockwise(degrees: float) -> None:
    """What lies `degrees` clockwise of "to the right" comes to lie to the right."""
    _, matrix = cut([np.zeros((400, 400, 3), np.uint8)], candidate(200, 200, 100, 100), 2, 192, degrees)
    angle = np.deg2rad(degrees)  # y points down, so a growing angle is clockwise
    point = matrix @ [200 + 50 * np.cos(angle), 200 + 50 * np.sin(angle), 1]
    np.testing.assert_allclose(point, [96 + 48, 96], atol=1e-6)


@pytest.mark.parametrize("size", [30, 190, 700])
def test_a_dot_lands_where_the_matrix_says(size: float) -> None:
    picture = np.zeros((800, 1200, 3), np.uint8)
    dot = np.array([600 + size / 4, 400 - size / 3])
    y, x = np.mgrid[:800, :1200]
    picture[(x - dot[0]) ** 2 + (y - dot[1]) ** 2 < (size / 10) ** 2] = 255
    crop, matrix = cut(shrink(picture), candidate(600, 400, size, size), 2.6, 192, 30)
    rows, columns = np.nonzero(crop[..., 0] > 100)
    np.testing.assert_allclose([columns.mean(), rows.mean()], matrix @ [*dot, 1], atol=1.0)


def test_outside_the_picture_is_black() -> None:
    crop, _ = cut([np.full((100, 100, 3), 255, np.uint8)], candidate(0, 0, 50, 50), 2, 100, 0)
    assert crop[:49, :49].max() == 0
    assert crop[52:, 52:].min() == 255


def test_a_large_face_is_averaged_not_sampled() -> None:
    """A pattern finer than the crop comes out as its mean: no aliasing that a model could take for features."""
    y, x = np.mgrid[:1024, :1024]
    pattern: Array = np.repeat((((x + y) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)
    crop, _ = cut(shrink(pattern), candidate(512, 512, 900, 900), 1.0, 128, 0)
    assert crop.min() > 110
    assert crop.max() < 145
