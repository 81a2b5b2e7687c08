"""Erasing a person for good, while the audit log can still be verified.

The log refers to people by a ref that means nothing once their row is gone. Answers about photos stay, in their
stricter reading: a face that was theirs becomes a face to cover.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Column, delete, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadRecord
from fotopoort.names.places import ID_DIGITS
from fotopoort.registry.people.people import PersonRecord, find, ref_of
from fotopoort.registry.photos.serialisation import (
    answers_from_json,
    answers_to_json,
    findings_from_json,
    findings_to_json,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer, block, key, override, person, screening, setting, takedown, verdict
from fotopoort.vocabulary import Answers, DrawnFace, FaceAnswer, FaceLabel, Findings, NameHit, PersonId, Text

PLACEHOLDER: Final = "…"  # replaces a name in a text
FREE_TEXTS: Final[Collection[Column[Any]]] = (  # may have a name in them
    verdict.c.place,
    takedown.c.place,
    block.c.reason,
    block.c.lift_reason,
    override.c.reason,
    setting.c.reason,
    key.c.label,
)


def erase(session: Session, person_id: PersonId, reason: str) -> None:
    """Erase everything that identifies somebody. `Database.vacuum` then removes it from the disk.

    Raises:
        UnknownPerson: there is nobody with that id.
        BadRecord: no reason is given.
    """
    if not reason.strip():
        raise BadRecord(
            Text(nl="Er is een reden nodig.", en="A reason is wanted."),
            hint=Text(
                nl="Schrijf kort waarom deze persoon wordt gewist.", en="Say in a few words why this person is erased."
            ),
        )
    record, ref = find(session, person_id), ref_of(session, person_id)
    _rewrite_answers(session, person_id, _rewrite_findings(session, person_id))
    # The database deletes the person's groups, consents and rows of `shown` with this row.
    session.connection.execute(delete(person).where(person.c.tenant == session.tenant, person.c.ref == ref))
    _rewrite_free_texts(session, record)
    session.note("erased", person=ref, reason=digest(reason))
    session.bump_revision()


def _rewrite_answers(session: Session, person_id: PersonId, renamed_hits: Collection[str]) -> None:
    is_here = answer.c.tenant == session.tenant
    for row in session.connection.execute(select(answer).where(is_here)).all():
        answers = answers_from_json(row.answers)
        without = _without(answers, person_id, renamed_hits)
        if without != answers:
            is_row = (is_here, answer.c.screening == row.screening, answer.c.number == row.number)
            session.connection.execute(update(answer).where(*is_row).values(answers=answers_to_json(without)))


def _without(answers: Answers, person_id: PersonId, renamed_hits: Collection[str]) -> Answers:
    def covered(face: FaceAnswer) -> FaceAnswer:
        return FaceAnswer(FaceLabel.COVER, None, face.box) if face.person == person_id else face

    def anonymous(face: DrawnFace) -> DrawnFace:
        return replace(face, person=None) if face.person == person_id else face

    return replace(
        answers,
        present=answers.present - {person_id},
        absent=answers.absent - {person_id},
        faces={face_id: covered(face) for face_id, face in answers.faces.items()},
        drawn=tuple(anonymous(face) for face in answers.drawn),
        not_names=answers.not_names.difference(renamed_hits),
        listed=None if answers.listed is None else answers.listed - {person_id},
    )


def _rewrite_findings(session: Session, person_id: PersonId) -> set[str]:
    """Take the person's name out of what was read. Returns the ids that name hits had: they are made of the name, so
    that whoever knows it could tell that it was there.
    """

    def anonymous(hit: NameHit) -> NameHit:
        if hit.person not in (person_id, None):  # None: it may be theirs
            return hit
        renamed.add(hit.id)
        return replace(hit, id=f"n{secrets.token_hex(ID_DIGITS // 2)}", person=None, text=None)

    renamed: set[str] = set()
    is_here = screening.c.tenant == session.tenant
    for row in session.connection.execute(select(screening.c.id, screening.c.findings).where(is_here)).all():
        if not row.findings.get("names"):
            continue
        findings: Findings = findings_from_json(row.findings)
        names = tuple(map(anonymous, findings.names))
        if names != findings.names:
            content = findings_to_json(replace(findings, names=names))
            is_row = (is_here, screening.c.id == row.id)
            session.connection.execute(update(screening).where(*is_row).values(findings=content))
    return renamed


def _rewrite_free_texts(session: Session, record: PersonRecord) -> None:
    pattern = _pattern(record)
    for column in FREE_TEXTS:
        table = column.table
        texts = select(*table.primary_key.columns, column.label("text")).where(
            table.c.tenant == session.tenant, column.is_not(None)
        )
        for row in session.connection.execute(texts).all():
            text = pattern.sub(PLACEHOLDER, row.text)
            if text != row.text:
                is_row = [part == getattr(row, part.name) for part in table.primary_key.columns]
                session.connection.execute(update(table).where(*is_row).values({column.name: text}))


def _pattern(record: PersonRecord) -> re.Pattern[str]:
    """Matches the person's names and id as they may be written in a text or a file name."""
    names = {
        record.name,
        f"{record.call_name} {record.prefix} {record.surname}",
        f"{record.call_name} {record.surname}",
        f"{record.given_names} {record.prefix} {record.surname}",
    }
    patterns = [r"[\W_]*".join(map(re.escape, name.split())) for name in names if len(name.split()) > 1]
    patterns.append(rf"(?<!\w){re.escape(record.id)}(?!\w)")
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE)
