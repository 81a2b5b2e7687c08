"""Covering a region with a soft shape in colours from outside it, so that nothing of what was there can be recovered.

Blur and small mosaics can be undone (Hill et al. 2016, McPherson et al. 2016); what is drawn here depends on no covered
pixel. The fill is push-pull interpolation (Gortler et al. 1996): the visible pixels are averaged, coarser at each
level, until the averages reach everywhere; then each level fills its gaps from the coarser one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

FILL_SIDE = 256  # pixels of the long side at which the fill is computed; it is smooth, so this is plenty
GREY = 128.0  # the fill where the whole picture is covered
ELLIPSE = 0.94  # of the region's width and height
SOFT_EDGE = 0.15  # of the ellipse's radius
MUTED = 0.25  # how far the ellipse's colour goes from the surroundings towards grey
CONTRAST = 26.0  # levels lighter or darker than the surroundings, so that the ellipse looks intended


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
        regions: covered by an ellipse.
        plain: covered by the colours of their surroundings alone, with nothing drawn.
    """
    covered = pixels.copy()
    visible: Array = np.full(pixels.shape[:2], 255, np.uint8)
    everything = (*regions, *plain)
    for region in everything:
        covered[region.slices] = 0
        visible[region.slices] = 0
    fill = _fill(covered, visible)
    for region in everything:
        covered[region.slices] = _patch(fill, region, pixels.shape)
    for region in regions:
        _draw(covered, fill, region)
    return covered


def _fill(blanked: Array, visible: Array) -> Array:
    """A small smooth picture (h, w, 3) float32 of the colours around the blanked pixels.

    Args:
        blanked: the picture (H, W, 3) uint8 with the covered pixels 0.
        visible: (H, W) uint8, 255 where a pixel is visible, 0 where it is covered.
    """
    height, width = visible.shape
    factor = max(1.0, max(height, width) / FILL_SIDE)
    size = max(1, round(width / factor)), max(1, round(height / factor))
    weight: Array = cv2.resize(visible, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
    colour: Array = cv2.resize(blanked, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    reliable = weight > 0.5  # the colour of a cell that is mostly blank is mostly rounding error
    weight, colour = weight * reliable, colour * reliable
    levels: list[tuple[Array, Array]] = []
    while max(weight.shape[:2]) > 1:
        levels.append((colour, weight))
        half = (weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2
        colour = cv2.resize(colour, half, interpolation=cv2.INTER_AREA).reshape(half[1], half[0], 3)
        weight = cv2.resize(weight, half, interpolation=cv2.INTER_AREA).reshape(half[1], half[0], 1)
    filled: Array = _mean(colour, weight, np.full_like(colour, GREY))
    for colour, weight in reversed(levels):
        coarse = cv2.resize(filled, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        filled = _mean(colour, weight, coarse)
    return cv2.GaussianBlur(filled, (0, 0), 2.0)


def _mean(colour: Array, weight: Array, fallback: Array) -> Array:
    """The mean colour where there is weight, blending into `fallback` where there is little."""
    enough = np.minimum(weight * 4, 1.0)
    blended: Array = enough * colour / np.maximum(weight, 1e-6) + (1 - enough) * fallback
    return blended


def _patch(fill: Array, region: Rectangle, shape: tuple[int, ...]) -> Array:
    """The part of the fill that lies under a region, at the resolution of the picture."""
    scale = shape[1] / fill.shape[1], shape[0] / fill.shape[0]
    across = ((np.arange(region.x0, region.x1) + 0.5) / scale[0] - 0.5).astype(np.float32)
    down = ((np.arange(region.y0, region.y1) + 0.5) / scale[1] - 0.5).astype(np.float32)
    columns, rows = np.meshgrid(across, down)
    patch: Array = cv2.remap(fill, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return _levels(patch)


def _draw(covered: Array, fill: Array, region: Rectangle) -> None:
    """Draw the ellipse of a region into `covered`."""
    patch = _patch(fill, region, covered.shape).astype(np.float32)
    surroundings = patch.mean(axis=(0, 1))
    light = float(surroundings @ np.array([0.299, 0.587, 0.114]))
    colour = surroundings + MUTED * (light - surroundings) + (-CONTRAST if light > GREY else CONTRAST)
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
