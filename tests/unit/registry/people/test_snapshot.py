"""The names that texts and pictures are searched for: everyone's, with whose they are only within reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import Years
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import NOW, name_entries
from fotopoort.registry.registry import Registry
from fotopoort.screening.name_search import find, name_list
from fotopoort.vocabulary import NameEntry, Role

JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"Groep 5"}))
NOOR = PersonRecord(
    "p1", call_name="Noor", given_names="Eleonora Maria", prefix="van den", surname="Berg", nicknames=("Noortje",)
)


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, NOOR, ["groep 5", "plusklas"])
        people.add(session, PersonRecord("p2", name="Sem Bakker", never_locatable=True), ["groep 6", "plusklas"])
        people.add(session, PersonRecord("p3", name="Daan Visser"))
        people.add(session, PersonRecord("s1", name="Juf Anna", role=Role.STAFF), ["groep 5"])
    return registry


def entries(registry: Registry, caller: Caller, years: Years = NOW) -> dict[str, NameEntry]:
    with registry.read(caller, Act.SCREEN) as session:
        return {entry.name: entry for entry in name_entries(session, years)}


def test_a_name_comes_with_its_parts_and_whose_it_is(school: Registry, caller: Caller) -> None:
    listed = entries(school, caller)
    assert listed["Noor van den Berg"] == NameEntry(
        "Noor van den Berg", "p1", "Noor", "Eleonora Maria", "van den", "Berg", ("Noortje",),
        groups=frozenset({"groep 5", "plusklas"}),
    )  # fmt: skip
    assert {
        name: (entry.person, entry.role, set(entry.groups)) for name, entry in listed.items() if entry.person != "p1"
    } == {
        "Sem Bakker": ("p2", Role.PUPIL, {"groep 6", "plusklas"}),
        "Daan Visser": ("p3", Role.PUPIL, set()),
        "Juf Anna": ("s1", Role.STAFF, {"groep 5"}),
    }


def test_a_teacher_gets_every_name_and_of_the_own_groups_whose_it_is(school: Registry, caller: Caller) -> None:
    listed = entries(school, JUF)
    assert {name: (entry.person, set(entry.groups)) for name, entry in listed.items()} == {
        "Noor van den Berg": ("p1", {"groep 5"}),
        "Sem Bakker": (None, set()),
        "Daan Visser": (None, set()),
        "Juf Anna": ("s1", {"groep 5"}),
    }
    assert listed["Noor van den Berg"].nicknames == ("Noortje",)


def test_who_is_beyond_reach_is_found_without_being_told_from_others(school: Registry) -> None:
    hits, _ = find(name_list(tuple(entries(school, JUF).values())), "Noortje, Sem en Daan")
    assert [(hit.text, hit.person) for hit in hits] == [("Noortje", "p1"), ("Sem", None), ("Daan", None)]


def test_the_names_of_those_who_left_are_searched_for_too(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.leave(session, "p1", session.today - timedelta(days=1))
    assert entries(school, caller)["Noor van den Berg"].person == "p1"


def test_groups_are_those_of_the_school_years_of_the_photo(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.join(session, "p2", ["groep 5"], 2025)
    assert entries(school, caller, frozenset({2025}))["Sem Bakker"].groups == {"groep 5"}
    assert entries(school, caller, frozenset({2026}))["Sem Bakker"].groups == {"groep 6", "plusklas"}
    assert entries(school, caller, None)["Sem Bakker"].groups == {"groep 5", "groep 6", "plusklas"}


def test_a_teacher_with_an_old_photo_learns_nobody_of_another_group(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.join(session, "p2", ["groep 5"], 2025)
    for years in (frozenset({2025}), frozenset({2025, 2026}), None):
        listed = entries(school, JUF, years)
        assert {name: entry.person for name, entry in listed.items() if entry.person} == {
            "Noor van den Berg": "p1",
            "Juf Anna": "s1",
        }


def test_another_school_has_names_of_its_own(school: Registry, other_school: Caller) -> None:
    assert entries(school, other_school) == {}
