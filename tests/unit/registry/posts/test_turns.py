"""Whoever makes posts takes turns with the others: a single photo never waits for five hundred of somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.jobs.conftest import queue
from tests.unit.registry.conftest import Clock

from fotopoort.jobs.job import Job
from fotopoort.jobs.queue import Queue
from fotopoort.registry.access.roles import Caller, KeyRole
from fotopoort.registry.posts.work import LOOK, ask_for
from fotopoort.registry.registry import Registry

from ..screened_photos import fill
from .posting import COLLEAGUE, TEACHER, TEACHER_OF_6, make, posting

__all__ = ["queue"]

MANY = 500
ELSEWHERE = Caller("other", "k5", KeyRole.TEACHER, frozenset({"groep 5"}))


@pytest.fixture
def schools(school: Registry, other_school: Caller) -> Registry:
    fill(school, other_school)
    return school


def photo_ids(name: int, count: int) -> list[str]:
    return [f"{name:08x}{number:024x}" for number in range(count)]


def ask(registry: Registry, post: str, photos: list[str], caller: Caller = TEACHER, *, at_once: bool = False) -> None:
    """Have photos looked at, as they come in one by one, or all at once."""
    with posting(registry, caller) as session:
        for some in [photos] if at_once else [[photo] for photo in photos]:
            ask_for(session, LOOK, post, dict.fromkeys(some, 0))


def take(queue: Queue, count: int) -> list[str]:
    """Do so many jobs, one after another; the photos of those."""
    done = []
    for _ in range(count):
        lease = taken(queue)
        queue.complete(lease)
        done.append(str(lease.payload["photo"]))
    return done


def taken(queue: Queue) -> Job:
    lease = queue.take(LOOK, 1, "worker")
    assert lease is not None
    return lease


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("other", [COLLEAGUE, TEACHER_OF_6, ELSEWHERE], ids=["group", "other group", "other school"])
def test_a_single_photo_does_not_wait_for_five_hundred_of_somebody_else(
    schools: Registry, queue: Queue, clock: Clock, other: Caller, at_once: bool
) -> None:
    many, (one,) = photo_ids(1, MANY), photo_ids(2, 1)
    groups = sorted(other.groups)
    ask(schools, make(schools), many, at_once=at_once)
    clock.now += timedelta(seconds=60)
    first = take(queue, 5)
    clock.now += timedelta(seconds=60)
    ask(schools, make(schools, other, groups=groups), [one], other)
    next_ = take(queue, 3)
    assert first == many[:5]
    assert one in next_
    assert [photo for photo in next_ if photo != one] == many[5:7], "in the order of the post"


def test_those_who_have_several_take_turns_each_in_their_own_order(
    schools: Registry, queue: Queue, clock: Clock
) -> None:
    many, several, further = photo_ids(1, 20), photo_ids(2, 4), photo_ids(3, 2)
    ask(schools, make(schools), many)
    clock.now += timedelta(seconds=60)
    ask(schools, make(schools, COLLEAGUE), several, COLLEAGUE)
    ask(schools, make(schools, COLLEAGUE), further, COLLEAGUE)
    done = take(queue, 14)
    theirs = [photo for photo in done if photo not in many]
    assert theirs == [*several, *further], "of all their posts together, in the order in which they came"
    assert [photo for photo in done if photo in many] == many[:8]
    for place in range(0, 12, 2):
        assert len(set(done[: place + 3]) & set(many)) <= place / 2 + 2


def test_whoever_waits_longest_is_not_kept_waiting_by_newcomers(schools: Registry, queue: Queue, clock: Clock) -> None:
    many = photo_ids(1, 3)
    ask(schools, make(schools), many)
    done = []
    for number in range(6):
        clock.now += timedelta(seconds=1)
        ask(schools, make(schools, Caller("school", f"n{number}", KeyRole.OFFICE)), photo_ids(10 + number, 1))
        done += take(queue, 1)
    assert [photo for photo in done if photo in many] == many[: len(set(done) & set(many))]
    assert len(set(done) & set(many)) >= 2


def test_what_waits_for_another_attempt_keeps_nothing_else_of_its_owner(
    schools: Registry, queue: Queue, clock: Clock
) -> None:
    post = make(schools)
    failed, second, third = photo_ids(1, 3)
    ask(schools, post, [failed, second])
    queue.fail(taken(queue), "screener_crashed", 600)
    ask(schools, post, [third])
    clock.now += timedelta(seconds=1)
    assert take(queue, 2) == [second, third]
    assert queue.take(LOOK, 1, "worker") is None
    clock.now += timedelta(seconds=600)
    assert take(queue, 1) == [failed]


def test_what_is_due_for_another_attempt_is_not_kept_waiting_by_newcomers(
    schools: Registry, queue: Queue, clock: Clock
) -> None:
    """While there is always something that waits, new photos are due before it was."""
    (failed,), newcomers = photo_ids(1, 1), photo_ids(2, 12)
    ask(schools, make(schools), [failed])
    lease = taken(queue)
    done = []
    post = make(schools, COLLEAGUE)
    ask(schools, post, newcomers[:2], COLLEAGUE)
    queue.fail(lease, "screener_crashed", 10)
    for photo in newcomers[2:]:
        clock.now += timedelta(seconds=5)
        ask(schools, post, [photo], COLLEAGUE)
        done += take(queue, 1)
    assert failed in done[:6]


def test_many_that_are_due_for_another_attempt_take_turns_as_well(
    schools: Registry, queue: Queue, clock: Clock
) -> None:
    failing, waiting, ones = photo_ids(1, 20), photo_ids(2, 20), photo_ids(3, 3)
    ask(schools, make(schools), failing, at_once=True)
    clock.now += timedelta(seconds=1)
    leases = [taken(queue) for _ in failing]
    ask(schools, make(schools, COLLEAGUE), waiting, COLLEAGUE, at_once=True)
    for lease in leases:
        queue.fail(lease, "screener_crashed", 10)
    clock.now += timedelta(seconds=30)
    for number, one in enumerate(ones):
        newcomer = Caller("school", f"n{number}", KeyRole.OFFICE)
        ask(schools, make(schools, newcomer), [one], newcomer)
        done = take(queue, 4)
        assert one in done
        assert len(set(done) & set(failing)) == 1
