"""The work on a folder: it can stop at any moment, and runs in one process or on many machines.

For each photo: a worker reads its bytes, a process screens it, renditions and a thumbnail are written, and last the
result is recorded. The processes always have photos waiting, so that reading, screening and writing overlap; few photos
are in memory at a time, however many there are.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

from fotopoort.application.capture_date import CaptureDate, moment_in_file
from fotopoort.application.contract.build import screening_document
from fotopoort.application.input_files import printable
from fotopoort.application.output_paths import from_camera
from fotopoort.application.pending import PendingScreening
from fotopoort.application.posts.given import questions_about
from fotopoort.application.redecision import GivenScreening
from fotopoort.application.service import ScreeningService
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.held_leases import HeldLeases
from fotopoort.batch.ledger.leases import Lease, LeaseLost, Leases
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.report.thumbnails import SIDE, place_of
from fotopoort.batch.storage.storage import Storage, require
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.batch.validity import Validity
from fotopoort.errors import (
    FileUnreadable,
    PhotoError,
    RegistryError,
    RegistryMoved,
    RegistryUnavailable,
    ScreenerCrashed,
    kinds,
)
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Caller
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings
from fotopoort.vocabulary import Answers, Text, Verdict

# A registry that moves on while a photo is judged does answer: that photo is rejected, and judged again by a later run.
REGISTRY_FAILURES: Final = frozenset(kind.code for kind in kinds(RegistryError)) - {RegistryMoved.code}
MAX_FAILURES: Final = 3  # times that a worker never finished a photo; its machine may just have been switched off


class Skipped(Enum):
    """Why a photo that was planned has no new entry."""

    UP_TO_DATE = "up to date"  # its file was only touched, and its verdicts are still in force
    BEING_WRITTEN = "being written"  # it is left for a later run
    LEASE_LOST = "lease lost"  # another worker has it now


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker needs to judge photos.

    Attributes:
        screeners: the processes that screen photos.
        caller: on whose behalf.
        name: for others to see.
        is_still: whether nobody is writing a photo now; else it is left for a later run.
    """

    screeners: ScreeningPool
    service: ScreeningService
    caller: Caller
    policy: Policy
    settings: Settings
    name: str = "this"
    is_still: Callable[[FoundFile], bool] = lambda file: True

    def work(self, validity: Validity, leases: Leases, run: int) -> Generator[Entry | Skipped, None, None]:
        """Judge the photos that were planned. Yields a photo's entry as soon as it is recorded, or why it has none.

        Ends when other workers have all that remains. When it is closed before, its leases are given back.

        Raises:
            OutputUnwritable: something cannot be written.
            RegistryUnavailable: it is not known who may be shown, or a verdict cannot be recorded in the registry.
            FolderUnreadable: the photos are not there any more.
        """
        return _Work(self, validity, HeldLeases(leases, run, self.name)).results()


@dataclass(frozen=True, slots=True)
class _InScreening:
    """A photo that was read and given to a process, and what its verdict will rest on.

    Attributes:
        answers: that were given for this photo; `pending` also has the rules that are set aside for it.
    """

    capture_date: CaptureDate
    answers: Answers
    pending: PendingScreening


_Step: TypeAlias = _InScreening | Skipped


@dataclass(frozen=True, slots=True)
class _Job:
    """A photo that is being screened. `is_last`: the last one of its lease."""

    lease: Lease
    file: FoundFile
    is_last: bool
    step: _Step


