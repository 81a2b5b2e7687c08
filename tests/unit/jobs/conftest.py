"""A queue to test with, on SQLite and on PostgreSQL, whose clock stands still until the test moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from tests.unit.registry.conftest import Clock, caller, clock, other_school, registry, url

from fotopoort.jobs import overview
from fotopoort.jobs.job import Job
from fotopoort.jobs.overview import jobs
from fotopoort.jobs.queue import Queue
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.outbox import Payload
from fotopoort.registry.registry import Registry

__all__ = ["Clock", "caller", "clock", "other_school", "registry", "url"]

SECONDS = 60.0  # that a lease lasts
KIND = "test.kind"
Enqueue: TypeAlias = Callable[..., str]


@pytest.fixture
def queue(registry: Registry, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """A queue whose database has that clock as well."""
    for module in (outbox, overview):
        monkeypatch.setattr(module, "database_clock", lambda _: clock())
    return Queue(registry, seconds=SECONDS, clock=lambda _: clock())


@pytest.fixture
def enqueue(registry: Registry, caller: Caller) -> Enqueue:
    """Enqueues in a transaction of its own; `wait`: due so many seconds from now."""

    def enqueue(payload: Payload | None = None, *, kind: str = KIND, wait: float = 0, **how: Any) -> str:  # noqa: ANN401
        with registry.write(caller, Act.MAINTAIN) as session:
            due = session.now + timedelta(seconds=wait)
            return outbox.enqueue(session, kind, payload or {}, due=due, **how)

    return enqueue


@pytest.fixture
def find(registry: Registry, caller: Caller) -> Callable[[str], Job]:
    """The job of an id, as it is now."""

    def find(job_id: str) -> Job:
        with registry.read(caller, Act.MAINTAIN) as session:
            return next(job for job in jobs(session) if job.id == job_id)

    return find
