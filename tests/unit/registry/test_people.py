"""People and groups: who is written down how, who may know of whom, and what the end of a school year does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fotopoort.errors import AlreadyThere, BadRecord, UnknownGroup, UnknownPerson
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.people import groups, people, school_years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import group_on_channel, snapshot
from fotopoort.registry.registry import Registry, Session
from fotopoort.vocabulary import Role

from .conftest import Clock

JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"Groep 5"}))
NOOR = PersonRecord("p1", call_name="Noor", prefix="van den", surname="Berg", own_from=date(2032, 3, 1))
SEM = PersonRecord("p2", name="Sem Bakker", nicknames=("Semmie",))


def fill(session: Session) -> None:
    people.add_many(session, [(NOOR, ["groep 5"]), (SEM, ["groep 6", "plusklas"])])
    people.add(session, PersonRecord("s1", name="Juf Anna", role=Role.STAFF), ["groep 5"])


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        fill(session)
    return registry


def test_a_name_is_put_together_from_its_parts(school: Registry, caller: Caller) -> None:
    with school.read(caller, Act.SEE_PEOPLE) as session:
        assert people.find(session, "p1").name == "Noor van den Berg"
        assert people.find(session, "p2") == SEM
        assert [record.id for record in people.records(session)] == ["s1", "p1", "p2"]


def test_groups_are_spelled_as_they_were_first(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p3", name="Daan"), ["GROEP  5"])
        assert groups.groups(session) == ["groep 5", "groep 6", "plusklas"]
        assert len(people.members(session, "Groep 5")) == 3


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


def test_a_teacher_knows_the_own_groups_and_nobody_else(school: Registry) -> None:
    with school.read(JUF, Act.SEE_GROUP) as session:
        assert groups.groups(session) == ["groep 5"]
        assert snapshot(session).persons.keys() == {"p1", "s1"}
        assert [one.id for one in group_on_channel(session, "groep 5", "website")] == ["s1", "p1"]
    for what in (lambda s: people.find(s, "p2"), lambda s: people.ref_of(s, "p2"), lambda s: people.find(s, "p9")):
        with pytest.raises(UnknownPerson), school.read(JUF, Act.SEE_GROUP) as session:
            what(session)
    with pytest.raises(UnknownGroup), school.read(JUF, Act.SEE_GROUP) as session:
        group_on_channel(session, "groep 6", "website")


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


def test_the_year_ends(school: Registry, caller: Caller, clock: Clock) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add_many(
            session, [(PersonRecord("p8", name="Acht"), ["groep 8"]), (PersonRecord("p3", name="B"), ["5b"])]
        )
        people.add(session, PersonRecord("p7", name="Blijft"), ["groep 5"])
        people.join(session, "p7", ["groep 5"], 2027)  # stays down: decided already
        with pytest.raises(BadRecord, match="no number"):
            school_years.move_up(session, 2026)
        moves = school_years.move_up(session, 2026, {"Plusklas": "plusklas"})
        assert [(move.group, move.to, move.persons) for move in moves] == [
            ("5b", "6b", 1),
            ("groep 5", "groep 6", 1),
            ("groep 6", "groep 7", 1),
            ("groep 8", None, 1),
            ("plusklas", "plusklas", 1),
        ]
        assert groups.groups(session, 2027) == ["groep 5"]
        school_years.move_up(session, 2026, {"Plusklas": "plusklas"}, apply=True)
        assert groups.by_person(session, 2027) == {
            people.ref_of(session, person): theirs
            for person, theirs in {
                "p1": {"groep 6"},
                "p2": {"groep 7", "plusklas"},
                "p3": {"6b"},
                "p7": {"groep 5"},
            }.items()
        }
        assert people.find(session, "p8").leaves == date(2027, 7, 31)
        assert [move.persons for move in school_years.move_up(session, 2026, {"Plusklas": "plusklas"})] == [0] * 5


def test_a_day_belongs_to_the_school_year_that_began_before_it() -> None:
    assert groups.school_year(date(2026, 7, 31)) == 2025
    assert groups.school_year(date(2026, 8, 1)) == 2026
