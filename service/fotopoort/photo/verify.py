"""Was anything seen in a rendition that should not be? Geometry only: the looking is done elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from fotopoort.vocabulary import Box, Face

MAINLY = 0.30  # of a found face's area in a covered region: then it is one that should not be seen
SAME = 0.30  # intersection over union from which a found face can be one that may be seen
PLAINLY = 0.50  # from which it is that one even where the cover of a neighbour lies over part of it
WHOLLY = 0.95  # of a found face's area in a covered region: then nothing but our own paint should be seen there
SURELY = 0.50  # the least score of a plain face: what is doubtful on paint is a head without a face


def found_again(
    found: Sequence[Face], covered: Sequence[Box], kept: Sequence[Box], judged: Sequence[Face] = ()
) -> tuple[Box, ...]:
    """The boxes of faces found in a rendition that should not be visible in it.

    A found face may be visible if it is one of those kept: it overlaps one (IoU ≥ 0.3, or it holds the middle of one),
    its own middle is not covered, and it is not for 30 % or more in a covered region (unless it is plainly a kept one,
    next to a covered neighbour). What is wholly in a covered region and doubtful, where a plain face was, is the drawn
    cover itself. Any other is one that shows through, or one that nobody judged.

    Args:
        found: faces found in the rendition.
        covered: the regions that were covered.
        kept: boxes of the faces that may be seen.
        judged: the faces found in the photo itself.

    All boxes in pixels of the upright full-size photo.
    """
    suspects = [face for face in found if not _is_paint(face, covered, judged)]
    return tuple(face.box for face in suspects if not _may_be_seen(face.box, covered, kept))


def centre_is_covered(box: Box, covered: Sequence[Box]) -> bool:
    """Whether the middle of `box` lies in a covered region. All in pixels of the upright full-size photo."""
    return any(region.contains(box.centre) for region in covered)


def _is_paint(face: Face, covered: Sequence[Box], judged: Sequence[Face]) -> bool:
    """Whether it is a cover that looks like a head. A face that was doubtful itself is not taken for one: it would look
    the same if it had not been covered."""
    before = [one for one in judged if one.box.overlap(face.box) > 0]
    fell = bool(before) and face.score < SURELY <= min(one.score for one in before)
    return fell and any(face.box.overlap(region) >= WHOLLY * face.box.area for region in covered)


def _may_be_seen(box: Box, covered: Sequence[Box], kept: Sequence[Box]) -> bool:
    if centre_is_covered(box, covered):
        return False
    likeness = max((box.iou(other) for other in kept), default=0.0)
    if likeness >= PLAINLY:
        return True
    if any(box.overlap(region) >= MAINLY * box.area for region in covered):
        return False
    return likeness >= SAME or any(box.contains(other.centre) for other in kept)
