"""People: how they are recorded, and until when they are there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fotopoort.errors import AlreadyThere, BadRecord
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.registry import Registry

from .conftest import SEM


def test_a_name_is_put_together_from_its_parts(school: Registry, caller: Caller) -> None:
    with school.read(caller, Act.SEE_PEOPLE) as session:
        assert people.find(session, "p1").name == "Noor van den Berg"
        assert people.find(session, "p2") == SEM
        assert [record.id for record in people.records(session)] == ["s1", "p1", "p2"]


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (PersonRecord("p1", name="Another"), AlreadyThere),
        (PersonRecord("", name="Nobody"), BadRecord),
        (PersonRecord("p9"), BadRecord),
        (PersonRecord("p" * 81, name="Long"), BadRecord),
        (PersonRecord("p\ud800", name="Half"), BadRecord),
    ],
)
def test_what_cannot_be_written_down(
    school: Registry, caller: Caller, record: PersonRecord, error: type[Exception]
) -> None:
    with pytest.raises(error), school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, record)


def test_half_a_character_in_a_name_is_kept_as_a_question_mark(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="No\ud800or\0"))
        assert people.find(session, "p1").name == "No?or?"


def test_groups_are_those_of_the_day_of_the_photo(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.join(session, "p1", ["groep 4"], 2025)
        assert snapshot(session).persons["p1"].groups == {"groep 5"}
        assert snapshot(session, date(2026, 7, 31)).persons["p1"].groups == {"groep 4"}
        assert snapshot(session, date(2026, 8, 1)).persons["p1"].groups == {"groep 5"}


def test_who_left_is_no_candidate_from_the_next_day_on(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.leave(session, "p1", session.today)
        assert not snapshot(session).persons["p1"].has_left
        assert snapshot(session, session.today + timedelta(days=1)).persons["p1"].has_left
        assert not snapshot(session, session.today - timedelta(days=30)).persons["p1"].has_left
