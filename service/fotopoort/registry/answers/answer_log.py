"""The log of a screened photo: rows with answers and with retractions of answers. Rows are only added.

Number 0 holds the answers that came with the photo. They cannot be taken back, except by sending the photo again. All
answers that were not taken back hold, in the order in which they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from fotopoort.errors import BadAnswers, NotFound
from fotopoort.policy.posts.answers import merge
from fotopoort.registry.access.roles import service
from fotopoort.registry.photos.serialisation import answers_from_json, answers_to_json
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer
from fotopoort.vocabulary import Answers, PersonId, Text


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

    @property
    def holds(self) -> bool:
        """Whether it is an answer that was not taken back."""
        return self.kind is EntryKind.ANSWER and not self.retracted


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


def replace_all(session: Session, screening_id: str, sha256: str, answers: Answers) -> int:
    """Have the log of a photo of a post hold what is said of it there now. Returns the number of that. What somebody
    said of it by itself stays: it is theirs."""
    log, acting = entries(session, screening_id), session.as_caller(service(session.tenant))
    past = [entry.number for entry in log[1:] if entry.holds and entry.actor == acting.caller.id]
    for number, retracts in enumerate([*past, None], log[-1].number + 1):
        content = answers if retracts is None else Answers()
        add(acting, screening_id, sha256, content, number=number, retracts=retracts)
    return number


def check_retractable(log: Sequence[LogEntry], number: int) -> None:
    """Refuse to take back what cannot be.

    Args:
        log: with the answer of that number, if there is one.

    Raises:
        BadAnswers: it came with the photo.
        NotFound: there is no such answer, or it was taken back before.
    """
    if log and log[0].number == number == 0:
        raise BadAnswers(
            Text(
                nl="Wat met de foto meekwam, kan niet worden teruggenomen.",
                en="What came with the photo cannot be taken back.",
            ),
            hint=Text(nl="Stuur de foto opnieuw.", en="Send the photo again."),
        )
    if not any(entry.number == number and entry.holds for entry in log):
        raise NotFound(
            Text(
                nl="Er is geen antwoord met dat nummer, of het is al teruggenomen.",
                en="There is no answer with that number, or it was taken back before.",
            ),
            hint=Text(nl="Kijk welke antwoorden er zijn.", en="See which answers there are."),
        )


def entries(session: Session, screening_id: str, up_to: int | None = None) -> list[LogEntry]:
    """The log of a photo, in order; with `up_to`, as it was after the entry of that number."""
    return read_log(_rows(session, screening_id, up_to))


def read_log(rows: Sequence[Row[Any]]) -> list[LogEntry]:
    """The log in these rows, all of one photo or post, in order."""
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
    """All answers about a photo that were not taken back, merged; with `up_to`, those that held after that number."""
    return answers_in(entries(session, screening_id, up_to))


def answers_in(log: Iterable[LogEntry]) -> Answers:
    """All answers of a log that were not taken back, merged.

    Each entry is stored with the rules that were set aside at that moment; those of the latest entry hold.
    """
    merged = Answers()
    for entry in log:
        more = Answers() if entry.retracted else replace(entry.answers, overridden=frozenset())
        merged = replace(merge(merged, more), overridden=entry.answers.overridden)
    return merged


def without_texts(answers: Answers) -> Answers:
    """The answers without the ids that are made of a name, or that somebody could have written."""
    return replace(answers, not_names=frozenset(), left_open=frozenset())


def erase_texts(session: Session, screening_id: str) -> None:
    """Take such ids out of the log of a photo about which nothing will be asked any more."""
    for row in _rows(session, screening_id, None):
        is_row = answer.c.tenant == session.tenant, answer.c.screening == screening_id, answer.c.number == row.number
        rest = answers_to_json(without_texts(answers_from_json(row.answers)))
        session.connection.execute(update(answer).where(*is_row).values(answers=rest))


def last_number(session: Session, screening_id: str) -> int:
    """The number of the last entry."""
    query = select(func.max(answer.c.number)).where(
        answer.c.tenant == session.tenant, answer.c.screening == screening_id
    )
    return int(session.connection.execute(query).scalar_one())


def _rows(session: Session, screening_id: str, up_to: int | None) -> Sequence[Row[Any]]:
    query = select(answer).where(answer.c.tenant == session.tenant, answer.c.screening == screening_id)
    if up_to is not None:
        query = query.where(answer.c.number <= up_to)
    return session.connection.execute(query.order_by(answer.c.number)).all()


def elsewhere_in_photo(somebody: PersonId) -> PersonId:
    """Who is said to be in a photo beside an erased person that was pointed out in it and must never be found."""
    return f"{somebody}-"
