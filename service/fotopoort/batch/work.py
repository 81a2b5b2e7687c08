"""The work on a folder, so that it can stop at any moment, in one process or on many machines.

For each photo: its bytes are read, a process screens it, renditions and a thumbnail are written, and last the result is
recorded. The processes always have photos waiting, so that reading, looking and writing overlap; few photos are in
memory at a time, however many there are.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from fotopoort.application.capture_date import CaptureDate, taken, told_by_file
from fotopoort.application.contract.build import screening_document
from fotopoort.application.input_files import printable
from fotopoort.application.output_paths import from_camera
from fotopoort.application.service import ScreeningService
from fotopoort.batch.eligibility import Eligibility
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.leases import Lease, LeaseLost, Leases
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.report.thumbnails import SIDE, place_of
from fotopoort.batch.storage.storage import Storage, require
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.batch.validity import Validity
from fotopoort.errors import (
    FileUnreadable,
    OutputUnwritable,
    PhotoError,
    RegistryError,
    RegistryUnavailable,
    ScreenerCrashed,
)
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Caller
from fotopoort.screening.pool import ScreeningPool
from fotopoort.screening.screen import Request, Screening
from fotopoort.settings import Settings
from fotopoort.vocabulary import Verdict

REGISTRY_FAILURES: Final = frozenset({RegistryError.code} | {kind.code for kind in RegistryError.__subclasses__()})
MAX_FAILURES: Final = 3  # workers that a photo may end; a machine can also have been switched off


@dataclass(frozen=True, slots=True)
class _Job:
    """One photo on its way. `screening` None: its file was touched and not changed, or it is left."""

    lease: Lease
    seen: FoundFile
    last: bool  # of its lease
    left: bool  # for another time
    data: bytes | PhotoError = field(repr=False)
    when: CaptureDate
    standing: Eligibility
    request: Request
    screening: Future[Screening] | None


class Worker:
    """Who judges photos.

    Args:
        screeners: its processes.
        caller: on whose behalf.
        today: for telling cameras' clocks that are ahead.
        name: for others to see.
        is_still: whether nobody is writing a photo now; else it is left for another time. None: all are.
    """

    def __init__(
        self,
        screeners: ScreeningPool,
        *,
        gate: ScreeningService,
        caller: Caller,
        policy: Policy,
        settings: Settings,
        today: date,
        name: str = "this",
        is_still: Callable[[FoundFile], bool] | None = None,
    ) -> None:
        self._screeners, self._gate, self._caller, self._policy = screeners, gate, caller, policy
        self._settings, self._today, self._name = settings, today, name
        self._is_still = is_still or (lambda seen: True)

    def work(self, basis: Validity, leases: Leases, run: int) -> Generator[Entry | None, None, None]:
        """Do what was planned; yields a photo's entry as soon as it is on the disk, None where there is none: its file
        was only touched, it is left for another time, or another worker has it.

        Ends when there is nothing that others do not have. When it is left before, what is not done is given back.

        Raises:
            OutputUnwritable: something cannot be written.
            RegistryUnavailable: it is not known who may be shown, or a verdict cannot be written down.
            FolderUnreadable: the photos are not there any more.
        """
        held: set[Lease] = set()
        waiting: deque[_Job] = deque()
        try:
            for job in self._jobs(basis, leases, run, held):
                waiting.append(job)
                if len(waiting) > 2 * self._screeners.count:
                    yield self._finished(basis, leases, waiting.popleft(), held)
            while waiting:
                yield self._finished(basis, leases, waiting.popleft(), held)
        finally:
            for lease in held:
                with suppress(OutputUnwritable):  # then it runs out
                    leases.release(lease)

    def _jobs(self, basis: Validity, leases: Leases, run: int, held: set[Lease]) -> Iterator[_Job]:
        while lease := leases.claim(run, self._name):
            held.add(lease)
            photos = leases.left_in(lease)
            if len(photos) > 1 and lease.failures:
                with suppress(LeaseLost):
                    leases.split(lease, [seen for seen, _ in photos])
                photos = []
            for number, (seen, earlier) in enumerate(photos, start=1):
                if lease in held:  # not lost since
                    yield self._begun(basis, lease, seen, earlier, number == len(photos))
            if not photos:
                leases.finish(lease)
                held.discard(lease)

    # --- one photo ---------------------------------------------------------------------------------------

    def _begun(self, basis: Validity, lease: Lease, seen: FoundFile, earlier: PhotoState | None, last: bool) -> _Job:
        data: bytes | PhotoError = ScreenerCrashed()
        left = not self._is_still(seen)
        if lease.failures < MAX_FAILURES and not left:
            data = _read(basis.asked.photos, seen.path, self._settings)
            left = not self._is_still(seen)  # only now is what was read known to be whole
        if isinstance(data, PhotoError):
            sha256, by_file = "", None
        else:
            sha256, by_file = hashlib.sha256(data).hexdigest(), told_by_file(data, self._today)
        when = taken(seen.path, by_file)
        standing = basis.standing(when)
        request = Request(
            basis.asked.channels,
            basis.answers(seen.path, sha256, standing),
            file_name=os.path.splitext(seen.path)[0],
        )
        screening = None
        same = earlier is not None and earlier.settled and earlier.sha256 == sha256
        if not (left or (same and earlier and earlier.key == basis.key_now(seen, earlier, standing))):
            screening = self._gate.submit(
                self._screeners, self._caller, data, request, standing.known, preview_side=SIDE
            )
        return _Job(lease, seen, last, left, data, when, standing, request, screening)

    def _finished(self, basis: Validity, leases: Leases, job: _Job, held: set[Lease]) -> Entry | None:
        entry = None
        try:
            if job.screening is not None:
                entry = self._written(basis, leases, job, self._remembered(basis, job, job.screening.result()))
            elif not job.left:
                leases.same(job.lease, job.seen)
        except LeaseLost:  # whoever has it now does it again
            held.discard(job.lease)
            return None
        if job.last:
            leases.finish(job.lease)
            held.discard(job.lease)
        return entry

    def _remembered(self, basis: Validity, job: _Job, screening: Screening) -> Screening:
        where = dict.fromkeys(basis.asked.channels, printable(job.seen.path))
        judged = self._gate.remember(self._caller, job.data, job.request, screening, where, job.when.day)
        failure = judged.findings.failure
        if failure is not None and failure.code in REGISTRY_FAILURES:
            raise RegistryUnavailable(failure.message, hint=failure.hint)  # what is there stays until one can know
        return judged

    def _written(self, basis: Validity, leases: Leases, job: _Job, screening: Screening) -> Entry:
        path, findings, out = job.seen.path, screening.findings, basis.asked.out
        places = {
            channel: _place(out, job.seen, findings.sha256, screening.verdicts[channel])
            for channel in screening.renditions
        }
        leases.intend(job.lease, path, list(places.values()))
        small = screening.preview
        answers = job.request.answers
        entry = Entry(
            path=path,
            sha256=findings.sha256,
            taken=job.when.moment,
            groups=tuple(sorted(answers.groups)),
            likeness=findings.likeness,
            document=screening_document(
                path, screening, self._policy, answers, {channel: {"path": place} for channel, place in places.items()}
            ),
            thumbnail=place_of(small) if small is not None else None,
        )

        def put(earlier: Sequence[str], hold: Callable[[], None]) -> None:
            for place in earlier:
                out.remove(place)
            if small is not None:
                out.write(place_of(small), small)
            for channel, place in places.items():
                hold()
                out.write(place, screening.renditions[channel].jpeg)

        key = basis.key(job.seen, findings.sha256, answers, job.standing, blocked=findings.blocked)
        leases.record(job.lease, entry, job.seen, key, list(places.values()), put)
        return entry


def _read(photos: Storage, path: str, settings: Settings) -> bytes | PhotoError:
    """The bytes of a photo, or why it cannot be had.

    Raises:
        FolderUnreadable: none can be had, as where a drive is not there.
    """
    data = photos.read(path, settings)
    if isinstance(data, FileUnreadable):
        require(photos)
    return data


def _place(out: Storage, seen: FoundFile, sha256: str, verdict: Verdict) -> str:
    """Where a rendition lies below the output folder: as the photo does in its folder, or by a name that says nothing,
    which no other photo has and which is the same in every run."""
    same = f"{verdict.channel}/{seen.stem}.jpg"
    if out.takes(same) and (not verdict.neutral_name or from_camera(Path(seen.path))):
        return same
    name = hashlib.sha256(sha256.encode() + b"\0" + os.fsencode(seen.path)).hexdigest()[:12]
    return f"{verdict.channel}/foto-{name}.jpg"
