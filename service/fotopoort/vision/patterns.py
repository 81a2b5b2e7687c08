"""Patterns over a whole photo that hide faces from the models: the dots of a print, dithering, a net.

A print and a net repeat themselves: in the spectrum of the luminance, averaged over windows all over the picture, that
is a peak, and in the spectrum of that spectrum (its cepstrum) the peaks of a net, which has many, are one peak in each
of two directions. A dithered scan has few values of grey, or contrast from each pixel to the next that no lens gives.
`python -m benchmarks prints` measures what is found behind them, and how often they are seen where there are none.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

# From the first on, a copy is looked at as well; from the second on, faces may hide all the same. Of 298 photos of all
# kinds (people, fences, textiles, grass, screens, cameras' samples) one reaches the second, a picture of two plain
# colours, and six the first. Their highest: a peak of 6.4 with an amplitude of 8, a contrast of 13.5, a mesh of 0.11.
# The lowest of screens drawn over photos, 3 to 7 pixels wide, in grey and four inks: 8.1, 19 and 15; of dithering a
# contrast of 35. Nets of 12 to 40 pixels have a mesh of 0.1 to 0.4, and less only in the dark.
SCREEN_PEAK: Final = (5.5, 6.8)
SCREEN_AMPLITUDE: Final = (6.0, 10.0)
SCREENED_WINDOWS: Final = (1, 2)  # where only a part of the picture is a print
CONTRAST: Final = (14.5, 18.0)
MESH: Final = (0.09, 0.12)
NET_CONTRAST: Final = 2.0  # below it, what repeats itself is the camera's or the JPEG's
TWO_VALUED, RARER = 0.985, 0.02
WINDOW_PEAK, WINDOW_AMPLITUDE = 7.0, 15.0  # of a single window that shows a print

NEAR: Final = 16  # levels of grey that a JPEG can be away from black or white
DITHER_SIGMA: Final = 1.7  # pixels
WIRES: Final = (0.25, 0.5)  # of a mesh: how thick a wire may be; for each there is a copy
NARROWEST_NET: Final = 8.0  # pixels from wire to wire, so that something is seen between them
LONGEST_SCREEN: Final = 12.0  # pixels; what repeats itself in longer steps may be a net


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured in a picture.

    Attributes:
        peak: of the spectrum, over its surroundings at the same frequency: the natural logarithm of the ratio of power.
        amplitude: of that peak, in levels of grey of 255: that of the median window.
        period: of that peak, in pixels.
        screened: how many windows, each by itself, show a screen.
        mesh: of the cepstrum, the lower of its peaks in two directions.
        mesh_period: of its highest peak, in pixels.
        contrast: mean difference between a pixel and its surroundings, in levels of grey.
        two_valued: share of the pixels that have one of the two commonest values of grey, give or take some.
        rarer: share of the rarer of those two.
    """

    peak: float = 0.0
    amplitude: float = 0.0
    period: float = 0.0
    screened: int = 0
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
    repeats: Array  # where a frequency is one that a screen can have
    screens: Array  # the same as indices into the flat spectrum
    rings: tuple[Array, ...]  # indices into the flat spectrum, by distance from its origin
    lag: Array
    direction: Array  # of each lag, radians


