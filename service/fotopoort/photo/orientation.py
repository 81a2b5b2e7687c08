"""EXIF's eight orientations as one transposition and two mirrors, for pixels and for boxes.

To make a stored picture upright: transpose it, then mirror it left-right, then top-bottom, each if the table says so.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from fotopoort.vocabulary import Box

Array = np.ndarray[Any, np.dtype[Any]]

# orientation: (transpose, mirror left-right, mirror top-bottom)
STEPS = {
    1: (False, False, False),
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}


def upright(pixels: Array, orientation: int) -> Array:
    """Turn stored pixels (H, W, C) upright."""
    transpose, across, down = STEPS[orientation]
    if transpose:
        pixels = cv2.transpose(pixels)
    return _mirrored(pixels, across, down)


def as_stored(pixels: Array, orientation: int) -> Array:
    """Turn upright pixels (H, W, C) back to how they are stored: the inverse of `upright`."""
    transpose, across, down = STEPS[orientation]
    pixels = _mirrored(pixels, across, down)
    return cv2.transpose(pixels) if transpose else pixels


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Upright width and height of a stored picture, or stored width and height of an upright one."""
    return (height, width) if STEPS[orientation][0] else (width, height)


def to_stored(box: Box, orientation: int, width: float, height: float) -> Box:
    """Map a box in an upright picture of `width` × `height` to the stored picture."""
    transpose, across, down = STEPS[orientation]
    x = width - box.right if across else box.x
    y = height - box.bottom if down else box.y
    return Box(y, x, box.h, box.w) if transpose else Box(x, y, box.w, box.h)


def to_upright(box: Box, orientation: int, width: float, height: float) -> Box:
    """Map a box in the stored picture to the upright picture of `width` × `height`."""
    transpose, across, down = STEPS[orientation]
    turned = Box(box.y, box.x, box.h, box.w) if transpose else box
    x = width - turned.right if across else turned.x
    y = height - turned.bottom if down else turned.y
    return Box(x, y, turned.w, turned.h)


def _mirrored(pixels: Array, across: bool, down: bool) -> Array:
    return cv2.flip(pixels, -1 if across and down else int(across)) if across or down else pixels
