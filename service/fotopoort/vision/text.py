"""Reading the text in one photo: lines by PP-OCR, QR and bar codes by ZXing.

Most photos have no text, so a small copy is tried first, which costs little. Only if a line in it can be read, a large
copy follows: large letters are detected best in a small picture, small ones in a large one. Both models take BGR.

The detector's output says for each pixel how likely it is inside the shrunken core of a line; growing a core gives the
line (Liao et al. 2020, "Real-time Scene Text Detection with Differentiable Binarization", section 3.4). The
recogniser's output says for each step along the line which character is there, or none, or still the same one (CTC,
Graves et al. 2006); the best character of each step is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import cv2
import numpy as np
import zxingcpp

from fotopoort.errors import TooMuchText
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vocabulary import Point, TextLine

Array = np.ndarray[Any, np.dtype[Any]]

MODELS = ("text_detector", "text_recogniser")
SMALL_SIDE, LARGE_SIDE = 640, 1280  # pixels of the long side; together they find more than 960 or 1600 alone
CODE_SIDE = 1600  # pixels; public channels show a photo no larger, so nobody can read a code that needs more
MIN_CORE_PROBABILITY = 0.20  # above it a pixel is in the core of a line
MIN_LINE_PROBABILITY = 0.35  # mean over the core of a line
GROWTH = 1.8  # how far a core grows: this times its area over its outline
MIN_CORE_SIDE = 3.0  # pixels of a core's shorter side
MAX_LINES = 200  # per copy: the time must have a bound
WORD = 3.0  # width of a word over its height
HEIGHT = 48  # pixels to which lines are scaled for the recogniser
MAX_WIDTH = 1600  # pixels at that height; a longer line is squeezed
WIDTH_STEP = 64  # pixels; lines are padded to multiples of this, so that several can be read at once
BATCH = 8
BATCH_WIDTH = 3072  # pixels, of all strips of a batch together
MIN_SCORE = 0.50  # mean score of a line that counts as read
CERTAIN_SCORE = 0.90  # a line read with this score is not tried upside down, nor read again in the large copy
LETTER = re.compile(r"[^\W_]")  # a line with two of them is text; a single one is often a pattern in a jersey
LATIN_END = 0x180  # code points from here on are not read: no name here is written with them


class PhotoReader:
    """The real `TextReader`. Loaded once per process; calls from several threads wait for each other."""

    def __init__(self, runtime: Runtime) -> None:
        self._detector = runtime.session("text_detector")
        self._recogniser = runtime.session("text_recogniser")
        alphabet = ["", *runtime.characters("text_recogniser"), " "]  # CTC's blank comes first
        latin = [column for column, text in enumerate(alphabet) if all(ord(letter) < LATIN_END for letter in text)]
        self._columns = np.array(latin)
        self._characters = [alphabet[column] for column in latin]

    @classmethod
    def load(cls, runtime: Runtime) -> Self:
        """Compile both models.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as `Runtime.session`.
        """
        return cls(runtime)

    def read(
        self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False
    ) -> tuple[TextLine, ...]:
        """Every line that can be read in upright RGB `pixels` (H, W, 3) uint8, from top to bottom.

        Args:
            scale: size of `pixels` over that of the full-size photo; corners are divided by it.
            min_words: if the small copy seems to hold fewer words, or none that can be read, there is no text; 0 = read
                the large copy in any case.
            complete: every line is needed.

        Raises:
            ModelFailed: a model gave up on this picture.
            TooMuchText: there are more than `MAX_LINES` lines, and `complete` is set.
        """
        regions = self._regions(pixels, SMALL_SIDE, complete)
        if min_words and sum(map(_words, regions)) < min_words:
            return ()
        readings = self._read_all(pixels, regions)
        if min_words and not any(len(LETTER.findall(reading.text)) > 1 for reading in readings):
            return ()
        certain = [reading.corners for reading in readings if reading.score >= CERTAIN_SCORE]
        further = [
            region
            for region in self._regions(pixels, LARGE_SIDE, complete)
            if not any(_is_inside(region.mean(axis=0), corners) for corners in certain)
        ]
        readings += self._read_all(pixels, further)
        lines = [
            TextLine(reading.text, _scaled(reading.corners, scale), reading.edges, reading.score)
            for reading in _without_duplicates(readings)
        ]
        return tuple(sorted(lines, key=lambda line: (line.corners[0][1], line.corners[0][0])))

    def codes(self, pixels: Array, scale: float = 1.0) -> tuple[TextLine, ...]:
        """The contents of QR and bar codes of every usual kind. Arguments as for `read`."""
        factor = min(1.0, CODE_SIDE / max(pixels.shape))
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        if factor < 1:
            grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return tuple(
            TextLine(code.text, _scaled(_corners(code.position), scale * factor), code=True)
            for code in zxingcpp.read_barcodes(grey)
            if code.text.strip()
        )

    def _regions(self, pixels: Array, side: int, complete: bool) -> list[Array]:
        """Rectangles around lines, as corners (4, 2) in `pixels`, in reading direction.

        Args:
            side: pixels of the long side of the copy in which lines are detected.
            complete: as for `read`.

        Raises:
            TooMuchText: as for `read`.
        """
        height, width = pixels.shape[:2]
        factor = min(1.0, side / max(height, width))
        rows, columns = (max(32, round(length * factor / 32) * 32) for length in (height, width))
        image = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
        (output,) = self._detector(cv2.cvtColor(image, cv2.COLOR_RGB2BGR)[None])
        probabilities: Array = output[0, 0]
        cores = (probabilities > MIN_CORE_PROBABILITY).astype(np.uint8)
        contours, _ = cv2.findContours(cores, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        to_pixels = np.array([width / columns, height / rows])
        regions: list[Array] = []
        for contour in sorted(contours, key=cv2.contourArea, reverse=True):
            centre, size, angle = cv2.minAreaRect(contour)
            if min(size) < MIN_CORE_SIDE or _mean_inside(probabilities, contour) < MIN_LINE_PROBABILITY:
                continue
            if len(regions) == MAX_LINES:
                if complete:
                    raise TooMuchText
                break
            grown = GROWTH * size[0] * size[1] / (2 * (size[0] + size[1]))
            corners = cv2.boxPoints((centre, (size[0] + 2 * grown, size[1] + 2 * grown), angle))
            regions.append(_in_reading_order(corners) * to_pixels)
        return regions

    def _read_all(self, pixels: Array, regions: Sequence[Array]) -> list[_Reading]:
        """The regions that can be read. A doubtful one is tried upside down too, and the better reading is taken."""
        readings = self._recognise([_Strip.cut(pixels, region) for region in regions])
        doubtful = [number for number, reading in enumerate(readings) if reading.score < CERTAIN_SCORE]
        turned = self._recognise([_Strip.cut(pixels, np.roll(regions[number], 2, axis=0)) for number in doubtful])
        for number, other in zip(doubtful, turned, strict=True):
            readings[number] = max(readings[number], other, key=lambda reading: reading.score)
        return [reading for reading in readings if reading.score >= MIN_SCORE and reading.text.strip()]

    def _recognise(self, strips: Sequence[_Strip]) -> list[_Reading]:
        """What each strip says. Strips of about the same width are read together."""
        readings: dict[int, _Reading] = {}
        order = sorted(range(len(strips)), key=lambda number: strips[number].width)
        for batch in _batches(order, [strip.width for strip in strips]):
            width = _stepped(strips[batch[-1]].width)
            images = np.full((len(batch), HEIGHT, width, 3), 127, np.uint8)
            for row, number in enumerate(batch):
                images[row, :, : strips[number].width] = strips[number].image
            (scores,) = self._recogniser(images[..., ::-1])
            for row, number in enumerate(batch):
                readings[number] = self._best_path(scores[row][:, self._columns], strips[number], width)
        return [readings[number] for number in range(len(strips))]

    def _best_path(self, scores: Array, strip: _Strip, width: int) -> _Reading:
        """CTC decoding of scores (steps, characters): the best character of each step, repeats and blanks left out.

        Args:
            width: of the padded strip, in pixels; the steps divide it.
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
            return _Reading("", strip.corners, (), 0.0)
        step_width = width / steps / strip.width  # as a part of the strip's width
        gaps = [(ends[i] + starts[i + 1]) / 2 for i in range(len(starts) - 1)]
        edges = tuple(
            min(max(step * step_width, 0.0), 1.0) for step in (max(starts[0] - 1, 0), *gaps, min(ends[-1] + 1, steps))
        )
        return _Reading("".join(characters), strip.corners, edges, float(np.mean(character_scores)))


