"""Which of several photos of the same moment to use: the one of which most can go out, with the fewest faces full in
view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple, TypeVar

from fotopoort.policy.measures import is_frontal, is_recognisable
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Box, Findings, Outcome

Photo = TypeVar("Photo")


class Usable(IntEnum):
    """What can be had of a photo on a channel, the best last."""

    NOT = 0
    COVERED = 1
    CROPPED = 2
    AS_IT_IS = 3


class Worth(NamedTuple):
    """What a photo is worth on a channel.

    Attributes:
        full_in_view: how many recognisable faces look into the camera, covered or not.
        shown: the share of its area that can be seen, 0 to 1.
    """

    usable: Usable
    full_in_view: int
    shown: float


def worth(outcome: Outcome, crop: Box | None, covered: Iterable[Box], *, full_in_view: int, area: float) -> Worth:
    """What a photo is worth on a channel, by its verdict there.

    Args:
        crop: a part that may go out, whether it was asked for or not.
        covered, area: in pixels of the same photo.
        full_in_view: see `full_in_view`.
    """
    if outcome is Outcome.PUBLISH:
        return Worth(Usable.AS_IT_IS, full_in_view, 1.0)
    if crop is not None:
        return Worth(Usable.CROPPED, full_in_view, crop.area / area)
    if outcome is Outcome.BLUR:
        return Worth(Usable.COVERED, full_in_view, max(0.0, 1.0 - sum(box.area for box in covered) / area))
    return Worth(Usable.NOT, full_in_view, 0.0)


def full_in_view(findings: Findings, side: int, policy: Policy) -> int:
    """How many faces look into the camera and can be recognised.

    Args:
        side: the longer side of the photo as it is published, in pixels.
    """
    width, height = findings.width, findings.height
    return sum(
        is_frontal(face, policy) and is_recognisable(face, width, height, side, policy) for face in findings.faces
    )


def ranked(burst: Mapping[Photo, Sequence[Worth]]) -> list[Photo]:
    """The photos of a burst, the one to use first. What can be had on the channel that gets least of it counts first,
    then on the next; of two alike the one with fewer faces full in view, then the one of which more is shown, and else
    the earlier one.

    Args:
        burst: what each photo is worth on each of the same channels, in the order in which they were taken.
    """

    def key(photo: Photo) -> tuple[list[Usable], int, float]:
        of_photo = burst[photo]
        faces = max((on_channel.full_in_view for on_channel in of_photo), default=0)
        shown = sum(on_channel.shown for on_channel in of_photo)
        return sorted(on_channel.usable for on_channel in of_photo), -faces, shown

    return sorted(burst, key=key, reverse=True)


def better(burst: Mapping[Photo, Sequence[Worth]]) -> dict[Photo, Photo]:
    """The photos of a burst that should not be used, each with the one to use instead: the first of those of which more
    can be had on one channel, and no less on any other. Arguments as for `ranked`."""
    usable = {photo: [on_channel.usable for on_channel in burst[photo]] for photo in burst}
    first = ranked(burst)

    def is_more(other: Photo, photo: Photo) -> bool:
        pairs = zip(usable[other], usable[photo], strict=True)
        return usable[other] != usable[photo] and all(more >= less for more, less in pairs)

    found = {photo: next((other for other in first if is_more(other, photo)), None) for photo in burst}
    return {photo: other for photo, other in found.items() if other is not None}
