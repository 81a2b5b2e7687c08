"""Which photo of each moment to use, on each channel of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fotopoort.application.contract.documents import Json
from fotopoort.application.posts.bursts import Shot, bursts
from fotopoort.batch.entry import Entry
from fotopoort.policy.crops.burst import Worth, ranked, worth
from fotopoort.vocabulary import Box, ChannelId, Outcome


@dataclass(frozen=True, slots=True)
class Frame:
    """A photo of a report that may be one of a burst.

    Attributes:
        shot: by which it is found; it has the photo's number, in the order of the report.
        worths: what the photo is worth on each channel where it may go out.
    """

    shot: Shot[int]
    worths: Mapping[ChannelId, Worth]

    @classmethod
    def of(cls, number: int, entry: Entry) -> Frame:
        shot = Shot(number, entry.path, entry.captured_at, entry.perceptual_hash)
        return cls(shot, dict(_worths(entry.document)))


@dataclass(frozen=True, slots=True)
class Burst:
    """Photos of one moment, at least two.

    Attributes:
        photos: their numbers, in order of time.
        best: the photo to use, for each channel where one of them may be used.
    """

    photos: tuple[int, ...]
    best: Mapping[ChannelId, int]


def found(frames: Iterable[Frame]) -> tuple[Burst, ...]:
    """The bursts among photos, the largest first. No photo is in two of them."""
    by_number = {frame.shot.photo: frame for frame in frames}
    together = bursts(frame.shot for frame in by_number.values())
    return tuple(Burst(photos, _best({number: by_number[number].worths for number in photos})) for photos in together)


def _best(worths: Mapping[int, Mapping[ChannelId, Worth]]) -> dict[ChannelId, int]:
    channels = dict.fromkeys(channel for of_photo in worths.values() for channel in of_photo)
    return {
        channel: ranked({number: [of[channel]] for number, of in worths.items() if channel in of})[0]
        for channel in channels
    }


def _worths(document: Json) -> Iterator[tuple[ChannelId, Worth]]:
    full_in_view = sum(face["frontal"] and face["recognisable"] for face in document.get("faces", ()))
    for channel, verdict in document["verdicts"].items():
        if verdict["outcome"] != Outcome.REJECT:
            yield (
                channel,
                worth(
                    Outcome(verdict["outcome"]),
                    Box(*verdict["crop"]["box"]) if "crop" in verdict else None,
                    (Box(*box) for box in verdict["covered"]),
                    full_in_view=full_in_view,
                    area=document["width"] * document["height"],
                ),
            )
