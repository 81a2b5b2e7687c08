"""The runner: what is due is done, a few at a time, until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs import runner as runner_module
from fotopoort.jobs.handlers import Handle, Handler, Retry, Task
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.queue import Effects, Queue
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.jobs.runner import MAX_HANGING, Runner
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry, Session

from .conftest import KIND, SECONDS, Clock, Enqueue
from .test_queue import Find, taken, tell, told

SCHEDULE = RetrySchedule((0, 5, 5))


class Gate:
    """A handler that tells that it was entered, and waits until the test opens it."""

    def __init__(self) -> None:
        self.entered, self.open = threading.Semaphore(0), threading.Event()

    def __call__(self, _: Task) -> Effects:
        self.entered.release()
        assert self.open.wait(PATIENCE)
        return tell("done")


@contextmanager
def running(
    queue: Queue, *handlers: Handler, max_concurrency: int = 4, poll_interval: float = 0.02, stop: float = PATIENCE
) -> Iterator[Runner]:
    runner = Runner(queue, handlers, worker="here", max_concurrency=max_concurrency, poll_interval=poll_interval)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop(stop)


def handler(
    handle: Handle, kind: str = KIND, concurrency: int = 4, timeout: float = PATIENCE, version: int = 1
) -> Handler:
    return Handler(kind, handle, SCHEDULE, concurrency=concurrency, timeout=timeout, version=version)


@pytest.fixture
def is_done(find: Find) -> Callable[[str], bool]:
    return lambda id_: find(id_).state is JobState.DONE


def test_what_is_due_is_done_and_what_follows_from_it(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, is_done: Callable[[str], bool]
) -> None:
    def first(_: Task) -> Effects:
        def effects(session: Session) -> None:
            tell("first")(session)
            outbox.enqueue(session, "second", {})

        return effects

    ids = [enqueue() for _ in range(5)]
    with running(queue, handler(first), handler(lambda _: tell("second"), "second")):
        wait_for(lambda: sorted(told(registry, caller)) == ["first"] * 5 + ["second"] * 5)
        wait_for(lambda: all(map(is_done, ids)))


def test_a_job_of_which_it_is_told_is_taken_at_once(
    queue: Queue, enqueue: Enqueue, is_done: Callable[[str], bool]
) -> None:
    with running(queue, handler(lambda _: None), poll_interval=PATIENCE * 10) as runner:
        id_ = enqueue()
        runner.wake()
        wait_for(lambda: is_done(id_))


def test_what_is_not_due_waits(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock, is_done: Callable[[str], bool]
) -> None:
    later, now = enqueue(wait=100), enqueue()
    with running(queue, handler(lambda _: None)):
        wait_for(lambda: is_done(now))
        assert find(later).attempts == 0
        clock.now += timedelta(seconds=100)
        wait_for(lambda: is_done(later))


def test_what_failed_is_tried_again(
    queue: Queue, enqueue: Enqueue, find: Find, clock: Clock, is_done: Callable[[str], bool]
) -> None:
    def twice(task: Task) -> None:
        if task.attempt == 1:
            raise Retry("no")

    id_ = enqueue()
    with running(queue, handler(twice)):
        wait_for(lambda: find(id_).error == "no")
        clock.now += timedelta(seconds=10)
        wait_for(lambda: is_done(id_))
    assert find(id_).attempts == 2


@pytest.mark.parametrize(("max_concurrency", "of_kind", "expected"), [(2, 4, 2), (4, 1, 1), (4, 4, 4)])
def test_no_more_at_once_than_there_is_room_for(
    queue: Queue,
    enqueue: Enqueue,
    registry: Registry,
    caller: Caller,
    max_concurrency: int,
    of_kind: int,
    expected: int,
) -> None:
    gate = Gate()
    for _ in range(6):
        enqueue()
    with running(queue, handler(gate, concurrency=of_kind), max_concurrency=max_concurrency):
        for _ in range(expected):
            assert gate.entered.acquire(timeout=PATIENCE)
        assert not gate.entered.acquire(timeout=0.2)
        gate.open.set()
        wait_for(lambda: len(told(registry, caller)) == 6)


def test_a_kind_that_takes_long_does_not_hold_up_another(
    queue: Queue, enqueue: Enqueue, is_done: Callable[[str], bool]
) -> None:
    gate = Gate()
    slow = [enqueue(wait=-1), enqueue(wait=-1)]
    with running(queue, handler(gate, concurrency=1), handler(lambda _: None, "quick"), max_concurrency=2):
        assert gate.entered.acquire(timeout=PATIENCE)
        quick = enqueue(kind="quick")
        wait_for(lambda: is_done(quick))
        gate.open.set()
        wait_for(lambda: all(map(is_done, slow)))


def test_when_told_to_stop_it_finishes_what_is_under_way_and_takes_no_more(
    queue: Queue, enqueue: Enqueue, find: Find
) -> None:
    gate = Gate()
    ids = [enqueue(wait=-2), enqueue(wait=-1)]
    with running(queue, handler(gate), max_concurrency=1) as runner:
        assert gate.entered.acquire(timeout=PATIENCE)
        stopping = threading.Thread(target=runner.stop, args=(PATIENCE,))
        stopping.start()
        wait_for(runner._stopping.is_set)
        gate.open.set()
        stopping.join(PATIENCE)
    assert [find(id_).state for id_ in ids] == [JobState.DONE, JobState.WAITING]
    assert find(ids[1]).attempts == 0


def test_what_is_not_finished_in_time_is_given_back_and_finishes_nothing(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, find: Find, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()
    id_ = enqueue()
    with running(queue, handler(gate), stop=0):
        assert gate.entered.acquire(timeout=PATIENCE)
    assert (find(id_).worker, find(id_).attempts) == (None, 0)
    elsewhere = taken(queue, "elsewhere")
    gate.open.set()
    wait_for(lambda: "lost to another worker" in caplog.text)
    assert told(registry, caller) == []
    queue.complete(elsewhere, tell("elsewhere"))
    assert told(registry, caller) == ["elsewhere"]


def test_the_lease_of_what_is_under_way_is_renewed(registry: Registry, enqueue: Enqueue, find: Find) -> None:
    """By the database's own clock, with leases that are over at once unless they are renewed."""
    gate = Gate()
    id_ = enqueue(wait=-(10**9))
    with running(Queue(registry, seconds=1), handler(gate)):
        assert gate.entered.acquire(timeout=PATIENCE)
        first = find(id_).due
        wait_for(lambda: find(id_).due > first)
        gate.open.set()


