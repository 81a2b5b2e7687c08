"""Patterns over a whole photo that hide faces from the models: the dots of a print, dithering, a net.

A print and a net repeat themselves: in the spectrum of the luminance, averaged over windows all over the picture, that
is a peak, and in the spectrum of that spectrum (its cepstrum) the peaks of a net, which has many, are one peak in each
of two directions. A dithered scan has few values of grey, or contrast from each pixel to the next that no lens gives.
What is measured in `Measured`, and where its limits lie, is told in `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np

from fotopoort.vocabulary import Pattern

Array = np.ndarray[Any, np.dtype[Any]]

WINDOW: Final = 128  # pixels; the side of a window
MIN_WINDOW: Final = 48  # pixels; in a smaller picture no pattern is looked for
IN_A_ROW: Final = 3  # windows, and as many rows of them
REDUCTIONS: Final = (1, 2)  # at full size, and at half of it for wide meshes
FLAT: Final = 3.0  # standard deviation of grey below which a window shows nothing
LONGEST: Final = 20.0  # pixels; of the period of a screen
SHORTEST_MESH: Final = 5  # pixels of a window

# Of 289 photos of all kinds the highest: peak 16 times (natural logarithm 2.8) at an amplitude of 7 levels, contrast
# between pixels 15.7, ...; of drawn screens of 3 to 7 pixels the lowest: 7.8 at 22.
SCREEN_PEAK, SCREEN_AMPLITUDE = 6.5, 10.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured in a picture.

    Attributes:
        peak: of the spectrum, over its surroundings at the same frequency: the natural logarithm of the ratio of power.
        amplitude: of that peak, in levels of grey of 255: that of the median window.
        period: of that peak, in pixels.
        mesh: of the cepstrum, the lower of its peaks in two directions.
        mesh_period: of its highest peak, in pixels.
        contrast: mean difference between a pixel and its surroundings, in levels of grey.
        two_valued: share of the pixels that have one of the two commonest values of grey, give or take some.
        rarer: share of the rarer of those two.
    """

    peak: float = 0.0
    amplitude: float = 0.0
    period: float = 0.0
    mesh: float = 0.0
    mesh_period: float = 0.0
    contrast: float = 0.0
    two_valued: float = 0.0
    rarer: float = 0.0


@dataclass(frozen=True, slots=True)
class Geometry:
    """Of the spectrum of a window of one size: frequencies in cycles a pixel, lags in pixels."""

    hann: Array
    frequency: Array
    rings: tuple[Array, ...]  # indices into the flat spectrum, by distance from its origin
    lag: Array
    direction: Array  # of each lag, radians


@cache
def _geometry(side: int) -> Geometry:
    vertical, horizontal = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    frequency = np.hypot(vertical, horizontal)
    ring = np.minimum((frequency * side).astype(int) // 3, side // 6).ravel()
    down, across = np.fft.fftfreq(side, 1 / side)[:, None], np.fft.fftfreq(side, 1 / side)[None]
    return Geometry(
        hann=np.outer(np.hanning(side), np.hanning(side)).astype(np.float32),
        frequency=frequency,
        rings=tuple(np.flatnonzero(ring == number) for number in range(ring.max() + 1)),
        lag=np.hypot(down, across),
        direction=np.arctan2(down, across),
    )


def _windows(pixels: Array, reduction: int) -> Array | None:
    height, width = pixels.shape[:2]
    side = min(WINDOW, height // reduction, width // reduction)
    if side < MIN_WINDOW:
        return None
    taken = side * reduction
    tops, lefts = ({round(k * (length - taken) / (IN_A_ROW - 1)) for k in range(IN_A_ROW)} for length in (height, width))
    windows = [
        cv2.cvtColor(np.ascontiguousarray(pixels[y : y + taken, x : x + taken]), cv2.COLOR_RGB2GRAY)
        for y, x in itertools.product(sorted(tops), sorted(lefts))
    ]
    if reduction > 1:
        windows = [cv2.resize(window, (side, side), interpolation=cv2.INTER_AREA) for window in windows]
    return np.stack(windows)


def measure(pixels: Array) -> Measured:
    """Measure `pixels` (H, W, 3) uint8 RGB."""
    windows = _windows(pixels, 1)
    if windows is None:
        return Measured()
    values = dict(_grey(windows)) | _spectrum(windows)
    for reduction in REDUCTIONS[1:]:
        reduced = _windows(pixels, reduction)
        if reduced is not None:
            found = _spectrum(reduced)
            if found["mesh"] > values["mesh"]:
                values |= {"mesh": found["mesh"], "mesh_period": found["mesh_period"] * reduction}
    return Measured(**values)


def _grey(windows: Array) -> dict[str, float]:
    smooth = np.stack([cv2.GaussianBlur(window, (0, 0), 1.0) for window in windows])
    contrast = float(cv2.absdiff(windows.reshape(-1), smooth.reshape(-1)).mean())
    shares = np.bincount(windows.ravel(), minlength=256) / windows.size
    about = np.convolve(shares, np.ones(17), "same")
    first = int(about.argmax())
    others = about.copy()
    others[max(first - 32, 0) : first + 33] = 0
    return {"contrast": contrast, "two_valued": float(about[first] + others.max()), "rarer": float(others.max())}


def _spectrum(windows: Array) -> dict[str, float]:
    geometry = _geometry(windows.shape[1])
    telling = windows.std(axis=(1, 2)) > FLAT
    if not telling.any():
        return {"peak": 0.0, "amplitude": 0.0, "period": 0.0, "mesh": 0.0, "mesh_period": 0.0}
    level = windows[telling].astype(np.float32)
    level -= level.mean(axis=(1, 2), keepdims=True)
    magnitude = np.abs(np.fft.rfft2(level * geometry.hann))
    power = np.log(magnitude**2 + 1).mean(axis=0)
    flat = power.ravel()
    for ring in geometry.rings:
        flat[ring] -= np.median(flat[ring])
    repeated = (geometry.frequency >= 1 / LONGEST) & (geometry.frequency <= 0.5)
    at = np.unravel_index(int(np.where(repeated, power, -np.inf).argmax()), power.shape)
    amplitudes = magnitude[:, at[0], at[1]] * 2 / geometry.hann.sum()
    mesh, mesh_period = _mesh(np.where(geometry.frequency <= 0.5, np.clip(power, -2, 6), 0), geometry)
    return {
        "peak": float(power[at]),
        "amplitude": float(np.median(amplitudes)),
        "period": 1 / float(geometry.frequency[at]),
        "mesh": mesh,
        "mesh_period": mesh_period,
    }


def _mesh(power: Array, geometry: Geometry) -> tuple[float, float]:
    """The lower of the cepstrum's peaks in two directions that are 40° apart or more, and the period of the higher."""
    side = len(power)
    cepstrum = np.fft.irfft2(power, s=(side, side))
    cepstrum = np.where((geometry.lag >= SHORTEST_MESH) & (geometry.lag <= 0.42 * side), cepstrum, -np.inf)
    first = np.unravel_index(int(cepstrum.argmax()), cepstrum.shape)
    apart = np.abs((geometry.direction - geometry.direction[first] + np.pi / 2) % np.pi - np.pi / 2)
    return float(np.where(apart > np.deg2rad(40), cepstrum, -np.inf).max()), float(geometry.lag[first])
