"""The jobs of a school, for people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fotopoort.canonical_json import canonical
from fotopoort.errors import NotFound
from fotopoort.jobs import overview
from fotopoort.jobs.job import JobState
from fotopoort.jobs.queue import Queue
from fotopoort.registry import retention
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import show, verify
from fotopoort.registry.registry import Registry

from .conftest import KIND, Clock, Enqueue
from .test_queue import Find, taken


def killed(queue: Queue, enqueue: Enqueue) -> str:
    """A job that is dead."""
    id_ = enqueue(wait=-1)
    queue.fail(taken(queue), "gone", None)
    return id_


def test_what_is_dead_comes_first_and_what_is_done_last(
    queue: Queue, registry: Registry, caller: Caller, enqueue: Enqueue
) -> None:
    dead = killed(queue, enqueue)
    done = enqueue()
    queue.complete(taken(queue))
    waiting, other = enqueue(wait=5), enqueue(wait=1, kind="other")
    with registry.read(caller, Act.MAINTAIN) as session:
        assert [job.id for job in overview.jobs(session)] == [dead, other, waiting, done]
        assert [job.id for job in overview.jobs(session, [JobState.WAITING])] == [other, waiting]
        assert [job.id for job in overview.jobs(session, [JobState.DEAD])] == [dead]
        assert len(overview.jobs(session, limit=1)) == 1


def test_another_schools_jobs_are_not_there(
    queue: Queue, registry: Registry, caller: Caller, other_school: Caller, enqueue: Enqueue
) -> None:
    dead = killed(queue, enqueue)
    with registry.write(other_school, Act.MAINTAIN) as session:
        assert overview.jobs(session) == []
        assert overview.retry(session) == 0
        with pytest.raises(NotFound):
            overview.retry(session, dead)


def test_a_dead_job_is_tried_again_under_its_own_id(
    queue: Queue, registry: Registry, caller: Caller, enqueue: Enqueue, find: Find
) -> None:
    dead = killed(queue, enqueue)
    with registry.write(caller, Act.MAINTAIN) as session:
        assert overview.retry(session, dead) == 1
    again = taken(queue)
    assert (again.id, again.attempts) == (dead, 1)
    with registry.write(caller, Act.MAINTAIN) as session:
        for id_ in (dead, "nothing"):
            with pytest.raises(NotFound):
                overview.retry(session, id_)
        assert verify(session).problem is None
        noted = [row.detail for row in show(session) if row.kind == "job.retried"]
    assert noted == [canonical({"job": dead})]


def test_one_that_is_named_and_waits_is_tried_now(
    queue: Queue, registry: Registry, caller: Caller, enqueue: Enqueue
) -> None:
    id_ = enqueue()
    queue.fail(taken(queue), "no", 1_000)
    with registry.write(caller, Act.MAINTAIN) as session:
        assert overview.retry(session) == 0
        assert overview.retry(session, id_) == 1
    assert (taken(queue).id, queue.take(KIND, 1, "b")) == (id_, None)
    with registry.write(caller, Act.MAINTAIN) as session, pytest.raises(NotFound):
        overview.retry(session, id_)


def test_all_dead_jobs_are_tried_again(queue: Queue, registry: Registry, caller: Caller, enqueue: Enqueue) -> None:
    dead = {killed(queue, enqueue) for _ in range(3)}
    with registry.write(caller, Act.MAINTAIN) as session:
        assert overview.retry(session) == 3
        assert overview.retry(session) == 0
    assert {taken(queue).id for _ in dead} == dead


def test_what_is_finished_is_kept_for_a_while(
    queue: Queue, registry: Registry, caller: Caller, enqueue: Enqueue, clock: Clock
) -> None:
    killed(queue, enqueue)
    enqueue()
    queue.complete(taken(queue))
    waits = enqueue(wait=-(10**8))
    for days, left in ((90, 3), (1, 1)):
        clock.now += timedelta(days=days)
        with registry.write(caller, Act.MAINTAIN) as session:
            due = next(due for due in retention.plan(session) if due.rule == "jobs")
            assert due.count == 3 - left
            assert next(due for due in retention.apply(session) if due.rule == "jobs").count == 3 - left
            assert len(overview.jobs(session)) == left
    assert taken(queue).id == waits
