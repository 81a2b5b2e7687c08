"""Where lines stand in pictures of every shape: no seam, end or small print hides one, and the cost is bounded."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from benchmarks.long_scenes import class_sheet, screenshot
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.errors import TooMuchText
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.text.lines import LONG, MAX_LINES, TILE, LineDetector, _copy, _tiles
from fotopoort.vision.text.reader import PhotoReader

from .test_reader import page, texts

Array = np.ndarray[Any, np.dtype[Any]]

MAX_PIXELS = 8_000_000  # that the detector looks at in one copy of 2048 pixels, overlaps included
PUBLISHED = 2048


class BrightLines:
    """Stands for the detector: what is bright is the core of a line. Counts what it is asked."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, batch: Array) -> list[Array]:
        self.shapes.append(batch.shape[1:3])
        return [(batch[:, None, :, :, 0] > 127).astype(np.float32)]


@pytest.fixture(scope="module")
def reader(runtime: Runtime) -> PhotoReader:
    return PhotoReader.load(runtime)


@settings(deadline=None, max_examples=40)
@given(st.data(), st.sampled_from([(2048, 1536), (1536, 2048), (2000, 360), (150, 2000), (2048, 1448), (1700, 1700)]))
def test_a_line_anywhere_is_one_line(data: st.DataObject, shape: tuple[int, int]) -> None:
    """Also across seams, at the ends, and where it is longer than a tile."""
    rows, columns = shape
    top = data.draw(st.integers(0, rows - 12))
    length = data.draw(st.integers(40, columns))
    left = data.draw(st.integers(0, columns - length))
    pixels: Array = np.zeros((rows, columns, 3), np.uint8)
    pixels[top : top + 12, left : left + length] = 255
    (region,) = LineDetector(BrightLines()).regions(pixels, PUBLISHED, complete=True)  # type: ignore[arg-type]
    assert region[:, 0].min() <= left + 8
    assert region[:, 0].max() >= left + length - 8
    assert region[:, 1].min() <= top + 8
    assert region[:, 1].max() >= top + 4


@settings(deadline=None, max_examples=40)
@given(st.integers(32, 4000), st.integers(32, 4000))
def test_tiles_leave_nothing_out_and_cost_no_more_than_a_bound(height: int, width: int) -> None:
    image = _copy(np.zeros((height, width, 1), np.uint8), PUBLISHED)
    looked: Array = np.zeros(image.shape[:2], bool)
    windows = list(_tiles(*image.shape[:2]))
    for window in windows:
        looked[window] = True
    assert looked.all()
    pixels = sum((rows.stop - rows.start) * (columns.stop - columns.start) for rows, columns in windows)
    assert pixels <= MAX_PIXELS
    assert all(max(rows.stop - rows.start, columns.stop - columns.start) <= TILE[0] for rows, columns in windows)
    assert all(
        side % 32 == 0 for rows, columns in windows for side in (rows.stop - rows.start, columns.stop - columns.start)
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(1000, 4000), st.floats(LONG + 0.1, 12))
def test_a_long_picture_keeps_as_many_pixels_as_an_ordinary_one(longer: int, ratio: float) -> None:
    rows, columns = _copy(np.zeros((longer, max(1, round(longer / ratio)), 1), np.uint8), 640).shape[:2]
    assert rows * columns >= min(0.7 * 640 * 480, 0.7 * longer * longer / ratio)
    assert rows * columns <= 1.5 * 640 * 480, "its sides are whole multiples"


