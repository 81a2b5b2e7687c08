"""Who does which job, on both databases: leases, their tokens and their end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text
from tests.waiting import PATIENCE

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs import overview
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.queue import WORKER_LOST, LeaseLost, Queue
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.registry import outbox, school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.database import Database
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import job

from .conftest import KIND, SECONDS, Clock, Enqueue

Find = Callable[[str], Job]


def taken(queue: Queue, worker: str = "a", kind: str = KIND) -> Job:
    lease = queue.take(kind, 1, worker)
    assert lease is not None
    return lease


def told(registry: Registry, caller: Caller) -> list[str]:
    """What the effects of jobs wrote."""
    with registry.read(caller, Act.SET) as session:
        return [past.value for past in school_settings.history(session, "told")]


def tell(what: str) -> Callable[[Session], None]:
    return lambda session: school_settings.set_value(session, "told", what, "test")


def test_jobs_are_taken_when_they_are_due_the_oldest_first(queue: Queue, enqueue: Enqueue, clock: Clock) -> None:
    later, first, second = enqueue(wait=10), enqueue(wait=-5), enqueue(wait=-1)
    assert [taken(queue).id, taken(queue).id] == [first, second]
    assert queue.take(KIND, 1, "a") is None
    clock.now += timedelta(seconds=10)
    assert taken(queue).id == later


def test_a_job_that_is_leased_is_nobody_elses(queue: Queue, enqueue: Enqueue, find: Find, clock: Clock) -> None:
    id_ = enqueue()
    lease = taken(queue, "machine 1")
    assert queue.take(KIND, 1, "machine 2") is None
    assert find(id_) == lease
    assert (lease.worker, lease.attempts, lease.token) == ("machine 1", 1, 1)
    assert lease.due == clock() + timedelta(seconds=SECONDS)


def test_what_a_job_does_and_that_it_is_done_is_one_transaction(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, find: Find, clock: Clock
) -> None:
    id_ = enqueue()
    lease = taken(queue)

    def halfway(session: Session) -> None:
        tell("half")(session)
        outbox.enqueue(session, "next", {})
        raise RegistryUnavailable

    with pytest.raises(RegistryUnavailable):
        queue.complete(lease, halfway)
    assert told(registry, caller) == []
    assert find(id_) == lease
    assert queue.take("next", 1, "a") is None
    queue.complete(lease, tell("whole"))
    assert told(registry, caller) == ["whole"]
    done = find(id_)
    assert (done.state, done.finished, done.worker) == (JobState.DONE, clock(), None)
    assert queue.take(KIND, 1, "a") is None


def test_a_lease_that_ran_out_goes_to_another_and_the_old_token_does_nothing(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, find: Find, clock: Clock
) -> None:
    id_ = enqueue()
    old = taken(queue, "machine 1")
    clock.now += timedelta(seconds=SECONDS - 1)
    assert queue.take(KIND, 1, "machine 2") is None
    clock.now += timedelta(seconds=1)
    new = taken(queue, "machine 2")
    assert (new.id, new.token, new.attempts) == (id_, old.token + 1, 2)
    acts: tuple[Callable[[], None], ...] = (
        lambda: queue.complete(old, tell("old")),
        lambda: queue.fail(old, "late", 1),
        lambda: queue.fail(old, "late", None),
        lambda: queue.renew(old),
        lambda: queue.release(old),
    )
    for act in acts:
        with pytest.raises(LeaseLost):
            act()
        assert find(id_) == new
    queue.complete(new, tell("new"))
    with pytest.raises(LeaseLost):
        queue.complete(new, tell("again"))
    assert told(registry, caller) == ["new"]


def test_a_lease_that_ran_out_can_be_finished_while_nobody_took_the_job(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock
) -> None:
    id_ = enqueue()
    lease = taken(queue)
    clock.now += timedelta(days=1)
    queue.complete(lease)
    assert find(id_).state is JobState.DONE


def test_a_lease_that_ran_out_is_a_failed_attempt_after_which_the_job_waits(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock
) -> None:
    schedule = RetrySchedule((0, 100, 1_000))
    id_, other = enqueue(wait=-1), enqueue(kind="other")
    for attempts, delay in ((1, 100), (2, 1_000)):
        lease = queue.take(KIND, 1, "a", schedule)
        assert lease is not None
        assert lease.attempts == attempts
        clock.now += timedelta(seconds=SECONDS)
        assert queue.take(KIND, 1, "b", schedule) is None
        assert (find(id_).worker, find(id_).error, find(id_).attempts) == (None, WORKER_LOST, attempts)
        clock.now += timedelta(seconds=delay - 1)
        assert queue.take(KIND, 1, "b", schedule) is None
        clock.now += timedelta(seconds=1)
    queue.take(KIND, 1, "a", schedule)
    clock.now += timedelta(seconds=SECONDS)
    last = queue.take(KIND, 1, "b", schedule)  # who gives it up, as no attempt is left
    assert last is not None
    assert find(other).attempts == 0


def test_who_comes_back_while_the_job_waits_can_go_on_with_it(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock
) -> None:
    schedule = RetrySchedule((0, 100))
    id_ = enqueue()
    lease = taken(queue)
    clock.now += timedelta(seconds=SECONDS)
    assert queue.take(KIND, 1, "b", schedule) is None
    queue.renew(lease)
    assert find(id_).worker == "a"
    queue.complete(lease)
    assert find(id_).state is JobState.DONE


def test_a_lease_that_is_renewed_lasts(queue: Queue, enqueue: Enqueue, clock: Clock) -> None:
    enqueue()
    lease = taken(queue)
    for _ in range(3):
        clock.now += timedelta(seconds=SECONDS - 1)
        queue.renew(lease)
        assert queue.take(KIND, 1, "b") is None
    queue.complete(lease)


def test_what_is_given_back_counts_as_untried_and_whoever_gave_it_back_finishes_nothing(
    queue: Queue, enqueue: Enqueue, find: Find
) -> None:
    id_ = enqueue()
    lease = taken(queue)
    queue.release(lease)
    assert (find(id_).attempts, find(id_).worker) == (0, None)
    with pytest.raises(LeaseLost):
        queue.complete(lease)
    assert taken(queue, "b").attempts == 1


def test_what_failed_waits_or_is_dead(queue: Queue, enqueue: Enqueue, find: Find, clock: Clock) -> None:
    id_ = enqueue()
    lease = taken(queue)
    queue.fail(lease, "timed_out", 30)
    failed = find(id_)
    assert (failed.state, failed.error, failed.worker) == (JobState.WAITING, "timed_out", None)
    assert failed.due == clock() + timedelta(seconds=30)
    with pytest.raises(LeaseLost):
        queue.complete(lease)
    assert queue.take(KIND, 1, "a") is None
    clock.now += timedelta(seconds=30)
    queue.fail(taken(queue), "gone", None)
    dead = find(id_)
    assert (dead.state, dead.error, dead.attempts, dead.finished) == (JobState.DEAD, "gone", 2, clock())
    clock.now += timedelta(days=1000)
    assert queue.take(KIND, 1, "a") is None


def test_kinds_and_versions_that_nobody_knows_wait_and_are_told(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock
) -> None:
    strange, newer, known = enqueue(kind="strange"), enqueue(version=2), enqueue()
    assert queue.unknown({KIND: 1}) == {"strange": 1, KIND: 1}
    assert queue.unknown({}) == {"strange": 1, KIND: 2}
    assert taken(queue).id == known
    clock.now += timedelta(days=400)
    assert taken(queue).id == known  # its lease ran out
    assert queue.take(KIND, 1, "a") is None
    assert {find(strange).state, find(newer).state} == {JobState.WAITING}
    later = queue.take(KIND, 2, "newer program")
    assert later is not None
    assert later.id == newer
    assert taken(queue, kind="strange").id == strange


def test_it_is_known_how_long_there_is_nothing_to_do(queue: Queue, enqueue: Enqueue, clock: Clock) -> None:
    assert queue.seconds_until_due({}) == {}
    assert queue.seconds_until_due({KIND: 1, "empty": 1}) == {}
    enqueue(wait=30, kind="other")
    enqueue(wait=20)
    enqueue(wait=10)
    enqueue(wait=5, version=2)
    assert queue.seconds_until_due({KIND: 1, "other": 1, "empty": 1}) == {KIND: 10, "other": 30}
    assert queue.seconds_until_due({KIND: 2}) == {KIND: 5}
    clock.now += timedelta(seconds=11)
    assert queue.seconds_until_due({KIND: 1}) == {KIND: -1}
    taken(queue)
    assert queue.seconds_until_due({KIND: 1}) == {KIND: 9}


def test_several_machines_take_each_job_once(queue: Queue, enqueue: Enqueue, clock: Clock, url: str) -> None:
    ids = {enqueue() for _ in range(24)}
    barrier = Barrier(3)

    def machine(number: int) -> list[str]:
        database = Database(url, seconds=PATIENCE)
        registry = Registry(database, data_folder=queue.registry.data_folder, keys_folder=queue.registry.keys_folder)
        own = Queue(registry, seconds=SECONDS, clock=lambda _: clock())
        barrier.wait(PATIENCE)
        found = []
        while lease := own.take(KIND, 1, str(number)):
            found.append(lease.id)
            own.complete(lease)
        registry.close()
        return found

    with ThreadPoolExecutor(3) as pool:
        found = [id_ for machine in pool.map(machine, range(3)) for id_ in machine]
    assert sorted(found) == sorted(ids)


def test_a_machine_that_waits_for_a_lock_does_not_hold_up_another(
    queue: Queue, enqueue: Enqueue, registry: Registry
) -> None:
    """While the effects of a job are written, another machine takes the next job. SQLite has one writer at a time."""
    if registry.database.dialect == "sqlite":
        pytest.skip("one writer at a time")
    first, second = enqueue(wait=-2), enqueue(wait=-1)
    lease, entered, leave = taken(queue), Event(), Event()
    assert lease.id == first

    def slow(_: Session) -> None:
        entered.set()
        leave.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        completing = pool.submit(queue.complete, lease, slow)
        assert entered.wait(PATIENCE)
        assert taken(queue, "b").id == second
        leave.set()
        completing.result(PATIENCE)


def test_the_lease_of_what_is_being_finished_needs_no_renewal(
    queue: Queue, enqueue: Enqueue, registry: Registry, find: Find
) -> None:
    """Nor is it given back. Whoever waited for its row would leave all other leases to run out."""
    if registry.database.dialect == "sqlite":
        pytest.skip("one writer at a time")
    id_ = enqueue()
    lease, entered, leave = taken(queue), Event(), Event()

    def slow(_: Session) -> None:
        entered.set()
        leave.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        completing = pool.submit(queue.complete, lease, slow)
        assert entered.wait(PATIENCE)
        queue.renew(lease)  # would fail after some seconds if it waited
        queue.release(lease)
        leave.set()
        completing.result(PATIENCE)
    assert find(id_).state is JobState.DONE
    with pytest.raises(LeaseLost):
        queue.renew(lease)


def test_by_default_the_clock_is_the_databases(registry: Registry, enqueue: Enqueue) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    with registry.database.read() as connection:
        assert before < database_clock(connection) < before + timedelta(hours=2)
    enqueue(wait=-(10**9))
    lease = Queue(registry).take(KIND, 1, "a")
    assert lease is not None
    assert lease.due > before


def test_what_is_due_at_once_is_so_by_the_databases_clock(registry: Registry, caller: Caller, clock: Clock) -> None:
    """However far this machine's clock is ahead."""
    clock.now = datetime.now(UTC) + timedelta(days=1000)
    with registry.write(caller, Act.MAINTAIN) as session:
        id_ = outbox.enqueue(session, KIND, {})
    queue = Queue(registry)
    lease = queue.take(KIND, 1, "a")
    assert lease is not None
    queue.fail(lease, "no", None)
    with registry.write(caller, Act.MAINTAIN) as session:
        overview.retry(session)
    again = queue.take(KIND, 1, "a")
    assert again is not None
    assert again.id == id_


