"""Reading a picture again at a few places gives there what reading all of it gives."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession
from fotopoort.vision.text.reader import PhotoReader
from fotopoort.vocabulary import Box, TextLine

Array = np.ndarray[Any, np.dtype[Any]]
LONG = "de kinderen van groep zes hebben samen met de juf en de ouders een heel lang verhaal geschreven over " * 2


@pytest.fixture(scope="module")
def reader(runtime: Runtime) -> PhotoReader:
    return PhotoReader.load(runtime)


@pytest.fixture(scope="module")
def board() -> Array:
    """Large and small lines, one that is read in pieces with a name at its end, and one upside down."""
    pixels = np.full((1200, 2000, 3), (225, 230, 220), np.uint8)
    for text, x, y, size in (
        ("Gemaakt door Noor Jansen", 300, 250, 1.6),
        ("en", 300, 420, 1.2),
        ("Ties Bakker", 420, 420, 1.2),
        (LONG + "Lotte", 20, 700, 0.5),
        ("onder: Sem de Vries", 60, 740, 0.5),
        ("lente 2026", 1500, 1100, 1.6),
    ):
        cv2.putText(
            pixels, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, size, (20, 20, 60), 2 if size > 1 else 1, cv2.LINE_AA
        )
    upside_down = np.full((80, 500, 3), (225, 230, 220), np.uint8)
    cv2.putText(upside_down, "Daan Visser", (20, 60), cv2.FONT_HERSHEY_DUPLEX, 1.4, (20, 20, 60), 2, cv2.LINE_AA)
    pixels[900:980, 200:700] = cv2.rotate(upside_down, cv2.ROTATE_180)
    return pixels


def at(lines: tuple[TextLine, ...], place: Box) -> set[str]:
    """The texts of the lines that reach into a place."""
    found = set()
    for line in lines:
        across, down = zip(*line.corners, strict=True)
        x, y = min(across), min(down)
        if Box(x, y, max(across) - x, max(down) - y).overlap(place) > 0:
            found.add(line.text)
    return found


@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_at_a_place_the_same_is_read_as_in_the_whole(scale: float, board: Array, reader: PhotoReader) -> None:
    pixels = cv2.resize(board, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    whole = reader.read(pixels, scale, complete=True, side=max(pixels.shape[:2]))
    for place in (Box(700, 200, 300, 70), Box(420, 380, 260, 50), Box(1850, 690, 60, 16), Box(800, 690, 40, 14),
                  Box(100, 725, 160, 20), Box(200, 900, 500, 80), Box(0, 0, 30, 30)):  # fmt: skip
        again = reader.read_again(pixels, scale, [place])
        assert at(again, place) == at(whole, place), place
    assert any("Noor" in text for text in at(whole, Box(700, 200, 300, 70)))


def test_lines_far_from_the_places_are_not_read(
    board: Array, reader: PhotoReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    call = ModelSession.__call__

    def counted(self: ModelSession, batch: Array) -> list[Array]:
        if batch.shape[1] == 48:
            read.append(int(np.prod(batch.shape[:3])))
        return call(self, batch)

    monkeypatch.setattr(ModelSession, "__call__", counted)
    reader.read(board, complete=True, side=2000)
    whole = sum(read)
    read.clear()
    assert any("lente" in line.text for line in reader.read_again(board, 1.0, [Box(1500, 1050, 300, 60)]))
    assert 0 < sum(read) < whole / 4


def test_without_a_place_all_is_read(reader: PhotoReader) -> None:
    pixels: Array = np.full((200, 600, 3), (225, 230, 220), np.uint8)
    cv2.putText(pixels, "Noor Jansen", (100, 120), cv2.FONT_HERSHEY_DUPLEX, 1.2, (20, 20, 60), 2, cv2.LINE_AA)
    assert [line.text for line in reader.read_again(pixels, 1.0, [])] == ["Noor Jansen"]
