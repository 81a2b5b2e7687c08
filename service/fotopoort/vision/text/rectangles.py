"""Rectangles around lines of text: corners (4, 2) in a picture's pixels, in reading direction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

WORD: Final = 3.0  # width of a word over its height
HEIGHT: Final = 48  # pixels to which lines are scaled for the recogniser
MAX_WIDTH: Final = 1600  # pixels at that height; a line that is little longer is squeezed, others are read in pieces
MAX_SQUEEZE: Final = 1.25
PIECE_OVERLAP: Final = 600  # pixels at that height: some 25 letters
SAME_HEIGHT: Final = 0.7  # of what was read before: a lower line stood within it beside another


def scaled_width(corners: Array) -> float:
    """The width of a line in pixels, once it is `HEIGHT` high."""
    return _proportion(corners) * HEIGHT


def in_pieces(corners: Array) -> list[Array]:
    """A line as it is; one too long to be read at once, as pieces that overlap by more than a name takes."""
    width = scaled_width(corners)
    if width <= MAX_SQUEEZE * MAX_WIDTH:
        return [corners]
    count = math.ceil((width - PIECE_OVERLAP) / (MAX_WIDTH - PIECE_OVERLAP))
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    starts = np.linspace(0, 1 - MAX_WIDTH / width, count)
    return [
        np.array(
            [corners[0] + top * start, corners[0] + top * end, corners[3] + bottom * end, corners[3] + bottom * start]
        )
        for start, end in zip(starts, starts + MAX_WIDTH / width, strict=True)
    ]


def unread(regions: Sequence[Array], read: Sequence[Array], same_height: float = SAME_HEIGHT) -> list[Array]:
    """Those of the lines `regions` that are read with none of the lines `read`."""
    firsts, lasts = (np.array([edge(line, axis=0) for line in read]).reshape(-1, 2) for edge in (np.min, np.max))

    def is_read(region: Array) -> bool:
        near = ((firsts <= region.max(axis=0)) & (lasts >= region.min(axis=0))).all(axis=1)  # few are
        return any(is_read_with(region, read[number], same_height) for number in np.flatnonzero(near).tolist())

    return [region for region in regions if not is_read(region)]


def is_read_with(region: Array, corners: Array, same_height: float = SAME_HEIGHT) -> bool:
    """Whether a line is the one that was read at `corners`, or a part of it; not where two lines were read as one, nor
    where no more than a part of it was read."""
    heights = [float(np.linalg.norm(rectangle[3] - rectangle[0])) for rectangle in (region, corners)]
    if heights[0] < same_height * heights[1]:
        return False
    length = float(np.linalg.norm(region[1] - region[0]))
    ends = [(region[0] + region[3]) / 2, (region[1] + region[2]) / 2]
    inwards = min(0.5, heights[0] / max(length, 1.0)) * (ends[1] - ends[0])
    return all(is_inside(point, corners) for point in (ends[0] + inwards, ends[1] - inwards))


def is_inside(point: Array, corners: Array) -> bool:
    """Whether a point (2,) is in a rectangle or on its edge."""
    return cv2.pointPolygonTest(corners.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def touches(region: Array, places: Array) -> bool:
    """Whether the upright rectangle around a region reaches into one of `places` (N, 4), as x1, y1, x2, y2."""
    first, last = region.min(axis=0), region.max(axis=0)
    return bool(((first < places[:, 2:]) & (last > places[:, :2])).all(axis=1).any())


def count_words(corners: Array) -> int:
    """An estimate of the number of words in a region, from its shape."""
    return max(1, round(_proportion(corners) / WORD))


def _proportion(corners: Array) -> float:
    """Width over height."""
    across, down = (float(np.linalg.norm(corners[end] - corners[0])) for end in (1, 3))
    return across / max(down, 1.0)
