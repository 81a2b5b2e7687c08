"""Drawing what a print, a copier or a net does to a photo. All pixels are RGB (H, W, 3) uint8."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

Array = np.ndarray[Any, np.dtype[Any]]

ROSETTE: Final = (15.0, 75.0, 0.0, 45.0)  # degrees of the screens of cyan, magenta, yellow and black ink
SHARPNESS: Final = 6.0  # how steep a dot's edge is: print and scanner soften it a little
# The order in which the cells of a Bayer matrix of 8 × 8 turn white, 0 to 63.
BAYER: Final = np.block([[0, 2], [3, 1]]).astype(np.float32)


def halftone(pixels: Array, pitch: float, degrees: float) -> Array:
    """As a newspaper prints it: black dots on a screen of `pitch` pixels."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return _as_colour(255 * _screened(grey, pitch, degrees))


def colour_halftone(pixels: Array, pitch: float, degrees: float) -> Array:
    """As a magazine prints it: four inks, each on a screen of its own; `degrees` turns all four."""
    colours = pixels.astype(np.float32) / 255
    black = 1 - colours.max(axis=2)
    inks = [*np.moveaxis(1 - colours - black[..., None], 2, 0), black]
    left = [_screened(1 - ink, pitch, angle + degrees) for ink, angle in zip(inks, ROSETTE, strict=True)]
    return (255 * np.stack(left[:3], axis=2) * left[3][..., None]).astype(np.uint8)


def _screened(light: Array, pitch: float, degrees: float) -> Array:
    """What is left of the light, 0 to 1, of a screen of dots."""
    height, width = light.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = np.deg2rad(degrees)
    along = (x * np.cos(angle) + y * np.sin(angle)) * (2 * np.pi / pitch)
    across = (y * np.cos(angle) - x * np.sin(angle)) * (2 * np.pi / pitch)
    threshold = 0.5 + (np.cos(along) + np.cos(across)) / 4
    return np.asarray(1 / (1 + np.exp(-SHARPNESS * 2 * (light - threshold))))


def floyd_steinberg(pixels: Array) -> Array:
    """As a copier or a fax makes it of black and white."""
    return np.asarray(Image.fromarray(pixels).convert("L").convert("1").convert("RGB"))


def bayer(pixels: Array) -> Array:
    """Ordered dithering by a matrix of 8 × 8."""
    matrix = BAYER
    for _ in range(2):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    height, width = grey.shape
    thresholds = np.tile((matrix + 0.5) * 4, (height // 8 + 1, width // 8 + 1))[:height, :width]
    return _as_colour(255 * (grey > thresholds))


def threshold(pixels: Array) -> Array:
    """A scan of one bit without dithering: each pixel black or white by what is usual around it."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    return _as_colour(255 * (grey > level))


def net(pixels: Array, pitch: float, degrees: float = 45.0, *, light: bool = False) -> Array:
    """Behind a net or a fence of wire, whose lines are an eighth of the pitch wide (never below two pixels)."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle, half = np.deg2rad(degrees), max(pitch / 8, 2.0) / 2
    wires = np.zeros((height, width), np.float32)
    for turned in (angle, angle + np.pi / 2):
        from_wire = np.abs((x * np.cos(turned) + y * np.sin(turned) + pitch / 2) % pitch - pitch / 2)
        wires = np.maximum(wires, np.clip(half + 0.5 - from_wire, 0, 1))
    colour = 225.0 if light else 70.0
    return np.asarray(pixels * (1 - wires[..., None]) + colour * wires[..., None]).astype(np.uint8)


def _as_colour(grey: Array) -> Array:
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)