def test_a_clock_that_was_ahead_for_a_moment_strands_no_lease(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, clock: Clock
) -> None:
    id_, waits = enqueue(), enqueue(wait=10**8)
    clock.now += timedelta(days=1000)
    lost = taken(queue)
    clock.now -= timedelta(days=1000)
    assert queue.take(KIND, 1, "b") is None
    queue.end_stray_leases()
    held = taken(queue, "b")
    assert held.id == id_ == lost.id
    queue.end_stray_leases()  # which leaves others as they are
    assert queue.take(KIND, 1, "c") is None
    queue.complete(held)
    with registry.write(caller, Act.MAINTAIN) as session:
        assert overview.retry(session, waits) == 1
    assert taken(queue).id == waits


def test_what_a_worker_had_that_has_ended_is_due_at_once_and_counts_as_lost(queue: Queue, enqueue: Enqueue) -> None:
    ids = {enqueue(), enqueue()}
    theirs, ours = taken(queue, "ended"), taken(queue, "runs")
    assert {theirs.id, ours.id} == ids
    queue.end_leases_of(lambda worker: worker == "ended")
    again = taken(queue, "runs")
    assert (again.id, again.attempts, again.error) == (theirs.id, 2, WORKER_LOST)
    assert queue.take(KIND, 1, "runs") is None
    with pytest.raises(LeaseLost):
        queue.complete(theirs)


