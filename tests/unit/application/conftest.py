"""A school with a registry, and a pool that judges in this process what it is told to see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.waiting import PATIENCE

from fotopoort.errors import PhotoError
from fotopoort.policy.decide import decide_all
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Screening, ScreeningJob, conclude, unjudged
from fotopoort.vocabulary import Box, ConsentState, Face, Findings

CALLER = console("school")


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class DirectPool:
    """Judges in this process: every photo shows one child full in the face. Keeps the jobs that it was given."""

    jobs: list[ScreeningJob] = field(default_factory=list)

    def submit(self, data: bytes | PhotoError, job: ScreeningJob) -> Future[Screening]:
        self.jobs.append(job)
        future: Future[Screening] = Future()
        future.set_result(self._screened(data, job))
        return future

    def _screened(self, data: bytes | PhotoError, job: ScreeningJob) -> Screening:
        if isinstance(data, PhotoError):
            return unjudged(b"", job.request, data, policy=job.policy)
        face = Face("f1", Box(200.0, 200.0, 900.0, 1100.0), ((0.0, 0.0),) * 5, 0.9, 0.0, 0.0, 0.0, True)
        findings = Findings(hashlib.sha256(data).hexdigest(), 2000, 2000, "JPEG", (face,))
        verdicts = decide_all(findings, job.request.answers, job.people, job.policy, job.request.channels)
        return conclude(findings, job.request, verdicts, {}, Stopwatch())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pool() -> DirectPool:
    return DirectPool()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Of a database for this test alone."""
    return sqlite_url(tmp_path / "registry.db")


@pytest.fixture
def registry(url: str, tmp_path: Path, clock: Clock) -> Iterator[Registry]:
    """Noor, in groep 5 since last year, and Sem, in groep 6, who may both be shown on the website."""
    database = Database(url, seconds=PATIENCE)
    database.migrate()
    registry = Registry(database, data_folder=tmp_path, keys_folder=tmp_path / "keys", clock=clock)
    registry.add_school(CALLER, "De Regenboog")
    with registry.write(CALLER, Act.IMPORT) as session:
        for person, group in (("noor", "groep 5"), ("sem", "groep 6")):
            people.add(session, PersonRecord(person, name=person.title()), {group})
            consent_log.record(session, Statement(person, "website", ConsentState.GRANTED))
        people.join(session, "noor", {"groep 4"}, 2025)
    yield registry
    registry.close()


LAST_YEAR = frozenset({2025})
