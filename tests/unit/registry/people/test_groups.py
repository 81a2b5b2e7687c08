"""Groups per school year: how they are spelled, and who may see which."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.errors import UnknownGroup, UnknownPerson
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.people import groups, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import group_on_channel, snapshot
from fotopoort.registry.registry import Registry

JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"Groep 5"}))


def test_groups_are_spelled_as_they_were_first(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p3", name="Daan"), ["GROEP  5"])
        assert groups.groups(session) == ["groep 5", "groep 6", "plusklas"]
        assert len(people.members(session, "Groep 5")) == 3


def test_a_teacher_knows_the_own_groups_and_nobody_else(school: Registry) -> None:
    with school.read(JUF, Act.SEE_GROUP) as session:
        assert groups.groups(session) == ["groep 5"]
        assert snapshot(session).persons.keys() == {"p1", "s1"}
        assert [member.id for member in group_on_channel(session, "groep 5", "website")] == ["s1", "p1"]
    for what in (lambda s: people.find(s, "p2"), lambda s: people.ref_of(s, "p2"), lambda s: people.find(s, "p9")):
        with pytest.raises(UnknownPerson), school.read(JUF, Act.SEE_GROUP) as session:
            what(session)
    with pytest.raises(UnknownGroup), school.read(JUF, Act.SEE_GROUP) as session:
        group_on_channel(session, "groep 6", "website")


def test_a_day_belongs_to_the_school_year_that_began_before_it() -> None:
    assert groups.school_year(date(2026, 7, 31)) == 2025
    assert groups.school_year(date(2026, 8, 1)) == 2026
