"""The log of a screened photo: rows with answers and with retractions of answers. Rows are only added.

Number 0 holds the answers that came with the photo. They cannot be taken back, except by sending the photo again. All
answers that were not taken back hold, in the order in which they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, func, insert, select

from fotopoort.errors import BadAnswers, NotFound
from fotopoort.policy.posts.answers import merge
from fotopoort.registry.photos.serialisation import answers_from_json, answers_to_json
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer
from fotopoort.vocabulary import Answers, Text


class EntryKind(StrEnum):
    ANSWER = "answer"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A row of the log.

    Attributes:
        answers: with the rules that were set aside at that moment; a retraction has nothing else in them.
        retracts: in a retraction, the number of the answer that it takes back.
        retracted: whether this answer was taken back.
    """

    number: int
    at: datetime
    actor: str
    kind: EntryKind
    answers: Answers = field(repr=False)
    retracts: int | None
    retracted: bool


def add(
    session: Session, screening_id: str, sha256: str, answers: Answers, *, number: int, retracts: int | None = None
) -> None:
    """Add a row: what was said of a photo, or that what was said is taken back.

    Args:
        sha256: of the photo.
        answers: of a retraction, none but the rules that are set aside.
        retracts: the number of the answer that is taken back.
    """
    kind = EntryKind.ANSWER if retracts is None else EntryKind.RETRACTION
    row = {
        "tenant": session.tenant,
        "screening": screening_id,
        "number": number,
        "sha256": sha256,
        "at": session.now,
        "actor": session.caller.id,
        "kind": kind.value,
        "retracts": retracts,
        "answers": answers_to_json(answers),
    }
    session.connection.execute(insert(answer).values(row))


def check_retractable(session: Session, screening_id: str, number: int) -> None:
    """Refuse to take back what cannot be.

    Raises:
        BadAnswers: it came with the photo.
        NotFound: there is no such answer, or it was taken back before.
    """
    if number == 0:
        raise BadAnswers(
            Text(
                nl="Wat met de foto meekwam, kan niet worden teruggenomen.",
                en="What came with the photo cannot be taken back.",
            ),
            hint=Text(nl="Stuur de foto opnieuw.", en="Send the photo again."),
        )
    if not any(
        entry.number == number and entry.kind is EntryKind.ANSWER and not entry.retracted
        for entry in entries(session, screening_id)
    ):
        raise NotFound(
            Text(
                nl="Er is geen antwoord met dat nummer, of het is al teruggenomen.",
                en="There is no answer with that number, or it was taken back before.",
            ),
            hint=Text(nl="Kijk welke antwoorden er zijn.", en="See which answers there are."),
        )


def entries(session: Session, screening_id: str, up_to: int | None = None) -> list[LogEntry]:
    """The log of a photo, in order; with `up_to`, as it was after the entry of that number."""
    rows = _rows(session, screening_id, up_to)
    retracted = {row.retracts for row in rows}
    return [
        LogEntry(
            number=row.number,
            at=row.at,
            actor=row.actor,
            kind=EntryKind(row.kind),
            answers=answers_from_json(row.answers),
            retracts=row.retracts,
            retracted=row.number in retracted,
        )
        for row in rows
    ]


def answers_of(session: Session, screening_id: str, up_to: int | None = None) -> Answers:
    """All answers about a photo that were not taken back, merged; with `up_to`, those that held after that number.

    Each entry is stored with the rules that were set aside at that moment; those of the latest entry hold.
    """
    merged = Answers()
    for entry in entries(session, screening_id, up_to):
        more = Answers() if entry.retracted else replace(entry.answers, overridden=frozenset())
        merged = replace(merge(merged, more), overridden=entry.answers.overridden)
    return merged


def last_number(session: Session, screening_id: str) -> int:
    """The number of the last entry."""
    query = select(func.max(answer.c.number)).where(
        answer.c.tenant == session.tenant, answer.c.screening == screening_id
    )
    return int(session.connection.execute(query).scalar_one())


def _rows(session: Session, screening_id: str, up_to: int | None) -> Sequence[Row[tuple[object, ...]]]:
    query = select(answer).where(answer.c.tenant == session.tenant, answer.c.screening == screening_id)
    if up_to is not None:
        query = query.where(answer.c.number <= up_to)
    return session.connection.execute(query.order_by(answer.c.number)).all()
