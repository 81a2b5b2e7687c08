"""Where in the upright photo a region lies.

By the standard regions speak of the picture as it is stored, before its orientation is applied; not every program holds
to it, and some files were cut or turned since by programs that know of no regions. So a region is held against what it
says it was written for and, where that leaves a choice, against the faces that were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fotopoort.photo.orientation import to_upright, upright_size
from fotopoort.photo.regions.dialects import FileRegion
from fotopoort.vocabulary import Box

SAME_SHAPE: Final = 0.02  # by how much two ratios of width to height may differ; smaller copies are rounded
SAME_PLACE: Final = 0.5  # overlap (IoU) from which two regions of a file are about one face
# Overlap from which a face with its centre in a region is the one that is meant: people draw around head and shoulders.
SAME_FACE: Final = 0.05
QUARTER_TURNS: Final = (6, 8)  # orientations in which a picture may lie that was turned without a word of it
MIN_SIDE: Final = 4.0  # pixels; in less nobody can be seen


@dataclass(frozen=True, slots=True)
class PlacedRegion:
    """A region in the photo.

    Attributes:
        name: as it is written (personal data: never log it).
        box: in pixels of the upright, full-size photo; None: it is not said where, or of another picture.
        is_face: the box is said to be a face's.
    """

    name: str | None = field(repr=False)
    box: Box | None
    is_face: bool


def placed(
    found: Sequence[FileRegion], orientations: Sequence[int], width: int, height: int, faces: Sequence[Box]
) -> tuple[PlacedRegion, ...]:
    """The regions in an upright photo of `width` × `height` pixels, each once.

    Args:
        orientations: that the file may mean its regions for, the likeliest first.
        faces: that were found.
    """
    groups: dict[tuple[float, float] | None, list[FileRegion]] = {}
    for region in found:
        groups.setdefault(region.applied_to, []).append(region)
    by_group = {
        applied_to: _in_the_likeliest(regions, applied_to, orientations, width, height, faces)
        for applied_to, regions in groups.items()
    }
    # Where some were written before the photo was cut, those that do not say for what they were written may be as well.
    if any(boxes is None for applied_to, boxes in by_group.items() if applied_to):
        by_group[None] = None
    result = []
    for applied_to, regions in groups.items():
        boxes = by_group[applied_to] or [None] * len(regions)
        for region, box in zip(regions, boxes, strict=True):
            result.append(PlacedRegion(region.name, box, region.is_face and box is not None))
    return _each_once(result)


def matched(boxes: Sequence[Box], faces: Sequence[Box]) -> dict[int, int]:
    """Which face stands at which box, as indices; each face at one box, the best first."""
    pairs = [
        (box.iou(face), number, other)
        for number, box in enumerate(boxes)
        for other, face in enumerate(faces)
        if box.overlap(face) > 0 and _is_meant(box, face)
    ]
    found: dict[int, int] = {}
    for _, number, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if number not in found and other not in found.values():
            found[number] = other
    return found


def _is_meant(box: Box, face: Box) -> bool:
    return face.contains(box.centre) or (box.contains(face.centre) and box.iou(face) >= SAME_FACE)


def _in_the_likeliest(
    regions: Sequence[FileRegion],
    applied_to: tuple[float, float] | None,
    orientations: Sequence[int],
    width: int,
    height: int,
    faces: Sequence[Box],
) -> list[Box | None] | None:
    """The boxes by the orientation in which they agree best with the faces; None: of a picture of another shape."""

    def fits(orientation: int) -> bool:
        stored_width, stored_height = upright_size(width, height, orientation)
        return applied_to is None or (
            abs(applied_to[0] * stored_height / (applied_to[1] * stored_width) - 1) <= SAME_SHAPE
        )

    possible = list(filter(fits, orientations)) or list(filter(fits, QUARTER_TURNS))
    readings = [[_box(region, orientation, width, height) for region in regions] for orientation in possible]
    if not readings:
        return None
    scores = [_agreement([box for box in boxes if box], faces) for boxes in readings]
    best = max(scores)
    if not best and not set(possible) & set(orientations):
        return None  # turned one way or the other
    return readings[scores.index(best)]


def _agreement(boxes: Sequence[Box], faces: Sequence[Box]) -> float:
    """How much there is for it that these are the places of faces."""
    return sum(boxes[number].iou(faces[face]) for number, face in matched(boxes, faces).items())


def _box(region: FileRegion, orientation: int, width: int, height: int) -> Box | None:
    if region.area is None:
        return None
    stored_width, stored_height = upright_size(width, height, orientation)
    across, down = (region.applied_to or (stored_width, stored_height)) if region.in_pixels else (1.0, 1.0)
    x, y, w, h = region.area
    if not (0 <= (x + w / 2) / across <= 1 and 0 <= (y + h / 2) / down <= 1):
        return None
    stored = Box(
        x / across * stored_width, y / down * stored_height, w / across * stored_width, h / down * stored_height
    )
    box = to_upright(stored, orientation, width, height).clipped(width, height)
    return box if min(box.w, box.h) >= MIN_SIDE else None


def _each_once(regions: Iterable[PlacedRegion]) -> tuple[PlacedRegion, ...]:
    """Those that several programs wrote, once; those with a name and a place before the others."""
    kept: list[PlacedRegion] = []
    for region in sorted(regions, key=lambda region: (region.name is None, region.box is None, not region.is_face)):
        if not any(_says_as_much(other, region) for other in kept):
            kept.append(region)
    return tuple(kept)


def _says_as_much(other: PlacedRegion, region: PlacedRegion) -> bool:
    if region.name is not None and (other.name or "").casefold() != region.name.casefold():
        return False
    if region.box is None:
        return True
    same_place = other.box is not None and other.box.iou(region.box) >= SAME_PLACE
    return same_place and (other.is_face or not region.is_face)
