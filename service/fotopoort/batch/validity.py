"""What the verdicts on a folder's photos rest on, beside the photos themselves; for planning and for judging."""

from __future__ import annotations

import os
from collections.abc import Container
from dataclasses import replace

from fotopoort.application.capture_date import CaptureDate, find_capture_date
from fotopoort.application.redecision import GivenScreening
from fotopoort.batch.eligibility import Eligibilities, Eligibility, validity_key
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.vocabulary import Answers


class Validity:
    """What was asked of a folder together with who may be shown in photos of any school year; and the keys that follow.

    Attributes:
        request: what was asked of the folder.
    """

    def __init__(self, request: RunRequest, eligibilities: Eligibilities) -> None:
        self.request, self._eligibilities = request, eligibilities

    def capture_date(self, path: str, file_moment: str | None) -> CaptureDate:
        """When a photo was taken, see `find_capture_date`.

        Raises:
            FutureDay: what was asked names a day that has not come yet.
        """
        today = self._eligibilities.on(None, cached=True).context.today
        return find_capture_date(path, file_moment, today=today, stated_day=self.request.day)

    def eligibility(self, capture_date: CaptureDate | None, *, cached: bool = False) -> Eligibility:
        """Who may be shown in a photo that was taken then, see `Eligibilities.on`. None: in no photo in particular."""
        return self._eligibilities.on(capture_date.years if capture_date else None, cached=cached)

    def eligibility_of(self, given: GivenScreening, capture_date: CaptureDate) -> Eligibility | None:
        """What verdicts that were recorded rest on; None: it has moved on since, so that the photo must be judged again
        by a later run."""
        eligibility = self.eligibility(capture_date)
        return eligibility if eligibility.context.version == given.context.version else None

    def answers(self, path: str, sha256: str, eligibility: Eligibility) -> Answers:
        """The answers about a photo, its groups included."""
        people = eligibility.context.people
        groups = Answers(groups=self.request.grouping.of(path, people))
        return self.request.answers.about(groups, people, sha256, path, os.path.basename(path))

    def key(self, file: FoundFile, sha256: str, answers: Answers, eligibility: Eligibility, *, blocked: bool) -> str:
        """The validity key of a photo: as long as it stays the same, so do its verdicts.

        Args:
            answers: with what was said of it elsewhere.
        """
        return validity_key(
            eligibility,
            self.request.channels,
            answers,
            sha256=sha256,
            stem=file.stem,
            blocked=blocked,
            together=self.request.together,
        )

    def spoken_of(self) -> frozenset[str]:
        """See `Eligibilities.spoken_of`."""
        return self._eligibilities.spoken_of()

    def current_key(
        self, file: FoundFile, state: PhotoState, eligibility: Eligibility, spoken_of: Container[str] | None = None
    ) -> str:
        """The validity key that a photo which was judged before would get now, as it was then.

        Args:
            spoken_of: see the method of that name; None: not looked up.

        Raises:
            RegistryError: the registry does not answer.
        """
        answers = self.answers(file.path, state.sha256, eligibility)
        if spoken_of is None or state.sha256 in spoken_of:
            answers = replace(answers, elsewhere=self._eligibilities.elsewhere(state.sha256))
        blocked = eligibility.context.blocked.holds(state.sha256, state.perceptual_hash)
        return self.key(file, state.sha256, answers, eligibility, blocked=blocked)
