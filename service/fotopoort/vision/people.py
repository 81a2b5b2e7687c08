"""Finding people as whole figures: a small model that knows nothing of faces, as a check on those that do.

An SSDLite with MobileNet v2 sees the photo at 300 × 300 pixels. It sees nobody in 60 photos without people, and misses
most in small crowds. That is why it only ever asks: that it sees nobody says nothing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import cv2
import numpy as np

from fotopoort.vision import ssdlite
from fotopoort.vision.faces.fold import is_long
from fotopoort.vocabulary import Box, Face, FaceId, Figure

if TYPE_CHECKING:
    from fotopoort.vision.models.runtime import Runtime

Array = np.ndarray[Any, np.dtype[Any]]

MODEL: Final = "person_detector"

MIN_SCORE: Final = 0.3  # below it are mostly things; how sure is sure enough to ask is the policy's
# Of a long picture: how long its parts are over the shorter side, by how much they overlap, so that somebody who stands
# is whole in one of them, and how many there are at most; they are longer then.
PART, OVERLAP, MAX_PARTS = 1.5, 0.75, 16
ON_SEAM: Final = 0.25  # of their size, up to which somebody whose middle is beyond a seam may still be on it
SAME_FIGURE: Final = 0.7  # of the smaller of two boxes, the part in the other from which on they are one person


class PersonDetector:
    """The real `PersonFinder`."""

    def __init__(self, runtime: Runtime) -> None:
        self._session = runtime.session(MODEL)

    @classmethod
    def load(cls, runtime: Runtime) -> Self:
        """Compile the model.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as `Runtime.session`.
        """
        return cls(runtime)

    def find(self, pixels: Array, scale: float = 1.0) -> tuple[Figure, ...]:
        """The people in upright RGB `pixels` (H, W, 3) uint8, each once, the surest first.

        Args:
            scale: size of `pixels` over that of the full-size photo; boxes are divided by it.

        Raises:
            ModelFailed: the model gave up on this picture.
        """
        height, width = pixels.shape[:2]
        figures: list[Figure] = []
        for figure in sorted(
            (figure for part in _parts(height, width) for figure in self._look(pixels, part)),
            key=lambda figure: -figure.score,
        ):
            if not any(_is_same(figure.box, other.box) for other in figures):
                figures.append(figure)
        return tuple(
            replace(figure, box=Box(*(value / scale for value in (box.x, box.y, box.w, box.h))))
            for figure in figures
            for box in [figure.box]
        )

    def _look(self, pixels: Array, part: _Part) -> Iterator[Figure]:
        """Whom one look at a part of the picture shows, if it is for that part to tell."""
        seen = pixels[part.y : part.y + part.h, part.x : part.x + part.w]
        small = cv2.resize(seen, (ssdlite.SIDE, ssdlite.SIDE), interpolation=cv2.INTER_AREA)
        boxes, scores = ssdlite.read(self._session(small[None]), MIN_SCORE)
        for (left, top, right, bottom), score in zip(boxes.tolist(), scores.tolist(), strict=True):
            box = Box(left * part.w, top * part.h, (right - left) * part.w, (bottom - top) * part.h)
            box = box.clipped(part.w, part.h)  # rounding may have put it a hair outside
            box = replace(box, x=box.x + part.x, y=box.y + part.y)
            if box.area > 0 and part.tells_of(box):
                yield Figure(box, score)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a picture, in pixels, and from where to where along the longer side it tells of who is there."""

    x: int
    y: int
    w: int
    h: int
    first: float = -math.inf
    last: float = math.inf

    def tells_of(self, box: Box) -> bool:
        """Whether this part sees the person whole, as far as any does: their middle is not near its end."""
        middle, size = (box.centre[0], box.w) if self.w > self.h else (box.centre[1], box.h)
        return self.first - ON_SEAM * size <= middle <= self.last + ON_SEAM * size


def _parts(height: int, width: int) -> Iterator[_Part]:
    """The whole picture, and of a long one overlapping parts along it: squeezed into a square nobody looks like
    somebody."""
    yield _Part(0, 0, width, height)
    if not is_long(height, width):
        return
    longer, shorter = max(height, width), min(height, width)
    count = min(math.ceil((longer / shorter - OVERLAP) / (PART - OVERLAP)), MAX_PARTS)
    length = math.ceil((longer + (count - 1) * OVERLAP * shorter) / count)
    starts = [round(number * (longer - length) / (count - 1)) for number in range(count)]
    seams = [-math.inf, *((start + length + after) / 2 for start, after in itertools.pairwise(starts)), math.inf]
    for start, (first, last) in zip(starts, itertools.pairwise(seams), strict=True):
        if width > height:
            yield _Part(start, 0, length, height, first, last)
        else:
            yield _Part(0, start, width, length, first, last)


def with_faces(figures: Sequence[Figure], faces: Sequence[Face]) -> tuple[Figure, ...]:
    """The figures, each with the face that is its own: of all pairs that can be, the nearest first. A face is nobody
    else's: somebody whose only face is nearer to where another's is expected has none."""
    pairs = sorted(
        (figure.distance(face.box, upside_down=upside_down), number, face.id)
        for number, figure in enumerate(figures)
        for face in faces
        for upside_down in [abs(face.roll) > 90]
        if figure.can_have_face(face.box, upside_down=upside_down)
    )
    own: dict[int, FaceId] = {}
    for _, number, face_id in pairs:
        if number not in own and face_id not in own.values():
            own[number] = face_id
    return tuple(replace(figure, face=own.get(number)) for number, figure in enumerate(figures))


def _is_same(first: Box, second: Box) -> bool:
    return first.overlap(second) >= SAME_FIGURE * min(first.area, second.area)
