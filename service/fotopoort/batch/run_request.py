"""What is asked of a folder: the same on every machine that takes part in the run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date

from fotopoort.application.contract.documents import Json
from fotopoort.batch.grouping import Grouping
from fotopoort.batch.storage.address import open_storage
from fotopoort.batch.storage.storage import Storage
from fotopoort.registry.answers.answers_file import AnswersFile
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import Answers, ChannelId


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked of a folder.

    Attributes:
        photos, out: where the photos lie, and where results go.
        grouping: what tells the groups in a photo.
        answers: about photos, by SHA-256, or by path below the folder or file name.
        day: on which the photos were taken, beside what they tell themselves.
        only_stale: leave out photos that are new or need another try, and changes of files whose verdicts still
            hold.
        together: each photo goes to all channels in one message, by the strictest of them.
    """

    photos: Storage
    out: Storage
    channels: tuple[ChannelId, ...]
    grouping: Grouping = field(default_factory=Grouping)
    answers: AnswersFile = field(default_factory=AnswersFile, repr=False)
    day: date | None = None
    only_stale: bool = False
    together: bool = False

    def of_photo(self, path: str, answers: Answers) -> Request:
        """What is asked of one of its photos."""
        return Request(self.channels, answers, together=self.together, file_name=os.path.splitext(path)[0])

    def to_json(self) -> Json:
        """For `from_json`, on another machine: all that matters once the photos to judge are planned."""
        return {
            "photos": self.photos.address,
            "out": self.out.address,
            "channels": list(self.channels),
            "grouping": self.grouping.to_json(),
            "answers": self.answers.to_json(),
            "day": self.day and self.day.isoformat(),
            "together": self.together,
        }

    @classmethod
    def from_json(cls, document: Json) -> RunRequest:
        """The request that `to_json` wrote.

        Raises:
            BadSetting: what buckets need is not installed, or not set.
        """
        return cls(
            photos=open_storage(document["photos"]),
            out=open_storage(document["out"]),
            channels=tuple(document["channels"]),
            grouping=Grouping.from_json(document["grouping"]),
            answers=AnswersFile.from_json(document["answers"]),
            day=document["day"] and date.fromisoformat(document["day"]),
            together=document.get("together", False),
        )
