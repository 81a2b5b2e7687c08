"""Reading the text in one photo: lines by PP-OCR, QR and bar codes by ZXing.

Most photos have no text, so a small copy is tried first, which costs little. Only if a line in it can be read, a large
copy follows: large letters are detected best in a small picture, small ones in a large one. Both models take BGR.

Pages of small print are read at the size at which they can be seen. Where lines are is told by `lines`. The
recogniser's output says for each step along the line which character is there, or none, or still the same one (CTC,
Graves et al. 2006); the best character of each step is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import cv2
import numpy as np
import zxingcpp

from fotopoort.errors import TooMuchText
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.text.lines import LineDetector
from fotopoort.vision.text.rectangles import (
    HEIGHT,
    MAX_WIDTH,
    count_words,
    in_pieces,
    is_inside,
    scaled_width,
    touches,
    unread,
)
from fotopoort.vocabulary import LARGEST_SIDE, Box, Point, TextLine

Array = np.ndarray[Any, np.dtype[Any]]

MODELS = ("text_detector", "text_recogniser")
SMALL_SIDE, LARGE_SIDE = 640, 1280  # pixels of the long side; together they find more than 960 or 1600 alone
MAX_PIECES = 1600  # per copy: the time must have a bound
WIDTH_STEP = 64  # pixels; lines are padded to multiples of this, so that several can be read at once
MUCH = 100_000  # pixels of all lines together; of those of ordinary photos, few have so much
BATCH = 8
BATCH_WIDTH = 3072  # pixels, of all strips of a batch together
MIN_SCORE = 0.50  # mean score of a line that counts as read
CERTAIN_SCORE = 0.90  # a line read with this score is not tried upside down, nor read again in the large copy
SURE_SCORE = 0.95  # a line read with this score is no small print
MIN_PAGE = 8  # lines that can be read, from which on small print is a page and no pattern
AROUND = 4.0  # of a place's shorter side, mostly a line's height: how far around it is read again
LETTER = re.compile(r"[^\W_]")  # a line with two of them is text; a single one is often a pattern in a jersey
LATIN_END = 0x180  # code points from here on are not read: no name here is written with them


class PhotoReader:
    """The real `TextReader`. Loaded once per process; calls from several threads wait for each other.

    Args:
        before_much: called before much text is read, with how much: its lines' length in pixels at `HEIGHT`.
    """

    def __init__(self, runtime: Runtime, before_much: Callable[[int], None] | None = None) -> None:
        self._before_much = before_much
        self._lines = LineDetector(runtime.session("text_detector"))
        alphabet = enumerate(["", *runtime.characters("text_recogniser"), " "])  # CTC's blank comes first
        latin = {column: text for column, text in alphabet if all(ord(letter) < LATIN_END for letter in text)}
        self._recogniser = runtime.session("text_recogniser", tuple(latin))
        self._characters = list(latin.values())

    @classmethod
    def load(cls, runtime: Runtime, before_much: Callable[[int], None] | None = None) -> Self:
        """Compile both models.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as `Runtime.session`.
        """
        return cls(runtime, before_much)

    def read(
        self,
        pixels: Array,
        scale: float = 1.0,
        min_words: int = 0,
        *,
        complete: bool = False,
        side: int = LARGEST_SIDE,
    ) -> tuple[TextLine, ...]:
        """Every line that can be read in upright RGB `pixels` (H, W, 3) uint8, from top to bottom.

        Args:
            scale: size of `pixels` over that of the full-size photo; corners are divided by it.
            min_words: if the small copy seems to hold fewer words, or none that can be read, there is no text; 0 = read
                the large copy in any case. A page of small print has text, whatever the small copy shows.
            complete: every line is needed.
            side: pixels of the longer side at which anybody will see the photo, at most.

        Raises:
            ModelFailed: a model gave up on this picture.
            TooMuchText: there are more than `MAX_LINES` lines, and `complete` is set.
        """
        regions = self._lines.regions(pixels, SMALL_SIDE, complete)
        readings = self._read_all(pixels, regions, complete) if sum(map(count_words, regions)) >= min_words else []
        has_text = not min_words or _readable(readings) > 0
        if has_text:
            readings += self._read_further(pixels, readings, LARGE_SIDE, complete)
        seen = min(side, max(pixels.shape[:2]))
        if (seen > LARGE_SIDE or not has_text) and self._lines.sees_small_print(pixels, side, _sure(readings)):
            further = self._read_further(pixels, readings, side, complete)
            has_text |= _readable(further) >= MIN_PAGE
            readings += further
        return _lines(readings, scale) if has_text else ()

    def read_again(self, pixels: Array, scale: float, places: Sequence[Box]) -> tuple[TextLine, ...]:
        """Every line that reaches into one of `places` or stands near it, and those that go on with it: what `read` of
        all the picture reads there, as lines are detected everywhere. Others are not read.

        Args:
            places: in pixels of the full-size photo; without any, all is read. The other arguments are those of `read`.

        Raises:
            ModelFailed: a model gave up on this picture.
            TooMuchText: there are more lines than can be read.
        """
        if not places:
            return self.read(pixels, scale, complete=True, side=max(pixels.shape[:2]))
        corners = np.array([box.corners for box in places]) * scale
        around = AROUND * (corners[:, 2:] - corners[:, :2]).min(axis=1)[:, None]
        near = np.concatenate([corners[:, :2] - around, corners[:, 2:] + around], axis=1)
        readings = self._read_further(pixels, [], SMALL_SIDE, True, near)
        readings += self._read_further(pixels, readings, LARGE_SIDE, True, near)
        side = max(pixels.shape[:2])
        if side > LARGE_SIDE and self._lines.sees_small_print(pixels, side, _sure(readings)):
            readings += self._read_further(pixels, readings, side, True, near)
        return _lines(readings, scale)

    def codes(self, pixels: Array, scale: float = 1.0, *, side: int = LARGEST_SIDE) -> tuple[TextLine, ...]:
        """The contents of QR and bar codes of every usual kind. Arguments as for `read`: nobody can read a code that
        needs more pixels than `side`."""
        factor = min(1.0, side / max(pixels.shape[:2]))
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        if factor < 1:
            grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return tuple(
            TextLine(code.text, _scaled(_corners(code.position), scale * factor), code=True)
            for code in zxingcpp.read_barcodes(grey)
            if code.text.strip()
        )

    def _read_further(
        self, pixels: Array, readings: Sequence[_Reading], side: int, complete: bool, near: Array | None = None
    ) -> list[_Reading]:
        """What a larger copy shows besides what was read with certainty; only where it reaches into `near` (N, 4), if
        that is given."""
        regions = self._lines.regions(pixels, side, complete)
        if near is not None:
            regions = [region for region in regions if touches(region, near)]
        return self._read_all(pixels, unread(regions, _sure(readings, CERTAIN_SCORE)), complete)

    def _read_all(self, pixels: Array, regions: Sequence[Array], complete: bool) -> list[_Reading]:
        """The regions that can be read. A doubtful one is tried upside down too, and the better reading is taken.

        Raises:
            TooMuchText: they are longer than can be read, and `complete` is set.
        """
        pieces = [piece for region in regions for piece in in_pieces(region)]
        if len(pieces) > MAX_PIECES and complete:
            raise TooMuchText
        pieces = pieces[:MAX_PIECES]
        readings = self._recognise(pixels, pieces)
        doubtful = [number for number, reading in enumerate(readings) if reading.score < CERTAIN_SCORE]
        turned = self._recognise(pixels, [np.roll(pieces[number], 2, axis=0) for number in doubtful])
        for number, other in zip(doubtful, turned, strict=True):
            readings[number] = max(readings[number], other, key=lambda reading: reading.score)
        return [reading for reading in readings if reading.score >= MIN_SCORE and reading.text.strip()]

    def _recognise(self, pixels: Array, regions: Sequence[Array]) -> list[_Reading]:
        """What each region says. Those of about the same width are cut out and read together."""
        readings: dict[int, _Reading] = {}
        widths = [min(max(round(scaled_width(region)), 8), MAX_WIDTH) for region in regions]
        if self._before_much and sum(widths) >= MUCH:
            self._before_much(sum(widths))
        order = sorted(range(len(regions)), key=lambda number: widths[number])
        for batch in _batches(order, widths):
            images = np.full((len(batch), HEIGHT, width := _stepped(widths[batch[-1]]), 3), 127, np.uint8)
            for row, number in enumerate(batch):
                images[row, :, : widths[number]] = _cut(pixels, regions[number], widths[number])
            (scores,) = self._recogniser(images[..., ::-1])
            for row, number in enumerate(batch):
                readings[number] = self._best_path(scores[row], regions[number], widths[number], width)
        return [readings[number] for number in range(len(regions))]

    def _best_path(self, scores: Array, corners: Array, width: int, padded: int) -> _Reading:
        """CTC decoding of scores (steps, characters): the best character of each step, repeats and blanks left out.

        Args:
            width: of the line, in pixels.
            padded: of the padded strip; the steps divide it.
        """
        best = scores.argmax(axis=1)
        steps = len(best)
        characters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        character_scores: list[float] = []
        for step in range(steps):
            if best[step] == 0 or (step and best[step] == best[step - 1]):
                if best[step] and characters:
                    ends[-1] = step + 1
                continue
            characters.append(self._characters[best[step]])
            starts.append(step)
            ends.append(step + 1)
            character_scores.append(float(scores[step, best[step]]))
        if not characters:
            return _Reading("", corners, (), 0.0)
        step_width = padded / steps / width  # as a part of the line's width
        gaps = [(ends[i] + starts[i + 1]) / 2 for i in range(len(starts) - 1)]
        edges = tuple(
            min(max(step * step_width, 0.0), 1.0) for step in (max(starts[0] - 1, 0), *gaps, min(ends[-1] + 1, steps))
        )
        return _Reading("".join(characters), corners, edges, float(np.mean(character_scores)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the recogniser made of one strip. `edges` and `score` as in `vocabulary.TextLine`."""

    text: str = field(repr=False)
    corners: Array  # (4, 2) in the photo's pixels
    edges: tuple[float, ...]
    score: float


