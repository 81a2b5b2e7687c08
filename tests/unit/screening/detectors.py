"""Finders and readers that see what a test tells them to, and what tests ask of a screening."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np
from PIL import Image

from fotopoort.screening.analysis import Array
from fotopoort.screening.look import FaceFinder
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import (
    Answers,
    Box,
    Face,
    FaceAnswer,
    FaceLabel,
    Figure,
    Outcome,
    TextLine,
)

ALL = ("social_schools", "website", "facebook")
FOUR = Answers(  # IMG_2040, as a teacher would tap it: of these, p1 may be on the website but not on Facebook
    groups=frozenset({"groep 5"}),
    faces={
        "f1": FaceAnswer(FaceLabel.PERSON, "p5", Box(199.3, 465.4, 117.4, 143.9)),
        "f2": FaceAnswer(FaceLabel.PERSON, "p6", Box(565.9, 417.9, 123.0, 139.4)),
        "f3": FaceAnswer(FaceLabel.PERSON, "p1", Box(930.1, 448.1, 125.0, 148.4)),
        "f4": FaceAnswer(FaceLabel.PERSON, "p8", Box(1306.4, 431.2, 112.0, 141.6)),
    },
)


def enlarged(answers: Answers, scale: float) -> Answers:
    """The same answers about the same photo, that many times as large."""
    faces = {
        id: replace(answer, box=Box(*(scale * side for side in astuple(answer.box))))
        for id, answer in answers.faces.items()
        if answer.box
    }
    return replace(answers, faces=faces)


HERE, THERE = Box(300, 300, 100, 120), Box(800, 500, 90, 110)


class CountingFinder:
    """The real finder, with how often it looked."""

    def __init__(self, finder: FaceFinder) -> None:
        self.finder, self.fingerprint, self.looks = finder, finder.fingerprint, 0
        self.expected: list[tuple[Box, ...]] = []

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        self.looks += 1
        self.expected.append(tuple(expected))
        return self.finder.find(pixels, scale, expected, told)


class ScriptedFinder:
    """Sees in each look what it is told to see: boxes in the full photo, or an error."""

    fingerprint = "scripted"

    def __init__(self, *looks: Sequence[Box] | BaseException) -> None:
        self.looks = list(looks)

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        look = self.looks.pop(0)
        if isinstance(look, BaseException):
            raise look
        return tuple(
            Face(f"f{number}", box, (box.centre,) * 5, 0.9, 0, 0, 0, True) for number, box in enumerate(look, start=1)
        )


class ScriptedPeople:
    """Sees these figures in every photo, in pixels of the full-size one."""

    def __init__(self, *boxes: Box) -> None:
        self.boxes = boxes

    def find(self, pixels: Array, scale: float = 1.0) -> tuple[Figure, ...]:
        return tuple(Figure(box, 0.9) for box in self.boxes)


NOBODY = ScriptedPeople()


class ScriptedReader:
    """Reads in each look the lines that it is told to read, and the same codes every time."""

    def __init__(self, *looks: Sequence[TextLine], codes: Sequence[TextLine] = ()) -> None:
        self.looks, self.seen_codes = list(looks), tuple(codes)

    def read(
        self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False, side: int = 0
    ) -> tuple[TextLine, ...]:
        lines = tuple(self.looks.pop(0))
        return lines if len(lines) >= min_words else ()

    def codes(self, pixels: Array, scale: float = 1.0, *, side: int = 0) -> tuple[TextLine, ...]:
        return self.seen_codes


def opened(jpeg: bytes) -> Array:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def rules(screening: Screening, channel: str) -> set[str]:
    return {reason.rule for reason in screening.verdicts[channel].reasons}


def outcomes(screening: Screening) -> dict[str, Outcome]:
    return {channel: verdict.outcome for channel, verdict in screening.verdicts.items()}
