"""Whatever happens to jobs, in whatever order: told beside a second, simple account of them."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.postgresql import fresh_database
from tests.unit.registry.conftest import NOON

from fotopoort.jobs import overview
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.queue import LeaseLost, Queue
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.verification import show
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.database import Database, sqlite_url

KINDS = ("a", "b")
SECONDS = 60
CALLER = console("school")


@dataclass
class Expected:
    """What is known of a job. `holder`: the token that can finish it; None: nobody has it."""

    kind: str
    due: datetime
    holder: int | None = None
    attempts: int = 0
    state: JobState = JobState.WAITING
    effects: int = 0


class Jobs(RuleBasedStateMachine):
    """Some workers that take jobs, lose them, finish them late, twice or never."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        self.registry = Registry(
            Database(self.fresh_url()), data_folder=folder, keys_folder=folder / "keys", clock=lambda: self.now
        )
        self.registry.add_school(CALLER, "De Regenboog")
        self.queue = Queue(self.registry, seconds=SECONDS, clock=lambda _: self.now)
        self.expected: dict[str, Expected] = {}
        self.by_key: dict[tuple[str, str], str] = {}
        self.leases: list[Job] = []  # every one that was ever given, also those that are lost

    def fresh_url(self) -> str:
        raise NotImplementedError

    def teardown(self) -> None:
        self.registry.close()
        self.folder.cleanup()

    @rule(
        kind=st.sampled_from(KINDS),
        key=st.none() | st.sampled_from("123"),
        wait=st.sampled_from([-5, 0, 30, 100]),
        fails=st.booleans(),
    )
    def enqueue(self, kind: str, key: str | None, wait: int, fails: bool) -> None:
        due = self.now + timedelta(seconds=wait)
        try:
            with self.registry.write(CALLER, Act.MAINTAIN) as session:
                id_ = outbox.enqueue(session, kind, {}, key=key, due=due)
                if fails:
                    raise InterruptedError
        except InterruptedError:
            return
        if key is not None and (kind, key) in self.by_key:
            assert id_ == self.by_key[kind, key]
            return
        assert id_ not in self.expected
        self.expected[id_] = Expected(kind, due)
        if key is not None:
            self.by_key[kind, key] = id_

    @rule(kind=st.sampled_from(KINDS))
    def take(self, kind: str) -> None:
        lease = self.queue.take(kind, 1, "worker")
        due = {
            id_: job.due
            for id_, job in self.expected.items()
            if job.kind == kind and job.state is JobState.WAITING and job.due <= self.now
        }
        if lease is None:
            assert not due
            return
        assert due[lease.id] == min(due.values())
        job = self.expected[lease.id]
        job.holder, job.attempts, job.due = lease.token, job.attempts + 1, self.now + timedelta(seconds=SECONDS)
        assert lease.attempts == job.attempts
        self.leases.append(lease)

    @rule(seconds=st.sampled_from([1, 29, 60, 1_000]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def lease(self, which: int) -> tuple[Job, Expected, bool]:
        """One of those that were given, and whether it is still in force."""
        lease = self.leases[which % len(self.leases)]
        job = self.expected[lease.id]
        return lease, job, job.holder == lease.token

    @precondition(lambda self: self.leases)
    @rule(which=st.integers(0, 20), fails=st.booleans())
    def complete(self, which: int, fails: bool) -> None:
        lease, job, is_held = self.lease(which)

        def effects(session: Session) -> None:
            session.note("effect", job=lease.id)
            if fails:
                raise InterruptedError

        if not is_held:
            with pytest.raises(LeaseLost):
                self.queue.complete(lease, effects)
        elif fails:
            with pytest.raises(InterruptedError):
                self.queue.complete(lease, effects)
        else:
            self.queue.complete(lease, effects)
            job.state, job.holder, job.effects = JobState.DONE, None, job.effects + 1

    @precondition(lambda self: self.leases)
    @rule(which=st.integers(0, 20), delay=st.none() | st.sampled_from([0, 50]))
    def fail(self, which: int, delay: int | None) -> None:
        lease, job, is_held = self.lease(which)
        self.attempt(is_held, lambda: self.queue.fail(lease, "no", delay))
        if is_held:
            job.holder = None
            if delay is None:
                job.state = JobState.DEAD
            else:
                job.due = self.now + timedelta(seconds=delay)

    @precondition(lambda self: self.leases)
    @rule(which=st.integers(0, 20))
    def renew(self, which: int) -> None:
        lease, job, is_held = self.lease(which)
        self.attempt(is_held, lambda: self.queue.renew(lease))
        if is_held:
            job.due = self.now + timedelta(seconds=SECONDS)

    @precondition(lambda self: self.leases)
    @rule(which=st.integers(0, 20))
    def release(self, which: int) -> None:
        lease, job, is_held = self.lease(which)
        self.attempt(is_held, lambda: self.queue.release(lease))
        if is_held:
            job.holder, job.attempts, job.due = None, job.attempts - 1, self.now

    @rule()
    def retry(self) -> None:
        dead = [job for job in self.expected.values() if job.state is JobState.DEAD]
        with self.registry.write(CALLER, Act.MAINTAIN) as session:
            with patch.object(overview, "database_clock", lambda _: self.now):
                assert overview.retry(session) == len(dead)
        for job in dead:
            job.state, job.attempts, job.due = JobState.WAITING, 0, self.now

    def attempt(self, is_held: bool, act: Callable[[], None]) -> None:
        if is_held:
            act()
        else:
            with pytest.raises(LeaseLost):
                act()

    @invariant()
    def all_is_as_expected(self) -> None:
        with self.registry.read(CALLER, Act.MAINTAIN) as session:
            found = {job.id: (job.state, job.attempts) for job in overview.jobs(session)}
            effects = Counter(row.detail for row in show(session) if row.kind == "effect")
        assert found == {id_: (job.state, job.attempts) for id_, job in self.expected.items()}
        assert sum(effects.values()) == sum(job.effects for job in self.expected.values())
        assert set(effects.values()) <= {1}


@pytest.mark.parametrize(("database", "examples"), [("sqlite", 50), ("postgresql", 6)])
def test_whatever_happens_each_job_is_done_once(
    request: pytest.FixtureRequest, database: str, examples: int, tmp_path: Path
) -> None:
    template = request.getfixturevalue(f"{database}_template")
    databases = (sqlite_copies if database == "sqlite" else partial(postgresql_copies, request))(template, tmp_path)

    class OnDatabase(Jobs):
        def fresh_url(self) -> str:
            return next(databases)

    run_state_machine_as_test(
        OnDatabase, settings=settings(max_examples=examples, stateful_step_count=40, deadline=None)
    )
    databases.close()


def sqlite_copies(template: Path, folder: Path) -> Generator[str]:
    while True:
        path = folder / "registry.db"
        for old in folder.glob("registry.db*"):
            old.unlink()
        shutil.copy(template, path)
        yield sqlite_url(path)


def postgresql_copies(request: pytest.FixtureRequest, template: str, _: Path) -> Generator[str]:
    while True:
        with fresh_database(request.getfixturevalue("postgresql"), template) as url:
            yield url
