"""A photo is looked at in one way, whatever channels are asked: answers about its faces and names mean the same."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors
from fotopoort.screening.screen import Request, ScreeningJob, screen
from fotopoort.vocabulary import Box, Face, NameEntry, NameHit, NamePlace, TextLine

from .detectors import ALL, NOBODY

NAMES = tuple(NameEntry(name, f"p{number}") for number, name in enumerate(("Sem Visser", "Roos Bakker", "Noor Smit")))
ASKED = [channels for size in (1, 2, 3) for channels in itertools.combinations(ALL, size)]


class SizeTellingFinder:
    """Finds another number of faces at another size, as a detector that sees more in more pixels."""

    fingerprint = "size"

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        boxes = [Box(x, 100, 90, 110) for x in range(0, pixels.shape[1] - 200, 700)]
        return tuple(
            Face(f"f{number}", box, (box.centre,) * 5, 0.9, 0, 0, 0, True) for number, box in enumerate(boxes, start=1)
        )


class WordReader:
    """Reads two lines and a code where it is asked to, both beginning with a word that may be a name.

    Attributes:
        code_sides: the sizes at which it was asked for codes.
    """

    def __init__(self) -> None:
        self.code_sides: list[int] = []

    def read(
        self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False, side: int = 0
    ) -> tuple[TextLine, ...]:
        lines = [line("Roos", 100), line("Sem, Noor en Roos", 400)]
        return tuple(lines) if min_words <= sum(len(found.text.split()) for found in lines) else ()

    def codes(self, pixels: Array, scale: float = 1.0, *, side: int = 0) -> tuple[TextLine, ...]:
        self.code_sides.append(side)
        return (TextLine("Noor", line("", 700).corners, code=True),)


def line(text: str, y: float) -> TextLine:
    edges = tuple(number / max(len(text), 1) for number in range(len(text) + 1))
    return TextLine(text, ((100, y), (500, y), (500, y + 40), (100, y + 40)), edges)


@pytest.fixture(scope="module", params=[(2448, 3264), (4600, 6200), (900, 1200)], ids=lambda shape: f"{shape[1]} wide")
def photo(request: pytest.FixtureRequest, jpeg: object) -> bytes:
    """Of 3264 and 6200 pixels a JPEG is reduced further for 1600 pixels than for 2048."""
    return jpeg(np.full((*request.param, 3), (120, 150, 170), np.uint8))  # type: ignore[operator,no-any-return]


def test_the_same_faces_are_found_whatever_channels_are_asked(photo: bytes, policy: Policy) -> None:
    def faces(channels: tuple[str, ...]) -> tuple[Face, ...]:
        return screen(
            photo, ScreeningJob(Request(channels), policy), Detectors(SizeTellingFinder(), NOBODY)
        ).findings.faces

    seen = {channels: faces(channels) for channels in ASKED}
    assert len(set(seen.values())) == 1, {channels: len(found) for channels, found in seen.items()}
    assert seen[ASKED[0]]


@pytest.mark.parametrize("side", [900, 1600, 2048])
def test_codes_are_looked_for_at_the_size_at_which_everybody_sees_the_photo(
    photo: bytes, policy: Policy, side: int
) -> None:
    reader = WordReader()
    larger = replace(policy.channel("facebook"), id="press", max_side=side)
    own = replace(policy, channels=(*policy.channels, larger))
    screen(photo, ScreeningJob(Request(("website",)), own, names=NAMES), Detectors(SizeTellingFinder(), NOBODY, reader))
    assert reader.code_sides[0] == max(side, 1600)


def test_a_name_has_the_same_id_whatever_channels_are_asked(photo: bytes, policy: Policy) -> None:
    def names(channels: tuple[str, ...]) -> dict[str, tuple[NamePlace, str | None, Box | None]]:
        request = Request(channels, caption="Roos en Sem", file_name="roos")
        job = ScreeningJob(request, policy, names=NAMES)
        hits: tuple[NameHit, ...] = screen(
            photo, job, Detectors(SizeTellingFinder(), NOBODY, WordReader())
        ).findings.names
        assert len({hit.id for hit in hits}) == len(hits)
        return {hit.id: (hit.place, hit.text, hit.box) for hit in hits}

    meant: dict[str, tuple[NamePlace, str | None, Box | None]] = {}
    for channels in ASKED:
        for hit, subject in names(channels).items():
            assert meant.setdefault(hit, subject) == subject, "an id speaks of one name alone"
    assert {place for place, _, _ in meant.values()} >= {NamePlace.CAPTION, NamePlace.FILE_NAME, NamePlace.PICTURE}
