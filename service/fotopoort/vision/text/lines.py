"""Where lines of text stand in a picture, whatever its shape, by PP-OCR's detector.

The detector looks at a copy of the picture; its output says for each pixel how likely it is inside the shrunken core of
a line, and growing a core gives the line (Liao et al. 2020, "Real-time Scene Text Detection with Differentiable
Binarization", section 3.4). A copy that is too large to be looked at at once is looked at in tiles that overlap; their
outputs are put together before lines are traced, so that no line ends at a seam.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np

from fotopoort.errors import TooMuchText
from fotopoort.vision.models.session import ModelSession
from fotopoort.vision.text.rectangles import unread

Array = np.ndarray[Any, np.dtype[Any]]

MULTIPLE: Final = 32  # a copy's sides are multiples of it
TILE: Final = (
    1280,
    960,
)  # pixels of a tile's longer and shorter side; a copy whose longer side is no longer is one tile
TILE_OVERLAP: Final = 160  # pixels; larger letters are found in a smaller copy
# Over its shorter side. A longer picture gets copies of as many pixels as one of 4:3, not of the same length.
LONG: Final = 2.25
MIN_CORE_PROBABILITY: Final = 0.20  # above it a pixel is in the core of a line
MIN_LINE_PROBABILITY: Final = 0.35  # mean over the core of a line
GROWTH: Final = 1.8  # a core grows on each side by this times its area divided by its outline's length
MIN_CORE_SIDE: Final = 3.0  # pixels of a core's shorter side
MAX_LINES: Final = 800  # per copy: the time must have a bound
# What small print is: strokes of this width, this much darker or lighter than an even ground, in this part of a block.
# Of 204 photos of every kind a good many have that many such blocks too (hay, a net), so a probe is looked at.
STROKE: Final = 9  # pixels; wider ones are letters that are found in a small copy
STROKE_CONTRAST: Final = 30
BLOCK: Final = 32  # pixels
MIN_STROKES: Final = 0.08
MAX_UNEVEN: Final = 10.0  # standard deviation of the ground in a block
MIN_PRINT: Final = 0.02  # of all blocks
BLURRED_SIDE: Final = 1400  # pixels of the longer side of a copy that shows print a scanner blurred as print again
PROBE: Final = (480, 640)  # pixels, rows and columns, where the print is densest
MIN_PROBED: Final = 6  # lines in the probe from which on it is a page of small print
MIN_UNREAD: Final = 2  # of these lines: so many were not read with certainty in a smaller copy
# Of the height at which a line was read: a closer look shows its rectangle lower than a small copy does.
CLOSER: Final = 0.5


class LineDetector:
    """Finds lines of text."""

    def __init__(self, session: ModelSession) -> None:
        self._session = session

    def regions(self, pixels: Array, side: int, complete: bool) -> list[Array]:
        """Rectangles around lines, as corners (4, 2) in `pixels` (H, W, 3) uint8 RGB, in reading direction.

        Args:
            side: pixels of the longer side of the copy in which lines are detected, if the picture is not `LONG`.
            complete: every line is needed.

        Raises:
            ModelFailed: the model gave up on this picture.
            TooMuchText: there are more than `MAX_LINES` lines, and `complete` is set.
        """
        height, width = pixels.shape[:2]
        image = _copy(pixels, side)
        rows, columns = image.shape[:2]
        probabilities = self._probabilities(image)
        cores = (probabilities > MIN_CORE_PROBABILITY).astype(np.uint8)
        contours, _ = cv2.findContours(cores, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        to_pixels = np.array([width / columns, height / rows])
        regions: list[Array] = []
        for contour in sorted(contours, key=cv2.contourArea, reverse=True):
            centre, size, angle = cv2.minAreaRect(contour)
            if min(size) < MIN_CORE_SIDE or _mean_inside(probabilities, contour) < MIN_LINE_PROBABILITY:
                continue
            if len(regions) == MAX_LINES:
                if complete:
                    raise TooMuchText
                break
            grown = GROWTH * size[0] * size[1] / (2 * (size[0] + size[1]))
            corners = cv2.boxPoints((centre, (size[0] + 2 * grown, size[1] + 2 * grown), angle))
            regions.append(_in_reading_order(corners) * to_pixels)
        return regions

    def sees_small_print(self, pixels: Array, side: int, read: Sequence[Array] = ()) -> bool:
        """Whether there seem to be lines so small and so close together that they blur into one in a smaller copy.

        Args:
            side: pixels of the longer side at which the picture can be seen.
            read: corners (4, 2) of lines that were read with certainty in smaller copies: they are no small print.

        Raises:
            ModelFailed: the model gave up on this picture.
        """
        grey, found = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), None
        for seen in (side, min(side, BLURRED_SIDE)):
            factor = min(1.0, seen / max(pixels.shape[:2]))
            if factor < 1:
                grey = cv2.resize(grey, _size(pixels, factor), interpolation=cv2.INTER_AREA)
            if found := _densest_print(grey, [corners * factor for corners in read]):
                break
        if found is None:
            return False
        top, left = (int(at / factor) for at in found)
        bottom, right = (math.ceil((at + length) / factor) for at, length in zip(found, PROBE, strict=True))
        probe_side = round(max(PROBE) * side / seen)
        regions = self.regions(pixels[top:bottom, left:right], probe_side, False)
        in_picture = [region + np.array([left, top]) for region in regions]
        return len(regions) >= MIN_PROBED and len(unread(in_picture, read, CLOSER)) >= MIN_UNREAD

    def _probabilities(self, image: Array) -> Array:
        """The detector's output for a copy (rows, columns, 3) RGB, as (rows, columns): in tiles, where it is large."""
        found: Array = np.zeros(image.shape[:2], np.float32)
        for window in _tiles(*image.shape[:2]):
            (output,) = self._session(cv2.cvtColor(image[window], cv2.COLOR_RGB2BGR)[None])
            np.maximum(found[window], output[0, 0], out=found[window])
        return found


