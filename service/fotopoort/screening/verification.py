"""Whether a rendition shows what it should not: it is looked at again, and read again, where it was changed.

A rendition is a smaller copy, with covers, of a photo that the models have seen. They see every picture at the same few
sizes, so away from the covers the rendition shows them nothing new: only places are looked at again. `whole` lists when
the whole rendition is looked at nevertheless.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import numpy as np
from PIL import Image

from fotopoort.names import places
from fotopoort.names.name_list import NameList
from fotopoort.names.tokens import folded
from fotopoort.photo.verify import centre_is_covered, found_again
from fotopoort.policy.measures import union_area
from fotopoort.screening.analysis import Detectors, TextReader
from fotopoort.screening.look import FaceFinder, look
from fotopoort.vision import patterns
from fotopoort.vision.faces.again import NEAR
from fotopoort.vocabulary import Action, Box, Face, Findings, NamePlace, Rendition, TextLine, Verdict

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

MAX_PART_COVERED: Final = 0.5  # of the photo: where covers take more, the whole rendition is looked at
MAX_LEAN: Final = 0.7  # tangent of the angle by which a head leans; from 45 degrees on a face may count as turned
MAX_ROLL: Final = math.degrees(math.atan(MAX_LEAN))
MIN_DOWN: Final = 0.1  # of a face's height, from between its eyes to its mouth: with less the points tell nothing


@runtime_checkable
class Reviewer(Protocol):
    """A `FaceFinder` that can look at places alone; `vision.faces.detector.FaceDetector` is the real one."""

    def find_again(
        self, pixels: Array, scale: float, places: Sequence[Box], expected: Sequence[Box], /
    ) -> tuple[Face, ...]:
        """The upright faces in and near `places`, in pixels of the full-size photo; see `FaceFinder.find`."""
        ...


@runtime_checkable
class Rereader(Protocol):
    """A `TextReader` that can read at places alone; `vision.text.reader.PhotoReader` is the real one."""

    def read_again(self, pixels: Array, scale: float, places: Sequence[Box], /) -> tuple[TextLine, ...]:
        """Every line at `places`, in pixels of the full-size photo; see `TextReader.read`."""
        ...


@dataclass(frozen=True, slots=True)
class Verifier:
    """Looks at the renditions of one photo.

    Attributes:
        names: looked for again.
        readable: texts, folded, that are no names, and where they stand.
    """

    findings: Findings
    detectors: Detectors
    names: NameList
    readable: tuple[tuple[str, Box], ...]

    def uncovered(
        self, verdict: Verdict, rendition: Rendition, *, doubtful: bool = False
    ) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        """Faces and names that the rendition shows and should not: boxes in pixels of the upright full-size photo.

        Args:
            doubtful: something showed before, so all of the rendition is looked at.

        Raises:
            ModelFailed: a model gave up on the rendition.
            TooMuchText: not all of its text could be read.
        """
        findings, scale = self.findings, rendition.width / self.findings.width
        pixels = _pixels(rendition)
        shown = [face.box for face in findings.faces if verdict.faces[face.id].action is Action.KEEP]
        expected = [box for box in shown if not centre_is_covered(box, rendition.covered)]
        finder, reader = self.detectors.finder, self.detectors.reader
        if doubtful or whole(findings, verdict.covered, rendition.covered, faces_to_hide(findings, verdict)):
            found, _ = look(finder, pixels, scale, expected)
        else:
            found = look_again(finder, pixels, scale, places_of(findings, verdict, rendition), expected)
        faces = found_again(found, rendition.covered, shown, findings.faces)
        if reader is None or not text_covers(findings, verdict.covered):
            return faces, ()
        lines = read_again(reader, pixels, scale, () if doubtful else name_places(findings))
        if any(hit.place is NamePlace.CODE for hit in findings.names):
            lines += reader.codes(pixels, scale)
        hits = places.in_picture(self.names, lines)
        return faces, tuple(hit.box for hit in hits if hit.box and not self._is_readable(hit.text, hit.box))

    def _is_readable(self, text: str | None, box: Box) -> bool:
        return any(folded(text or "") == readable and box.overlap(place) > 0 for readable, place in self.readable)


def _pixels(rendition: Rendition) -> Array:
    return np.asarray(Image.open(io.BytesIO(rendition.jpeg)))


def text_covers(findings: Findings, covers: Sequence[Box]) -> frozenset[Box]:
    """Those of the covers that lie on text and codes."""
    return frozenset(covers).intersection(name_places(findings))


def name_places(findings: Findings) -> tuple[Box, ...]:
    """Where a name was found in the picture, or a code with one, whatever is covered of it."""
    boxes = (hit.box.clipped(findings.width, findings.height) for hit in findings.names if hit.box)
    return tuple(dict.fromkeys(box for box in boxes if box.area > 0))


def faces_to_hide(findings: Findings, verdict: Verdict) -> list[Box]:
    """The faces that are to be covered."""
    return [face.box for face in findings.faces if verdict.faces[face.id].action is not Action.KEEP]


def places_of(findings: Findings, verdict: Verdict, rendition: Rendition) -> tuple[Box, ...]:
    """The places to look at again in a rendition: where it is covered, and where it should be covered.

    The latter are included because a missing or misplaced cover would otherwise not be looked at.
    """
    boxes = (*rendition.covered, *verdict.covered, *faces_to_hide(findings, verdict))
    return outermost([box.clipped(findings.width, findings.height) for box in boxes])


def outermost(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes, without empty ones and those that lie in others."""
    largest_first = sorted((box for box in boxes if box.area > 0), key=lambda box: -box.area)
    corners = np.array([box.corners for box in largest_first]).reshape(-1, 4)
    signed = corners * (1, 1, -1, -1)  # a box is in another where none of these is less
    kept = np.zeros(len(corners), bool)
    for number, box in enumerate(signed):  # a page of names has a cover for each
        kept[number] = not (signed[:number] <= box).all(axis=1)[kept[:number]].any()
    return tuple(itertools.compress(largest_first, kept))


