"""What became of photos: what was seen and said, what was decided, who is shown and where it went. No pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, select

from fotopoort.errors import BadRecord, NotFound, UnknownChannel, UnknownPerson
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.rules import check_override
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.chain import digest
from fotopoort.registry.lists.class_list import group_key
from fotopoort.registry.people import people
from fotopoort.registry.photos.answers import merge
from fotopoort.registry.photos.serialisation import (
    answers_from_json,
    answers_to_json,
    findings_from_json,
    findings_to_json,
    request_from_json,
    request_to_json,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer as answer_table
from fotopoort.registry.store.tables import override as override_table
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.registry.store.tables import shown, verdict
from fotopoort.screening.screen import Request, Screening
from fotopoort.vocabulary import (
    Action,
    Answers,
    Basis,
    ChannelId,
    FaceLabel,
    Findings,
    Outcome,
    PersonId,
    Verdict,
)

LIKENESSES_COMPARED: Final = 200_000  # screenings looked through for photos that are much alike


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """A verdict that was given."""

    screening: str
    sha256: str
    channel: ChannelId
    outcome: Outcome
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A photo to decide about again: what was seen, everything that was said so far, and the number of that saying."""

    findings: Findings
    request: Request
    number: int
    taken: date | None


def remember(
    session: Session,
    screening: Screening,
    request: Request,
    *,
    places: Mapping[ChannelId, str],
    taken: date | None = None,
) -> None:
    """Write down a photo that was screened, what was said of it, and what was decided.

    Args:
        places: where the caller says it will appear, per channel.
        taken: the day of the photo.
    """
    row = {
        "tenant": session.tenant,
        "id": screening.id,
        "sha256": screening.findings.sha256,
        "likeness": screening.findings.perceptual_hash,
        "at": session.now,
        "taken": taken,
        "actor": session.caller.id,
        "findings": findings_to_json(screening.findings),
        "request": request_to_json(request),
    }
    session.connection.execute(insert(screening_table).values(row))
    _say(session, screening.id, 0, request.answers)
    _decide(session, screening, request.answers, 0, places)


def answer(session: Session, screening_id: str, answers: Answers) -> Rejudgement:
    """Keep what is said of a photo that was screened before.

    Raises:
        NotFound: there is no such screening within this caller's reach.
    """
    row = _screening(session, screening_id)
    number = _last(session, screening_id) + 1
    answers = replace(answers, overridden=overridden(session).get(row.sha256, frozenset()))
    _say(session, screening_id, number, answers)
    session.note("answer", photo=row.sha256, screening=screening_id, answers=digest(answers_to_json(answers)))
    request = request_from_json(row.request, said(session, screening_id))
    return Rejudgement(findings_from_json(row.findings), request, number, row.taken)


def remember_again(session: Session, screening: Screening, again: Rejudgement) -> None:
    """Write down what was decided after a further answer. Where it will appear stays as it was said."""
    rows = session.connection.execute(
        select(verdict.c.channel, verdict.c.place).where(
            verdict.c.tenant == session.tenant, verdict.c.screening == screening.id, verdict.c.number == 0
        )
    )
    places = {row.channel: row.place for row in rows}
    _decide(session, screening, again.request.answers, again.number, places)


def override(session: Session, screening_id: str, channel: ChannelId, rule: str, reason: str) -> None:
    """Set a rule aside for one photo on one channel, as far as the rule lets that be done. It holds from the next time
    that the photo is judged.

    Raises:
        Forbidden: the caller may not.
        NotFound: there is no such screening.
        UnknownChannel: it was not screened for that channel.
        BadAnswers: that rule may not be set aside.
        BadRecord: no reason is given.
    """
    session.caller.must(Act.OVERRIDE)
    row = _screening(session, screening_id)
    check_override(rule)
    if channel not in row.request["channels"]:
        raise UnknownChannel("This photo was not screened for that channel.", hint="See its verdicts.")
    if not reason.strip():
        raise BadRecord("A reason is wanted.", hint="Say in a few words why this photo may go out.")
    if (channel, rule) not in overridden(session).get(row.sha256, frozenset()):
        known = {"tenant": session.tenant, "screening": screening_id, "channel": channel, "rule": rule}
        told = {"at": session.now, "actor": session.caller.id, "reason": reason}
        session.connection.execute(insert(override_table).values(known | told))
        session.bump_revision()
    about = {"screening": screening_id, "channel": channel, "rule": rule}
    session.note("override", photo=row.sha256, reason=digest(reason), **about)


def overridden(session: Session) -> dict[str, frozenset[tuple[ChannelId, str]]]:
    """The rules that were set aside, per photo's SHA-256: a photo that is sent again is the same photo."""
    rows = session.connection.execute(
        select(screening_table.c.sha256, override_table.c.channel, override_table.c.rule)
        .join(
            screening_table,
            (screening_table.c.tenant == override_table.c.tenant)
            & (screening_table.c.id == override_table.c.screening),
        )
        .where(override_table.c.tenant == session.tenant)
    )
    found: dict[str, frozenset[tuple[ChannelId, str]]] = {}
    for row in rows:
        found[row.sha256] = found.get(row.sha256, frozenset()) | {(row.channel, row.rule)}
    return found


