"""The daily maintenance as jobs: once a day for each school, however many programs serve it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs import maintenance, overview
from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.job import JobState
from fotopoort.jobs.queue import Queue
from fotopoort.registry import retention
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.registry import Registry

from .conftest import Clock


def work(queue: Queue) -> list[tuple[str, Outcome]]:
    """Do everything that is due; what was done, and what became of it."""
    done = []
    handlers = {handler.kind: handler for handler in maintenance.handlers(queue.registry)}
    while due := [kind for kind, wait in queue.seconds_until_due(dict.fromkeys(handlers, 1)).items() if wait <= 0]:
        lease = queue.take(due[0], 1, "a")
        assert lease is not None
        done.append((f"{lease.tenant} {lease.kind}", execute(queue, handlers[due[0]], lease, chance=lambda: 0.0)))
    return done


def test_once_a_day_for_each_school(queue: Queue, registry: Registry, other_school: Caller, clock: Clock) -> None:
    kinds = "maintenance.daily", "maintenance.vacuum"
    each = sorted(f"{school} {kind}" for school in ("school", "other") for kind in kinds)
    for _ in range(3):  # several programs, and several starts
        maintenance.plan(registry)
    assert sorted(name for name, _ in work(queue)) == each
    clock.now += timedelta(hours=11)
    maintenance.plan(registry)
    assert work(queue) == []
    clock.now += timedelta(hours=2)
    for _ in range(2):
        maintenance.plan(registry)
    assert sorted(name for name, _ in work(queue)) == each


def test_a_day_begins_at_midnight_at_school(queue: Queue, registry: Registry, clock: Clock) -> None:
    for utc, runs in (
        ("2026-11-24T22:30", 2),
        ("2026-11-24T22:59", 0),
        ("2026-11-24T23:01", 2),
        ("2026-11-25T00:01", 0),
    ):
        clock.now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        maintenance.plan(registry)
        assert len(work(queue)) == runs, utc


def test_what_was_kept_long_enough_is_erased(queue: Queue, registry: Registry, caller: Caller, clock: Clock) -> None:
    with registry.write(caller, Act.MANAGE_KEYS) as session:
        key, _ = api_keys.make(session, KeyRole.OFFICE, "administratie")
        api_keys.revoke(session, key.id)
    clock.now += timedelta(days=800)
    maintenance.plan(registry)
    assert [outcome for _, outcome in work(queue)] == [Outcome.DONE, Outcome.DONE]
    with registry.read(caller, Act.MAINTAIN) as session:
        assert api_keys.keys(session) == []


def test_after_a_change_of_the_policy_it_is_done_once_more(queue: Queue, registry: Registry) -> None:
    maintenance.plan(registry)
    assert len(work(queue)) == 2
    registry.channels = (replace(registry.channels[0], purpose="other"), *registry.channels[1:])
    for _ in range(2):
        maintenance.plan(registry)
    assert len(work(queue)) == 2


def test_what_fails_is_tried_again_and_erases_nothing_by_half(
    queue: Queue, registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(session: object) -> None:
        raise RegistryUnavailable

    maintenance.plan(registry)
    with monkeypatch.context() as patch:
        patch.setattr(retention, "apply", failing)
        assert work(queue) == [("school maintenance.daily", Outcome.RETRY)]
    clock.now += timedelta(minutes=11)
    assert [outcome for _, outcome in work(queue)] == [Outcome.DONE, Outcome.DONE]
    with registry.read(caller, Act.MAINTAIN) as session:
        assert {job.state for job in overview.jobs(session)} == {JobState.DONE}
