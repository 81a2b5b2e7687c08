"""Recognising a blocked photo that comes back resized, compressed again, slightly cropped, turned or mirrored.

A perceptual hash holds the signs of the lowest frequencies of the photo's brightness (Zauner, "Implementation and
Benchmarking of Perceptual Image Hash Functions", 2010). It says nothing about who is in the photo. The maintained
libraries for it need SciPy, or a compiler on the school's machine; with OpenCV it takes these few lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

SIDE: Final = 40  # pixels of the small grey square that is hashed
FREQUENCIES: Final = 10  # the lowest, each way
BITS: Final = FREQUENCIES * FREQUENCIES
BYTES: Final = -(-BITS // 8)

# Up to this many bits may differ between two copies of one photo. Measured on 380 photos (benchmarks/likeness.py):
# copies that were resized, compressed or cropped by up to 10 % differ in fewer, photos of other scenes in more.
MAX_DIFFERING_BITS: Final = 18

# A picture whose brightness has a lower standard deviation (of 255) has no hash: all flat pictures would be similar.
MIN_DEVIATION: Final = 3.0

# The crops by which a photo is also recognised, as parts of its width and height (left, top, right, bottom).
CROPS: Final = (
    *itertools.product((0.0, 0.05), repeat=4),
    (0.08, 0.08, 0.08, 0.08),
    *(tuple(0.1 if side == cut else 0.0 for side in range(4)) for cut in range(4)),
    (0.1, 0.0, 0.1, 0.0),
    (0.0, 0.1, 0.0, 0.1),
)


def perceptual_hash(pixels: Array) -> str:
    """The hash of a photo in hexadecimal digits; empty for a flat picture, which is similar to nothing.

    Args:
        pixels: upright RGB (H, W, 3) uint8, of any size.
    """
    return _hash(_small(pixels))


def perceptual_hashes(pixels: Array) -> tuple[str, ...]:
    """The hashes by which a photo is recognised when it comes back: whole, cropped, mirrored and turned.

    Args:
        pixels: as for `perceptual_hash`.
    """
    height, width = pixels.shape[:2]
    hashes = []
    for left, top, right, bottom in CROPS:
        part = pixels[int(top * height) : height - int(bottom * height), int(left * width) : width - int(right * width)]
        if part.size:
            hashes.append(perceptual_hash(part))
    small = _small(pixels)
    turned = [np.rot90(picture, times) for picture in (small, small[:, ::-1]) for times in range(4)]
    hashes += [_hash(np.ascontiguousarray(picture)) for picture in turned]
    return tuple(dict.fromkeys(filter(None, hashes)))


@dataclass(frozen=True, slots=True)
class Blocklist:
    """Photos that may not be published."""

    sha256s: frozenset[str] = frozenset()
    hashes: bytes = b""  # perceptual hashes of `BYTES` bytes, one after the other

    @classmethod
    def of(cls, sha256s: Iterable[str], hashes: Iterable[str]) -> Blocklist:
        """From SHA-256s and perceptual hashes as hexadecimal digits."""
        return cls(frozenset(sha256s), bytes.fromhex("".join(hashes)))

    def holds(self, sha256: str, phash: str) -> bool:
        """Whether a photo is one of these, or similar to one of them, by its SHA-256 and its perceptual hash."""
        if sha256 in self.sha256s:
            return True
        if not phash or not self.hashes:
            return False
        blocked = np.frombuffer(self.hashes, np.uint8).reshape(-1, BYTES)
        distances = _hamming_distances(blocked, np.frombuffer(bytes.fromhex(phash), np.uint8))
        return bool(distances.min() <= MAX_DIFFERING_BITS)


def _hamming_distances(hashes: Array, phash: Array) -> Array:
    """The number of bits (N,) in which each of hashes (N, BYTES) differs from one hash (BYTES,)."""
    distances: Array = np.bitwise_count(np.bitwise_xor(hashes, phash)).sum(axis=1)
    return distances


def _small(pixels: Array) -> Array:
    """The photo's brightness as a small square (SIDE, SIDE) float32."""
    # Halved first, as often as possible: the rest is then quick, and a large photo and its small copy look the same.
    while min(pixels.shape[:2]) >= 8 * SIDE:
        pixels = cv2.resize(pixels, (pixels.shape[1] // 2, pixels.shape[0] // 2), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    small: Array = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return small


def _hash(small: Array) -> str:
    if small.std() < MIN_DEVIATION:
        return ""
    low = cv2.dct(small)[1 : FREQUENCIES + 1, 1 : FREQUENCIES + 1].ravel()
    return np.packbits(low > np.median(low)).tobytes().hex()