def whole(findings: Findings, covers: Sequence[Box], painted: Sequence[Box], to_hide: Sequence[Box]) -> bool:
    """Whether the whole rendition must be looked at, in all four orientations. It must where

    - a pattern lies over the photo;
    - of any face nobody knows how it lies;
    - a face is not upright that is to be hidden, or that what was painted reaches or nearly reaches. Around others
      nothing was changed;
    - something is covered that is neither text nor a face that was found: a box that somebody drew around a face may
      hold a neighbour's face too; or
    - covers take more than half of the photo.

    Args:
        covers: of the verdict.
        painted: `Rendition.covered`: what the covers were snapped to.
        to_hide: the faces that are to be covered.
    """
    on_text = text_covers(findings, covers)
    others = [cover for cover in covers if cover not in on_text]
    lying = [face.box for face in findings.faces if not _is_upright(face)]
    near = [_grown(box) for box in painted]
    return (
        findings.pattern is not None
        or not all(face.landmarks for face in findings.faces)
        or any(box in to_hide or any(box.overlap(place) > 0 for place in near) for box in lying)
        or len(others) > len(to_hide)
        or not all(any(cover.contains(face.centre) for face in to_hide) for cover in others)
        or union_area(covers) > MAX_PART_COVERED * findings.width * findings.height
    )


def _grown(box: Box) -> Box:
    """A box with what is near it, as `Reviewer.find_again` understands that."""
    by = NEAR * max(box.w, box.h)
    return Box(box.x - by, box.y - by, box.w + 2 * by, box.h + 2 * by)


def look_again(
    finder: FaceFinder, pixels: Array, scale: float, places: Sequence[Box], expected: Sequence[Box]
) -> tuple[Face, ...]:
    """The faces in a rendition: those in and near `places` at least; everywhere, where a pattern lies over it.

    Args:
        places: at least one. They and the others are as for `FaceFinder.find`.
    """
    if not isinstance(finder, Reviewer) or patterns.find(pixels) is not None:
        return look(finder, pixels, scale, expected)[0]
    return finder.find_again(pixels, scale, places, expected)


def read_again(reader: TextReader, pixels: Array, scale: float, places: Sequence[Box]) -> tuple[TextLine, ...]:
    """The text in a rendition: the lines that reach into `places` or stand near them, at least; all, where there are
    none."""
    if not places or not isinstance(reader, Rereader):
        return reader.read(pixels, scale, complete=True, side=max(pixels.shape[:2]))
    return reader.read_again(pixels, scale, places)


def _is_upright(face: Face) -> bool:
    """Whether a face lies as the photo does, by its points and its pose alike; of one that no look found, or whose
    points lie on each other, nobody knows."""
    if not face.landmarks or (face.pose_reliable and abs(face.roll) >= MAX_ROLL):
        return False
    points = np.array(face.landmarks)
    across, down = points[3:].mean(axis=0) - points[:2].mean(axis=0)  # from between the eyes to the mouth
    return bool(abs(across) < MAX_LEAN * down and down >= MIN_DOWN * face.box.h)
