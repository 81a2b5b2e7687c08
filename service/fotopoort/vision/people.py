"""Finding people as whole figures: a small model that knows nothing of faces, as a check on those that do.

An SSDLite with MobileNet v2 sees the photo at 300 × 300 pixels. It sees nobody in 60 photos without people, and misses
most in small crowds. That is why it only ever asks: that it sees nobody says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Self

import cv2
import numpy as np

from fotopoort.vision.models.runtime import Runtime
from fotopoort.vocabulary import Box, Face, Figure

Array = np.ndarray[Any, np.dtype[Any]]

MODEL: Final = "person_detector"
SIDE: Final = 300  # pixels: what the model was trained at, whatever the shape of the photo

# From the first score on somebody without a face is somebody, and from the second where no face was found in the photo
# at all: with people in it that is rare, and what would be published as if nobody were there needs the keener eye. With
# every face of 129 photos painted over, 101 are asked about (94 by the first score alone); as they are 15, nearly all
# for people from behind; of 60 without people none.
SURE: Final = 0.5
KEEN: Final = 0.3
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
        small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        boxes, _, scores, _ = self._session(small[None])  # (1, 100, 4) as top, left, bottom, right, 0 to 1; (1, 100)
        figures: list[Figure] = []
        for (top, left, bottom, right), score in sorted(
            zip(boxes[0].tolist(), scores[0].tolist(), strict=True), key=lambda found: -found[1]
        ):
            box = Box(left * width, top * height, (right - left) * width, (bottom - top) * height)
            box = box.clipped(width, height)
            if score >= KEEN and box.area > 0 and not any(_is_same(box, other.box) for other in figures):
                figures.append(Figure(box, score))
        return tuple(
            replace(figure, box=Box(*(value / scale for value in (box.x, box.y, box.w, box.h))))
            for figure in figures
            for box in [figure.box]
        )


def with_faces(figures: Sequence[Figure], faces: Sequence[Face]) -> tuple[Figure, ...]:
    """The figures, each with the face that is its own; a face is nobody else's. As many as can be have one, the surest
    first. Where there are faces, figures without one of which the model is not sure are left out."""
    nearest = [
        sorted(
            (n for n, face in enumerate(faces) if figure.can_have_face(face.box, upside_down=_is_upside_down(face))),
            key=lambda n: _distance(figure.box, faces[n]),
        )
        for figure in figures
    ]
    owners: dict[int, int] = {}  # a face's number: that of its figure

    def settle(figure: int, tried: set[int]) -> bool:
        """Find this figure a face, be it one whose figure then finds another."""
        for face in nearest[figure]:
            if face not in tried:
                tried.add(face)
                if face not in owners or settle(owners[face], tried):
                    owners[face] = figure
                    return True
        return False

    for number in range(len(figures)):
        settle(number, set())
    own = {figure: faces[face].id for face, figure in owners.items()}
    paired = (replace(figure, face=own.get(number)) for number, figure in enumerate(figures))
    return tuple(figure for figure in paired if figure.face or not faces or figure.score >= SURE)


def _is_upside_down(face: Face) -> bool:
    return abs(face.roll) > 90


def _distance(figure: Box, face: Face) -> float:
    """How far a face is from where one expects it, at its end of the figure in the middle, in sizes of the figure."""
    down = figure.bottom - face.box.bottom if _is_upside_down(face) else face.box.y - figure.y
    return abs(face.box.centre[0] - figure.centre[0]) / figure.w + abs(down) / figure.h


def _is_same(first: Box, second: Box) -> bool:
    return first.overlap(second) >= SAME_FIGURE * min(first.area, second.area)