def earlier(session: Session, blocked: Blocklist) -> list[GivenVerdict]:
    """The verdicts by which these photos, or photos much like them, may have gone out; the latest first."""
    query = (
        select(screening_table.c.id, screening_table.c.sha256, screening_table.c.likeness)
        .where(screening_table.c.tenant == session.tenant)
        .order_by(screening_table.c.at.desc())
        .limit(LIKENESSES_COMPARED)
    )
    rows = session.connection.execute(query).all()
    found = {row.id: row.sha256 for row in rows if blocked.holds(row.sha256, row.likeness)}
    decided: list[GivenVerdict] = []
    for screening_id, sha256 in found.items():
        given = session.connection.execute(
            select(verdict.c.channel, verdict.c.outcome, verdict.c.place, verdict.c.at)
            .where(verdict.c.tenant == session.tenant, verdict.c.screening == screening_id)
            .order_by(verdict.c.number.desc(), verdict.c.channel)
        )
        decided += [
            GivenVerdict(screening_id, sha256, row.channel, Outcome(row.outcome), row.place, row.at) for row in given
        ]
    return decided


# --- writing ---------------------------------------------------------------------------------------------


def _say(session: Session, screening_id: str, number: int, answers: Answers) -> None:
    row = {"tenant": session.tenant, "screening": screening_id, "number": number, "answers": answers_to_json(answers)}
    session.connection.execute(insert(answer_table).values(row | {"at": session.now, "actor": session.caller.id}))


def _decide(
    session: Session, screening: Screening, answers: Answers, number: int, places: Mapping[ChannelId, str]
) -> None:
    refs = {person_id: ref for ref, person_id in people.ids(session).items()}
    verdicts, persons = [], []
    for channel, given in screening.verdicts.items():
        key = {"tenant": session.tenant, "screening": screening.id, "number": number, "channel": channel}
        rendition = screening.renditions.get(channel)
        verdicts.append(
            key
            | {
                "at": session.now,
                "outcome": given.outcome.value,
                "basis": given.basis,
                "policy": given.policy,
                "registry": given.registry,
                "rules": sorted({reason.rule for reason in given.reasons}),
                "rendition": rendition.sha256 if rendition else None,
                "place": places.get(channel, ""),
                "groups": sorted(answers.groups),
                "by_group": not answers.only_present
                and any(one.basis is Basis.GROUP and one.action is Action.KEEP for one in given.faces.values()),
            }
        )
        if given.outcome is not Outcome.REJECT:
            persons += [key | {"person": refs[one]} for one in sorted(_shown(given, answers)) if one in refs]
    session.connection.execute(insert(verdict), verdicts)
    if persons:
        session.connection.execute(insert(shown), persons)
    receipt = screening.receipt
    session.note(
        "verdict",
        photo=receipt.photo or None,
        screening=screening.id,
        number=number,
        outcomes={row["channel"]: row["outcome"] for row in verdicts},
        rules={row["channel"]: row["rules"] for row in verdicts},
        bases={row["channel"]: row["basis"] for row in verdicts},
        renditions=dict(receipt.renditions),
        findings=receipt.findings,
        answers=receipt.answers,
        models=receipt.models,
        policy=receipt.policy,
        registry=receipt.registry,
    )


def _shown(given: Verdict, answers: Answers) -> frozenset[PersonId]:
    """Who can be seen in what may go out, as far as somebody said so."""
    kept: set[PersonId] = set()
    covered = {drawn.person for drawn in answers.drawn if drawn.person}
    for face, judged in given.faces.items():
        if judged.basis is Basis.IDENTIFIED and (person := answers.faces[face].person):
            (kept if judged.action is Action.KEEP else covered).add(person)
    # Who was pointed out where no face is now is in it all the same, and so is who was said to be.
    return frozenset(kept | ((answers.present | located(answers)) - covered))


def located(answers: Answers) -> frozenset[PersonId]:
    """Who was pointed out."""
    tapped = {one.person for one in answers.faces.values() if one.label is FaceLabel.PERSON and one.person}
    return frozenset(tapped | {drawn.person for drawn in answers.drawn if drawn.person})


# --- reading ---------------------------------------------------------------------------------------------


def said(session: Session, screening_id: str, up_to: int | None = None) -> Answers:
    """Everything that was said of a photo, or what was said up to a saying of that number.

    Answers are stored with the rules that were set aside when they were given: of those the latest hold."""
    query = select(answer_table.c.answers).where(*_about(session, screening_id)).order_by(answer_table.c.number)
    if up_to is not None:
        query = query.where(answer_table.c.number <= up_to)
    together = Answers()
    for content in session.connection.execute(query).scalars():
        answers = answers_from_json(content)
        together = replace(merge(together, answers), overridden=answers.overridden)
    return together


def _screening(session: Session, screening_id: str) -> Row[Any]:
    """A screening within reach. Whoever else asks for the same one waits until this transaction ends."""
    row = session.connection.execute(
        select(screening_table)
        .where(screening_table.c.tenant == session.tenant, screening_table.c.id == screening_id)
        .with_for_update()
    ).one_or_none()
    if row is None or not _in_reach(session, row):
        raise NotFound("There is no such screening, or it is no longer kept.", hint="Screen the photo again.")
    return row


def _in_reach(session: Session, row: Row[Any]) -> bool:
    """A teacher's own, or of the own groups and with nobody else's name in it."""
    if not session.caller.own_groups_only or row.actor == session.caller.id:
        return True
    answers = said(session, row.id)
    own = {group_key(group) for group in session.caller.groups}
    try:
        people.refs_of(session, answers.present | answers.absent | located(answers))
    except UnknownPerson:
        return False
    return bool(answers.groups) and {group_key(group) for group in answers.groups} <= own


def _last(session: Session, screening_id: str) -> int:
    query = select(func.max(answer_table.c.number)).where(*_about(session, screening_id))
    return int(session.connection.execute(query).scalar_one())


def _about(session: Session, screening_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return answer_table.c.tenant == session.tenant, answer_table.c.screening == screening_id