def _size(pixels: Array, factor: float) -> tuple[int, int]:
    """Width and height of a copy that is this many times as large."""
    height, width = (max(1, round(length * factor)) for length in pixels.shape[:2])
    return width, height


def _copy(pixels: Array, side: int) -> Array:
    """The picture, reduced to `side`; it is only enlarged as far as `MULTIPLE` demands."""
    height, width = pixels.shape[:2]
    longer, shorter = max(height, width), min(height, width)
    if longer > LONG * shorter:
        side = round(side * math.sqrt(longer / shorter / (TILE[0] / TILE[1])))
    factor = min(1.0, side / longer)
    rows, columns = (max(MULTIPLE, round(length * factor / MULTIPLE) * MULTIPLE) for length in (height, width))
    return cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)


def _tiles(rows: int, columns: int) -> Iterator[tuple[slice, slice]]:
    """Windows of few shapes that cover a copy and overlap."""
    if max(rows, columns) <= TILE[0]:
        yield slice(0, rows), slice(0, columns)
        return
    high, wide = TILE if rows > columns else reversed(TILE)
    for top in _starts(rows, high):
        for left in _starts(columns, wide):
            yield slice(top, min(top + high, rows)), slice(left, min(left + wide, columns))


def _starts(length: int, tile: int) -> list[int]:
    """Where tiles begin along a side; the last ends where the side does."""
    if length <= tile:
        return [0]
    count = math.ceil((length - TILE_OVERLAP) / (tile - TILE_OVERLAP))
    return [round(number * (length - tile) / (count - 1)) for number in range(count)]


def _densest_print(grey: Array, read: Sequence[Array]) -> tuple[int, int] | None:
    """The top left (row, column) of the `PROBE` with the most small print in `grey` (H, W) uint8, if there is any
    besides what stands in `read`, rectangles as corners (4, 2)."""
    rows, columns = (length // BLOCK for length in grey.shape)
    if not (rows and columns):
        return None
    grey = grey[: rows * BLOCK, : columns * BLOCK]
    kernel: Array = np.ones((STROKE, STROKE), np.uint8)
    printed: Array = np.zeros((rows, columns), np.float32)
    unread: Array = np.ones((rows, columns), np.uint8)
    for corners in read:
        cv2.fillPoly(unread, [np.floor(corners / BLOCK).astype(np.int32)], (0,))
    for operation in (cv2.MORPH_CLOSE, cv2.MORPH_OPEN):  # dark letters disappear, then light ones
        ground = cv2.morphologyEx(grey, operation, kernel)
        stroke = cv2.threshold(cv2.absdiff(ground, grey), STROKE_CONTRAST, 1, cv2.THRESH_BINARY)[1]
        strokes = (_blocks(stroke).sum(axis=2, dtype=np.uint16) >= MIN_STROKES * BLOCK**2) & (unread > 0)
        levels = _blocks(ground)[strokes].astype(np.float32)
        printed[strokes] = np.maximum(printed[strokes], levels.var(axis=1) < MAX_UNEVEN**2)
    if printed.mean() < MIN_PRINT:
        return None
    sums = cv2.boxFilter(
        printed, -1, (PROBE[1] // BLOCK, PROBE[0] // BLOCK), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    row, column = np.unravel_index(int(sums.argmax()), sums.shape)
    top, left = (
        min(max(int(at) * BLOCK - length // 2, 0), max(side - length, 0))
        for at, length, side in zip((row, column), PROBE, grey.shape, strict=True)
    )
    return top, left


def _blocks(image: Array) -> Array:
    """The pixels of each block of an image (rows × BLOCK, columns × BLOCK), as (rows, columns, pixels)."""
    rows, columns = (length // BLOCK for length in image.shape)
    return image.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).reshape(rows, columns, BLOCK**2)


def _mean_inside(probabilities: Array, contour: Array) -> float:
    """The mean of the probabilities (H, W) inside a contour."""
    x, y, width, height = cv2.boundingRect(contour)
    mask: Array = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y])], (1,))
    return float(cv2.mean(probabilities[y : y + height, x : x + width], mask)[0])


def _in_reading_order(corners: Array) -> Array:
    """The corners of a rectangle, beginning where reading begins: along the longer side, the right way up."""
    if np.linalg.norm(corners[1] - corners[0]) < np.linalg.norm(corners[2] - corners[1]):
        corners = np.roll(corners, -1, axis=0)
    direction = corners[1] - corners[0]
    backwards = direction[0] < 0 if abs(direction[0]) >= abs(direction[1]) else direction[1] < 0
    return np.roll(corners, 2, axis=0) if backwards else corners
