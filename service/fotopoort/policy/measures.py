"""What the policy's numbers make of a face: plain geometry, without people or rules.

Boxes are in pixels of the upright, full-size photo. Whether a face is recognisable is measured at the size at which a
channel publishes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fotopoort.policy.policy import Covering, Policy
from fotopoort.vocabulary import Box, ChannelId, DrawnFace, Face, Figure, Findings, Scene

MEANT: Final = 0.25  # of a face: a box that was drawn over this part of it or more means this face


def published_sides(policy: Policy, channels: Iterable[ChannelId], *, together: bool = False) -> dict[ChannelId, int]:
    """The longest side, in pixels, at which each channel gets the photo.

    Together there is one rendition, at the smallest of them.

    Raises:
        UnknownChannel: one of them does not exist.
    """
    sides = {channel: policy.channel(channel).max_side for channel in channels}
    return dict.fromkeys(sides, min(sides.values())) if together and sides else sides


def seen_side(policy: Policy) -> int:
    """The longest side, in pixels, that is enough to look at a photo by: the same whatever channels are asked, so that
    it has the same faces for each. No channel gets a photo larger."""
    return max(channel.max_side for channel in policy.channels)


def public_side(policy: Policy) -> int:
    """The same for what is guarded on public channels alone; of a policy without any, as `seen_side`."""
    return max((channel.max_side for channel in policy.channels if channel.public), default=seen_side(policy))


def is_recognisable(face: Face, width: int, height: int, max_side: int, policy: Policy) -> bool:
    """Whether a face is large enough to know somebody by, in a photo of `width` × `height` pixels that is published
    with a longest side of at most `max_side` pixels. A photo is never enlarged."""
    scale = min(1.0, max_side / max(width, height))
    return face_height(face) * scale >= policy.recognisable.min_face_height


def can_hold_a_face(box: Box, width: int, height: int, max_side: int, policy: Policy) -> bool:
    """Whether a box that was drawn is no smaller than the smallest face that is recognisable, at the published size.

    A face is at least half as wide as it is high.
    """
    scale = min(1.0, max_side / max(width, height))
    smallest = policy.recognisable.min_face_height
    return max(box.w, box.h) * scale >= smallest and min(box.w, box.h) * scale >= smallest / 2


def is_meant(face: Box, drawn: Box) -> bool:
    """Whether a box was drawn over enough of a face to mean it: all of that face is covered then."""
    return drawn.contains(face.centre) or drawn.overlap(face) >= MEANT * face.area


def is_frontal(face: Face, policy: Policy) -> bool:
    """Whether a face is seen full in the face. A direction that could not be measured well counts as frontal."""
    turned = abs(face.yaw) > policy.frontal.max_yaw or abs(face.pitch) > policy.frontal.max_pitch
    return not (turned and face.pose_reliable)


def is_close_up(face: Face, width: int, height: int, policy: Policy) -> bool:
    """Whether a face takes up so much of a photo of `width` × `height` pixels that the photo is about this person."""
    return face_height(face) >= policy.close_up.min_share * min(width, height)


def face_height(face: Face) -> float:
    """Forehead to chin in pixels. The longer side of the box: of a head that lies on its side, that is the width."""
    return max(face.box.w, face.box.h)


def scene(findings: Findings, policy: Policy) -> Scene:
    """What kind of photo this is."""
    if not findings.faces:
        return Scene.NO_FACES
    if any(is_close_up(face, findings.width, findings.height, policy) for face in findings.faces):
        return Scene.CLOSE_UP
    largest = max(face_height(face) for face in findings.faces)
    small = largest <= policy.overview.max_share * min(findings.width, findings.height)
    return Scene.OVERVIEW if small or len(findings.faces) >= policy.overview.min_faces else Scene.GROUP


def is_larger_than_in_an_overview(face: Face, width: int, height: int, policy: Policy) -> bool:
    """Whether a face is larger than the largest of an overview photo of `width` × `height` pixels. By itself: other
    faces make no photo of it an overview."""
    return face_height(face) > policy.overview.max_share * min(width, height)


def unrecognisable_side(findings: Findings, policy: Policy) -> int:
    """The longest side, in pixels, at which nobody in the photo can be recognised: the most that is still so."""
    longest = max(findings.width, findings.height)
    largest = max(map(face_height, findings.faces), default=0.0)
    too_large = policy.recognisable.min_face_height
    return longest if largest < too_large else math.ceil(too_large * longest / largest) - 1


@dataclass(frozen=True, slots=True)
class OverviewShare:
    """How many photos of a post are what the guideline asks for on a public channel."""

    overviews: int  # overview photos, and photos without a face: impressions of the mood
    photos: int

    @property
    def mostly(self) -> bool:
        """Whether half of the photos or more are overviews; true of no photos at all."""
        return 2 * self.overviews >= self.photos


def overview_share(several: Iterable[Findings], policy: Policy) -> OverviewShare:
    """How many of these photos are overviews. Photos that could not be judged are not counted."""
    scenes = [scene(findings, policy) for findings in several if findings.failure is None]
    return OverviewShare(sum(kind in (Scene.OVERVIEW, Scene.NO_FACES) for kind in scenes), len(scenes))


def cover_box(box: Box, width: int, height: int, policy: Policy, *, roll: float = 0.0) -> Box:
    """What must be covered to hide the face in `box`, hair and ears included, clipped to the photo.

    Args:
        roll: degrees clockwise by which the head leans; the margin for hair goes where its top is.
    """
    margins, up = policy.cover, math.radians(roll)

    def beyond(base: float, towards_top: float) -> float:
        return base + max(towards_top, 0.0) * max(margins.top - base, 0.0)

    left = beyond(margins.sides, -math.sin(up)) * box.w
    right = beyond(margins.sides, math.sin(up)) * box.w
    top = beyond(margins.bottom, math.cos(up)) * box.h
    bottom = beyond(margins.bottom, -math.cos(up)) * box.h
    return Box(box.x - left, box.y - top, box.w + left + right, box.h + top + bottom).clipped(width, height)


def face_cover(face: Face, width: int, height: int, policy: Policy) -> Box:
    """`cover_box` of a face by the way it leans; where that is a guess, also as if it were upright."""
    leaning = cover_box(face.box, width, height, policy, roll=face.roll)
    return leaning if face.pose_reliable else around(leaning, cover_box(face.box, width, height, policy))


def shows_a_face(figure: Figure, width: int, height: int, max_side: int, policy: Policy) -> bool:
    """Whether somebody is seen so large that their face would be recognisable, if it shows. Sizes as above."""
    scale, part = min(1.0, max_side / max(width, height)), policy.figure
    face = max(part.face_of_width * figure.box.w, part.face_of_height * figure.box.h)
    return face * scale >= policy.recognisable.min_face_height


def faceless(findings: Findings, drawn: Sequence[DrawnFace], max_side: int, policy: Policy) -> tuple[Figure, ...]:
    """The people seen surely, and so large that a face of theirs would be recognisable, in whom none was found and none
    drawn. A face that is drawn is that of one person, the nearest; one drawn over a face that was found is that
    person's. How many faces there are elsewhere makes no difference: another face never loosens."""
    width, height = findings.width, findings.height
    left = [
        shape.box
        for shape in drawn
        if can_hold_a_face(shape.box.clipped(width, height), width, height, max_side, policy)
        and not any(is_meant(face.box, shape.box) for face in findings.faces)
    ]
    without: list[Figure] = []
    for figure in findings.figures:
        sure = figure.score >= policy.figure.min_score
        if sure and figure.face is None and shows_a_face(figure, width, height, max_side, policy):
            own = min((box for box in left if figure.can_have_face(box)), key=figure.distance, default=None)
            if own is None:
                without.append(figure)
            else:
                left.remove(own)
    return tuple(without)


