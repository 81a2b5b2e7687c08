"""What reading takes: how often the models are asked, and with which shapes; and that nothing is read worse for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession
from fotopoort.vision.text.reader import PhotoReader

from .test_reader import page, texts

Array = np.ndarray[Any, np.dtype[Any]]

NAMES = (
    "Noor Bakker", "Daan Visser", "Yara Amrani", "Lotte Meerman", "Tijn Kuipers", "Fenna Hoekstra", "Bram Willems",
    "Julia Mulder", "Noah Peters", "Mila Dekker",
)  # fmt: skip
SIZE = (2000, 1500)  # of a camera's photo, as it is decoded


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shape of each batch that a model was given, of the detector or the recogniser."""
    given: list[tuple[int, ...]] = []
    call = ModelSession.__call__

    def counted(self: ModelSession, batch: Array) -> list[Array]:
        given.append(batch.shape)
        return call(self, batch)

    monkeypatch.setattr(ModelSession, "__call__", counted)
    return given


@pytest.fixture(scope="module")
def reader(runtime: Runtime) -> PhotoReader:
    return PhotoReader.load(runtime)


def poster(*more: tuple[str, tuple[int, int], int], height: int = 48) -> Array:
    """Ten large lines close together, and what else stands beside them."""
    lines = [(name, (100, 60 + 78 * row), height) for row, name in enumerate(NAMES)]
    return page(*lines, *more, size=SIZE)


def test_large_lines_are_no_page_of_small_print(shapes: list[tuple[int, ...]], reader: PhotoReader) -> None:
    """Ten of them close together once made a picture pass for one: it was looked at seven times, in ever larger copies,
    though each of them had been read."""
    assert texts(reader.read(poster(), min_words=1, complete=True)) == list(NAMES)
    looks = [shape for shape in shapes if shape[1] > 48]
    assert len(looks) == 2
    assert max(max(shape) for shape in looks) <= 1280


@pytest.mark.parametrize("beside", [(), NAMES], ids=["alone", "beside large lines"])
def test_small_print_is_read_beside_large_lines_too(beside: tuple[str, ...], reader: PhotoReader) -> None:
    """Also where the large lines are what is densest."""
    small = [
        (f"{NAMES[row % 10]} {row}", (1100 + column * 260, 700 + 19 * row), 14)
        for column in range(3)
        for row in range(24)
    ]
    pixels = poster(*small) if beside else page(*small, size=SIZE)
    found = " ".join(texts(reader.read(pixels, min_words=1, complete=True)))
    assert [text for text, _, _ in small if text not in found] == []


def test_of_the_characters_that_no_name_is_written_with_none_is_given(runtime: Runtime, reader: PhotoReader) -> None:
    strip = np.full((1, 48, 320, 3), 127, np.uint8)
    (all_scores,), (scores,) = runtime.session("text_recogniser")(strip), reader._recogniser(strip)
    alphabet = ["", *runtime.characters("text_recogniser"), " "]
    columns = [alphabet.index(character) for character in reader._characters]
    assert scores.shape[2] == len(columns) < all_scores.shape[2] / 50
    np.testing.assert_array_equal(scores, all_scores[:, :, columns])
