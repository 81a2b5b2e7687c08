"""Which faces found in a rendition should not be visible in it. Geometry only: the detector has already run."""

from __future__ import annotations

from collections.abc import Sequence

from fotopoort.vocabulary import Box, Face

MIN_IOU = 0.30  # from here on a found face can be one of those that may be visible
CERTAIN_IOU = 0.50  # from here on it is that face, even where the cover of a neighbour lies over a part of it
MAX_COVERED = 0.30  # of a found face's area; a face that is covered for this part or more should not be visible
PAINTED = 0.95  # of a found face's area in a covered region: nothing but our own paint should be visible there
CERTAIN_SCORE = 0.50  # a face with a lower score is doubtful; found on paint, it is a drawn head without a face


def found_again(
    found: Sequence[Face], covered: Sequence[Box], visible: Sequence[Box], original: Sequence[Face] = ()
) -> tuple[Box, ...]:
    """The boxes of faces found in a rendition that should not be visible in it.

    A found face may be visible if all of this holds:

    - it is one of the visible faces: it overlaps one (IoU ≥ 0.3), or it contains the centre of one;
    - its own centre is not covered;
    - less than 30 % of it is covered, or it certainly is that visible face (IoU ≥ 0.5), next to a covered neighbour.

    A doubtful face that lies wholly in a covered region where a certain face was is the drawn cover itself. Any other
    face shows through its cover, or was never judged.

    Args:
        found: faces found in the rendition.
        covered: the regions that were covered.
        visible: boxes of the faces that may be visible.
        original: the faces found in the photo itself.

    All boxes are in pixels of the upright full-size photo.
    """
    suspects = [face for face in found if not _is_paint(face, covered, original)]
    return tuple(face.box for face in suspects if not _may_be_visible(face.box, covered, visible))


def centre_is_covered(box: Box, covered: Sequence[Box]) -> bool:
    """Whether the centre of `box` lies in a covered region. All in pixels of the upright full-size photo."""
    return any(region.contains(box.centre) for region in covered)


def _is_paint(face: Face, covered: Sequence[Box], original: Sequence[Face]) -> bool:
    """Whether a found face is a drawn cover that looks like a head.

    Where a face of the photo itself was doubtful, nothing counts as paint: it would look the same uncovered.
    """
    before = [other.score for other in original if other.box.overlap(face.box) > 0]
    became_doubtful = bool(before) and face.score < CERTAIN_SCORE <= min(before)
    return became_doubtful and any(face.box.overlap(region) >= PAINTED * face.box.area for region in covered)


def _may_be_visible(box: Box, covered: Sequence[Box], visible: Sequence[Box]) -> bool:
    if centre_is_covered(box, covered):
        return False
    iou = max((box.iou(other) for other in visible), default=0.0)
    if iou >= CERTAIN_IOU:
        return True
    if any(box.overlap(region) >= MAX_COVERED * box.area for region in covered):
        return False
    return iou >= MIN_IOU or any(box.contains(other.centre) for other in visible)