def drawn_covers(shape: DrawnFace, findings: Findings, policy: Policy, *, shown: bool) -> tuple[Box, ...]:
    """What is covered where a face was drawn.

    Args:
        shown: whoever it is may be shown.
    """
    if not shape.person:
        return (shape.box,)
    width, height = findings.width, findings.height
    face = cover_box(shape.box, width, height, policy)  # hair and ears go along
    if shown or policy.settings.cover is Covering.FACE:
        return (face,)
    found = {face.id for face in findings.faces if is_meant(face.box, shape.box)}
    own = [figure for figure in findings.figures if figure.face in found]
    # A box without a found face can only mean a figure without a face, and not one that has its own beside it.
    unseen = [figure for figure in findings.figures if not figure.face and figure.can_have_face(shape.box)]
    theirs: Sequence[Figure | None] = own or unseen or (None,)
    return face, *(figure_cover(shape.box, figure, width, height, policy) for figure in theirs)


def figure_cover(face: Box, figure: Figure | None, width: int, height: int, policy: Policy, *, roll: float = 0) -> Box:
    """What must be covered to hide the whole person with that face, clipped to the photo, in addition to the face's
    own cover. Without a figure it is one as most people are, below the face as it leans to the nearest quarter turn.

    Args:
        roll: as for `cover_box`.
    """
    shape = policy.figure
    if figure is not None:
        box, dx, dy = figure.box, shape.margin * figure.box.w, shape.margin * figure.box.h
        return Box(box.x - dx, box.y - dy, box.w + 2 * dx, box.h + 2 * dy).clipped(width, height)
    (x, y), size, down = face.centre, max(face.w, face.h), math.radians(roll)
    across, above, below = shape.faces_wide / 2 * size, size, (shape.faces_high - 0.5) * size
    dx, dy = -math.sin(down), math.cos(down)  # where the body is
    if abs(dy) >= abs(dx):
        return Box(x - across, y - (above if dy > 0 else below), 2 * across, above + below).clipped(width, height)
    return Box(x - (above if dx > 0 else below), y - across, above + below, 2 * across).clipped(width, height)


def around(first: Box, second: Box) -> Box:
    """The smallest box that holds both."""
    x, y = min(first.x, second.x), min(first.y, second.y)
    return Box(x, y, max(first.right, second.right) - x, max(first.bottom, second.bottom) - y)


def union_area(boxes: Iterable[Box]) -> float:
    """Area in square pixels that the boxes cover together; what several of them cover counts once."""
    boxes = list(boxes)
    edges = sorted({edge for box in boxes for edge in (box.x, box.right)})
    area = 0.0
    for left, right in itertools.pairwise(edges):
        height, reached = 0.0, -math.inf
        for box in sorted((box for box in boxes if box.x <= left and box.right >= right), key=lambda box: box.y):
            height += max(box.bottom - max(box.y, reached), 0.0)
            reached = max(reached, box.bottom)
        area += height * (right - left)
    return area


def in_order(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Each box once, top to bottom, so that the same covers are the same value however they came about."""
    return tuple(sorted({box for box in boxes if box.area > 0}, key=lambda box: (box.y, box.x, box.w, box.h)))
