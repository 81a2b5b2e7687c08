"""What is in a photo, without judging it: faces, text, codes, and a perceptual hash."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from fotopoort.errors import FotopoortError
from fotopoort.photo.decode import Limits, Photo, decode
from fotopoort.photo.perceptual_hash import perceptual_hash
from fotopoort.screening.file_regions import held_against, regions_of, with_found, without_face
from fotopoort.screening.look import FaceFinder, look
from fotopoort.vision.people import with_faces
from fotopoort.vocabulary import LARGEST_SIDE, Figure, Findings, TextLine

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Inspection: TypeAlias = tuple[Findings, dict[str, float]]  # with milliseconds per step

log = logging.getLogger(__name__)


class TextReader(Protocol):
    """Reads text in pictures; `vision.text.reader.PhotoReader` is the real one. Pixels as for `FaceFinder`."""

    def read(
        self, pixels: Array, scale: float = 1.0, min_words: int = 0, /, *, complete: bool = False, side: int = ...
    ) -> tuple[TextLine, ...]:
        """Every line that can be read in a photo of `side` pixels; none where there seem to be fewer than `min_words`
        words.

        Raises:
            TooMuchText: there is more than can be read, and `complete` says that all of it is needed.
        """
        ...

    def codes(self, pixels: Array, scale: float = 1.0, /, *, side: int = ...) -> tuple[TextLine, ...]:
        """The contents of the QR and bar codes that can be read in a photo of `side` pixels."""
        ...


class PersonFinder(Protocol):
    """Finds people as whole figures; `vision.people.PersonDetector` is the real one. Pixels as for `FaceFinder`."""

    def find(self, pixels: Array, scale: float = 1.0, /) -> tuple[Figure, ...]: ...


@dataclass(frozen=True, slots=True)
class Detectors:
    """The models that look at a photo: loaded once, shared between calls. Without a reader no text is read."""

    finder: FaceFinder
    people: PersonFinder
    reader: TextReader | None = None


@dataclass(frozen=True, slots=True)
class TextNeeds:
    """Which text in a picture is to be read.

    Attributes:
        min_words: text is read where there seem to be at least this many words; None: no text is read.
        complete: a photo whose text cannot all be read cannot be judged.
        side: pixels of the longer side at which the photo is published, at most.
        code_side: the same for the contents of QR and bar codes; None: none are read.
    """

    min_words: int | None = None
    complete: bool = False
    side: int = LARGEST_SIDE
    code_side: int | None = None


NO_TEXT = TextNeeds()
ANY_TEXT = TextNeeds(1, code_side=LARGEST_SIDE)
ALL_TEXT = TextNeeds(1, complete=True, code_side=LARGEST_SIDE)


def failed(data: bytes, error: Exception) -> Findings:
    """The findings of a photo that could not be judged. The log names the photo by its hash only."""
    failure = (error if isinstance(error, FotopoortError) else FotopoortError()).failure()
    digest = hashlib.sha256(data).hexdigest() if data else ""
    log.warning("photo %s not judged: %s (%s)", digest[:12], failure.code, type(error).__name__)
    return Findings(sha256=digest, width=0, height=0, format="", failure=failure)


def inspect(data: bytes, detectors: Detectors, *, limits: Limits, long_side: int) -> Inspection:
    """Find what is in a photo, without judging it. Never fails: see `Findings.failure`.

    Args:
        long_side: pixels that are enough to see by; a larger JPEG is decoded smaller.
    """
    clock = Stopwatch()
    try:
        with clock.step("decode"):
            photo = decode(data, limits, long_side)
        findings = analyse(photo, detectors, ANY_TEXT, clock)
    except Exception as error:
        findings = failed(data, error)
    return findings, clock.milliseconds


def analyse(photo: Photo, detectors: Detectors, text: TextNeeds, clock: Stopwatch) -> Findings:
    """Find the faces, the text and the perceptual hash of a photo; names are for the caller to look for.

    Raises:
        TooMuchText: not all text could be read, and `text.complete` says that it must be.
        ModelError: a model could not be used.
    """
    # Decoding codes keeps one processor busy at most and leaves the others to the models.
    with ThreadPoolExecutor(1) as executor:
        codes = executor.submit(_codes, photo, detectors.reader, text)
        with clock.step("look"):
            faces, pattern = look(detectors.finder, photo.pixels, photo.scale)
            regions = held_against(photo, faces)
            if stated := without_face(regions, faces):
                expected = [face.box for face in faces]
                second_look = detectors.finder.find(photo.pixels, photo.scale, expected, stated)
                faces = with_found(faces, stated, second_look)
            figures = detectors.people.find(photo.pixels, photo.scale)
            hashed = perceptual_hash(photo.pixels)
        with clock.step("read"):
            lines = _lines(photo, detectors.reader, text) + codes.result()
    return Findings(
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
        format=photo.format,
        faces=faces,
        hints=photo.hints,
        text=lines,
        has_text=bool(lines),
        perceptual_hash=hashed,
        models=detectors.finder.fingerprint,
        regions=regions_of(regions, faces),
        pattern=pattern,
        figures=with_faces(figures, faces),
    )


def _lines(photo: Photo, reader: TextReader | None, text: TextNeeds) -> tuple[TextLine, ...]:
    if reader is None or text.min_words is None:
        return ()
    return reader.read(photo.pixels, photo.scale, text.min_words, complete=text.complete, side=text.side)


def _codes(photo: Photo, reader: TextReader | None, text: TextNeeds) -> tuple[TextLine, ...]:
    if reader is None or text.code_side is None:
        return ()
    return reader.codes(photo.pixels, photo.scale, side=text.code_side)


class Stopwatch:
    """Measures how long each step takes; a step that is done several times adds up."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.milliseconds[name] = self.milliseconds.get(name, 0.0) + (time.perf_counter() - start) * 1000
