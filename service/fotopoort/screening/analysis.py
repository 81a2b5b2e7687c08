"""A look at a photo: what is in it, without judging it."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from fotopoort.errors import Damaged, FotopoortError
from fotopoort.photo.decode import Limits, Photo, decode
from fotopoort.photo.perceptual_hash import perceptual_hash
from fotopoort.vocabulary import Box, Face, Findings, TextLine

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

log = logging.getLogger(__name__)


class FaceFinder(Protocol):
    """What looks for faces; `vision.detector.FaceDetector` is the real one."""

    fingerprint: str

    def find(self, pixels: Array, scale: float = 1.0, known: Sequence[Box] = ()) -> tuple[Face, ...]:
        """Faces in upright RGB `pixels` (H, W, 3) uint8; boxes are divided by `scale` (seen size / full size).

        Faces plainly at one of the `known` boxes (in full-size pixels) need not be among them.
        """
        ...


class TextReader(Protocol):
    """What reads text in pictures; `vision.text.PhotoReader` is the real one. Pixels as for `FaceFinder`."""

    def read(
        self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False
    ) -> tuple[TextLine, ...]:
        """Every line that can be read; none where there seem to be fewer than `min_words` words.

        Raises:
            TooMuchText: there is more than can be read, and `complete` says that all of it is wanted.
        """
        ...

    def codes(self, pixels: Array, scale: float = 1.0) -> tuple[TextLine, ...]:
        """The contents of QR and bar codes."""
        ...


@dataclass(frozen=True, slots=True)
class Detectors:
    """What looks at a photo. Loaded once, shared between calls. `reader`: None: no text is read."""

    finder: FaceFinder
    reader: TextReader | None = None


@dataclass(frozen=True, slots=True)
class TextNeeds:
    """What text is to be read in a picture.

    Attributes:
        words: it is read where there seem to be at least so many words; None: not at all.
        codes: the contents of codes are wanted too.
        complete: all of it, or else the photo cannot be judged.
    """

    words: int | None = None
    codes: bool = False
    complete: bool = False


NO_TEXT = TextNeeds()
ANY_TEXT = TextNeeds(1, codes=True)
ALL_TEXT = TextNeeds(1, codes=True, complete=True)


def failed(data: bytes, error: Exception) -> Findings:
    """The findings of a photo that could not be judged. What is logged names the photo by its hash only."""
    failure = (error if isinstance(error, FotopoortError) else FotopoortError()).failure()
    digest = hashlib.sha256(data).hexdigest() if data else ""
    log.warning("photo %s not judged: %s (%s)", digest[:12], failure.code, type(error).__name__)
    return Findings(sha256=digest, width=0, height=0, format="", failure=failure)


def inspect(data: bytes, *, eyes: Detectors, limits: Limits, long_side: int) -> tuple[Findings, dict[str, float]]:
    """What is in a photo, without judging it, and milliseconds per step. Never fails: see `Findings.failure`."""
    clock = Stopwatch()
    try:
        _, findings = look(data, eyes, limits=limits, long_side=long_side, clock=clock, wanted=ANY_TEXT)
    except Exception as error:
        findings = failed(data, error)
    return findings, clock.milliseconds


def look(
    data: bytes,
    eyes: Detectors,
    *,
    limits: Limits,
    long_side: int,
    clock: Stopwatch,
    findings: Findings | None = None,
    wanted: TextNeeds = NO_TEXT,
) -> tuple[Photo, Findings]:
    """What is in a photo, without judging it.

    Args:
        long_side: pixels that are enough for seeing and for every rendition; a larger JPEG is decoded smaller.
        findings: what is in it, where that is known already.
        wanted: what text is to be read.

    Raises:
        PhotoError: the file cannot be judged.
        ModelError: the models could not look.
    """
    with clock.step("decode"):
        photo = decode(data, limits, long_side)
    if findings is not None:
        if findings.sha256 != photo.sha256:
            raise Damaged("This is not the photo that was seen before.", hint="Send the photo again.")
        return photo, findings
    with ThreadPoolExecutor(1) as beside:  # codes need one processor at most, and leave the models most of it
        codes = beside.submit(_codes, photo.pixels, photo.scale, eyes.reader, wanted)
        with clock.step("look"):
            faces = eyes.finder.find(photo.pixels, photo.scale)
            likeness = perceptual_hash(photo.pixels)
        with clock.step("read"):
            lines = _words(photo.pixels, photo.scale, eyes.reader, wanted) + codes.result()
    return photo, Findings(
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
        format=photo.format,
        faces=faces,
        hints=photo.hints,
        text=lines,
        has_text=bool(lines),
        likeness=likeness,
        models=eyes.finder.fingerprint,
    )


def _words(pixels: Array, scale: float, reader: TextReader | None, wanted: TextNeeds) -> tuple[TextLine, ...]:
    """The text that is wanted."""
    if reader is None or wanted.words is None:
        return ()
    return reader.read(pixels, scale, wanted.words, complete=wanted.complete)


def _codes(pixels: Array, scale: float, reader: TextReader | None, wanted: TextNeeds) -> tuple[TextLine, ...]:
    """The contents of codes, where they are wanted."""
    return reader.codes(pixels, scale) if reader is not None and wanted.codes else ()


class Stopwatch:
    """How long each step took; a step done several times adds up."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.milliseconds[name] = self.milliseconds.get(name, 0.0) + (time.perf_counter() - start) * 1000
