"""A job is written in the transaction of what it tells, and holds nothing that somebody wrote."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from tests.waiting import PATIENCE

from fotopoort.errors import RegistryUnavailable
from fotopoort.jobs.job import Job, JobState
from fotopoort.jobs.queue import Queue
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.outbox import Payload
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
        outbox.enqueue(session, KIND, {"person": "0" * 32})
        raise RegistryUnavailable
    assert count(registry) == 0
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
        outbox.enqueue(session, KIND, {"person": "0" * 32})
    assert count(registry) == 1


@pytest.mark.usefixtures("queue")
def test_a_job_is_as_it_was_written(registry: Registry, caller: Caller, find: Callable[[str], Job]) -> None:
    payload: Payload = {"id": "a" * 32, "count": 3, "last": True, "hashes": ["0" * 64], "nothing": None}
    with registry.write(caller, Act.MAINTAIN) as session:
        id_ = outbox.enqueue(session, KIND, payload, version=2, key="1")
    made = session.now
    assert find(id_) == Job(
        "school", id_, KIND, 2, payload, "1", JobState.WAITING, made, 0, 0, None, None, made, None
    )  # fmt: skip


def test_of_a_kind_and_key_a_school_has_one(
    registry: Registry, other_school: Caller, enqueue: Enqueue, queue: Queue
) -> None:
    first = enqueue({"n": 1}, key="1")
    assert enqueue({"n": 2}, key="1") == first
    lease = queue.take(KIND, 1, "a")
    assert lease is not None
    assert lease.payload == {"n": 1}
    queue.complete(lease)
    assert enqueue(key="1") == first  # also when it is done
    assert queue.take(KIND, 1, "a") is None
    assert enqueue(key="1", kind="another") != first
    assert enqueue(key="2") != first
    with registry.write(other_school, Act.MAINTAIN) as session:
        assert outbox.enqueue(session, KIND, {}, key="1") != first
    assert enqueue() != enqueue()


def test_of_a_key_that_several_enqueue_at_once_there_is_one(registry: Registry, enqueue: Enqueue) -> None:
    barrier = Barrier(3)

    def add(_: int) -> str:
        barrier.wait(PATIENCE)
        return enqueue(key="1")

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(add, range(3)))) == 1
    assert count(registry) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"name": "Noor de Vries"},
        {"name": "Noor"},
        {"name": "noor"},
        {"name": "ada"},
        {"name": "Zoë"},
        {"file": "Noor-de-Vries.jpg"},
        {"file": "noor-de-vries.jpg"},
        {"path": "groep7/noor"},
        {"caption": "x" * 201},
        {"code": "a." * 20 + "b"},
        {"list": ["consent.given", "twee woorden"]},
        {"line": "a.b\n"},
        {"telephone": "0612345678"},
        {"number": 1.5},
        {"inner": {"a": "b"}},
        {"Noor de Vries": 1},
        {"noor-1": 1},
    ],
    ids=str,
)
def test_what_somebody_wrote_does_not_go_into_a_payload(enqueue: Enqueue, registry: Registry, payload: Payload) -> None:
    with pytest.raises(ValueError, match="only"):
        enqueue(payload)
    assert count(registry) == 0


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        "0123456789abcdef",
        "3f2b8c1e-9d4a-4c6b-8e2f-0a1b2c3d4e5f",
        "2026-11-24",
        "2026-11-24T12:00:00.5+01:00",
        "2026-11-24T12:00Z",
        "consent.given_again",
    ],
    ids=str,
)
def test_what_points_to_something_goes_into_a_payload(enqueue: Enqueue, value: str | int | None) -> None:
    assert enqueue({"a_value": value})
    if isinstance(value, str):
        assert enqueue({"a_list": [value]})


@pytest.mark.parametrize("kind", ["", "Webhook", "webhook delivery", "webhook.", "k" * 41])
def test_a_kind_is_a_code(enqueue: Enqueue, registry: Registry, kind: str) -> None:
    with pytest.raises(ValueError, match="a kind is"):
        enqueue(kind=kind)
    assert count(registry) == 0


@pytest.mark.parametrize(
    "key", ["", "noor", "Noor de Vries", "2026-11-24:noor", "0612345678", "0" * 81, "1:" * 40 + "1"]
)
def test_a_key_is_made_of_the_same(enqueue: Enqueue, registry: Registry, key: str) -> None:
    with pytest.raises(ValueError, match="a key takes"):
        enqueue(key=key)
    assert count(registry) == 0