class _Work:
    """What one worker does of one run."""

    def __init__(self, worker: Worker, validity: Validity, leases: HeldLeases) -> None:
        self._worker, self._validity, self._leases = worker, validity, leases

    def results(self) -> Generator[Entry | Skipped, None, None]:
        waiting: deque[_Job] = deque()
        try:
            for job in self._jobs():
                waiting.append(job)
                if len(waiting) > 2 * self._worker.screeners.count:
                    yield self._finish(waiting.popleft())
            while waiting:
                yield self._finish(waiting.popleft())
        finally:
            self._leases.release_all()

    def _jobs(self) -> Iterator[_Job]:
        """Claim shards, and begin with each of their photos."""
        while lease := self._leases.claim():
            photos = self._leases.records.remaining_in(lease)
            if len(photos) > 1 and lease.failures:
                with suppress(LeaseLost):
                    self._leases.records.split(lease, [file for file, _ in photos])
                photos = []
            for number, (file, state) in enumerate(photos, start=1):
                if lease in self._leases:  # it was not lost meanwhile
                    yield _Job(lease, file, number == len(photos), self._begin(lease, file, state))
            if not photos:
                self._leases.finish(lease)

    # --- one photo ---------------------------------------------------------------------------------------

    def _begin(self, lease: Lease, file: FoundFile, state: PhotoState | None) -> _Step:
        """Read a photo, and have it screened unless what was decided before is still in force."""
        worker, validity = self._worker, self._validity
        if not worker.is_still(file):
            return Skipped.BEING_WRITTEN
        data: bytes | PhotoError = ScreenerCrashed()
        if lease.failures < MAX_FAILURES:
            data = _read(validity.request.photos, file.path, worker.settings)
            if not worker.is_still(file):  # only now it is certain that the whole photo was read
                return Skipped.BEING_WRITTEN
        if isinstance(data, PhotoError):
            sha256, by_file = "", None
        else:
            sha256, by_file = hashlib.sha256(data).hexdigest(), moment_in_file(data)
        capture_date = validity.capture_date(file.path, by_file)
        eligibility = validity.eligibility(capture_date)
        if (
            state is not None
            and state.settled
            and state.sha256 == sha256
            and state.key == validity.current_key(file, state, eligibility)
        ):
            return Skipped.UP_TO_DATE
        answers = validity.answers(file.path, sha256, eligibility)
        request = validity.request.of_photo(file.path, answers)
        pending = worker.service.submit(
            worker.screeners,
            worker.caller,
            data,
            request,
            eligibility.context,
            capture_date=capture_date,
            preview_side=SIDE,
            said_before=True,  # in a file, or by the folder
        )
        return _InScreening(capture_date, answers, pending)

    def _finish(self, job: _Job) -> Entry | Skipped:
        """Wait for a photo's screening, and record what came of it."""
        try:
            result = self._settle(job)
        except LeaseLost:  # the worker that has it now judges it again
            self._leases.drop(job.lease)
            return Skipped.LEASE_LOST
        if job.is_last:
            self._leases.finish(job.lease)
        return result

    def _settle(self, job: _Job) -> Entry | Skipped:
        if isinstance(job.step, _InScreening):
            return self._write(job, job.step, self._record(job.file, job.step))
        if job.step is Skipped.UP_TO_DATE:
            self._leases.records.record_unchanged(job.lease, job.file)
        return job.step

    def _record(self, file: FoundFile, photo: _InScreening) -> GivenScreening:
        """The screening, once the registry has recorded it, with what it rests on."""
        places = dict.fromkeys(self._validity.request.channels, printable(file.path))
        screening = self._leases.result_of(photo.pending.future)
        given = self._worker.service.record_given(self._worker.caller, photo.pending, screening, places)
        failure = given.screening.findings.failure
        if failure is not None and failure.code in REGISTRY_FAILURES:
            # An earlier result stays in place until the registry answers.
            raise RegistryUnavailable(
                Text(nl=failure.message_nl or failure.message, en=failure.message),
                hint=Text(nl=failure.hint_nl or failure.hint, en=failure.hint),
            )
        return given

    def _write(self, job: _Job, photo: _InScreening, given: GivenScreening) -> Entry:
        """Write renditions and thumbnail, and record the result. If what the verdict rests on has changed since it was
        recorded, no rendition is written, and a later run judges the photo again.

        Raises:
            LeaseLost: another worker has the photo now.
        """
        eligibility = self._validity.eligibility_of(given, photo.capture_date)
        if not eligibility:
            given = replace(given, screening=replace(given.screening, renditions={}))
        screening = given.screening
        file, findings, out = job.file, screening.findings, self._validity.request.out
        places = {
            channel: _place(out, file, findings.sha256, screening.verdicts[channel]) for channel in screening.renditions
        }
        self._leases.records.intend(job.lease, file.path, list(places.values()))
        preview = screening.preview
        thumbnail = place_of(preview) if preview is not None else None
        entry = self._entry(file, photo, given, places, thumbnail)

        def put_files(earlier: Sequence[str], check_lease: Callable[[], None]) -> None:
            for place in earlier:
                out.remove(place)
            if thumbnail is not None and preview is not None:
                out.write(thumbnail, preview)
            for channel, place in places.items():
                check_lease()
                out.write(place, screening.renditions[channel].jpeg)

        answers = replace(photo.answers, elsewhere=given.request.answers.elsewhere)
        key = eligibility and self._validity.key(file, findings.sha256, answers, eligibility, blocked=findings.blocked)
        self._leases.records.record(job.lease, entry, file, key or "", list(places.values()), put_files)
        return entry

    def _entry(
        self, file: FoundFile, photo: _InScreening, given: GivenScreening, places: dict[str, str], thumbnail: str | None
    ) -> Entry:
        findings, answers = given.screening.findings, photo.answers
        paths = {channel: {"path": place} for channel, place in places.items()}
        document = screening_document(
            file.path, given.screening, self._worker.policy, answers, paths, asks=questions_about([given])
        )
        if findings.failure is not None:
            document["error"] |= {"message_nl": findings.failure.message_nl, "hint_nl": findings.failure.hint_nl}
        return Entry(
            path=file.path,
            sha256=findings.sha256,
            captured_at=photo.capture_date.moment,
            groups=tuple(sorted(answers.groups)),
            perceptual_hash=findings.perceptual_hash,
            document=document,
            thumbnail=thumbnail,
        )


def _read(photos: Storage, path: str, settings: Settings) -> bytes | PhotoError:
    """The bytes of a photo, or why they cannot be read.

    Raises:
        FolderUnreadable: no photo can be read, for instance because a drive is not there.
    """
    data = photos.read(path, settings)
    if isinstance(data, FileUnreadable):
        require(photos)
    return data


def _place(out: Storage, file: FoundFile, sha256: str, verdict: Verdict) -> str:
    """Where a rendition lies below the output folder: as the photo does in its folder, or under a neutral name, which
    no other photo has and which is the same in every run."""
    mirrored = f"{verdict.channel}/{file.stem}.jpg"
    if out.takes(mirrored) and (not verdict.neutral_name or from_camera(Path(file.path))):
        return mirrored
    name = hashlib.sha256(sha256.encode() + b"\0" + os.fsencode(file.path)).hexdigest()[:12]
    return f"{verdict.channel}/foto-{name}.jpg"
