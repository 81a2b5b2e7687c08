"""The daily maintenance as jobs: once a day for each school, however many programs serve it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs import maintenance, overview
from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.job import JobState
from fotopoort.jobs.queue import Queue
from fotopoort.registry import maintenance as registry_maintenance
from fotopoort.registry import retention
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import follow_ups
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.database import Database
from fotopoort.registry.store.tables import job as job_table

from .conftest import SECONDS, Clock


def work(queue: Queue) -> list[tuple[str, Outcome]]:
    """Do every school's maintenance that is due; what was done, and what became of it."""
    return [(name, outcome) for name, outcome in work_off(queue) if name.endswith("daily")]


def work_off(queue: Queue) -> list[tuple[str, Outcome]]:
    """Do everything that is due."""
    done = []
    handlers = {handler.kind: handler for handler in maintenance.handlers(queue.registry)}
    while due := [kind for kind, wait in queue.seconds_until_due(dict.fromkeys(handlers, 1)).items() if wait <= 0]:
        lease = queue.take(due[0], 1, "a")
        assert lease is not None
        kind = "daily" if lease.kind.startswith(maintenance.DAILY) else "vacuum"
        done.append((f"{lease.tenant} {kind}", execute(queue, handlers[due[0]], lease, chance=lambda: 0.0)))
    return done


def test_once_a_day_for_each_school(queue: Queue, registry: Registry, other_school: Caller, clock: Clock) -> None:
    each = ["other daily", "school daily"]
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
        ("2026-11-24T22:30", 1),
        ("2026-11-24T22:59", 0),
        ("2026-11-24T23:01", 1),
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
    assert [outcome for _, outcome in work(queue)] == [Outcome.DONE]
    with registry.read(caller, Act.MAINTAIN) as session:
        assert api_keys.keys(session) == []


def test_after_a_change_of_the_policy_it_is_done_once_more(queue: Queue, registry: Registry) -> None:
    maintenance.plan(registry)
    assert len(work(queue)) == 1
    registry.channels = (replace(registry.channels[0], purpose="other"), *registry.channels[1:])
    for _ in range(2):
        maintenance.plan(registry)
    assert len(work(queue)) == 1


@pytest.fixture
def other(registry: Registry, url: str, clock: Clock) -> Iterator[Queue]:
    """The queue of a service with another policy on the same database."""
    channels = (replace(registry.channels[0], purpose="other"), *registry.channels[1:])
    other = Registry(
        Database(url),
        data_folder=registry.data_folder,
        keys_folder=registry.keys_folder,
        channels=channels,
        clock=clock,
    )
    yield Queue(other, seconds=SECONDS, clock=lambda _: clock())
    other.close()


def dailies(registry: Registry, caller: Caller) -> list[tuple[JobState, str | None]]:
    with registry.read(caller, Act.MAINTAIN) as session:
        return [(job.state, job.error) for job in overview.jobs(session) if job.kind.startswith(maintenance.DAILY)]


