"""What the file says of who is in the photo, held against the faces that were found in it.

A face that only the file speaks of is looked for again, where the file says it is; one that is not found then either
counts as a face all the same, until somebody says what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fotopoort.names.name_list import NameList
from fotopoort.photo.decode import Photo
from fotopoort.photo.regions.places import PlacedRegion, matched, placed
from fotopoort.vocabulary import Box, Face, FaceId, FaceSource, Findings, Region


def held_against(photo: Photo, faces: tuple[Face, ...]) -> tuple[PlacedRegion, ...]:
    """The regions of the file, where they lie in the photo."""
    if not photo.regions:
        return ()
    boxes = [face.box for face in faces]
    return placed(photo.regions, photo.region_orientations, photo.width, photo.height, boxes)


def without_face(regions: Sequence[PlacedRegion], faces: Sequence[Face]) -> tuple[Box, ...]:
    """The places that are said to be a face's, and where none was found."""
    claimed = _said(regions)
    found = matched(claimed, [face.box for face in faces])
    return tuple(box for number, box in enumerate(claimed) if number not in found)


def with_found(faces: tuple[Face, ...], missing: Sequence[Box], second_look: Sequence[Face]) -> tuple[Face, ...]:
    """All faces: those that were found, those of the second look that stand where one was said to be, and one for each
    place where none was found at all.

    Args:
        missing: see `without_face`.
    """
    found = matched(missing, [face.box for face in second_look])
    further = [replace(second_look[number], id="") for number in sorted(found.values())]
    further += [_unseen(box) for number, box in enumerate(missing) if number not in found]
    numbered = [replace(face, id=f"f{number}") for number, face in enumerate(further, start=len(faces) + 1)]
    return (*faces, *numbered)


def regions_of(regions: Sequence[PlacedRegion], faces: Sequence[Face]) -> tuple[Region, ...]:
    """The regions as findings have them, each with the face that is there. Whose the names are is not known yet."""
    boxes = [region.box for region in regions if region.box]
    found = matched(boxes, [face.box for face in faces])
    at: dict[Box, FaceId] = {boxes[number]: faces[face].id for number, face in found.items()}
    return tuple(Region(region.box, at.get(region.box) if region.box else None, region.name) for region in regions)


def with_persons(findings: Findings, names: NameList) -> Findings:
    """The findings, with whose the names in their regions can be."""
    if not findings.regions:
        return findings

    def named(region: Region) -> Region:
        persons, certain = names.whose(region.name) if region.name else (frozenset[str](), False)
        return replace(region, persons=tuple(sorted(persons)), certain=certain)

    return replace(findings, regions=tuple(map(named, findings.regions)))


def _said(regions: Sequence[PlacedRegion]) -> list[Box]:
    return [region.box for region in regions if region.is_face and region.box]


def _unseen(box: Box) -> Face:
    """A face of which nothing is known but where it should be: it counts as seen full in the face."""
    return Face("", box, (), 0.0, 0.0, 0.0, 0.0, pose_reliable=False, source=FaceSource.METADATA)
