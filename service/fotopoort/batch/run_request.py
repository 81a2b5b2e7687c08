"""What is asked of a folder: the same on every machine that takes part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fotopoort.application.contract.documents import Json
from fotopoort.batch.grouping import Grouping
from fotopoort.batch.storage.storage import Storage, storage_at
from fotopoort.registry.photos.serialisation import answers_from_json, answers_to_json
from fotopoort.vocabulary import Answers, ChannelId


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked of a folder.

    Attributes:
        photos, out: where they lie, and where results go.
        grouping: by what the groups in a photo are known.
        answers: what was said of a photo, by its SHA-256, its path below the folder or its file name.
        day: when photos were taken that do not tell.
        only_stale: photos that are new, that changed or that need another try are left alone.
    """

    photos: Storage
    out: Storage
    channels: tuple[ChannelId, ...]
    grouping: Grouping = field(default_factory=Grouping)
    answers: Mapping[str, Answers] = field(default_factory=dict, repr=False)
    day: date | None = None
    only_stale: bool = False

    def to_json(self) -> Json:
        """For `from_json`, on another machine: all that counts once it is known which photos are to be judged."""
        return {
            "photos": self.photos.address,
            "out": self.out.address,
            "channels": list(self.channels),
            "grouping": self.grouping.to_json(),
            "answers": {name: answers_to_json(answers) for name, answers in self.answers.items()},
            "day": self.day and self.day.isoformat(),
        }

    @classmethod
    def from_json(cls, document: Json) -> RunRequest:
        """What `to_json` was made of.

        Raises:
            BadSetting: what buckets need is not installed, or not set.
        """
        return cls(
            photos=storage_at(document["photos"]),
            out=storage_at(document["out"]),
            channels=tuple(document["channels"]),
            grouping=Grouping.from_json(document["grouping"]),
            answers={name: answers_from_json(answers) for name, answers in document["answers"].items()},
            day=document["day"] and date.fromisoformat(document["day"]),
        )
