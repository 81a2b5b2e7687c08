"""Photos that are much alike: a blocked photo that comes back resized, compressed again, slightly cropped or turned.

A print is a perceptual hash: the signs of the lowest frequencies of the photo's brightness (Zauner, "Implementation and
Benchmarking of Perceptual Image Hash Functions", 2010). It says nothing about who is in the photo. The maintained
libraries for it bring SciPy, or must be compiled on the school's machine; with OpenCV at hand it is these few lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

SIDE: Final = 40  # pixels: what is compared is this small
FREQUENCIES: Final = 10  # the lowest, each way
BITS: Final = FREQUENCIES * FREQUENCIES
BYTES: Final = -(-BITS // 8)

# Of the bits that may differ. Measured on 380 photos (benchmarks/likeness.py): copies that were resized, compressed or
# cropped by up to 10 % differ in fewer, photos of other scenes in more.
ALIKE: Final = 18

# Brightness that varies less than this (standard deviation, of 255) has no print: all flat pictures are alike.
FLAT: Final = 3.0

# What may have been cut off a photo that comes back, as parts of its width and height (left, top, right, bottom).
CROPS: Final = (
    *itertools.product((0.0, 0.05), repeat=4),
    (0.08, 0.08, 0.08, 0.08),
    *(tuple(0.1 if side == cut else 0.0 for side in range(4)) for cut in range(4)),
    (0.1, 0.0, 0.1, 0.0),
    (0.0, 0.1, 0.0, 0.1),
)


def print_of(pixels: Array) -> str:
    """The print of a photo in hexadecimal digits; empty for a flat picture, which is like nothing.

    Args:
        pixels: upright RGB (H, W, 3) uint8, of any size.
    """
    return _print(_small(pixels))


def prints_of(pixels: Array) -> tuple[str, ...]:
    """The prints under which a photo is recognised when it comes back: whole, cropped, mirrored and turned."""
    height, width = pixels.shape[:2]
    found = []
    for left, top, right, bottom in CROPS:
        part = pixels[int(top * height) : height - int(bottom * height), int(left * width) : width - int(right * width)]
        if part.size:
            found.append(print_of(part))
    small = _small(pixels)
    turned = [np.rot90(one, times) for one in (small, small[:, ::-1]) for times in range(4)]
    found += [_print(np.ascontiguousarray(one)) for one in turned]
    return tuple(dict.fromkeys(filter(None, found)))


@dataclass(frozen=True, slots=True)
class Blocklist:
    """Photos that may not be published. `prints`: of all of them, one after the other."""

    sha256s: frozenset[str] = frozenset()
    prints: bytes = b""

    @classmethod
    def of(cls, sha256s: Iterable[str], prints: Iterable[str]) -> Blocklist:
        """From SHA-256s and prints as text."""
        return cls(frozenset(sha256s), bytes.fromhex("".join(prints)))

    def holds(self, sha256: str, print_: str) -> bool:
        """Whether a photo is one of these, or much like one of them."""
        if sha256 in self.sha256s:
            return True
        if not print_ or not self.prints:
            return False
        theirs = np.frombuffer(self.prints, np.uint8).reshape(-1, BYTES)
        return bool(_differing(theirs, np.frombuffer(bytes.fromhex(print_), np.uint8)).min() <= ALIKE)


def are_alike(one: str, other: str) -> bool:
    """Whether two prints are of photos that are much alike. A flat picture is like nothing, not even itself."""
    return bool(one and other) and Blocklist(prints=bytes.fromhex(one)).holds("", other)


def _differing(theirs: Array, mine: Array) -> Array:
    counted: Array = np.bitwise_count(np.bitwise_xor(theirs, mine)).sum(axis=1)
    return counted


def _small(pixels: Array) -> Array:
    """Brightness, 32-bit float, of the photo made square and small."""
    # By half first, as often as that goes: then the rest is quick, and a large photo and its small copy look the same.
    while min(pixels.shape[:2]) >= 8 * SIDE:
        pixels = cv2.resize(pixels, (pixels.shape[1] // 2, pixels.shape[0] // 2), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    small: Array = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return small


def _print(small: Array) -> str:
    if small.std() < FLAT:
        return ""
    low = cv2.dct(small)[1 : FREQUENCIES + 1, 1 : FREQUENCIES + 1].ravel()
    return np.packbits(low > np.median(low)).tobytes().hex()
