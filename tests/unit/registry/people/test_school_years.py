"""The end of a school year."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.errors import BadRecord
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import groups, people, school_years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry

from ..conftest import Clock


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
