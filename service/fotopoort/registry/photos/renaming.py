"""What is kept of photos, said of other ids: whoever gets another id stays the same person in all that was said.

Ids of name hits stay: what was said about a name holds on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import select, update

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


def rename(session: Session, before: PersonId, after: PersonId) -> None:
    """Have all stored answers and findings speak of a person by a new id, which nobody had in them."""

    def renamed(hit: NameHit) -> NameHit:
        return replace(hit, person=after) if hit.person == before else hit

    rewrite_answers(session, lambda screening_id, answers: with_id(answers, before, after))
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


def rewrite_answers(session: Session, rewritten: Callable[[str, Answers], Answers]) -> None:
    """Store in place of all answers of the school what becomes of them.

    Args:
        rewritten: gets the id of a screening or a post, and an answer about it.
    """
    for table, about in ((answer, answer.c.screening), (post_answer, post_answer.c.post)):
        is_here = table.c.tenant == session.tenant
        rows = session.connection.execute(select(about, table.c.number, table.c.answers).where(is_here)).all()
        for subject, number, content in rows:
            answers = answers_from_json(content)
            if (others := rewritten(subject, answers)) != answers:
                is_row = (is_here, about == subject, table.c.number == number)
                session.connection.execute(update(table).where(*is_row).values(answers=answers_to_json(others)))


def rewrite_names(
    session: Session, rewritten: Callable[[NameHit], NameHit], before: PersonId, after: Callable[[], PersonId]
) -> None:
    """Store in place of all names that were found in and around photos of the school what becomes of them.

    Args:
        before: somebody whom files name as being in the photo.
        after: gives the id that they have instead; it is called for each photo.
    """
    is_here = screening.c.tenant == session.tenant
    for row in session.connection.execute(select(screening.c.id, screening.c.findings).where(is_here)).all():
        if not (row.findings.get("names") or row.findings.get("regions")):
            continue
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


def _named(region: Region, before: PersonId, after: PersonId) -> Region:
    return replace(region, persons=tuple(sorted(after if person == before else person for person in region.persons)))
