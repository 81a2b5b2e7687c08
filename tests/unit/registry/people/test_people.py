"""People: how they are recorded, and until when they are there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fotopoort.errors import AlreadyThere, BadRecord
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import Years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import NOW, snapshot
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


def test_groups_are_those_of_the_school_years_of_the_photo(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.join(session, "p1", ["groep 4"], 2025)
        for years, groups in (
            (NOW, {"groep 5"}),
            (frozenset({2025}), {"groep 4"}),
            (frozenset({2026}), {"groep 5"}),
            (frozenset({2025, 2026}), {"groep 4", "groep 5"}),
            (frozenset({2024}), set()),
            (None, {"groep 4", "groep 5"}),
        ):
            assert snapshot(session, years).persons["p1"].groups == groups


def test_who_left_is_no_candidate_in_the_years_after(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.leave(session, "p1", session.today - timedelta(days=1))

        def left(years: Years) -> bool:
            return snapshot(session, years).persons["p1"].has_left

        assert left(NOW)
        assert left(frozenset({2027}))
        assert not left(frozenset({2026})), "of the year in which they left, they are"
        assert not left(frozenset({2025, 2027}))
        assert not left(None)
