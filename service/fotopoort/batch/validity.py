"""What the verdicts on a folder's photos rest on, beside the photos themselves; for planning and for judging."""

from __future__ import annotations

import os

from fotopoort.application.capture_date import CaptureDate
from fotopoort.batch.eligibility import Eligibilities, Eligibility, key_of
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.registry.photos.answers import merge
from fotopoort.vocabulary import Answers


class Validity:
    """What is asked, with who may be shown on any day.

    Attributes:
        asked: of the folder.
    """

    def __init__(self, asked: RunRequest, standings: Eligibilities) -> None:
        self.asked, self._standings = asked, standings

    def standing(self, when: CaptureDate | None, *, lately: bool = False) -> Eligibility:
        """What holds for a photo of that moment, see `Eligibilities.on`."""
        day = None
        if when is not None:
            day = when.day or (None if when.moment else self.asked.day)
        return self._standings.on(day, lately=lately)

    def answers(self, path: str, sha256: str, standing: Eligibility) -> Answers:
        """What was said of a photo, its groups included."""
        base = Answers(groups=self.asked.grouping.of(path, standing.known.people))
        for name in (sha256, path, os.path.basename(path)):
            if name in self.asked.answers:
                return merge(base, self.asked.answers[name])
        return base

    def key(self, seen: FoundFile, sha256: str, answers: Answers, standing: Eligibility, *, blocked: bool) -> str:
        """By which a verdict on a photo is known to be still in force."""
        return key_of(standing, self.asked.channels, answers, sha256=sha256, stem=seen.stem, blocked=blocked)

    def key_now(self, seen: FoundFile, earlier: PhotoState, standing: Eligibility) -> str:
        """The key of a photo that has not changed, if it were judged now."""
        answers = self.answers(seen.path, earlier.sha256, standing)
        blocked = standing.known.blocked.holds(earlier.sha256, earlier.likeness)
        return self.key(seen, earlier.sha256, answers, standing, blocked=blocked)
