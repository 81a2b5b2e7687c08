"""A job is written in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from tests.waiting import PATIENCE

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs import outbox
from fotopoort.jobs.job import Job, JobState, Payload
from fotopoort.jobs.queue import Queue
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import job

from .conftest import KIND, Enqueue


def count(registry: Registry) -> int:
    with registry.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(job)).scalar_one())


def test_it_is_there_when_the_transaction_ends_and_gone_when_it_fails(registry: Registry, caller: Caller) -> None:
    with pytest.raises(RegistryUnavailable), registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
        outbox.enqueue(session, KIND, {"person": "p1"})
        raise RegistryUnavailable
    assert count(registry) == 0
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
        outbox.enqueue(session, KIND, {"person": "p1"})
    assert count(registry) == 1


@pytest.mark.usefixtures("queue")
def test_a_job_is_as_it_was_written(registry: Registry, caller: Caller, find: Callable[[str], Job]) -> None:
    payload: Payload = {"id": "a-1", "count": 3, "last": True, "sha256": ["0" * 64], "nothing": None}
    with registry.write(caller, Act.MAINTAIN) as session:
        id_ = outbox.enqueue(session, KIND, payload, version=2, key="k")
    made = session.now
    assert find(id_) == Job(
        "school", id_, KIND, 2, payload, "k", JobState.WAITING, made, 0, 0, None, None, made, None
    )  # fmt: skip


def test_of_a_kind_and_key_a_school_has_one(
    registry: Registry, other_school: Caller, enqueue: Enqueue, queue: Queue
) -> None:
    first = enqueue({"n": 1}, key="k")
    assert enqueue({"n": 2}, key="k") == first
    lease = queue.take(KIND, 1, "a")
    assert lease is not None
    assert lease.payload == {"n": 1}
    queue.complete(lease)
    assert enqueue(key="k") == first  # also when it is done
    assert queue.take(KIND, 1, "a") is None
    assert enqueue(key="k", kind="another") != first
    assert enqueue(key="other") != first
    with registry.write(other_school, Act.MAINTAIN) as session:
        assert outbox.enqueue(session, KIND, {}, key="k") != first
    assert enqueue() != enqueue()


def test_of_a_key_that_several_enqueue_at_once_there_is_one(registry: Registry, enqueue: Enqueue) -> None:
    barrier = Barrier(3)

    def add(_: int) -> str:
        barrier.wait(PATIENCE)
        return enqueue(key="k")

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(add, range(3)))) == 1
    assert count(registry) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"name": "Noor de Vries"},
        {"name": "Zoë"},
        {"caption": "x" * 201},
        {"list": ["a", "twee woorden"]},
        {"line": "a\n"},
        {"number": 1.5},
        {"inner": {"a": "b"}},
    ],
    ids=str,
)
def test_what_somebody_wrote_does_not_go_into_a_payload(enqueue: Enqueue, registry: Registry, payload: Payload) -> None:
    with pytest.raises(ValueError, match="only"):
        enqueue(payload)
    assert count(registry) == 0
