"""Covering: a soft shape in colours taken from outside, so that nothing of what was there can be worked out.

Blur and small mosaics can be undone (Hill et al. 2016, McPherson et al. 2016); what is drawn here depends on no covered
pixel. The fill is push-pull interpolation (Gortler et al. 1996): averages of the pixels that may be seen, made coarser
until they reach everywhere, and put back where there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

FILL_SIDE = 256  # pixels of the long side at which the fill is worked out; it is smooth, so this is plenty
NOTHING_LEFT = 128.0  # grey, where the whole picture is covered
ELLIPSE = 0.94  # of the region's width and height
SOFT_EDGE = 0.15  # of the ellipse's radius
MUTED = 0.25  # how far its colour goes from the surroundings towards grey
STEP = 26.0  # levels lighter or darker than the surroundings, so that it is seen to be there on purpose


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Whole pixels: from `x0`, `y0` up to but not including `x1`, `y1`."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.y0, self.y1), slice(self.x0, self.x1)


def cover(pixels: Array, regions: Sequence[Rectangle], plain: Sequence[Rectangle] = ()) -> Array:
    """A copy of `pixels` (H, W, 3) uint8 in which the regions hold nothing of what was there.

    Args:
        plain: regions in which nothing is drawn: their surroundings' colours go on.
    """
    covered = pixels.copy()
    seen: Array = np.full(pixels.shape[:2], 255, np.uint8)
    everything = (*regions, *plain)
    for region in everything:
        covered[region.slices] = 0
        seen[region.slices] = 0
    fill = _fill(covered, seen)
    for region in everything:
        covered[region.slices] = _patch(fill, region, pixels.shape)
    for region in regions:
        _draw(covered, fill, region)
    return covered


def _fill(blanked: Array, seen: Array) -> Array:
    """A small smooth picture (h, w, 3) float32 of the colours around the blanked pixels."""
    height, width = seen.shape
    factor = max(1.0, max(height, width) / FILL_SIDE)
    size = max(1, round(width / factor)), max(1, round(height / factor))
    weight: Array = cv2.resize(seen, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
    colour: Array = cv2.resize(blanked, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    trusted = weight > 0.5  # cells that are mostly blank are mostly rounding error
    weight, colour = weight * trusted, colour * trusted
    levels: list[tuple[Array, Array]] = []
    while max(weight.shape[:2]) > 1:
        levels.append((colour, weight))
        half = (weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2
        colour = cv2.resize(colour, half, interpolation=cv2.INTER_AREA).reshape(half[1], half[0], 3)
        weight = cv2.resize(weight, half, interpolation=cv2.INTER_AREA).reshape(half[1], half[0], 1)
    filled: Array = _mean(colour, weight, np.full_like(colour, NOTHING_LEFT))
    for colour, weight in reversed(levels):
        coarse = cv2.resize(filled, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        filled = _mean(colour, weight, coarse)
    return cv2.GaussianBlur(filled, (0, 0), 2.0)


def _mean(colour: Array, weight: Array, otherwise: Array) -> Array:
    """The mean colour where there is weight, shading into `otherwise` where there is little."""
    enough = np.minimum(weight * 4, 1.0)
    blended: Array = enough * colour / np.maximum(weight, 1e-6) + (1 - enough) * otherwise
    return blended


def _patch(fill: Array, region: Rectangle, shape: tuple[int, ...]) -> Array:
    """The part of the fill that lies under a region, at the size of the picture."""
    scale = shape[1] / fill.shape[1], shape[0] / fill.shape[0]
    across = ((np.arange(region.x0, region.x1) + 0.5) / scale[0] - 0.5).astype(np.float32)
    down = ((np.arange(region.y0, region.y1) + 0.5) / scale[1] - 0.5).astype(np.float32)
    columns, rows = np.meshgrid(across, down)
    patch: Array = cv2.remap(fill, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return _levels(patch)


def _draw(covered: Array, fill: Array, region: Rectangle) -> None:
    patch = _patch(fill, region, covered.shape).astype(np.float32)
    around = patch.mean(axis=(0, 1))
    light = float(around @ np.array([0.299, 0.587, 0.114]))
    colour = around + MUTED * (light - around) + (-STEP if light > NOTHING_LEFT else STEP)
    height, width = patch.shape[:2]
    x = (np.arange(width) + 0.5) / width * 2 - 1
    y = (np.arange(height) + 0.5) / height * 2 - 1
    radius = np.hypot(*np.meshgrid(x, y)) / ELLIPSE
    inside = np.clip((1 - radius) / SOFT_EDGE, 0, 1)
    opacity = (inside * inside * (3 - 2 * inside))[..., None]
    drawn = covered[region.slices] * (1 - opacity) + colour * opacity
    covered[region.slices] = _levels(drawn)


def _levels(values: Array) -> Array:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
