"""Looking for faces: at a picture and, where a pattern lies over it, at a copy from which that is smoothed away too."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import numpy as np

from fotopoort.vision import patterns
from fotopoort.vision.reading_order import reading_order
from fotopoort.vocabulary import Box, Face, Pattern

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class FaceFinder(Protocol):
    """Finds faces; `vision.faces.detector.FaceDetector` is the real one."""

    fingerprint: str

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), stated: Sequence[Box] = (), /
    ) -> tuple[Face, ...]:
        """The faces in upright RGB `pixels` (H, W, 3) uint8; boxes are divided by `scale` (seen size / full size).

        Faces that plainly stand at one of the `expected` boxes (in full-size pixels) may be left out. Where somebody
        says that there is one, at the `stated` boxes, whatever may be a face is one.
        """
        ...


def look(
    finder: FaceFinder, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = ()
) -> tuple[tuple[Face, ...], Pattern | None]:
    """The faces in a picture, with the pattern behind which others may not have been found.

    Args: those of `FaceFinder.find`.

    Raises:
        ModelFailed: a model gave up on this picture.
    """
    found = patterns.find(pixels)
    faces = finder.find(pixels, scale, expected)
    if found is None:
        return faces, None
    copies = patterns.smoothed(pixels, found)
    looks = [faces, *(finder.find(copy, scale, expected) for copy in copies)]
    return united(looks), found.pattern if found.strong else None


def united(looks: Sequence[Sequence[Face]]) -> tuple[Face, ...]:
    """The faces of several looks at one picture, numbered as one reads. Of one found more than once, the surest."""
    from fotopoort.vision.faces.detector import SAME_FACE_IOU  # with the runtime, which only those who look need

    kept: list[Face] = []
    for face in sorted(itertools.chain(*looks), key=lambda face: -face.score):
        if not any(face.box.iou(other.box) > SAME_FACE_IOU for other in kept):
            kept.append(face)
    corners = [face.box.corners for face in kept]
    order = reading_order(np.array(corners, float).reshape(-1, 4))
    return tuple(replace(kept[k], id=f"f{number}") for number, k in enumerate(order, start=1))
