"""A picture and its halves. Scaling down starts from the nearest half: it skips no pixels and reads few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

SMALL: Final = 320  # pixels of the longer side; a level that is no larger is not halved again


def shrink(pixels: Array) -> list[Array]:
    """The picture (H, W, 3) uint8, then each time half of the one before, until it is small. Odd sides round up."""
    levels = [pixels]
    while max(levels[-1].shape[:2]) > SMALL:
        height, width = levels[-1].shape[:2]
        half = (max(1, (width + 1) // 2), max(1, (height + 1) // 2))
        levels.append(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA))
    return levels


def enough(levels: Sequence[Array], width: int, height: int) -> Array:
    """The smallest of `levels` that is at least `width` × `height` pixels; the picture itself where none is."""
    return next(
        (level for level in reversed(levels) if level.shape[1] >= width and level.shape[0] >= height), levels[0]
    )