def test_finding_the_next_job_does_not_look_at_those_that_are_not_due(
    queue: Queue, registry: Registry, clock: Clock
) -> None:
    """Ten thousand that wait are not read: the plan of the query goes through the index of those that wait."""
    row = {
        "tenant": "school", "kind": KIND, "version": 1, "payload": {}, "state": "waiting",
        "due": clock() + timedelta(days=1), "attempts": 0, "token": 0, "made": clock(),
    }  # fmt: skip
    with registry.database.write() as connection:
        connection.execute(insert(job), [row | {"id": f"{number:032}"} for number in range(10_000)])
        if registry.database.dialect == "postgresql":
            connection.execute(text("ANALYZE job"))
    assert queue.seconds_until_due({KIND: 1, "other": 1}) == {KIND: 86_400}
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        queue.seconds_until_due({KIND: 1})
        assert queue.take(KIND, 1, "a") is None
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if registry.database.dialect == "sqlite" else "EXPLAIN"
    plans = []
    with registry.database.read() as connection:
        for statement, parameters in asked:
            if "FROM job" in statement:
                query = statement.removesuffix(" FOR UPDATE SKIP LOCKED")  # which a reader may not ask for
                plans.append(str(connection.exec_driver_sql(f"{explain} {query}", parameters).all()))
    assert len(plans) == 2
    for plan in plans:
        assert "ix_job_waiting" in plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan
