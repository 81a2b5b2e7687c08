"""Photos that are much alike and were taken one after the other, and which of them to use.

A photo is compared only with the next few in order of time, so the work grows linearly with the number of photos.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from fotopoort.application.contract.documents import Json
from fotopoort.batch.entry import Entry
from fotopoort.photo.perceptual_hash import MAX_DIFFERING_BITS
from fotopoort.vocabulary import ChannelId, Outcome

# How many of the next photos in order of time a photo is compared with. A longer burst is found too: each photo leads
# to the next.
NEAR: Final = 30

# How many bits of the perceptual hash may differ between photos taken within a minute. Measured on 142 photos: frames
# moved by up to 6 % differ in fewer bits than this in 8 of 10 pairs; of 10,011 pairs of other scenes none differ in
# fewer than 32.
MAX_BITS_IN_A_MINUTE: Final = 28
MINUTE: Final = timedelta(minutes=1)


class Rank(NamedTuple):
    """How far a photo is from the overview that the guideline asks for: lower is better."""

    frontal: int  # recognisable faces that are full in view, covered or not
    covered: float  # of the photo's area, 0 to 1


@dataclass(frozen=True, slots=True)
class Shot:
    """What tells which burst a photo belongs to.

    Attributes:
        number: of the photo, in the order of the report.
        ranks: for the channels where the photo may be used.
    """

    number: int
    path: str = field(repr=False)
    captured_at: str | None
    likeness: str
    ranks: Mapping[ChannelId, Rank]

    @classmethod
    def of(cls, number: int, entry: Entry) -> Shot:
        return cls(number, entry.path, entry.captured_at, entry.likeness, _ranks(entry.document))


@dataclass(frozen=True, slots=True)
class Burst:
    """Photos of one moment, at least two.

    Attributes:
        photos: their numbers, in order of time.
        best: the photo to use, for each channel where one of them may be used.
    """

    photos: tuple[int, ...]
    best: Mapping[ChannelId, int]


def bursts(shots: Iterable[Shot]) -> tuple[Burst, ...]:
    """The bursts among photos, the largest first. No photo is in two of them."""
    ordered = sorted(shots, key=lambda shot: (shot.captured_at is None, shot.captured_at or "", shot.path))
    hashes = [int(shot.likeness, 16) if shot.likeness else None for shot in ordered]
    times = [_moment(shot.captured_at) for shot in ordered]
    parents = list(range(len(ordered)))  # a disjoint-set forest; the root of each tree is its earliest photo

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for index, hash in enumerate(hashes):
        for other in range(index + 1, min(index + 1 + NEAR, len(ordered))):
            other_hash = hashes[other]
            if hash is None or other_hash is None:
                continue
            if (hash ^ other_hash).bit_count() <= _max_bits(times[index], times[other]):
                earliest, later = sorted((root(index), root(other)))
                parents[later] = earliest
    members: dict[int, list[Shot]] = {}
    for index, shot in enumerate(ordered):
        members.setdefault(root(index), []).append(shot)
    found = [_burst(shots) for shots in members.values() if len(shots) > 1]
    return tuple(sorted(found, key=lambda burst: -len(burst.photos)))


def _max_bits(first: datetime | None, second: datetime | None) -> int:
    """How many bits of the hashes may differ, for photos taken then."""
    return MAX_BITS_IN_A_MINUTE if first and second and abs(first - second) <= MINUTE else MAX_DIFFERING_BITS


def _moment(captured_at: str | None) -> datetime | None:
    """The time, where it is known and not the day alone."""
    return datetime.fromisoformat(captured_at) if captured_at and "T" in captured_at else None


def _burst(members: list[Shot]) -> Burst:
    channels = dict.fromkeys(itertools.chain.from_iterable(shot.ranks for shot in members))
    return Burst(
        photos=tuple(shot.number for shot in members),
        best={
            channel: min(
                (shot for shot in members if channel in shot.ranks), key=lambda shot: shot.ranks[channel]
            ).number
            for channel in channels
        },
    )


def _ranks(document: Json) -> dict[ChannelId, Rank]:
    if "error" in document:
        return {}
    frontal = sum(face["frontal"] and face["recognisable"] for face in document["faces"])
    area = document["width"] * document["height"]
    return {
        channel: Rank(frontal, min(1.0, sum(w * h for _, _, w, h in verdict["covered"]) / area))
        for channel, verdict in document["verdicts"].items()
        if verdict["outcome"] != Outcome.REJECT
    }
