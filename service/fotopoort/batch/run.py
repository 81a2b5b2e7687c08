"""A run over a folder: what must be done, and doing it, so that it can stop at any moment.

For each photo: its bytes are read, a process screens it and makes a thumbnail, the renditions are written, and last the
result is recorded. The processes always have photos waiting, so that reading, looking and writing overlap; few photos
are in memory at a time, however many there are.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from fotopoort.batch.entry import Entry
from fotopoort.batch.grouping import GroupsOf
from fotopoort.batch.ledger import Earlier, Lease, LeaseLost, Ledger
from fotopoort.batch.standing import Standing, Standings, key_of
from fotopoort.batch.store import PAGE
from fotopoort.batch.taken import Taken, taken, told_by_file
from fotopoort.batch.thumbnail import FOLDER as THUMBNAILS
from fotopoort.batch.thumbnail import place_of, thumbnail
from fotopoort.batch.walk import PassedOver, Seen, walk
from fotopoort.contract import screened
from fotopoort.destinations import from_camera
from fotopoort.errors import NothingToScreen, OutputUnwritable, PhotoError
from fotopoort.files import remove, write_whole
from fotopoort.gate import Gate
from fotopoort.policy.policy import Policy
from fotopoort.registry.answers_file import merge
from fotopoort.registry.roles import Caller
from fotopoort.screening import Request, Screening
from fotopoort.settings import Settings
from fotopoort.sources import printable, read
from fotopoort.vocabulary import Answers, ChannelId, Verdict
from fotopoort.workers import Screeners

MOST_GONE: Final = 0.5  # of the photos; more of them gone, and it is another folder


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a folder.

    Attributes:
        answers: what was said of a photo, by its SHA-256, its path below the folder or its file name.
        day: when photos were taken that do not tell.
        only_stale: photos that are new, that changed or that need another try are left alone.
        worker: who does it, for other workers to see.
    """

    folder: Path
    out: Path
    channels: tuple[ChannelId, ...]
    groups_of: GroupsOf
    answers: Mapping[str, Answers] = field(default_factory=dict, repr=False)
    day: date | None = None
    only_stale: bool = False
    worker: str = "this"


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a folder. `photos`: there are now; `wanted`: to be judged; `gone`: taken out of the results."""

    run: int
    photos: int
    wanted: int
    gone: int
    passed_over: PassedOver


@dataclass(slots=True)
class _Job:
    """One photo on its way. `screening` None: its file was touched and not changed."""

    lease: Lease
    seen: Seen
    last: bool  # of its lease
    data: bytes | PhotoError
    when: Taken
    standing: Standing
    request: Request
    screening: Future[Screening] | None
    judged: Screening | None = None
    thumbnail: Future[bytes | None] | None = None


class Batch:
    """The work on one folder.

    Args:
        caller: on whose behalf.
        models: a fingerprint of what looks at photos.
        today: for telling cameras' clocks that are ahead.
    """

    def __init__(
        self,
        asked: Asked,
        *,
        ledger: Ledger,
        gate: Gate,
        caller: Caller,
        policy: Policy,
        settings: Settings,
        models: str,
        today: date,
    ) -> None:
        self._asked, self._ledger, self._gate, self._caller = asked, ledger, gate, caller
        self._policy, self._settings, self._today = policy, settings, today
        self._standings = Standings(gate, caller, models)

    def survey(self) -> Survey:
        """See what lies in the folder, take away what was made of photos that are gone, and plan the work.

        Raises:
            RegistryError: it is not known who may be shown: nothing is begun.
            NothingToScreen: there is no photo.
            OutputUnwritable: the output folder is another folder's, or cannot be written.
        """
        standing = self._standings.on(None)
        if standing.known.failure is not None:
            raise standing.known.failure
        earlier_folder, before = self._ledger.last_folder(), self._ledger.photos()
        here = str(self._asked.folder.resolve())
        run = self._ledger.begin(here)
        passed_over = PassedOver()
        photos = self._ledger.see(run, walk(self._asked.folder, self._asked.out, passed_over))
        if not photos:  # also where there were: an empty folder is more likely a drive that is not there
            self._ledger.undo(run)
            raise NothingToScreen
        missing = sum(not passed_over.hides(path) for path in self._ledger.gone(run))
        if earlier_folder not in (None, here) and missing > MOST_GONE * before:
            self._ledger.undo(run)
            raise OutputUnwritable(
                "The output folder is that of another folder with photos.", hint="Name another one with --out."
            )
        gone = self._take_away(run, passed_over)
        return Survey(run, photos, self._ledger.plan(run, self._is_wanted), gone, passed_over)

    def work(self, survey: Survey, screeners: Screeners) -> Iterator[Entry | None]:
        """Do what was planned; yields a photo's entry as soon as it is on the disk, None where nothing had changed.

        Raises:
            OutputUnwritable: something cannot be written.
        """
        looking: deque[_Job] = deque()
        finishing: deque[_Job] = deque()
        for job in self._jobs(survey.run, screeners):
            looking.append(job)
            if len(looking) > 2 * screeners.count:
                finishing.append(self._judged(looking.popleft(), screeners))
            if len(finishing) > screeners.count:
                yield self._finished(finishing.popleft())
        while looking:
            finishing.append(self._judged(looking.popleft(), screeners))
        while finishing:
            yield self._finished(finishing.popleft())

    # --- planning ----------------------------------------------------------------------------------------

    def _is_wanted(self, seen: Seen, earlier: Earlier | None) -> bool:
        if earlier is None or not earlier.settled or (seen.size, seen.modified) != (earlier.size, earlier.modified):
            return not self._asked.only_stale
        standing = self._standings.on(self._day(taken(seen.path, earlier.taken)), lately=True)
        return earlier.key != self._key_now(seen, earlier, standing)

    def _key_now(self, seen: Seen, earlier: Earlier, standing: Standing) -> str:
        """What a photo's key would be if it were judged now and had not changed."""
        return key_of(
            standing,
            self._asked.channels,
            self._answers(seen.path, earlier.sha256, standing),
            sha256=earlier.sha256,
            stem=seen.stem,
            blocked=standing.known.blocked.holds(earlier.sha256, earlier.likeness),
        )

    def _take_away(self, run: int, passed_over: PassedOver) -> int:
        """Take away what was made of photos that are gone. Those in folders that cannot be read stay as they are."""
        count, waiting = 0, []
        for path in self._ledger.gone(run):
            if passed_over.hides(path):
                continue
            for place in self._ledger.places(path):
                remove(self._asked.out / place)
            waiting.append(path)
            count += 1
            if len(waiting) == PAGE:
                self._ledger.forget(waiting)
                waiting = []
        self._ledger.forget(waiting)
        return count

    # --- one photo ---------------------------------------------------------------------------------------

    def _jobs(self, run: int, screeners: Screeners) -> Iterator[_Job]:
        while lease := self._ledger.claim(run, self._asked.worker):
            photos = self._ledger.leased(lease)
            for number, (seen, earlier) in enumerate(photos, start=1):
                yield self._begun(lease, seen, earlier, number == len(photos), screeners)
            if not photos:
                self._ledger.finish(lease)

    def _begun(self, lease: Lease, seen: Seen, earlier: Earlier | None, last: bool, screeners: Screeners) -> _Job:
        data = read(self._asked.folder / seen.path, self._settings)
        if isinstance(data, PhotoError):
            sha256, by_file = "", None
        else:
            sha256, by_file = hashlib.sha256(data).hexdigest(), told_by_file(data, self._today)
        when = taken(seen.path, by_file)
        standing = self._standings.on(self._day(when))
        request = Request(
            self._asked.channels,
            self._answers(seen.path, sha256, standing),
            file_name=os.path.splitext(seen.path)[0],
        )
        screening = None
        same = earlier is not None and earlier.settled and earlier.sha256 == sha256
        if not (same and earlier and earlier.key == self._key_now(seen, earlier, standing)):
            screening = self._gate.submit(screeners, self._caller, data, request, standing.known)
        return _Job(lease, seen, last, data, when, standing, request, screening)

    def _judged(self, job: _Job, screeners: Screeners) -> _Job:
        if job.screening is None:
            return job
        where = dict.fromkeys(self._asked.channels, printable(job.seen.path))
        job.judged = self._gate.remember(
            self._caller, job.data, job.request, job.screening.result(), where, job.when.day
        )
        data = job.data if isinstance(job.data, bytes) else None
        job.thumbnail = thumbnail(screeners, data, job.judged, self._policy)
        job.data = b""
        return job

    def _finished(self, job: _Job) -> Entry | None:
        entry = None
        try:
            if job.judged is None:
                self._ledger.same(job.lease, job.seen)
            else:
                entry = self._written(job, job.judged)
        except LeaseLost:  # whoever has it now does it again
            return None
        if job.last:
            self._ledger.finish(job.lease)
        return entry

    def _written(self, job: _Job, screening: Screening) -> Entry:
        path, findings = job.seen.path, screening.findings
        places = {
            channel: self._place(job.seen, findings.sha256, screening.verdicts[channel])
            for channel in screening.renditions
        }
        for earlier in self._ledger.intend(job.lease, path, list(places.values())):
            remove(self._asked.out / earlier)
        small = job.thumbnail.result() if job.thumbnail else None
        if small is not None:
            write_whole(self._asked.out / place_of(small), small)
        for channel, place in places.items():
            write_whole(self._asked.out / place, screening.renditions[channel].jpeg)
        answers = job.request.answers
        entry = Entry(
            path=path,
            sha256=findings.sha256,
            taken=job.when.moment,
            groups=tuple(sorted(answers.groups)),
            likeness=findings.likeness,
            document=screened(
                path, screening, self._policy, answers, {channel: {"path": place} for channel, place in places.items()}
            ),
            thumbnail=place_of(small) if small is not None else None,
        )
        key = key_of(
            job.standing,
            self._asked.channels,
            answers,
            sha256=findings.sha256,
            stem=job.seen.stem,
            blocked=findings.blocked,
        )
        self._ledger.record(job.lease, entry, job.seen, key, list(places.values()))
        return entry

    def _place(self, seen: Seen, sha256: str, verdict: Verdict) -> str:
        """Where a rendition lies below the output folder: as the photo does in its folder, or by a name that says
        nothing, which no other photo has and which is the same in every run."""
        if not verdict.neutral_name or from_camera(Path(seen.path)):
            return f"{verdict.channel}/{seen.stem}.jpg"
        name = hashlib.sha256(sha256.encode() + b"\0" + os.fsencode(seen.path)).hexdigest()[:12]
        return f"{verdict.channel}/foto-{name}.jpg"

    def _day(self, when: Taken) -> date | None:
        return when.day or (None if when.moment else self._asked.day)

    def _answers(self, path: str, sha256: str, standing: Standing) -> Answers:
        base = Answers(groups=self._asked.groups_of(path, standing.known.people))
        for name in (sha256, path, os.path.basename(path)):
            if name in self._asked.answers:
                return merge(base, self._asked.answers[name])
        return base


def sweep_thumbnails(ledger: Ledger, out: Path) -> None:
    """Take away thumbnails that belong to no result any more. After the report is written: an older one shows them."""
    for folder in sorted(out.glob(f"{THUMBNAILS}/??")):
        place = folder.relative_to(out).as_posix()
        kept = ledger.thumbnails(place + "/")
        for file in folder.iterdir():
            if f"{place}/{file.name}" not in kept:
                remove(file)
