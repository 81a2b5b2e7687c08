"""Whose a name can be where it is said to be the name of one person in a photo."""

from __future__ import annotations

import pytest

from fotopoort.names import name_list
from fotopoort.names.index import NameIndex
from fotopoort.names.name_list import NameList
from fotopoort.names.spelling.unusual import UnusualForms
from fotopoort.vocabulary import NameEntry, Role

ENTRIES = (
    NameEntry("Tygo Maas", "p2", groups=frozenset({"groep 6"})),
    NameEntry("Roos Kok", "p3", groups=frozenset({"groep 6"})),
    NameEntry("Sem de Groot", "p4", groups=frozenset({"groep 6"})),
    NameEntry("Sem Bakker", "p5", groups=frozenset({"groep 7"})),
    NameEntry("Noah Kramer", None),  # not for the caller to know
    NameEntry("Ellen Terpstra", "s1", role=Role.STAFF),
)


@pytest.mark.parametrize(
    ("name", "groups", "persons", "certain"),
    [
        ("Tygo", (), {"p2"}, True),
        ("Tygo Jansen", (), {"p2"}, False),
        ("roos", (), {"p3"}, True),
        ("Sem&nbsp;de&#32;Groot", (), {"p4"}, True),
        ("Sem", (), {"p4", "p5"}, False),
        ("Sem", ("groep 7",), {"p5"}, True),
        ("Tygo", ("groep 7",), {"p2"}, True),
        ("Juf Ellen", (), {"s1"}, True),
        ("Noah", (), set(), False),
        ("Oma Truus", (), set(), False),
        ("", (), set(), False),
    ],
)
def test_whose_a_name_can_be(name: str, groups: tuple[str, ...], persons: set[str], *, certain: bool) -> None:
    names = NameList(ENTRIES, groups, {"roos", "kok"})
    assert names.whose(name) == (frozenset(persons), certain)


ALIKE = tuple(
    NameEntry(name, f"p{number}", groups=frozenset({"groep 6"}))
    for number, name in enumerate(["Mohamed Bakker", "Muhammed de Vries", "Sofie Jansen", "Sophie Smit", "Fleur Bos"])
)


@pytest.mark.parametrize(
    ("name", "persons", "certain"),
    [
        ("Mohammed", {"p0", "p1"}, False),
        ("Mohammad", {"p0", "p1"}, False),
        ("Mohammed Bakker", {"p0"}, True),
        ("Mohammed de Vries", {"p1"}, True),
        ("Sofy", {"p2", "p3"}, False),
        ("Sofy Smit", {"p3"}, True),
        ("Sophie", {"p3"}, True),
        ("Fluer", {"p4"}, True),
    ],
)
def test_another_spelling_can_be_that_of_each_name_that_sounds_so(
    name: str, persons: set[str], *, certain: bool
) -> None:
    names = NameList(ALIKE, ("groep 6",))
    assert names.whose(name) == (frozenset(persons), certain)
    (found,) = names.find(f"{name} is jarig")
    assert name == f"{name} is jarig"[found.start : found.end]
    assert found.person == (min(persons) if certain else None)


def test_a_file_that_names_very_many_has_the_list_made_ready_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[NameIndex] = []

    def counted(index: NameIndex) -> UnusualForms:
        made.append(index)
        return UnusualForms(index)

    monkeypatch.setattr(name_list, "UnusualForms", counted)
    names = NameList(ALIKE, ("groep 6",))
    assert len(made) == 1
    assert all(names.whose(f"Sofie {number}")[0] == {"p2"} for number in range(200))
    assert len(made) == 2


def test_without_a_list_it_is_nobodys() -> None:
    assert NameList(()).whose("Tygo") == (frozenset(), False)