def test_a_day_is_done_by_the_policy_for_which_it_was_planned(
    queue: Queue, other: Queue, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a service with another policy looks first."""
    done: list[str] = []
    daily_in = registry_maintenance.daily_in

    def noting(session: Session) -> None:
        done.append(str(session.channels[0].purpose))
        daily_in(session)

    monkeypatch.setattr(registry_maintenance, "daily_in", noting)
    maintenance.plan(registry)
    assert work(other) == []
    maintenance.plan(other.registry)
    assert "school daily" in dict(work(other))
    assert done == ["other"]
    assert "school daily" in dict(work(queue))
    assert done == ["other", str(registry.channels[0].purpose)]


def test_of_a_policy_that_is_gone_a_past_day_is_finished_by_another(
    queue: Queue, other: Queue, registry: Registry, caller: Caller, clock: Clock
) -> None:
    maintenance.plan(registry)
    maintenance.plan(other.registry)
    work(other)
    assert sorted(dailies(registry, caller)) == [(JobState.DONE, None), (JobState.WAITING, None)]
    clock.now += timedelta(days=1)
    maintenance.plan(other.registry)
    work(other)
    assert sorted(map(str, dailies(registry, caller))) == sorted(
        map(str, [(JobState.DONE, None), (JobState.DONE, None), (JobState.DONE, "superseded")])
    )
    assert work(queue) == []


def test_where_a_policy_comes_back_on_the_same_day_it_is_done_by_it_again(
    queue: Queue, other: Queue, registry: Registry
) -> None:
    for turn in (queue, other, queue, other):
        for at_start in (True, True, False):  # several services of one policy, and those that go on
            maintenance.plan(turn.registry, at_start=at_start)
        assert [name for name, _ in work(turn)].count("school daily") == 1
    for turn in (queue, other) * 2:  # both go on side by side
        maintenance.plan(turn.registry)
        assert work(turn) == []


def test_days_that_fail_do_not_pile_up(
    queue: Queue, registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RegistryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(retention, "apply", failing)
        for _ in range(3):
            maintenance.plan(registry)
            work(queue)
            clock.now += timedelta(days=1)
    maintenance.plan(registry)
    assert [name for name, _ in work(queue)].count("school daily") == 1
    assert sorted(error or "" for state, error in dailies(registry, caller) if state is JobState.DONE) == [
        "",
        *["superseded"] * 3,
    ]


def test_what_fails_is_tried_again_and_erases_nothing_by_half(
    queue: Queue, registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RegistryUnavailable

    maintenance.plan(registry)
    with monkeypatch.context() as patch:
        patch.setattr(retention, "apply", failing)
        assert work(queue) == [("school daily", Outcome.RETRY)]
    clock.now += timedelta(minutes=11)
    assert [outcome for _, outcome in work(queue)] == [Outcome.DONE]
    with registry.read(caller, Act.MAINTAIN) as session:
        assert {job.state for job in overview.jobs(session) if job.kind != maintenance.VACUUM} == {JobState.DONE}


def test_one_who_cannot_be_erased_holds_up_nothing_else(
    queue: Queue, registry: Registry, caller: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise RegistryUnavailable

    with registry.write(caller, Act.MANAGE_KEYS) as session:
        api_keys.revoke(session, api_keys.make(session, KeyRole.OFFICE, "administratie")[0].id)
    clock.now += timedelta(days=800)
    maintenance.plan(registry)
    is_file = registry.database.dialect == "sqlite"
    vacuumed: list[datetime] = []
    monkeypatch.setattr(registry.database, "vacuum", lambda: vacuumed.append(clock()))
    with monkeypatch.context() as patch:
        patch.setattr(retention, "erase_leavers", failing)
        for _ in range(4):
            assert ("school daily", Outcome.RETRY) in work_off(queue)
            clock.now += timedelta(minutes=11)
        assert len(vacuumed) == is_file, "once a day, however often it is tried"
    with registry.read(caller, Act.MAINTAIN) as session:
        assert api_keys.keys(session) == []
    assert ("school daily", Outcome.DONE) in work_off(queue)
    assert vacuums(registry) == is_file


def test_what_only_tells_undoes_nothing(
    queue: Queue, registry: Registry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(session: object) -> None:
        raise ValueError("Noor de Vries")

    monkeypatch.setattr(follow_ups, "gone_purposes", failing)
    maintenance.plan(registry)
    assert work(queue) == [("school daily", Outcome.DONE)]
    assert "could not be found out: ValueError" in caplog.text
    assert "Noor" not in caplog.text


@pytest.mark.parametrize("act", [maintenance.plan, registry_maintenance.sign, registry_maintenance.frequent])
def test_a_school_where_it_fails_holds_up_no_other(
    registry: Registry, other_school: Caller, monkeypatch: pytest.MonkeyPatch, act: Callable[[Registry], None]
) -> None:
    session, done = Registry.session, list[str]()

    def failing(self: Registry, connection: Connection, caller: Caller, *, writes: bool = False) -> Session:
        if caller.tenant == other_school.tenant:  # the first of both
            raise RegistryUnavailable
        done.append(caller.tenant)
        return session(self, connection, caller, writes=writes)

    monkeypatch.setattr(Registry, "session", failing)
    with pytest.raises(RegistryUnavailable):
        act(registry)
    assert done == ["school"]


def vacuums(registry: Registry) -> int:
    """How many wait, of all schools."""
    query = select(func.count()).where(job_table.c.kind == maintenance.VACUUM, job_table.c.state == "waiting")
    with registry.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_file_with_several_schools_is_vacuumed_once_and_a_server_never(
    queue: Queue, registry: Registry, other_school: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vacuumed: list[datetime] = []
    monkeypatch.setattr(registry.database, "vacuum", lambda: vacuumed.append(clock()))
    is_file = registry.database.dialect == "sqlite"
    for day in range(1, 3):
        maintenance.plan(registry)
        assert len(work_off(queue)) == 2
        assert vacuums(registry) == is_file
        clock.now += timedelta(minutes=5)
        work_off(queue)
        assert len(vacuumed) == day * is_file
        assert vacuums(registry) == 0
        clock.now += timedelta(days=1)


def test_vacuums_that_fail_do_not_pile_up(
    queue: Queue, registry: Registry, other_school: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> None:
        raise RegistryUnavailable

    monkeypatch.setattr(registry.database, "vacuum", failing)
    for _ in range(3):
        maintenance.plan(registry)
        for _ in range(2):
            work_off(queue)
            clock.now += timedelta(minutes=5)
        assert vacuums(registry) == (registry.database.dialect == "sqlite")
        clock.now += timedelta(days=1)
