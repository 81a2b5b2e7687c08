"""What CenterFace's numbers mean, on heat maps drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.errors import ModelFailed
from fotopoort.vision.faces.centerface import MAX_PEAKS, Array, iou, read, suppress
from fotopoort.vocabulary import Box

POINTS = ((0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8))  # x, y as parts of the box


class DrawnFace:
    """The four outputs of a network that sees what was drawn: pictures of 128 × 160 pixels, cells of 4 × 4."""

    def __init__(self, pictures: int = 1, rows: int = 32, columns: int = 40) -> None:
        self.heat = np.zeros((pictures, 1, rows, columns), np.float32)
        self.size = np.zeros((pictures, 2, rows, columns), np.float32)
        self.offset = np.zeros((pictures, 2, rows, columns), np.float32)
        self.points = np.zeros((pictures, 10, rows, columns), np.float32)

    def face(self, x: float, y: float, width: float, height: float, score: float, picture: int = 0) -> None:
        """A face around (x, y), in pixels."""
        row, column = int(y // 4), int(x // 4)
        self.heat[picture, 0, row, column] = score
        self.size[picture, :, row, column] = np.log(height / 4), np.log(width / 4)
        self.offset[picture, :, row, column] = y / 4 - row - 0.5, x / 4 - column - 0.5
        self.points[picture, :, row, column] = [part for px, py in POINTS for part in (py, px)]

    @property
    def outputs(self) -> list[Array]:
        return [self.heat, self.size, self.offset, self.points]


@given(st.floats(0, 159.9), st.floats(0, 127.9), st.floats(2, 300), st.floats(2, 300))
def test_a_peak_is_a_box_with_landmarks_in_input_pixels(x: float, y: float, width: float, height: float) -> None:
    drawn = DrawnFace()
    drawn.face(x, y, width, height, 0.9)
    found = read(drawn.outputs, 0, 0.5)
    left, top = x - width / 2, y - height / 2
    np.testing.assert_allclose(found.boxes, [[left, top, left + width, top + height]], atol=0.01)
    np.testing.assert_allclose(found.landmarks, [[(left + a * width, top + b * height) for a, b in POINTS]], atol=0.01)
    np.testing.assert_allclose(found.scores, [0.9], atol=1e-6)


def test_only_peaks_above_the_threshold_count_best_first() -> None:
    drawn = DrawnFace()
    for x, score in ((20, 0.3), (60, 0.9), (100, 0.5), (140, 0.6)):
        drawn.face(x, 60, 20, 20, score)
    np.testing.assert_allclose(read(drawn.outputs, 0, 0.5).scores, [0.9, 0.6])


def test_each_picture_of_a_batch_has_its_own_faces() -> None:
    drawn = DrawnFace(pictures=3)
    drawn.face(40, 40, 20, 20, 0.9, picture=1)
    assert [len(read(drawn.outputs, picture, 0.5)) for picture in range(3)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        pytest.param(4, [0.9], id="one face seen twice"),
        pytest.param(20, [0.9], id="still a third of both"),  # 20 of 60 px shared: 20 / 60 > 0.3
        pytest.param(28, [0.9, 0.6], id="neighbours"),
    ],
)
def test_of_overlapping_boxes_the_best_stays(apart: float, expected: list[float]) -> None:
    drawn = DrawnFace()
    drawn.face(50, 60, 40, 40, 0.6)
    drawn.face(50 + apart, 60, 40, 40, 0.9)
    np.testing.assert_allclose(read(drawn.outputs, 0, 0.5).scores, expected)


def test_a_picture_full_of_peaks_is_bounded_to_the_best() -> None:
    drawn = DrawnFace(rows=64, columns=64)
    drawn.heat[0, 0] = np.random.default_rng(1).permutation(64 * 64).reshape(64, 64) / 5000 + 0.1
    drawn.size[:] = np.log(1 / 4)  # faces of one pixel: none overlaps another
    found = read(drawn.outputs, 0, 0.05)
    assert len(found) == MAX_PEAKS
    assert found.scores.min() == np.sort(drawn.heat.ravel())[-MAX_PEAKS]


def test_a_box_larger_than_any_picture_is_a_failure() -> None:
    drawn = DrawnFace()
    drawn.face(50, 60, 40, 40, 0.6)
    drawn.size[:] = 100
    with pytest.raises(ModelFailed):
        read(drawn.outputs, 0, 0.5)


boxes = st.lists(
    st.tuples(*[st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(1, 40)]), max_size=12
)


def corners(drawn: list[tuple[int, int, int, int]]) -> Array:
    return np.array([(x, y, x + w, y + h) for x, y, w, h in drawn], float).reshape(-1, 4)


@given(boxes, boxes)
def test_iou_is_that_of_the_vocabulary(
    some: list[tuple[int, int, int, int]], others: list[tuple[int, int, int, int]]
) -> None:
    expected = [[Box(*box).iou(Box(*other)) for other in others] for box in some]
    np.testing.assert_allclose(iou(corners(some), corners(others)), np.array(expected).reshape(len(some), len(others)))


FLOAT = 1e-6  # OpenCV compares in single precision


@given(boxes, st.floats(0.05, 0.9))
def test_suppression_keeps_the_best_of_each_heap(drawn: list[tuple[int, int, int, int]], max_iou: float) -> None:
    some = corners(drawn)
    scores = np.random.default_rng(len(drawn)).random(len(drawn))
    best = suppress(some, scores, max_iou)
    overlap = iou(some, some)
    assert list(scores[best]) == sorted(scores[best], reverse=True)
    for place, box in enumerate(best):
        assert not (overlap[box, best[:place]] > max_iou + FLOAT).any(), "two of one heap were returned"
    for box in set(range(len(drawn))) - set(best.tolist()):
        better = [other for other in best if scores[other] > scores[box]]
        assert (overlap[box, better] > max_iou - FLOAT).any(), "one was dropped that no better one overlaps"
