"""A blocked photo is known when it comes back changed, and no other photo is taken for it."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations
from typing import Any, TypeAlias

import cv2
import numpy as np
import pytest
from PIL import Image

from fotopoort.photo.perceptual_hash import BYTES, Blocklist, perceptual_hash, perceptual_hashes

Pixels: TypeAlias = np.ndarray[Any, np.dtype[Any]]
SAMPLES = ("IMG_2031.jpg", "IMG_2036.jpg", "IMG_2045.jpg", "IMG_2052.jpg")


def smaller(pixels: Pixels) -> Pixels:
    return cv2.resize(pixels, None, fx=0.37, fy=0.37, interpolation=cv2.INTER_LINEAR)


def compressed(pixels: Pixels) -> Pixels:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=30)
    return np.asarray(Image.open(out))


def cropped(left: float, top: float, right: float, bottom: float) -> Callable[[Pixels], Pixels]:
    def cut(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        return pixels[int(top * height) : height - int(bottom * height), int(left * width) : width - int(right * width)]

    return cut


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "as it was": lambda pixels: pixels,
    "smaller": smaller,
    "larger": lambda pixels: cv2.resize(pixels, None, fx=1.6, fy=1.6),
    "compressed again": compressed,
    "brighter": lambda pixels: cv2.convertScaleAbs(pixels, alpha=1.1, beta=12),
    "cropped all round": cropped(0.03, 0.03, 0.03, 0.03),
    "cropped unevenly": cropped(0.05, 0.02, 0.03, 0.06),
    "cropped on one side": cropped(0.0, 0.09, 0.0, 0.0),
    "cropped and smaller": lambda pixels: compressed(smaller(cropped(0.04, 0.0, 0.04, 0.02)(pixels))),
    "turned": lambda pixels: np.rot90(pixels),
    "upside down": lambda pixels: np.rot90(pixels, 2),
    "mirrored": lambda pixels: pixels[:, ::-1],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_changed_copy_is_known(
    pixels_of: Callable[[str], Pixels], name: str, change: Callable[[Pixels], Pixels]
) -> None:
    pixels = pixels_of(name)
    blocked = Blocklist.of(["00"], perceptual_hashes(pixels))
    assert blocked.holds("", perceptual_hash(np.ascontiguousarray(change(pixels))))


def test_other_photos_are_not(pixels_of: Callable[[str], Pixels]) -> None:
    photos = {name: pixels_of(name) for name in SAMPLES}
    for name, other in combinations(SAMPLES, 2):
        assert not Blocklist.of([], [perceptual_hash(photos[name])]).holds("", perceptual_hash(photos[other]))
        assert not Blocklist.of([], perceptual_hashes(photos[name])).holds("", perceptual_hash(photos[other]))


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_flat_picture_is_similar_to_nothing(colour: int) -> None:
    flat = np.full((300, 400, 3), colour, np.uint8)
    assert perceptual_hash(flat) == ""
    assert perceptual_hashes(flat) == ()
    assert not Blocklist.of([], [""]).holds("", "")
    assert not Blocklist.of(["00"], ["00" * BYTES]).holds("", "")


def test_the_very_same_file_is_known_by_its_hash() -> None:
    assert Blocklist.of(["ab"], []).holds("ab", "")
    assert not Blocklist.of(["ab"], []).holds("cd", "")


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (40, 40), (5000, 33)])
def test_a_picture_of_any_shape_has_a_hash_or_none(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (*shape, 3), np.uint8)
    assert len(perceptual_hash(noise)) in (0, 2 * BYTES)
    perceptual_hashes(noise)
