"""What the verdicts on a folder's photos rest on, beside the photos themselves; for planning and for judging."""

from __future__ import annotations

import os

from fotopoort.batch.asked import Asked
from fotopoort.batch.known import Earlier
from fotopoort.batch.standing import Standing, Standings, key_of
from fotopoort.batch.taken import Taken
from fotopoort.batch.walk import Seen
from fotopoort.registry.answers_file import merge
from fotopoort.vocabulary import Answers


class Basis:
    """What is asked, with who may be shown on any day.

    Attributes:
        asked: of the folder.
    """

    def __init__(self, asked: Asked, standings: Standings) -> None:
        self.asked, self._standings = asked, standings

    def standing(self, when: Taken | None, *, lately: bool = False) -> Standing:
        """What holds for a photo of that moment, see `Standings.on`."""
        day = None
        if when is not None:
            day = when.day or (None if when.moment else self.asked.day)
        return self._standings.on(day, lately=lately)

    def answers(self, path: str, sha256: str, standing: Standing) -> Answers:
        """What was said of a photo, its groups included."""
        base = Answers(groups=self.asked.grouping.of(path, standing.known.people))
        for name in (sha256, path, os.path.basename(path)):
            if name in self.asked.answers:
                return merge(base, self.asked.answers[name])
        return base

    def key(self, seen: Seen, sha256: str, answers: Answers, standing: Standing, *, blocked: bool) -> str:
        """By which a verdict on a photo is known to be still in force."""
        return key_of(standing, self.asked.channels, answers, sha256=sha256, stem=seen.stem, blocked=blocked)

    def key_now(self, seen: Seen, earlier: Earlier, standing: Standing) -> str:
        """The key of a photo that has not changed, if it were judged now."""
        answers = self.answers(seen.path, earlier.sha256, standing)
        blocked = standing.known.blocked.holds(earlier.sha256, earlier.likeness)
        return self.key(seen, earlier.sha256, answers, standing, blocked=blocked)