@pytest.mark.parametrize(("columns", "rows"), [(1, MAX_LINES + 5), (2, MAX_LINES // 2 + 5)])
def test_more_lines_than_can_be_read_are_told(columns: int, rows: int) -> None:
    pixels: Array = np.zeros((rows * 10, 2048, 3), np.uint8)
    for row in range(rows):
        for column in range(columns):
            pixels[10 * row : 10 * row + 6, 1000 * column + 20 : 1000 * column + 900] = 255
    detector = LineDetector(BrightLines())  # type: ignore[arg-type]
    assert len(detector.regions(pixels, 10 * rows, complete=False)) == MAX_LINES
    with pytest.raises(TooMuchText):
        detector.regions(pixels, 10 * rows, complete=True)


def test_small_print_at_every_seam_and_edge_is_read(reader: PhotoReader) -> None:
    """A page of 2048 × 1536 has seams near 768 and 1280, and 576 and 960; the letters are as small as can be seen."""
    names = ("Noor Bakker", "Daan Visser", "Lotte Meerman", "Tijn Kuipers", "Fenna Hoekstra", "Bram Willems")
    places = [(x, y) for y in (2, 560, 572, 940, 952, 1516) for x in (2, 740, 1240, 1900)]
    filler = [
        ("de kinderen van de school waren op het plein", (x, y), 15)
        for y in range(40, 1500, 30)
        for x in (20, 400, 840, 1420)
        if all(abs(y - top) > 24 for _, top in places)
    ]
    written = [(f"{names[number % 6]} {number}", place, 15) for number, place in enumerate(places)]
    found = texts(reader.read(page(*written, *filler, size=(2048, 1536)), min_words=1, complete=True))
    assert [text for text, _, _ in written if not any(text[:-2].strip() in line for line in found)] == []


@pytest.mark.parametrize("lines", [90, 120, 140, 400])
def test_a_sheet_of_small_print_is_read_to_the_last_line(lines: int, reader: PhotoReader) -> None:
    """Of 400 names in columns, 2 were once not read: a small copy showed a part of them with certainty."""
    sheet = class_sheet(lines)
    found = " ".join(texts(reader.read(sheet.pixels, min_words=1, complete=True)))
    assert [name for name in sheet.names if name not in found] == []


@pytest.mark.parametrize("blur", [0.0, 1.5, 2.6, 3.5])
@pytest.mark.parametrize("lines", [120, 400])
def test_small_print_is_seen_however_a_scanner_blurred_it(lines: int, blur: float, runtime: Runtime) -> None:
    """A sheet of 400 names, blurred and still easy to read, once passed for a picture without text."""
    pixels = class_sheet(lines).pixels
    if blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), blur)
    assert LineDetector(runtime.session("text_detector")).sees_small_print(pixels, PUBLISHED)


def test_a_tall_screenshot_is_read_to_both_ends(reader: PhotoReader) -> None:
    """Of 1080 × 6000 pixels, as it is seen: three times smaller."""
    tall = screenshot(360, 2000, letter=14)
    found = " ".join(texts(reader.read(tall.pixels, min_words=1, complete=True)))
    assert [name for name in tall.names if name not in found] == []


@pytest.mark.parametrize("name", ["first", "middle", "last"])
def test_a_line_longer_than_the_recogniser_takes_is_read_in_pieces(name: str, reader: PhotoReader) -> None:
    words = ["de kinderen van onze school waren op het plein en"] * 5
    words.insert({"first": 0, "middle": 2, "last": 5}[name], "Lotte Meerman")
    found = texts(reader.read(page((" ".join(words), (10, 500), 15), size=(2000, 1400))))
    assert any("Lotte Meerman" in line for line in found)


@pytest.mark.parametrize("pattern", ["grid", "noise", "stripes"])
def test_a_pattern_is_no_page(pattern: str, reader: PhotoReader) -> None:
    pixels: Array = np.full((1400, 2000, 3), 240, np.uint8)
    if pattern == "grid":
        pixels[::12] = pixels[:, ::12] = 40
    elif pattern == "stripes":
        pixels[::14] = pixels[1::14] = 40
    else:
        pixels[np.random.default_rng(3).random((1400, 2000)) < 0.1] = 60
    assert reader.read(pixels, min_words=1, complete=True) == ()
