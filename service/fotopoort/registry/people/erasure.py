"""Erasing a person: whoever asks for it is gone, and the audit log still holds together.

The log knows people by a ref that means nothing once their row is gone. What was said of photos stays, in its stricter
meaning: a face that was theirs becomes a face to cover.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Column, delete, select, update

from fotopoort.errors import BadRecord
from fotopoort.registry.audit.chain import digest
from fotopoort.registry.people.people import PersonRecord, find, ref_of
from fotopoort.registry.photos.serialisation import (
    answers_from_json,
    answers_to_json,
    findings_from_json,
    findings_to_json,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer, block, key, override, person, screening, setting, takedown, verdict
from fotopoort.vocabulary import Answers, DrawnFace, FaceAnswer, FaceLabel, Findings, PersonId

GONE: Final = "…"  # stands where a name stood in a text
TEXTS: Final[Collection[Column[Any]]] = (  # that somebody wrote, and may have written a name in
    verdict.c.place,
    takedown.c.place,
    block.c.reason,
    block.c.lift_reason,
    override.c.reason,
    setting.c.reason,
    key.c.label,
)


def erase(session: Session, person_id: PersonId, reason: str) -> None:
    """Take everything that says who somebody was out of the registry. `Database.tidy` then clears the disk of it.

    Raises:
        UnknownPerson: there is nobody with that id.
        BadRecord: no reason is given.
    """
    if not reason.strip():
        raise BadRecord("A reason is wanted.", hint="Say in a few words why this person is erased.")
    record, ref = find(session, person_id), ref_of(session, person_id)
    _rewrite_answers(session, person_id)
    _rewrite_findings(session, person_id)
    # Groups, consents, takedowns and who is shown where go with the row.
    session.connection.execute(delete(person).where(person.c.tenant == session.tenant, person.c.ref == ref))
    _take_out_of_texts(session, record)
    session.note("erased", person=ref, reason=digest(reason))
    session.bump_revision()


def _rewrite_answers(session: Session, person_id: PersonId) -> None:
    here = answer.c.tenant == session.tenant
    for row in session.connection.execute(select(answer).where(here)).all():
        said = answers_from_json(row.answers)
        without = _without(said, person_id)
        if without != said:
            one = (here, answer.c.screening == row.screening, answer.c.number == row.number)
            session.connection.execute(update(answer).where(*one).values(answers=answers_to_json(without)))


def _without(said: Answers, person_id: PersonId) -> Answers:
    def covered(one: FaceAnswer) -> FaceAnswer:
        return FaceAnswer(FaceLabel.COVER, None, one.box) if one.person == person_id else one

    def nobodys(one: DrawnFace) -> DrawnFace:
        return replace(one, person=None) if one.person == person_id else one

    return replace(
        said,
        present=said.present - {person_id},
        absent=said.absent - {person_id},
        faces={face: covered(one) for face, one in said.faces.items()},
        drawn=tuple(nobodys(one) for one in said.drawn),
    )


def _rewrite_findings(session: Session, person_id: PersonId) -> None:
    here = screening.c.tenant == session.tenant
    for row in session.connection.execute(select(screening.c.id, screening.c.findings).where(here)).all():
        if not row.findings.get("names"):
            continue
        findings: Findings = findings_from_json(row.findings)
        names = tuple(
            replace(hit, person=None, text=None) if hit.person in (person_id, None) else hit  # None: it may be theirs
            for hit in findings.names
        )
        if names != findings.names:
            content = findings_to_json(replace(findings, names=names))
            session.connection.execute(update(screening).where(here, screening.c.id == row.id).values(findings=content))


def _take_out_of_texts(session: Session, record: PersonRecord) -> None:
    name = _pattern(record)
    for column in TEXTS:
        table = column.table
        found = select(*table.primary_key.columns, column.label("text")).where(
            table.c.tenant == session.tenant, column.is_not(None)
        )
        for row in session.connection.execute(found).all():
            text = name.sub(GONE, row.text)
            if text != row.text:
                one = [own == getattr(row, own.name) for own in table.primary_key.columns]
                session.connection.execute(update(table).where(*one).values({column.name: text}))


def _pattern(record: PersonRecord) -> re.Pattern[str]:
    """The person's names and id as they may stand in a text or a file name."""
    names = {
        record.name,
        f"{record.call_name} {record.prefix} {record.surname}",
        f"{record.call_name} {record.surname}",
        f"{record.given_names} {record.prefix} {record.surname}",
    }
    written = [r"[\W_]*".join(map(re.escape, name.split())) for name in names if len(name.split()) > 1]
    written.append(rf"(?<!\w){re.escape(record.id)}(?!\w)")
    return re.compile("|".join(sorted(written, key=len, reverse=True)), re.IGNORECASE)
