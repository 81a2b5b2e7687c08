"""What RetinaFace's numbers mean, on outputs drawn by hand, and that its graph is cut where its answers are whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fotopoort.errors import ModelFailed
from fotopoort.vision.faces.centerface import MAX_PEAKS, Array, iou
from fotopoort.vision.faces.pyramid import letterbox
from fotopoort.vision.faces.retinaface import ANCHORS, STRIDES, _anchors, read
from fotopoort.vision.levels import shrink
from fotopoort.vision.models.runtime import Runtime

HEIGHT, WIDTH = 64, 96


def outputs(pictures: int = 1) -> list[Array]:
    """Nothing seen, anywhere."""
    number = len(_anchors(HEIGHT, WIDTH))
    probabilities = np.tile(np.array([1, 0], np.float32), (pictures, number, 1))
    return [np.zeros((pictures, number, 4), np.float32), np.zeros((pictures, number, 10), np.float32), probabilities]


def test_there_are_two_square_anchors_at_every_place_of_every_grid() -> None:
    anchors = _anchors(HEIGHT, WIDTH)
    assert len(anchors) == sum(2 * (HEIGHT // stride) * (WIDTH // stride) for stride in STRIDES)
    np.testing.assert_array_equal(anchors[:2], [[4, 4, 16, 16], [4, 4, 32, 32]])
    np.testing.assert_array_equal(anchors[2], [12, 4, 16, 16])
    assert anchors[-1].tolist() == [WIDTH - 16, HEIGHT - 16, ANCHORS[-1][1], ANCHORS[-1][1]]


def test_a_face_is_an_anchor_that_was_moved_and_has_grown() -> None:
    offsets, points, probabilities = outputs()
    probabilities[0, 1] = 0.1, 0.9  # the anchor of 32 pixels around (4, 4)
    offsets[0, 1] = 10, 20, np.log(2) / 0.2, 0  # a whole side to the right, two down, twice as wide
    points[0, 1] = np.arange(10)
    found = read([offsets, points, probabilities], 0, HEIGHT, WIDTH, 0.5)
    np.testing.assert_allclose(found.boxes, [[4, 52, 68, 84]], atol=1e-4)
    np.testing.assert_allclose(found.scores, [0.9])
    np.testing.assert_allclose(found.landmarks[0, 1], [4 + 2 * 3.2, 4 + 3 * 3.2], atol=1e-4)


def test_of_boxes_on_one_face_the_best_is_kept_and_pictures_are_told_apart() -> None:
    offsets, points, probabilities = outputs(pictures=2)
    probabilities[1, [1, 3], 1] = 0.6, 0.8  # anchors of 32 pixels, 8 pixels apart
    assert len(read([offsets, points, probabilities], 0, HEIGHT, WIDTH, 0.05)) == 0
    found = read([offsets, points, probabilities], 1, HEIGHT, WIDTH, 0.05)
    np.testing.assert_allclose(found.scores, [0.8])


def test_boxes_beyond_every_picture_are_a_failure() -> None:
    offsets, points, probabilities = outputs()
    probabilities[0, 1, 1], offsets[0, 1, 2] = 0.9, 500
    with pytest.raises(ModelFailed):
        read([offsets, points, probabilities], 0, HEIGHT, WIDTH, 0.5)


def test_the_time_has_a_bound_whatever_is_seen() -> None:
    height = width = 512
    number = len(_anchors(height, width))
    seen = np.tile(np.array([0, 1], np.float32), (1, number, 1))
    empty = np.zeros((1, number, 4), np.float32), np.zeros((1, number, 10), np.float32)
    assert number > MAX_PEAKS
    assert 0 < len(read([*empty, seen], 0, height, width, 0.5)) <= MAX_PEAKS


def test_the_real_model_doubts_too(pixels_of: Callable[[str], Array], runtime: Runtime) -> None:
    """Its own decoding would keep nothing below 0.5."""
    picture, _ = letterbox(shrink(pixels_of("IMG_2070.jpg")), 768, 1024)
    found = read(runtime.session("retinaface")(picture[None]), 0, 768, 1024, 0.05)
    assert found.scores.min() < 0.5


def test_the_black_beside_a_picture_changes_nothing(pixels_of: Callable[[str], Array], runtime: Runtime) -> None:
    levels = shrink(pixels_of("IMG_2045.jpg"))
    session = runtime.session("retinaface")
    first, factor = letterbox(levels, 256, 320)
    larger = np.zeros((320, 320, 3), np.uint8)
    larger[:256] = first
    found = read(session(first[None]), 0, 256, 320, 0.01)
    again = read(session(larger[None]), 0, 320, 320, 0.01)
    assert found.scores.max() > 0.9
    assert iou(found.boxes[:1], again.boxes[:1])[0, 0] > 0.9
    middle = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2 / factor
    np.testing.assert_allclose(middle, [605, 631], atol=80)
