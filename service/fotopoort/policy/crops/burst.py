"""Which of several photos of the same moment to use: the one of which most can go out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TypeVar

from fotopoort.vocabulary import ChannelId, Outcome, Verdict

Photo = TypeVar("Photo")


class Usable(IntEnum):
    """What can be had of a photo on a channel, the best last."""

    NOT = 0
    COVERED = 1
    CROPPED = 2
    AS_IT_IS = 3


def usable(verdict: Verdict) -> Usable:
    """What can be had of a photo by its verdict: a crop where one is offered, whether it was asked for or not."""
    if verdict.outcome is Outcome.PUBLISH:
        return Usable.AS_IT_IS
    if verdict.crop is not None:
        return Usable.CROPPED
    return Usable.COVERED if verdict.outcome is Outcome.BLUR else Usable.NOT


def ranked(burst: Mapping[Photo, Mapping[ChannelId, Verdict]]) -> list[Photo]:
    """The photos of a burst, the one to use first. What can be had on the channel that gets least of it counts first,
    then on the next; of two alike the larger crop and the fewer covers, and else the earlier one.

    Args:
        burst: the verdicts of each photo, for the same channels, in the order in which they were taken.
    """

    def worth(photo: Photo) -> tuple[list[Usable], float, int]:
        verdicts = burst[photo].values()
        cropped = sum(verdict.crop.box.area for verdict in verdicts if verdict.crop)
        return sorted(map(usable, verdicts)), cropped, -sum(len(verdict.covered) for verdict in verdicts)

    return sorted(burst, key=worth, reverse=True)


def better(photo: Photo, burst: Mapping[Photo, Mapping[ChannelId, Verdict]]) -> Photo | None:
    """The photo to use instead of this one of the same burst, where more can be had of it."""
    first = ranked(burst)[0]

    def what(of: Photo) -> list[Usable]:
        return sorted(map(usable, burst[of].values()))

    return first if what(first) > what(photo) else None
