"""What the policy's numbers make of a face: plain geometry, without people or rules.

Boxes are in pixels of the upright, full-size photo. Whether a face is recognisable is measured at the size at which a
channel publishes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Box, ChannelId, Face, Findings, Scene


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