@cache
def _geometry(side: int) -> Geometry:
    vertical, horizontal = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    frequency = np.hypot(vertical, horizontal)
    ring = np.minimum((frequency * side).astype(int) // 3, side // 6).ravel()
    down, across = np.fft.fftfreq(side, 1 / side)[:, None], np.fft.fftfreq(side, 1 / side)[None]
    repeats = (frequency >= 1 / LONGEST) & (frequency <= 0.5)
    return Geometry(
        hann=np.outer(np.hanning(side), np.hanning(side)).astype(np.float32),
        frequency=frequency,
        repeats=repeats,
        screens=np.flatnonzero(repeats),
        rings=tuple(np.flatnonzero(ring == number) for number in range(ring.max() + 1)),
        lag=np.hypot(down, across),
        direction=np.arctan2(down, across),
    )


def _windows(pixels: Array, reduction: int) -> Array | None:
    height, width = pixels.shape[:2]
    side = min(WINDOW, height // reduction, width // reduction) // 2 * 2
    if side < MIN_WINDOW:
        return None
    taken = side * reduction
    tops, lefts = (
        {round(k * (length - taken) / (IN_A_ROW - 1)) for k in range(IN_A_ROW)} for length in (height, width)
    )
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
    contrast, two_valued, rarer = _grey(windows)
    measured = replace(_spectrum(windows), contrast=contrast, two_valued=two_valued, rarer=rarer)
    for reduction in REDUCTIONS[1:]:
        reduced = _windows(pixels, reduction)
        if reduced is not None and (wide := _spectrum(reduced)).mesh > measured.mesh:
            measured = replace(measured, mesh=wide.mesh, mesh_period=wide.mesh_period * reduction)
    return measured


def _grey(windows: Array) -> tuple[float, float, float]:
    """`contrast`, `two_valued` and `rarer` of `Measured`."""
    smooth = np.stack([cv2.GaussianBlur(window, (0, 0), 1.0) for window in windows])
    contrast = float(cv2.absdiff(windows.reshape(-1), smooth.reshape(-1)).mean())
    shares = np.bincount(windows.ravel(), minlength=256) / windows.size
    about = np.convolve(shares, np.ones(2 * NEAR + 1), "same")
    first = int(about.argmax())
    others = about.copy()
    others[max(first - 2 * NEAR, 0) : first + 2 * NEAR + 1] = 0
    return contrast, float(about[first] + others.max()), float(others.max())


def _spectrum(windows: Array) -> Measured:
    geometry = _geometry(windows.shape[1])
    statistics = [(window, *map(float, np.ravel(cv2.meanStdDev(window)))) for window in windows]
    level = [cv2.subtract(window, mean, dtype=cv2.CV_32F) for window, mean, deviation in statistics if deviation > FLAT]
    if not level:
        return Measured()
    squared = _squared_spectra([window * geometry.hann for window in level])
    power = np.log1p(squared)
    mean = power.mean(axis=0)
    usual = _ring_medians(mean, geometry)
    mean -= usual
    at = np.unravel_index(int(np.where(geometry.repeats, mean, -np.inf).argmax()), mean.shape)
    amplitudes = np.sqrt(squared[:, at[0], at[1]]) * 2 / geometry.hann.sum()
    mesh, mesh_period = _mesh(np.where(geometry.frequency <= 0.5, np.clip(mean, -2, 6), 0), geometry)
    screened, period = _screened(squared, power - usual, geometry)
    return Measured(
        peak=float(mean[at]),
        amplitude=float(np.median(amplitudes)),
        period=period if screened else 1 / float(geometry.frequency[at]),
        screened=screened,
        mesh=mesh,
        mesh_period=mesh_period,
    )


def _ring_medians(spectrum: Array, geometry: Geometry) -> Array:
    """Of each place in a spectrum, the median at its distance from the origin. `np.median` spends most of its time on
    what these cannot be: empty, or no numbers."""
    medians = np.empty_like(spectrum)
    for ring in geometry.rings:
        middle = (len(ring) - 1) // 2, len(ring) // 2
        medians.ravel()[ring] = np.partition(spectrum.ravel()[ring], middle)[list(middle)].mean()
    return medians


def _squared_spectra(windows: Sequence[Array]) -> Array:
    """Of each window, whose sides are even, the squared magnitude of its spectrum: (N, H, W // 2 + 1).

    OpenCV's packed form takes a quarter of the time of its complex one, and that takes as long as numpy's. In it, real
    and imaginary parts lie side by side, but for the two columns that are real, which have them one below the other.
    """
    packed = np.stack([cv2.dft(window) for window in windows]) ** 2
    count, height, width = packed.shape
    squared = np.empty((count, height, width // 2 + 1), packed.dtype)
    squared[..., 1:-1] = packed[..., 1:-1:2] + packed[..., 2:-1:2]
    half = height // 2
    for column in (0, -1):
        end, squared_end = packed[..., column], squared[..., column]
        squared_end[:, [0, half]] = end[:, [0, -1]]
        squared_end[:, 1:half] = end[:, 1:-1:2] + end[:, 2:-1:2]
        squared_end[:, half + 1 :] = squared_end[:, half - 1 : 0 : -1]
    return squared


def _screened(squared: Array, power: Array, geometry: Geometry) -> tuple[int, float]:
    """How many windows show a screen, each by itself, and its period in the middle one of them, in pixels."""
    inside = power.reshape(len(power), -1)[:, geometry.screens]
    inside -= inside.mean(axis=1, keepdims=True)
    highest = inside.argmax(axis=1)
    rows, at = np.arange(len(inside)), geometry.screens[highest]
    amplitudes = np.sqrt(squared.reshape(len(squared), -1)[rows, at]) * 2 / geometry.hann.sum()
    shows = (inside[rows, highest] >= WINDOW_PEAK) & (amplitudes >= WINDOW_AMPLITUDE)
    periods = 1 / geometry.frequency.ravel()[at[shows]]
    return int(shows.sum()), float(np.median(periods)) if len(periods) else 0.0


def _mesh(power: Array, geometry: Geometry) -> tuple[float, float]:
    """The lower of the cepstrum's peaks in two directions that are 40° apart or more, and the period of the higher."""
    side = len(power)
    cepstrum = np.fft.irfft2(power, s=(side, side))
    cepstrum = np.where((geometry.lag >= SHORTEST_MESH) & (geometry.lag <= 0.42 * side), cepstrum, -np.inf)
    first = np.unravel_index(int(cepstrum.argmax()), cepstrum.shape)
    apart = np.abs((geometry.direction - geometry.direction[first] + np.pi / 2) % np.pi - np.pi / 2)
    return float(np.where(apart > np.deg2rad(40), cepstrum, -np.inf).max()), float(geometry.lag[first])


# --- what follows from it --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern over a picture.

    Attributes:
        strong: faces may be behind it that are not found in a smoothed copy either.
        sigma: of the blur in which dots are not seen any more, in pixels; 0: there are none.
        mesh: of what may be a net, in pixels; 0: it is none.
    """

    pattern: Pattern
    strong: bool
    sigma: float = 0.0
    mesh: float = 0.0


def find(pixels: Array) -> Found | None:
    """The pattern over `pixels` (H, W, 3) uint8 RGB; None: there is none that hides faces."""
    measured = measure(pixels)
    return _found(measured, strong=True) or _found(measured, strong=False)


def _found(measured: Measured, *, strong: bool) -> Found | None:
    # A net of thick wires has a peak like that of a print, and a print is a narrow mesh.
    net = measured.mesh >= MESH[strong] and measured.contrast >= NET_CONTRAST
    mesh = measured.mesh_period if net else 0.0
    if measured.two_valued >= TWO_VALUED and measured.rarer >= RARER:
        return Found(Pattern.DITHER, strong, DITHER_SIGMA)
    whole = measured.peak >= SCREEN_PEAK[strong] and measured.amplitude >= SCREEN_AMPLITUDE[strong]
    if (whole or measured.screened >= SCREENED_WINDOWS[strong]) and measured.period < LONGEST_SCREEN:
        return Found(Pattern.SCREEN, strong, measured.period / 2, mesh if mesh >= NARROWEST_NET else 0.0)
    if measured.contrast >= CONTRAST[strong]:
        return Found(Pattern.DITHER, strong, DITHER_SIGMA, mesh)
    return Found(Pattern.NET, strong, mesh=mesh) if net else None


def smoothed(pixels: Array, found: Found) -> list[Array]:
    """Copies of `pixels` (H, W, 3) uint8 in which that pattern hardly shows any more: one without dots, and some
    without wires, wherever what is behind those is seen on both sides of them."""
    copies: list[Array] = []
    if found.sigma:
        copies.append(cv2.GaussianBlur(pixels, (0, 0), found.sigma))
    if found.mesh:
        takes_away = cv2.MORPH_CLOSE if _wires_are_dark(pixels, found.mesh) else cv2.MORPH_OPEN
        for wire in WIRES:
            side = max(3, round(wire * found.mesh)) | 1
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
            copies.append(cv2.morphologyEx(pixels, takes_away, kernel))
    return copies


def _wires_are_dark(pixels: Array, mesh: float) -> bool:
    """Whether what stands out from its surroundings, as wires do, is darker than those."""
    windows = _windows(pixels, 1)
    if windows is None:
        return True
    around = np.stack([cv2.medianBlur(window, max(3, round(mesh / 2)) | 1) for window in windows])
    return bool(((windows.astype(np.float32) - around) ** 3).mean() < 0)
