"""Reading text and codes, with the real models; what is read was drawn or is in a sample photo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from fotopoort.errors import TooMuchText
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.text import lines as text_lines
from fotopoort.vision.text.reader import PhotoReader
from fotopoort.vocabulary import LARGEST_SIDE, Box, TextLine

Array = np.ndarray[Any, np.dtype[Any]]

INK, PAPER = (30, 35, 60), (243, 240, 228)


@pytest.fixture(scope="module")
def reader(runtime: Runtime) -> PhotoReader:
    return PhotoReader.load(runtime)


def page(*texts: tuple[str, tuple[int, int], int], size: tuple[int, int] = (1600, 1200)) -> Array:
    """Paper with texts on it: what, where (left, top), and how many pixels high."""
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    for text, place, height in texts:
        draw.text(place, text, INK, font=ImageFont.load_default(height))
    return np.asarray(image)


def turned(pixels: Array, degrees: float) -> Array:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=PAPER)


def texts(lines: tuple[TextLine, ...]) -> list[str]:
    return [line.text for line in lines]


@pytest.mark.parametrize("height", [20, 30, 60, 120])
def test_a_line_is_read_whatever_its_size(height: int, reader: PhotoReader) -> None:
    assert "Jarig: Noor Bakker" in texts(reader.read(page(("Jarig: Noor Bakker", (120, 300), height))))


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30, 90, 180, 270])
def test_a_turned_line_is_read(degrees: float, reader: PhotoReader) -> None:
    pixels = turned(page(("van Fenna", (650, 560), 50)), degrees)
    assert any("Fenna" in text for text in texts(reader.read(pixels)))


def test_lines_come_from_top_to_bottom_each_once(reader: PhotoReader) -> None:
    pixels = page(("Noor", (200, 150), 60), ("Daan", (900, 500), 40), ("Yara", (300, 900), 80))
    assert texts(reader.read(pixels)) == ["Noor", "Daan", "Yara"]


def test_a_word_within_a_line_has_a_place_of_its_own(reader: PhotoReader) -> None:
    (line,) = reader.read(page(("groep 5 - Sem", (200, 500), 60)))
    font = ImageFont.load_default(60)
    left, right = 200 + font.getlength("groep 5 - "), 200 + font.getlength("groep 5 - Sem")
    box = line.box(line.text.index("Sem"), len(line.text))
    assert box.x == pytest.approx(left, abs=30), "within a step of the reader"
    assert box.right == pytest.approx(right, abs=30)
    assert line.box().x == pytest.approx(200, abs=20)
    assert 45 < box.h < 130


def test_places_are_in_pixels_of_the_full_size_photo(reader: PhotoReader) -> None:
    pixels = page(("Lotte", (400, 300), 60))
    (line,), (doubled,) = reader.read(pixels), reader.read(pixels, 0.5)
    assert doubled.box().x == pytest.approx(2 * line.box().x)
    assert doubled.box().h == pytest.approx(2 * line.box().h)


def test_nothing_is_read_where_nothing_stands(reader: PhotoReader) -> None:
    assert reader.read(page()) == ()
    assert reader.read(np.zeros((40, 40, 3), np.uint8)) == ()


@pytest.mark.parametrize(("min_words", "read"), [(1, True), (3, True), (4, False)])
def test_nothing_is_read_where_fewer_words_are_seen_than_wanted(
    min_words: int, read: bool, reader: PhotoReader
) -> None:
    pixels = page(*((name, (200, 150 + 250 * n), 60) for n, name in enumerate(("Noor", "Daan", "Yara"))))
    assert bool(reader.read(pixels, min_words=min_words)) is read


def test_a_photo_full_of_text_has_a_bound(reader: PhotoReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "MAX_LINES", 100)
    pixels = page(*(("Noor Daan", (20 + 160 * (n % 10), 10 + 24 * (n // 10)), 20) for n in range(490)))
    assert 50 < len(reader.read(pixels)) <= 3 * 100
    with pytest.raises(TooMuchText):
        reader.read(pixels, complete=True)


def test_names_on_a_sample_are_read(reader: PhotoReader, pixels_of: Callable[[str], Array]) -> None:
    assert {"Fenna", "Daan"} <= set(texts(reader.read(pixels_of("IMG_2063.jpg"))))


def test_a_code_is_read_that_can_be_read_at_the_largest_size_that_is_published(reader: PhotoReader) -> None:
    large = np.asarray(zxingcpp.create_barcode("Noor Visser groep 5", zxingcpp.BarcodeFormat.QRCode).to_image(scale=8))
    code = cv2.resize(large, None, fx=1.5 / 8, fy=1.5 / 8, interpolation=cv2.INTER_AREA)  # pixels of each square in it
    pixels = page(size=(LARGEST_SIDE, 1536)).copy()
    height, width = code.shape[:2]
    pixels[301 : 301 + height, 501 : 501 + width] = code[..., None]
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
    published = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    assert published is not None
    assert texts(reader.codes(published)) == ["Noor Visser groep 5"]
    assert not reader.codes(pixels, side=1600), "where nobody can read it there is none"


@pytest.mark.parametrize("kind", [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
def test_a_code_is_read_with_its_place(kind: zxingcpp.BarcodeFormat, reader: PhotoReader) -> None:
    code = np.asarray(zxingcpp.create_barcode("Sem de Groot", kind).to_image(scale=4))
    pixels = page(size=(2400, 1800)).copy()
    height, width = code.shape[:2]
    pixels[300 : 300 + height, 500 : 500 + width] = code[..., None]
    (line,) = reader.codes(pixels, 0.5)
    assert line.text == "Sem de Groot"
    assert line.code
    around = Box(1000 - 20, 600 - 20, 2 * width + 40, 2 * height + 40)
    assert around.overlap(line.box()) > 0.9 * line.box().area
    assert line.box().w > width