@dataclass(frozen=True, slots=True)
class _Strip:
    """One line cut out of the photo, `HEIGHT` pixels high."""

    image: Array
    corners: Array  # (4, 2) in the photo's pixels

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @classmethod
    def cut(cls, pixels: Array, corners: Array) -> Self:
        across = float(np.linalg.norm(corners[1] - corners[0]))
        down = max(float(np.linalg.norm(corners[3] - corners[0])), 1.0)
        width = int(min(max(round(across * HEIGHT / down), 8), MAX_WIDTH))
        goal = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
        matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), goal)
        image = cv2.warpPerspective(
            pixels, matrix, (width, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return cls(image, corners)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the recogniser made of one strip. `edges` and `score` as in `vocabulary.TextLine`."""

    text: str = field(repr=False)
    corners: Array  # (4, 2) in the photo's pixels
    edges: tuple[float, ...]
    score: float


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


def _without_duplicates(readings: Sequence[_Reading]) -> list[_Reading]:
    """Leaves out a text that a longer or better reading in the same place holds."""
    unique: list[_Reading] = []
    for reading in sorted(readings, key=lambda reading: (-len(reading.text), -reading.score)):
        centre = reading.corners.mean(axis=0)
        if not any(reading.text.strip() in other.text and _is_inside(centre, other.corners) for other in unique):
            unique.append(reading)
    return unique


def _is_inside(point: Array, corners: Array) -> bool:
    return cv2.pointPolygonTest(corners.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def _words(corners: Array) -> int:
    """An estimate of the number of words in a region, from its shape."""
    across, down = (float(np.linalg.norm(corners[end] - corners[0])) for end in (1, 3))
    return max(1, round(across / max(down, 1.0) / WORD))


def _mean_inside(probabilities: Array, contour: Array) -> float:
    """The mean of the probabilities (H, W) inside a contour."""
    x, y, width, height = cv2.boundingRect(contour)
    mask: Array = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y])], (1,))
    return float(cv2.mean(probabilities[y : y + height, x : x + width], mask)[0])


def _in_reading_order(corners: Array) -> Array:
    """The corners of a rectangle, beginning where reading begins: along the longer side, the right way up."""
    if np.linalg.norm(corners[1] - corners[0]) < np.linalg.norm(corners[2] - corners[1]):
        corners = np.roll(corners, -1, axis=0)
    direction = corners[1] - corners[0]
    backwards = direction[0] < 0 if abs(direction[0]) >= abs(direction[1]) else direction[1] < 0
    return np.roll(corners, 2, axis=0) if backwards else corners


def _scaled(corners: Array, scale: float) -> tuple[Point, Point, Point, Point]:
    a, b, c, d = ((float(x) / scale, float(y) / scale) for x, y in corners)
    return a, b, c, d


def _corners(position: zxingcpp.Position) -> Array:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([[corner.x, corner.y] for corner in corners], np.float64)