def _sure(readings: Sequence[_Reading], score: float = SURE_SCORE) -> list[Array]:
    """Where lines stand that were read with this score."""
    return [reading.corners for reading in readings if reading.score >= score]


def _lines(readings: Sequence[_Reading], scale: float) -> tuple[TextLine, ...]:
    """The readings, each text once, from top to bottom."""
    lines = [
        TextLine(reading.text, _scaled(reading.corners, scale), reading.edges, reading.score)
        for reading in _without_duplicates(readings)
    ]
    return tuple(sorted(lines, key=lambda line: (line.corners[0][1], line.corners[0][0])))


def _cut(pixels: Array, corners: Array, width: int) -> Array:
    """One line cut out of the photo, (HEIGHT, width, 3)."""
    goal = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), goal)
    return cv2.warpPerspective(pixels, matrix, (width, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _batches(order: Sequence[int], widths: Sequence[int]) -> Iterator[Sequence[int]]:
    """The strips, narrowest first, in batches whose pixels are bounded: the runtime holds memory for each of them."""
    batch: list[int] = []
    for number in order:
        if batch and (len(batch) == BATCH or (len(batch) + 1) * _stepped(widths[number]) > BATCH_WIDTH):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _stepped(width: int) -> int:
    """The width of a batch whose widest strip has this width: few widths, so few shapes."""
    return -(-width // WIDTH_STEP) * WIDTH_STEP


def _readable(readings: Sequence[_Reading]) -> int:
    """How many of the lines are text."""
    return sum(len(LETTER.findall(reading.text)) > 1 for reading in readings)


def _without_duplicates(readings: Sequence[_Reading]) -> list[_Reading]:
    """Leaves out a text that a longer or better reading in the same place holds."""
    unique: list[_Reading] = []
    for reading in sorted(readings, key=lambda reading: (-len(reading.text), -reading.score)):
        centre = reading.corners.mean(axis=0)
        if not any(reading.text.strip() in other.text and is_inside(centre, other.corners) for other in unique):
            unique.append(reading)
    return unique


def _scaled(corners: Array, scale: float) -> tuple[Point, Point, Point, Point]:
    a, b, c, d = ((float(x) / scale, float(y) / scale) for x, y in corners)
    return a, b, c, d


def _corners(position: zxingcpp.Position) -> Array:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([[corner.x, corner.y] for corner in corners], np.float64)
