"""What is kept of photos, said of other ids: whoever gets another id stays the same person in all that was said.

Ids of name hits stay: what was said about a name holds on.

A school has a hundred thousand photos, and whoever else writes waits meanwhile: the database looks for the rows that
can be meant, and only those are read, a few at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from sqlalchemy import Column, ColumnElement, Text, cast, not_, select, update

from fotopoort.registry.photos.serialisation import (
    answers_from_json,
    answers_to_json,
    findings_from_json,
    findings_to_json,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer, post_answer, screening
from fotopoort.vocabulary import Answers, DrawnFace, FaceAnswer, NameHit, PersonId, Region

Face = TypeVar("Face", FaceAnswer, DrawnFace)

BATCH_ROWS: Final = 200
NOBODYS: Final = '"person": null'  # in the JSON of a name hit that can be of several people
NO_NAMES: Final = '"not_names": []'  # in the JSON of answers that say of no name that it is none


def rename(session: Session, before: PersonId, after: PersonId) -> None:
    """Have all stored answers and findings speak of a person by a new id, which nobody had in them."""

    def renamed(hit: NameHit) -> NameHit:
        return replace(hit, person=after) if hit.person == before else hit

    rewrite_answers(session, before, lambda screening_id, answers: with_id(answers, before, after))
    rewrite_names(session, renamed, before, lambda: after)


def with_id(answers: Answers, before: PersonId, after: PersonId) -> Answers:
    """The answers, about somebody who has another id now."""

    def of_person(person: PersonId) -> PersonId:
        return after if person == before else person

    def of_face(face: Face) -> Face:
        return replace(face, person=after) if face.person == before else face

    return replace(
        answers,
        present=frozenset(map(of_person, answers.present)),
        absent=frozenset(map(of_person, answers.absent)),
        unsure=frozenset(map(of_person, answers.unsure)),
        unbound=frozenset(map(of_person, answers.unbound)),
        listed=None if answers.listed is None else frozenset(map(of_person, answers.listed)),
        faces={face_id: of_face(face) for face_id, face in answers.faces.items()},
        drawn=tuple(of_face(face) for face in answers.drawn),
    )


def rewrite_answers(
    session: Session, before: PersonId, rewritten: Callable[[str, Answers], Answers], *, about_names: bool = False
) -> None:
    """Store in place of the answers of the school that mention somebody what becomes of them.

    Args:
        before: whom they mention.
        rewritten: gets the id of a screening or a post, and an answer about it.
        about_names: also of those that say of a name that it is none, whomever they mention.
    """
    for table, about in ((answer, answer.c.screening), (post_answer, post_answer.c.post)):
        is_here = table.c.tenant == session.tenant
        can_be_meant = mentions(table.c.answers, before)
        if about_names:
            can_be_meant |= not_(_as_text(table.c.answers).contains(NO_NAMES, autoescape=True))
        query = select(about, table.c.number, table.c.answers).where(is_here, can_be_meant)
        for subject, number, content in session.connection.execute(query, execution_options={"yield_per": BATCH_ROWS}):
            answers = answers_from_json(content)
            if (others := rewritten(subject, answers)) != answers:
                is_row = (is_here, about == subject, table.c.number == number)
                session.connection.execute(update(table).where(*is_row).values(answers=answers_to_json(others)))


def rewrite_names(
    session: Session,
    rewritten: Callable[[NameHit], NameHit],
    before: PersonId,
    after: Callable[[], PersonId],
    *,
    nobodys: bool = False,
) -> None:
    """Store in place of the names of somebody that were found in and around photos of the school what becomes of them.

    Args:
        before: whose names, and whom files name as being in the photo.
        after: gives the id that they have instead; it is called for each photo.
        nobodys: also of names that can be of several people.
    """
    is_here = screening.c.tenant == session.tenant
    can_be_meant = mentions(screening.c.findings, before)
    if nobodys:
        can_be_meant |= _as_text(screening.c.findings).contains(NOBODYS, autoescape=True)
    query = select(screening.c.id, screening.c.findings).where(is_here, can_be_meant)
    for row in session.connection.execute(query, execution_options={"yield_per": BATCH_ROWS}):
        findings, instead = findings_from_json(row.findings), after()
        others = replace(
            findings,
            names=tuple(map(rewritten, findings.names)),
            regions=tuple(_named(region, before, instead) for region in findings.regions),
        )
        if others != findings:
            content: dict[str, Any] = findings_to_json(others)
            is_row = (is_here, screening.c.id == row.id)
            session.connection.execute(update(screening).where(*is_row).values(findings=content))


def mentions(column: Column[Any], person: PersonId) -> ColumnElement[bool]:
    """Whether a column of JSON has this id in it as a string; also where only the case of letters differs."""
    return _as_text(column).contains(json.dumps(person), autoescape=True)


def _as_text(column: Column[Any]) -> ColumnElement[str]:
    """JSON as it is stored: SQLAlchemy writes it with `json.dumps`, and neither database changes it."""
    return cast(column, Text)


def _named(region: Region, before: PersonId, after: PersonId) -> Region:
    return replace(region, persons=tuple(sorted(after if person == before else person for person in region.persons)))
