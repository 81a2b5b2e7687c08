"""Reading the text in one photo: lines by PP-OCR, QR and bar codes by ZXing.

A small look first: it costs little, and most photos have no text in them. Only where something that it sees can be read
the photo is looked at closely as well: large letters are seen best in a small picture, small ones in a large one. Both
models are given BGR.

The detector's map says of each pixel whether it is inside the shrunken core of a line; cores become lines again by
growing (Liao et al. 2020, "Real-time Scene Text Detection with Differentiable Binarization", section 3.4). The reader's
output says for each step along the line which character is there, or none, or still the same one (CTC, Graves et al.
2006); the best character of each step is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
SMALL_SIDE, LARGE_SIDE = 640, 1280  # pixels of the long side: together they find more than one look at 960 or 1600
CODE_SIDE = 1600  # as large as public channels show a photo: a code that cannot be read there cannot be read
CORE = 0.20  # from which a pixel is in the core of a line
LINE = 0.35  # least mean over the core of a line
GROWTH = 1.8  # how far a core grows: this times its area over its outline
SMALLEST = 3.0  # pixels of a core's shorter side
MAX_LINES = 200  # in one look: the time must have a bound
WORD = 3.0  # width of a word over its height
HEIGHT = 48  # pixels at which lines are read
WIDEST = 1600  # pixels at that height: a longer line is squeezed
STEPS_OF_WIDTH = 64  # lines are padded to multiples of this, to be read several at once
BATCH = 8
SURE = 0.50  # least mean score of a line that counts as read
UPRIGHT = 0.90  # a line read this surely is not tried upside down
WORTH_A_LOOK = re.compile(r"[^\W_]")  # a line with two of these; a single one is often a pattern in a jersey
LATIN_BELOW = 0x180  # characters from there on are not read: no name here is written in them


class PhotoReader:
    """Reads photos. Loaded once per process; calls from several threads wait for each other."""

    def __init__(self, runtime: Runtime) -> None:
        self._detector = runtime.session("text_detector")
        self._recogniser = runtime.session("text_recogniser")
        known = ["", *runtime.characters("text_recogniser"), " "]
        latin = [number for number, one in enumerate(known) if all(ord(c) < LATIN_BELOW for c in one)]
        self._columns = np.array(latin)
        self._characters = [known[number] for number in latin]

    @classmethod
    def load(cls, runtime: Runtime) -> Self:
        """Raises: ModelMissing, ModelCorrupt, ModelFailed."""
        return cls(runtime)

    def read(
        self, pixels: Array, scale: float = 1.0, least: int = 0, *, complete: bool = False
    ) -> tuple[TextLine, ...]:
        """Every line that can be read in upright RGB `pixels` (H, W, 3) uint8, from top to bottom.

        Args:
            scale: seen size over full size; corners are divided by it.
            least: where there seem to be fewer words in the small look, or none that can be read, nothing more is read.

        Raises:
            ModelFailed: the models could not look.
            TooMuchText: there are more than `MAX_LINES` lines, and `complete` says that every one is wanted.
        """
        regions = self._regions(pixels, SMALL_SIDE, complete)
        if least and sum(map(_words, regions)) < least:
            return ()
        read = self._read_all(pixels, regions)
        if least and not any(len(WORTH_A_LOOK.findall(one.text)) > 1 for one in read):
            return ()
        surely = [one.corners for one in read if one.score >= UPRIGHT]
        closer = self._regions(pixels, LARGE_SIDE, complete)
        read += self._read_all(
            pixels, [one for one in closer if not any(_is_inside(one.mean(axis=0), known) for known in surely)]
        )
        lines = [TextLine(one.text, _scaled(one.corners, scale), one.edges, one.score) for one in _once(read)]
        return tuple(sorted(lines, key=lambda line: (line.corners[0][1], line.corners[0][0])))

    def codes(self, pixels: Array, scale: float = 1.0) -> tuple[TextLine, ...]:
        """The contents of the QR and bar codes, of every usual kind, as for `read`."""
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
            side: pixels of the long side at which the photo is looked at.
            complete: see `read`.
        """
        height, width = pixels.shape[:2]
        factor = min(1.0, side / max(height, width))
        rows, columns = (max(32, round(length * factor / 32) * 32) for length in (height, width))
        image = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
        (found,) = self._detector(cv2.cvtColor(image, cv2.COLOR_RGB2BGR)[None])
        chances: Array = found[0, 0]
        contours, _ = cv2.findContours((chances > CORE).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        back = np.array([width / columns, height / rows])
        regions: list[Array] = []
        for contour in sorted(contours, key=cv2.contourArea, reverse=True):
            centre, size, angle = cv2.minAreaRect(contour)
            if min(size) < SMALLEST or _mean_inside(chances, contour) < LINE:
                continue
            if len(regions) == MAX_LINES:
                if complete:
                    raise TooMuchText
                break
            grown = GROWTH * size[0] * size[1] / (2 * (size[0] + size[1]))
            corners = cv2.boxPoints((centre, (size[0] + 2 * grown, size[1] + 2 * grown), angle))
            regions.append(_in_reading_order(corners) * back)
        return regions

    def _read_all(self, pixels: Array, regions: Sequence[Array]) -> list[_Read]:
        """What can be read in the regions, each the way up in which it is read most surely."""
        read = self._decoded([_Strip.cut(pixels, region) for region in regions])
        doubtful = [number for number, one in enumerate(read) if one.score < UPRIGHT]
        turned = self._decoded([_Strip.cut(pixels, np.roll(regions[number], 2, axis=0)) for number in doubtful])
        for number, other in zip(doubtful, turned, strict=True):
            read[number] = max(read[number], other, key=lambda one: one.score)
        return [one for one in read if one.score >= SURE and one.text.strip()]

    def _decoded(self, strips: Sequence[_Strip]) -> list[_Read]:
        """What the strips say; those of about one width are read together."""
        read: dict[int, _Read] = {}
        order = sorted(range(len(strips)), key=lambda number: strips[number].width)
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            width = -(-strips[batch[-1]].width // STEPS_OF_WIDTH) * STEPS_OF_WIDTH
            images = np.full((len(batch), HEIGHT, width, 3), 127, np.uint8)
            for row, number in enumerate(batch):
                images[row, :, : strips[number].width] = strips[number].image
            (scores,) = self._recogniser(images[..., ::-1])
            for row, number in enumerate(batch):
                read[number] = self._best_path(scores[row][:, self._columns], strips[number], width)
        return [read[number] for number in range(len(strips))]

    def _best_path(self, scores: Array, strip: _Strip, width: int) -> _Read:
        best = scores.argmax(axis=1)
        steps = len(best)
        characters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        sure: list[float] = []
        for step in range(steps):
            if best[step] == 0 or (step and best[step] == best[step - 1]):
                if best[step] and characters:
                    ends[-1] = step + 1
                continue
            characters.append(self._characters[best[step]])
            starts.append(step)
            ends.append(step + 1)
            sure.append(float(scores[step, best[step]]))
        if not characters:
            return _Read("", strip.corners, (), 0.0)
        share = width / steps / strip.width  # of the strip, for one step
        middles = [(ends[i] + starts[i + 1]) / 2 for i in range(len(starts) - 1)]
        edges = tuple(
            min(max(step * share, 0.0), 1.0) for step in (max(starts[0] - 1, 0), *middles, min(ends[-1] + 1, steps))
        )
        return _Read("".join(characters), strip.corners, edges, float(np.mean(sure)))


@dataclass(frozen=True, slots=True)
class _Strip:
    """One line cut out, HEIGHT pixels high."""

    image: Array
    corners: Array  # (4, 2) in the photo's pixels

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @classmethod
    def cut(cls, pixels: Array, corners: Array) -> Self:
        across = float(np.linalg.norm(corners[1] - corners[0]))
        down = max(float(np.linalg.norm(corners[3] - corners[0])), 1.0)
        width = int(min(max(round(across * HEIGHT / down), 8), WIDEST))
        goal = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
        matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), goal)
        image = cv2.warpPerspective(
            pixels, matrix, (width, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return cls(image, corners)


@dataclass(frozen=True, slots=True)
class _Read:
    text: str = field(repr=False)
    corners: Array
    edges: tuple[float, ...]
    score: float


def _once(read: Sequence[_Read]) -> list[_Read]:
    """Without what stands in one place twice, or as a part of what was read more completely there."""
    kept: list[_Read] = []
    for one in sorted(read, key=lambda one: (-len(one.text), -one.score)):
        centre = one.corners.mean(axis=0)
        if not any(one.text.strip() in other.text and _is_inside(centre, other.corners) for other in kept):
            kept.append(one)
    return kept


def _is_inside(point: Array, corners: Array) -> bool:
    return cv2.pointPolygonTest(corners.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def _words(corners: Array) -> int:
    """How many words there may be in a region."""
    across, down = (float(np.linalg.norm(corners[end] - corners[0])) for end in (1, 3))
    return max(1, round(across / max(down, 1.0) / WORD))


def _mean_inside(chances: Array, contour: Array) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    mask: Array = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y])], (1,))
    return float(cv2.mean(chances[y : y + height, x : x + width], mask)[0])


def _in_reading_order(corners: Array) -> Array:
    """The corners of a rectangle, the first being where one would begin to read: along the longer side, upright."""
    if np.linalg.norm(corners[1] - corners[0]) < np.linalg.norm(corners[2] - corners[1]):
        corners = np.roll(corners, -1, axis=0)
    direction = corners[1] - corners[0]
    backwards = direction[0] < 0 if abs(direction[0]) >= abs(direction[1]) else direction[1] < 0
    return np.roll(corners, 2, axis=0) if backwards else corners


def _scaled(corners: Array, scale: float) -> tuple[Point, Point, Point, Point]:
    a, b, c, d = ((float(x) / scale, float(y) / scale) for x, y in corners)
    return a, b, c, d


def _corners(position: zxingcpp.Position) -> Array:
    places = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([[place.x, place.y] for place in places], np.float64)
