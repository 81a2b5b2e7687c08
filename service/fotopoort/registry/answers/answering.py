"""Answers to a photo that was screened before, given and taken back; each time it is to be judged again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from fotopoort.canonical_json import digest
from fotopoort.registry.answers import answer_log, same_photos
from fotopoort.registry.answers.answer_log import LogEntry
from fotopoort.registry.answers.binding import signed, with_boxes, with_listed
from fotopoort.registry.answers.said_elsewhere import answers_with_elsewhere
from fotopoort.registry.people.groups import Years
from fotopoort.registry.photos import screenings
from fotopoort.registry.photos.screenings import Rejudgement
from fotopoort.registry.photos.serialisation import (
    answers_to_json,
    findings_from_json,
    request_from_json,
    years_from_json,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import screening, verdict
from fotopoort.vocabulary import Answers, ChannelId, Findings, People


def answer(
    session: Session,
    screening_id: str,
    answers: Answers,
    *,
    replaces: int | None = None,
    people_in: Callable[[Years], People | None] = lambda years: None,
) -> Rejudgement:
    """Store answers about a photo that was screened before: each face by the box at which it was found.

    Args:
        replaces: the number of an earlier answer that is taken back.
        people_in: who are listed for a photo of these school years, for "nobody else".

    Raises:
        NotFound: there is no such screening within this caller's reach, or no such answer to replace.
        BadAnswers: they speak of a face that is not in it, or replace what came with the photo.
    """
    row = screenings.find(session, screening_id)
    if replaces is not None:
        _retract(session, row, replaces)
    number = answer_log.last_number(session, screening_id) + 1
    findings = findings_from_json(row.findings)
    answers = signed(with_boxes(answers, findings), session.caller.id)
    groups = answer_log.answers_of(session, screening_id).groups
    answers = with_listed(answers, people_in(years_from_json(row.years, row.taken)), groups)
    answers = replace(answers, overridden=screenings.overridden(session).get(row.sha256, frozenset()))
    answer_log.add(session, screening_id, row.sha256, answers, number=number)
    session.note(
        "answer", photo=row.sha256, screening=screening_id, number=number, answers=digest(answers_to_json(answers))
    )
    same_photos.judge_again(session, [row.sha256], answers)
    return _rejudgement(session, row, findings, number)


def retract(session: Session, screening_id: str, number: int) -> Rejudgement:
    """Take an answer back: the photo is judged as if it had never been given.

    Raises:
        NotFound: there is no such screening within this caller's reach, or no such answer.
        BadAnswers: it came with the photo.
    """
    row = screenings.find(session, screening_id)
    return _rejudgement(session, row, findings_from_json(row.findings), _retract(session, row, number))


def log_of(session: Session, screening_id: str) -> list[LogEntry]:
    """Everything that was said of a photo that was screened before, and what was taken back.

    A teacher reads of the own groups alone: an entry that names somebody else has no answers in it.

    Raises:
        NotFound: there is no such screening within this caller's reach.
    """
    screenings.find(session, screening_id)
    return [
        entry if screenings.is_within_reach(session, entry.answers) else replace(entry, answers=Answers())
        for entry in answer_log.entries(session, screening_id)
    ]


def renditions_given(session: Session, screening_id: str) -> dict[ChannelId, frozenset[str]]:
    """SHA-256 of all that was made of a photo that was screened before, per channel, at its first screening or after
    any answer.

    Raises:
        NotFound: there is no such screening within this caller's reach.
    """
    row = screenings.find(session, screening_id)
    given: dict[ChannelId, frozenset[str]] = {}
    made = select(verdict.c.channel, verdict.c.rendition).where(
        verdict.c.tenant == session.tenant, verdict.c.screening == row.id, verdict.c.rendition.is_not(None)
    )
    for channel, rendition in session.connection.execute(made):
        given[channel] = given.get(channel, frozenset()) | {rendition}
    return given


def stored_answers(session: Session, screening_id: str) -> tuple[int, Answers] | None:
    """The latest answer's number and all answers about a photo that was screened, with what was said of it elsewhere;
    None where it is no longer kept."""
    is_row = screening.c.tenant == session.tenant, screening.c.id == screening_id
    sha256 = session.connection.execute(select(screening.c.sha256).where(*is_row)).scalar()
    if sha256 is None:
        return None
    return answer_log.last_number(session, screening_id), answers_with_elsewhere(session, screening_id, sha256)


def _retract(session: Session, row: Row[Any], retracts: int) -> int:
    """Take an answer back. Returns the number of the retraction."""
    log = answer_log.entries(session, row.id)
    answer_log.check_retractable(log, retracts)
    number = answer_log.last_number(session, row.id) + 1
    nothing = Answers(overridden=screenings.overridden(session).get(row.sha256, frozenset()))
    answer_log.add(session, row.id, row.sha256, nothing, number=number, retracts=retracts)
    session.note("answer.retracted", photo=row.sha256, screening=row.id, number=number, retracts=retracts)
    said = next(entry.answers for entry in log if entry.number == retracts)
    same_photos.judge_again(session, [row.sha256], said)
    return number


def _rejudgement(session: Session, row: Row[Any], findings: Findings, number: int) -> Rejudgement:
    request = request_from_json(row.request, answers_with_elsewhere(session, row.id, row.sha256))
    years = years_from_json(row.years, row.taken)
    return Rejudgement(findings, request, number, number, years, row.names_searched)
