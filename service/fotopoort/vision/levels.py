"""A picture and its halves: what makes it smaller begins at a half, and neither skips pixels nor averages them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

SMALL: Final = 320  # pixels of the longer side from which on nothing is halved


def shrink(pixels: Array) -> list[Array]:
    """The picture (H, W, 3) uint8, and it again at half the size until it is small; odd sides are rounded up."""
    levels = [pixels]
    while max(levels[-1].shape[:2]) > SMALL:
        height, width = levels[-1].shape[:2]
        half = (max(1, (width + 1) // 2), max(1, (height + 1) // 2))
        levels.append(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA))
    return levels


def enough(levels: Sequence[Array], width: int, height: int) -> Array:
    """The smallest of `levels` with at least so many pixels each way; the picture itself where it has fewer."""
    return next((one for one in reversed(levels) if one.shape[1] >= width and one.shape[0] >= height), levels[0])
