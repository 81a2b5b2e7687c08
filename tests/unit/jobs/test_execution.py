"""One attempt at a job: what its handler raises is what becomes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from fotopoort.errors import NotFound, RegistryUnavailable
from fotopoort.jobs import execution
from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.handlers import GiveUp, Handle, Handler, Retry, Task
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.queue import WORKER_LOST, Effects, Queue
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.registry import Registry

from .conftest import KIND, SECONDS, Clock, Enqueue
from .test_queue import Find, taken, tell, told

SCHEDULE = RetrySchedule((0, 10, 100), jitter=0.5)


def attempt(queue: Queue, handle: Handle, lease: Job | None = None) -> Outcome:
    return execute(queue, Handler(KIND, handle, SCHEDULE), lease or taken(queue), chance=lambda: 1.0)


def raising(error: Exception) -> Handle:
    def handle(_: Task) -> Effects | None:
        raise error

    return handle


def test_a_handler_gets_what_it_needs(queue: Queue, enqueue: Enqueue, find: Find) -> None:
    got: list[Task] = []
    id_ = enqueue({"post": "0" * 32})
    assert attempt(queue, lambda task: got.append(task)) is Outcome.DONE
    (task,) = got
    assert (task.tenant, task.id, task.payload, task.version, task.attempt) == ("school", id_, {"post": "0" * 32}, 1, 1)
    assert 0 < task.seconds_left() <= 60
    assert find(id_).state is JobState.DONE


def test_its_effects_are_written(queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller) -> None:
    enqueue()
    assert attempt(queue, lambda _: tell("done")) is Outcome.DONE
    assert told(registry, caller) == ["done"]


@pytest.mark.parametrize(
    ("error", "code", "wait"),
    [
        pytest.param(Retry("timed_out"), "timed_out", 15, id="retry"),
        pytest.param(Retry("busy", after=40), "busy", 40, id="not before"),
        pytest.param(NotFound(), "not_found", 15, id="an error of ours"),
        pytest.param(ValueError("Noor de Vries"), "ValueError", 15, id="any other"),
        pytest.param(GiveUp("410"), "410", None, id="give up"),
    ],
)
def test_what_it_raises_is_what_becomes_of_it(
    queue: Queue,
    enqueue: Enqueue,
    find: Find,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    code: str,
    wait: float | None,
) -> None:
    id_ = enqueue()
    assert attempt(queue, raising(error)) is (Outcome.DEAD if wait is None else Outcome.RETRY)
    job = find(id_)
    assert job.error == code
    assert job.state is (JobState.DEAD if wait is None else JobState.WAITING)
    if wait is not None:
        assert job.due == clock() + timedelta(seconds=wait)
    assert id_ in caplog.text
    assert "Noor" not in caplog.text


def test_effects_that_fail_are_a_failed_attempt(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, find: Find
) -> None:
    id_ = enqueue()

    def handle(_: Task) -> Effects:
        def effects(session: object) -> None:
            tell("half")(session)  # type: ignore[arg-type]
            raise Retry("moved")

        return effects

    assert attempt(queue, handle) is Outcome.RETRY
    assert told(registry, caller) == []
    assert find(id_).error == "moved"


def test_after_the_last_attempt_it_is_dead(queue: Queue, enqueue: Enqueue, find: Find, clock: Clock) -> None:
    id_ = enqueue()
    outcomes = []
    for _ in SCHEDULE.delays:
        outcomes.append(attempt(queue, raising(Retry("no"))))
        clock.now += timedelta(days=1)
    assert outcomes == [Outcome.RETRY, Outcome.RETRY, Outcome.DEAD]
    assert queue.take(KIND, 1, "a") is None
    assert find(id_).attempts == 3


@pytest.mark.parametrize(("forever", "second"), [(True, logging.ERROR), (False, logging.WARNING)])
def test_what_is_tried_for_ever_is_told_as_an_error_from_the_second_time_on(
    queue: Queue, enqueue: Enqueue, clock: Clock, caplog: pytest.LogCaptureFixture, forever: bool, second: int
) -> None:
    caplog.set_level(logging.WARNING, "fotopoort.jobs")
    enqueue()
    handler = Handler(KIND, raising(Retry("no")), RetrySchedule((0, 0, 0, 0), forever=forever))
    for _ in range(3):
        assert execute(queue, handler, taken(queue), chance=lambda: 0.0) is Outcome.RETRY
    assert [record.levelno for record in caplog.records] == [logging.WARNING, second, second]


def test_what_ends_its_worker_each_time_is_dead_in_the_end(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock
) -> None:
    id_ = enqueue()
    for _ in SCHEDULE.delays:
        taken(queue)  # and never comes back
        clock.now += timedelta(seconds=SECONDS)

    def handle(_: Task) -> None:
        pytest.fail("it was tried once more")

    assert attempt(queue, handle) is Outcome.DEAD
    assert (find(id_).error, find(id_).state) == (WORKER_LOST, JobState.DEAD)


def test_what_cannot_be_finished_now_is_so_later_in_the_same_attempt(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is locked for a while is no reason to do again what was done elsewhere."""
    complete, tried, handled = queue.complete, list[int](), list[Task]()

    def locked(lease: Job, effects: Effects | None = None) -> None:
        tried.append(1)
        if len(tried) < 3:
            raise RegistryUnavailable
        complete(lease, effects)

    def handle(task: Task) -> Effects:
        handled.append(task)
        return tell("done")

    monkeypatch.setattr(queue, "complete", locked)
    monkeypatch.setattr(execution, "SECONDS_BEFORE_NEXT", 0.001)
    enqueue()
    assert attempt(queue, handle) is Outcome.DONE
    assert (len(tried), len(handled), told(registry, caller)) == (3, 1, ["done"])


def test_at_the_deadline_it_is_a_failed_attempt(
    queue: Queue, enqueue: Enqueue, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise RegistryUnavailable

    monkeypatch.setattr(queue, "complete", locked)
    id_ = enqueue()
    handler = Handler(KIND, lambda _: None, SCHEDULE, timeout=0)
    assert execute(queue, handler, taken(queue), chance=lambda: 0.0) is Outcome.RETRY
    assert find(id_).error == "registry_unavailable"


@pytest.mark.parametrize("ends", ["well", "retry", "give up"])
def test_who_lost_the_lease_meanwhile_writes_nothing_and_says_so(
    queue: Queue,
    enqueue: Enqueue,
    registry: Registry,
    caller: Caller,
    find: Callable[[str], Job],
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    ends: str,
) -> None:
    caplog.set_level(logging.WARNING)
    id_ = enqueue()
    others: list[Job] = []

    def slow(_: Task) -> Effects:
        clock.now += timedelta(seconds=SECONDS)
        others.append(taken(queue, "b"))
        if ends == "retry":
            raise Retry("late")
        if ends == "give up":
            raise GiveUp("late")
        return tell("late")

    assert attempt(queue, slow) is Outcome.LOST
    assert find(id_) == others[0]
    assert told(registry, caller) == []
    assert "lost to another worker" in caplog.text
