"""Two who write in one school at once: one of them after the other, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import insert
from tests.waiting import PATIENCE

from fotopoort.errors import AlreadyThere
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.audit.verification import Verification, verify
from fotopoort.registry.people import groups, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import setting

WRITERS, ROUNDS = 3, 4


def at_once(registry: Registry, caller: Caller, work: Callable[[Session, int], object]) -> int:
    """How many of the writers that begin at the same moment are told that it is there already."""
    barrier = Barrier(WRITERS)

    def write(number: int) -> bool:
        barrier.wait(PATIENCE)
        try:
            with registry.write(caller, Act.EDIT_PEOPLE) as session:
                work(session, number)
        except AlreadyThere:
            return True
        return False

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(write, range(WRITERS)))


def test_an_id_that_several_add_at_once_is_added_by_one(registry: Registry, caller: Caller) -> None:
    for round in range(ROUNDS):
        record = PersonRecord(f"p{round}", name="Noor")

        def add(session: Session, _: int, record: PersonRecord = record) -> None:
            people.add(session, record)

        assert at_once(registry, caller, add) == WRITERS - 1
    with registry.read(caller, Act.SEE_PEOPLE) as session:
        assert len(people.records(session)) == ROUNDS


def test_groups_that_several_set_at_once_are_those_of_one(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        ref = people.add(session, PersonRecord("p1", name="Noor"), ["groep 1"])
    for _ in range(ROUNDS):
        assert not at_once(registry, caller, lambda session, number: people.join(session, "p1", [f"groep {number}"]))
        with registry.read(caller, Act.SEE_PEOPLE) as session:
            (names,) = groups.groups_of(session, ref).values()
            assert len(names) == 1


def test_settings_that_several_set_within_a_tick_are_all_kept(registry: Registry, caller: Caller) -> None:
    assert not at_once(
        registry, caller, lambda session, number: school_settings.set_value(session, "a", str(number), "omdat")
    )
    with registry.read(caller, Act.SET) as session:
        assert {past.value for past in school_settings.history(session, "a")} == set(map(str, range(WRITERS)))


def test_schools_that_several_add_at_once_are_one(registry: Registry) -> None:
    barrier = Barrier(WRITERS)

    def add(_: int) -> bool:
        barrier.wait(PATIENCE)
        try:
            registry.add_school(console("new"), "Nieuw")
        except AlreadyThere:
            return True
        return False

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sum(pool.map(add, range(WRITERS))) == WRITERS - 1


def test_whatever_may_be_there_once_is_there_already_the_second_time(registry: Registry, caller: Caller) -> None:
    with pytest.raises(AlreadyThere, match="in the meantime"), registry.write(caller, Act.SET) as session:
        row = {"tenant": "school", "key": "a", "since": session.now, "value": "1", "actor": "x", "reason": "y"}
        session.connection.execute(insert(setting).values(row))
        session.connection.execute(insert(setting).values(row))
    with registry.read(caller, Act.SET) as session:
        assert school_settings.history(session) == []


def test_who_verifies_sees_a_whole_log_while_others_write_and_keeps_nobody_waiting(
    registry: Registry, caller: Caller
) -> None:
    done, verifications = Event(), list[Verification]()

    def write() -> None:
        try:
            for number in range(40):
                with registry.write(caller, Act.EDIT_PEOPLE) as session:
                    people.add(session, PersonRecord(f"p{number}", name="Noor"), ["groep 5"])
        finally:
            done.set()

    def check() -> None:
        while not done.is_set():
            with registry.read(caller, Act.SEE_AUDIT) as session:
                verifications.append(verify(session))

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(write), pool.submit(check)]:
            ended.result(PATIENCE)
    assert [verification.problem for verification in verifications if verification.problem] == []
    with registry.read(caller, Act.SEE_AUDIT) as session:  # a log that is being read keeps no writer waiting
        verify(session)
        with registry.write(caller, Act.EDIT_PEOPLE) as writing:
            people.add(writing, PersonRecord("last", name="Noor"))
        assert verify(session).problem is None
