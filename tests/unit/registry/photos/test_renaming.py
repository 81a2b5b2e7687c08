"""Somebody who gets another id stays the same person in what was said of photos."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.answers import answer_log
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.people import people
from fotopoort.registry.photos.serialisation import findings_from_json
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceLabel, NameHit, NamePlace, Region

from ..screened_photos import face, fill, findings, remembered

BOX = Box(1, 1, 90, 90)


def said(one: str, other: str) -> Answers:
    return Answers(
        present=frozenset({one}),
        absent=frozenset({other}),
        only_present=True,
        listed=frozenset({one, "p3"}),
        faces={"f1": FaceAnswer(FaceLabel.PERSON, one, face(1).box)},
        drawn=(DrawnFace(BOX, one),),
        not_names=frozenset({"n1"}),
    )


def names(one: str, other: str) -> tuple[NameHit, ...]:
    return (
        NameHit("n1", NamePlace.CAPTION, False, one, None, "Kind", 0, 4),
        NameHit("n2", NamePlace.CAPTION, False, other, None, "Ander", 5, 10),
        NameHit("n3", NamePlace.CAPTION, False, None, None, "Iemand", 11, 17),
    )


def regions(one: str, other: str) -> tuple[Region, ...]:
    either = tuple(sorted((one, other)))
    return Region(BOX, "f1", "…", (one,), certain=True), Region(None, None, "…", either), Region(BOX, "f2")


@pytest.mark.parametrize(
    ("steps", "one", "other"),
    [([("p1", "7")], "7", "p2"), ([("p1", "temporary"), ("p2", "p1"), ("temporary", "p2")], "p2", "p1")],
    ids=["one", "two swapped"],
)
def test_what_was_said_follows_the_person(
    registry: Registry, caller: Caller, steps: list[tuple[str, str]], one: str, other: str
) -> None:
    fill(registry, caller)
    found = replace(findings(), names=names("p1", "p2"), regions=regions("p1", "p2"))
    screening = remembered(registry, caller, said("p1", "p2"), found=found)
    for before, after in steps:
        with registry.write(caller, Act.EDIT_PEOPLE) as session:
            people.change(session, before, id=after)
    with registry.read(caller, Act.SEE_AUDIT) as session:
        assert answer_log.answers_of(session, screening.id) == said(one, other)
        row = session.connection.execute(select(screening_table)).one()
        assert findings_from_json(row.findings).names == names(one, other)
        assert findings_from_json(row.findings).regions == regions(one, other)
        assert verify(session).problem is None