def test_a_lease_that_cannot_be_renewed_holds_up_neither_the_others_nor_new_jobs(
    registry: Registry, enqueue: Enqueue, find: Find, is_done: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, gate = Queue(registry, seconds=1), Gate()
    stuck, renewed = enqueue(wait=-(10**9) - 1), enqueue(wait=-(10**9))
    renew, tried = queue.renew, threading.Event()

    def renewing(lease: Job) -> None:
        if lease.id == stuck:
            tried.set()
            raise RegistryUnavailable
        renew(lease)

    monkeypatch.setattr(queue, "renew", renewing)
    with running(queue, handler(gate, concurrency=2), handler(lambda _: None, "quick")):
        for _ in range(2):
            assert gate.entered.acquire(timeout=PATIENCE)
        first = find(renewed).due
        assert tried.wait(PATIENCE)
        wait_for(lambda: find(renewed).due > first)
        quick = enqueue(kind="quick", wait=-(10**9))
        wait_for(lambda: is_done(quick))
        gate.open.set()


def test_past_its_deadline_a_job_is_not_renewed_and_goes_to_another(
    queue: Queue,
    enqueue: Enqueue,
    registry: Registry,
    caller: Caller,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner_module, "MAX_HANGING", 0)  # so that it is not taken here again
    gate = Gate()
    enqueue()
    with running(queue, handler(gate, timeout=0, concurrency=1)):
        assert gate.entered.acquire(timeout=PATIENCE)
        clock.now += timedelta(seconds=SECONDS)
        queue.complete(taken(queue, "elsewhere"), tell("elsewhere"))
        gate.open.set()
    assert told(registry, caller) == ["elsewhere"]


def test_one_that_hangs_is_told_once_and_makes_room_up_to_a_limit(
    queue: Queue, enqueue: Enqueue, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()
    ids = [enqueue(wait=number - 10) for number in range(MAX_HANGING + 3)]
    with running(queue, handler(gate, timeout=0, concurrency=1), max_concurrency=1):
        for _ in range(MAX_HANGING + 1):  # the last one hangs as well, but counts
            assert gate.entered.acquire(timeout=PATIENCE)
        told_of = [f"job {id_} of kind {KIND} is past its deadline" for id_ in ids[: MAX_HANGING + 1]]
        wait_for(lambda: all(message in caplog.text for message in told_of))
        assert not gate.entered.acquire(timeout=0.2)
        for message in told_of:
            assert caplog.text.count(message) == 1
        gate.open.set()


def test_a_thread_that_cannot_be_started_leaves_its_room_and_its_job(
    queue: Queue, enqueue: Enqueue, find: Find, is_done: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, start, refused = enqueue(), threading.Thread.start, threading.Event()

    def starting(thread: threading.Thread) -> None:
        if thread.name.startswith("job ") and not refused.is_set():
            refused.set()
            raise RuntimeError
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", starting)
    with running(queue, handler(lambda _: None, concurrency=1)) as runner:
        assert refused.wait(PATIENCE)
        wait_for(lambda: find(id_).worker is None)
        wait_for(lambda: runner.wake() or is_done(id_))  # type: ignore[func-returns-value]
    assert find(id_).attempts == 1


def test_what_was_taken_while_it_was_told_to_stop_is_given_back(
    queue: Queue, enqueue: Enqueue, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, take, taking, stopping = enqueue(), queue.take, threading.Event(), threading.Event()

    def slowly(*how: Any, **more: Any) -> Job | None:  # noqa: ANN401
        lease = take(*how, **more)
        taking.set()
        assert stopping.wait(PATIENCE)
        return lease

    monkeypatch.setattr(queue, "take", slowly)
    begun = threading.Event()
    with running(queue, handler(lambda _: begun.set())) as runner:
        assert taking.wait(PATIENCE)
        runner.stop(0)
        stopping.set()
    assert (find(id_).worker, find(id_).attempts, begun.is_set()) == (None, 0, False)


def test_stopping_waits_for_the_database_once(
    queue: Queue, enqueue: Enqueue, is_done: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Job) -> None:
        tried.append(1)
        raise RegistryUnavailable

    gate, tried = Gate(), list[int]()
    ids = [enqueue() for _ in range(3)]
    monkeypatch.setattr(queue, "release", away)
    with running(queue, handler(gate), stop=0):
        for _ in range(3):
            assert gate.entered.acquire(timeout=PATIENCE)
    assert len(tried) == 1
    gate.open.set()
    wait_for(lambda: all(map(is_done, ids)))  # no thread is left behind
    wait_for(lambda: not any(thread.name.startswith("job ") for thread in threading.enumerate()))


def test_of_kinds_that_nobody_knows_it_tells(
    queue: Queue, enqueue: Enqueue, find: Find, is_done: Callable[[str], bool], caplog: pytest.LogCaptureFixture
) -> None:
    strange, newer, known = enqueue(kind="strange"), enqueue(version=2), enqueue()
    with running(queue, handler(lambda _: None)):
        wait_for(lambda: is_done(known))
    assert {find(strange).attempts, find(newer).attempts} == {0}
    assert "1 jobs of kind strange wait for a program that knows" in caplog.text
    assert f"1 jobs of kind {KIND} wait for a program that knows" in caplog.text
    with running(queue, handler(lambda _: None, version=2), handler(lambda _: None, "strange")):  # the newer program
        wait_for(lambda: is_done(strange) and is_done(newer))


def test_a_database_that_is_away_for_a_while_ends_nothing(
    queue: Queue,
    enqueue: Enqueue,
    is_done: Callable[[str], bool],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = threading.Event()
    away.set()
    look, write = queue.seconds_until_due, queue.complete

    def looking(kinds: dict[str, int]) -> dict[str, float]:
        if away.is_set():
            raise RegistryUnavailable
        return look(kinds)

    def completing(lease: Job, effects: Effects | None = None) -> None:
        if lease.attempts == 1:
            raise RegistryUnavailable
        write(lease, effects)

    monkeypatch.setattr(queue, "seconds_until_due", looking)
    monkeypatch.setattr(queue, "complete", completing)
    id_ = enqueue()
    with running(queue, Handler(KIND, lambda _: None, RetrySchedule((0, 0)), timeout=0)) as runner:
        wait_for(lambda: "jobs cannot be taken now: registry_unavailable" in caplog.text)
        away.clear()
        runner.wake()
        wait_for(lambda: is_done(id_))


def test_what_became_of_it_can_be_lost_with_the_database_and_the_lease_runs_out(
    queue: Queue,
    enqueue: Enqueue,
    find: Find,
    clock: Clock,
    is_done: Callable[[str], bool],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(*_: object) -> None:
        raise RegistryUnavailable

    id_ = enqueue()
    with monkeypatch.context() as patch:
        patch.setattr(queue, "complete", away)
        patch.setattr(queue, "fail", away)
        with running(queue, handler(lambda _: None, timeout=0)):
            wait_for(lambda: "could not be written: registry_unavailable" in caplog.text)
    assert find(id_).worker == "here"
    clock.now += timedelta(seconds=SECONDS + 5)  # until then as SCHEDULE has it
    with running(queue, handler(lambda _: None)):
        wait_for(lambda: is_done(id_))


def test_one_that_was_never_started_can_be_stopped(queue: Queue) -> None:
    Runner(queue, [], worker="here").stop(0)


def test_without_any_handler_nothing_is_taken(queue: Queue, enqueue: Enqueue, find: Find, caller: Caller) -> None:
    id_ = enqueue()
    looks = threading.Semaphore(0)
    look = queue.seconds_until_due
    queue.seconds_until_due = lambda kinds: looks.release() or look(kinds)  # type: ignore[method-assign, func-returns-value]
    with running(queue):
        for _ in range(3):
            assert looks.acquire(timeout=PATIENCE)
    assert find(id_).attempts == 0


def test_two_runners_do_each_job_once(
    queue: Queue, enqueue: Enqueue, registry: Registry, caller: Caller, is_done: Callable[[str], bool]
) -> None:
    ids = [enqueue({"number": number}) for number in range(30)]

    def handle(task: Task) -> Effects:
        return tell(str(task.payload["number"]))

    with running(queue, handler(handle)), running(queue, handler(handle)):
        wait_for(lambda: all(map(is_done, ids)))
    assert sorted(map(int, told(registry, caller))) == list(range(30))


def test_an_act_of_the_console_is_what_effects_are(queue: Queue, enqueue: Enqueue, caller: Caller) -> None:
    enqueue()
    sessions: list[Session] = []
    queue.complete(taken(queue), sessions.append)
    assert sessions[0].caller == caller
    assert sessions[0].caller.may(Act.MAINTAIN)
