"""Erasing somebody from a school with many photos: only what can be about them is read, and nothing of it is missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import answer_log
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import renaming
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.registry.store.tables import verdict
from fotopoort.vocabulary import Answers, Box, NameHit, NamePlace, Region

from ..recorded_pupil import text
from ..screened_photos import fill, findings, remembered

ODD = "p\"1'\\%_é😀"  # JSON writes it with escapes, and SQL has wildcards in it


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The content of each row that is read because it can be about whoever is erased."""
    rows: list[object] = []

    def noting(parse: Callable[[object], object]) -> Callable[[object], object]:
        def parsed(content: object) -> object:
            rows.append(content)
            return parse(content)

        return parsed

    for name in ("answers_from_json", "findings_from_json"):
        monkeypatch.setattr(renaming, name, noting(getattr(renaming, name)))
    return rows


def about(person: str) -> Answers:
    return Answers(absent=frozenset({person}))


def named(person: str, number: int) -> Region:
    return Region(Box(1, 1, 90, 90), f"f{number}", "…", (person,), certain=True)


@pytest.mark.parametrize("person", ["p1", ODD])
def test_only_what_mentions_them_is_read(registry: Registry, caller: Caller, read: list[object], person: str) -> None:
    fill(registry, caller)
    others = ["p2", "p11", "ap1", "é"]
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add_many(session, [(PersonRecord(id, name="Kind"), []) for id in {*others[1:], ODD}])
    for number, somebody in enumerate([*others, person]):
        found = replace(findings(photo=bytes([number])), regions=(named(somebody, 1),))
        remembered(registry, caller, about(somebody), found=found)
    read.clear()
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, person, "verzoek")
    assert len(read) == 2, "what was said, and what was found, of one photo"
    with registry.read(caller, Act.SEE_AUDIT) as session:
        ids = session.connection.execute(select(screening_table.c.id)).scalars().all()
        left = [name for id in ids for name in answer_log.answers_of(session, id).absent]
    assert sorted(left) == sorted(others)
    assert repr(person) not in text(registry)


def test_names_that_may_be_theirs_are_read_as_well_and_what_was_said_about_those(
    registry: Registry, caller: Caller, read: list[object]
) -> None:
    fill(registry, caller)
    anybodys = NameHit("n1", NamePlace.CAPTION, False, None, None, "Kind", 0, 4)
    others = replace(anybodys, id="n2", person="p2")
    for number, hit in enumerate([anybodys, others]):
        found = replace(findings(photo=bytes([number])), names=(hit,))
        remembered(registry, caller, Answers(not_names=frozenset({hit.id})), found=found)
        remembered(registry, caller, Answers(), found=replace(found, names=()))
    read.clear()
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "verzoek")
    assert len(read) == 3, "the name that may be theirs, and what was said about any name"
    everything = text(registry)
    assert "'n1'" not in everything
    assert "'n2'" in everything


def test_more_photos_than_are_read_at_a_time(
    registry: Registry, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (renaming, erasure):
        monkeypatch.setattr(module, "BATCH_ROWS", 2)
    fill(registry, caller)
    for number in range(7):
        found = replace(findings(photo=bytes([number])), regions=(named("p1", 1),))
        places = {"website": f"p1/Kind 1 Achternaam {number}.jpg"}
        remembered(registry, caller, about("p1"), found=found, places=places)
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "verzoek")
    everything = text(registry)
    assert "'p1'" not in everything
    assert "Achternaam" not in everything.replace("Kind 2 Achternaam", "")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Iris Smink", "2026/iris_smink.jpg"),
        ("Iris Smink", "2026/\u0131r\u0131\u017f SMIN\u212a.jpg"),  # other letters i, s and k
        ("Zoë van Dijk", "2026/ZOË--VAN dijk.jpg"),
        ("Łukasz % Żak", "2026/łUKASZ%ŻAK.jpg"),
        ("Noor de_Wit", "noorDE_WIT"),
    ],
)
def test_a_name_is_found_however_it_is_written(registry: Registry, caller: Caller, name: str, place: str) -> None:
    fill(registry, caller)
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p7", name=name), ["groep 5"])
    record = PersonRecord("p7", name=name)
    expected = erasure._pattern(erasure._names(record), "p7").sub(erasure.PLACEHOLDER, place)
    assert expected != place
    remembered(registry, caller, Answers(), places={"website": place})
    with registry.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p7", "verzoek")
        places = session.connection.execute(select(verdict.c.place).where(verdict.c.place != "")).scalars().all()
    assert expected in places
    assert place not in places
