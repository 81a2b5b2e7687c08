"""Patterns that hide faces: drawn over the sample photos in many sizes, and not seen where there are none."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from benchmarks import prints_drawing as drawing
from PIL import Image

from fotopoort.vision import patterns
from fotopoort.vision.patterns import Found, find, measure, smoothed
from fotopoort.vocabulary import Pattern

Array = np.ndarray[Any, np.dtype[Any]]

DEMO = Path(__file__).parents[3] / "fixtures" / "demo"
ORDINARY = sorted(path.name for path in DEMO.iterdir() if path.suffix.lower() in (".jpg", ".png"))
SCENES = ["IMG_2040.jpg", "IMG_2051.jpg"]


def read(name: str, side: int = 1200) -> Array:
    with Image.open(DEMO / name) as image:
        image.thumbnail((side, side))
        return np.asarray(image.convert("RGB"))


def as_jpeg(pixels: Array, quality: int) -> Array:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGB"))


def strong(pixels: Array) -> Found:
    found = find(pixels)
    assert found is not None
    assert found.strong, measure(pixels)
    return found


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("degrees", [0, 15, 30, 45])
@pytest.mark.parametrize("pitch", [3, 3.5, 4, 5, 6, 7, 8])
def test_a_print_is_seen_with_its_pitch(scene: str, pitch: float, degrees: float) -> None:
    found = strong(drawing.halftone(read(scene), pitch, degrees))
    assert found.pattern is Pattern.SCREEN
    assert pitch / 1.6 <= 2 * found.sigma <= pitch * 1.6


@pytest.mark.parametrize("degrees", [0, 20, 40])
@pytest.mark.parametrize("pitch", [3, 4, 5.5, 7])
def test_a_print_in_four_inks_is_seen(pitch: float, degrees: float) -> None:
    found = strong(drawing.colour_halftone(read("IMG_2040.jpg"), pitch, degrees))
    assert found.pattern is Pattern.SCREEN


@pytest.mark.parametrize("contrast", [1.0, 0.7, 0.45])
@pytest.mark.parametrize("quality", [95, 75, 50])
def test_a_pale_print_and_a_compressed_one_are_seen(contrast: float, quality: int) -> None:
    drawn = drawing.halftone(read("IMG_2040.jpg"), 5, 45).astype(np.float32)
    pale = (235 - contrast * (235 - 0.9 * drawn)).astype(np.uint8)
    assert strong(as_jpeg(pale, quality)).pattern is Pattern.SCREEN


@pytest.mark.parametrize("share", [0.5, 0.35])
def test_a_print_on_a_part_of_a_page_is_seen(share: float) -> None:
    page = np.full((1600, 1200, 3), 245, np.uint8)
    cutting = drawing.halftone(read("IMG_2040.jpg", 1200), 5, 45)
    height = round(share * 1600)
    page[:height] = cv2.resize(cutting, (1200, cutting.shape[0]))[:height]
    assert strong(page).pattern is Pattern.SCREEN


@pytest.mark.parametrize("scaled", [0.9, 0.75, 0.6])
def test_a_print_that_was_made_smaller_is_seen(scaled: float) -> None:
    drawn = drawing.halftone(read("IMG_2040.jpg"), 7, 45)
    assert strong(cv2.resize(drawn, None, fx=scaled, fy=scaled, interpolation=cv2.INTER_AREA)) is not None


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("dithered", [drawing.floyd_steinberg, drawing.bayer, drawing.threshold])
@pytest.mark.parametrize("quality", [None, 90, 75])
def test_a_scan_of_black_and_white_is_seen(scene: str, dithered: Callable[[Array], Array], quality: int | None) -> None:
    drawn = dithered(read(scene))
    assert strong(as_jpeg(drawn, quality) if quality else drawn)


@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize("degrees", [0, 20, 45])
@pytest.mark.parametrize("pitch", [12, 18, 26, 40])
def test_a_net_is_seen(pitch: float, degrees: float, light: bool) -> None:
    found = strong(drawing.net(read("IMG_2040.jpg"), pitch, degrees, light=light))
    assert found.pattern in (Pattern.NET, Pattern.SCREEN)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_photo_has_no_pattern(name: str) -> None:
    found = find(read(name, 2048))
    assert found is None or not found.strong


@pytest.mark.parametrize("side", [1, 20, 47, 48, 60, 127, 128, 129, 300])
def test_pictures_of_any_size_can_be_measured(side: int) -> None:
    rng = np.random.default_rng(side)
    for pixels in (np.zeros((side, 2 * side, 3), np.uint8), rng.integers(100, 110, (side, side, 3), np.uint8)):
        assert find(pixels) is None


def test_a_small_print_is_seen() -> None:
    assert strong(drawing.halftone(read("IMG_2040.jpg")[400:500, 150:300], 4, 45)).pattern is Pattern.SCREEN


def test_a_flat_page_and_a_drawing_with_soft_edges_have_no_pattern() -> None:
    page = np.full((900, 700, 3), 250, np.uint8)
    assert find(page) is None
    for radius in range(300, 20, -40):
        cv2.circle(page, (350, 450), radius, (radius // 2 + 60,) * 3, -1, cv2.LINE_AA)
    assert find(page) is None


@pytest.mark.parametrize(
    "drawn",
    [
        lambda pixels: drawing.halftone(pixels, 5, 45),
        lambda pixels: drawing.colour_halftone(pixels, 6, 0),
        drawing.floyd_steinberg,
        lambda pixels: drawing.net(pixels, 26),
        lambda pixels: drawing.net(pixels, 26, 20, light=True),
    ],
    ids=["halftone", "four inks", "dithered", "dark net", "light net"],
)
def test_a_smoothed_copy_is_nearer_to_the_photo(drawn: Callable[[Array], Array]) -> None:
    photo = read("IMG_2040.jpg")
    before = drawn(photo)
    copies = smoothed(before, strong(before))

    def away(pixels: Array) -> float:
        grey = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(float) for picture in (pixels, photo))
        first, second = grey
        return float(np.abs(first - second).mean())

    assert all(copy.shape == before.shape for copy in copies)
    assert min(map(away, copies)) < 0.7 * away(before)


def test_a_small_net_can_be_smoothed() -> None:
    pixels = np.full((40, 40, 3), 200, np.uint8)
    copies = smoothed(pixels, Found(Pattern.NET, strong=True, mesh=26))
    assert {copy.shape for copy in copies} == {pixels.shape}


def test_what_is_measured_does_not_change_with_the_picture_turned() -> None:
    drawn = drawing.halftone(read("IMG_2040.jpg"), 5, 45)
    upright, turned = measure(drawn), measure(np.ascontiguousarray(np.rot90(drawn)))
    assert abs(upright.peak - turned.peak) < 1
    assert patterns.find(drawn) is not None
