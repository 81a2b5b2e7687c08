"""What became of photos: findings, answers and verdicts, who is shown, and where the photo went. No pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from fotopoort.canonical_json import digest
from fotopoort.errors import BadRecord, NotFound, UnknownChannel, UnknownPerson
from fotopoort.policy.rules import check_override
from fotopoort.registry.access.roles import Act
from fotopoort.registry.answers import answer_log
from fotopoort.registry.answers.said_elsewhere import answers_with_elsewhere
from fotopoort.registry.audit.chain import row_digest
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import Years, is_own
from fotopoort.registry.photos import takedowns
from fotopoort.registry.photos.serialisation import (
    findings_from_json,
    findings_to_json,
    request_from_json,
    request_to_json,
    years_from_json,
    years_to_json,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import override as override_table
from fotopoort.registry.store.tables import screening as screening_table
from fotopoort.registry.store.tables import shown, verdict
from fotopoort.screening.screen import Request, Screening
from fotopoort.vocabulary import Answers, ChannelId, Findings, Outcome, Text


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A photo to decide about again.

    Attributes:
        request: with all answers so far.
        number: of the answer that is the reason to decide again.
        latest: of the latest answer in `request`.
        years, names_searched: as stored at the first screening, see `remember`.
    """

    findings: Findings
    request: Request
    number: int
    latest: int
    years: Years
    names_searched: str | None = None


def remember(
    session: Session,
    screening: Screening,
    request: Request,
    *,
    places: Mapping[ChannelId, str],
    taken: date | None = None,
    years: Years = None,
    names_searched: str | None = None,
) -> None:
    """Store a photo that was screened, with the answers that came with it and the verdicts.

    Args:
        places: where the caller says that it will appear, per channel.
        taken, years: the day of the photo, and the school years it can be of; None: not known, any.
        names_searched: digest of the names that were searched for; "": there was nothing to search in.
    """
    remember_findings(session, screening, request, taken=taken, years=years, names_searched=names_searched)
    _record_verdicts(session, screening, request.answers, 0, places)


def remember_findings(
    session: Session,
    screening: Screening,
    request: Request,
    *,
    taken: date | None,
    years: Years,
    names_searched: str | None,
) -> None:
    """Store what was found in a photo, without any verdict; `remember_decision` stores those. See `remember`."""
    row = {
        "tenant": session.tenant,
        "id": screening.id,
        "sha256": screening.findings.sha256,
        "likeness": screening.findings.perceptual_hash,
        "at": session.now,
        "taken": taken,
        "years": years_to_json(years),
        "names_searched": names_searched,
        "actor": session.caller.id,
        "findings": findings_to_json(screening.findings),
        "request": request_to_json(request),
    }
    session.connection.execute(insert(screening_table).values(row))
    answer_log.add(session, screening.id, screening.findings.sha256, request.answers, number=0)


def remember_decision(session: Session, screening: Screening, answers: Answers) -> None:
    """Store the verdicts by all that is said of a photo now, in place of what was said when this was done before: of a
    photo of a post, which has a log of its own.

    Args:
        screening: with the id under which its findings were stored, without any answers.
    """
    number = answer_log.replace_all(session, screening.id, screening.findings.sha256, answers)
    _record_verdicts(session, screening, answers, number, {})


def read_again(session: Session, screening_id: str, earlier: Rejudgement) -> Rejudgement:
    """The same, as it is now: with what was said, or erased, since. Whoever would say more waits for this transaction.

    Raises:
        NotFound: there is no such screening within this caller's reach any more.
    """
    row = find(session, screening_id)
    request = request_from_json(row.request, answers_with_elsewhere(session, row.id, row.sha256))
    latest, years = answer_log.last_number(session, screening_id), years_from_json(row.years, row.taken)
    return replace(earlier, findings=findings_from_json(row.findings), request=request, latest=latest, years=years)


def remember_again(session: Session, screening: Screening, again: Rejudgement) -> None:
    """Store the verdicts after further answers. Where the photo will appear stays as it was given at first."""
    rows = session.connection.execute(
        select(verdict.c.channel, verdict.c.place).where(
            verdict.c.tenant == session.tenant, verdict.c.screening == screening.id, verdict.c.number == 0
        )
    )
    places = {row.channel: row.place for row in rows}
    _record_verdicts(session, screening, again.request.answers, again.number, places)


def override(session: Session, screening_id: str, channel: ChannelId, rule: str, reason: str) -> None:
    """Set a rule aside for one photo on one channel, if the rule allows that. It holds from the next verdict on.

    Raises:
        Forbidden: the caller may not.
        NotFound: there is no such screening.
        UnknownChannel: it was not screened for that channel.
        BadAnswers: that rule may not be set aside.
        BadRecord: no reason is given.
    """
    session.caller.must(Act.OVERRIDE)
    row = find(session, screening_id)
    check_override(rule)
    if channel not in row.request["channels"]:
        raise UnknownChannel(
            Text(
                nl="Deze foto is niet beoordeeld voor dat kanaal.", en="This photo was not screened for that channel."
            ),
            hint=Text(nl="Kijk welke kanalen beoordeeld zijn.", en="See its verdicts."),
        )
    if not reason.strip():
        raise BadRecord(
            Text(nl="Er is een reden nodig.", en="A reason is wanted."),
            hint=Text(
                nl="Schrijf kort waarom deze foto geplaatst mag worden.",
                en="Say in a few words why this photo may go out.",
            ),
        )
    key = {"screening": screening_id, "channel": channel, "rule": rule}
    written: dict[str, str] = {}
    if (channel, rule) not in overridden(session).get(row.sha256, frozenset()):
        values = {"tenant": session.tenant, "at": session.now, "actor": session.caller.id, "reason": reason}
        session.connection.execute(insert(override_table).values(key | values))
        session.bump_revision()
        written = {"sha256": row_digest(override_table, key | values)}
    session.note("override", photo=row.sha256, reason=digest(reason), **key, **written)


def overridden(session: Session) -> dict[str, frozenset[tuple[ChannelId, str]]]:
    """The rules that were set aside, by the photo's SHA-256: a photo that is sent again is the same photo."""
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


# --- writing ---------------------------------------------------------------------------------------------


def _record_verdicts(
    session: Session, screening: Screening, answers: Answers, number: int, places: Mapping[ChannelId, str]
) -> None:
    refs = {person_id: ref for ref, person_id in people.ids(session).items()}
    verdicts, shown_people = [], []
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
                "by_group": takedowns.may_show_others(given, answers),
            }
        )
        if given.outcome is not Outcome.REJECT:
            shown_people += [
                key | {"person": refs[person_id], "certain": certain}
                for person_id, certain in sorted(takedowns.shown_people(given, answers).items())
                if person_id in refs
            ]
    session.connection.execute(insert(verdict), verdicts)
    if shown_people:
        session.connection.execute(insert(shown), shown_people)
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


# --- reading ---------------------------------------------------------------------------------------------


def find(session: Session, screening_id: str) -> Row[Any]:
    """A screening within reach. A session that writes keeps others that ask for the same one waiting until it ends.

    Raises:
        NotFound: there is none.
    """
    query = select(screening_table).where(
        screening_table.c.tenant == session.tenant, screening_table.c.id == screening_id
    )
    row = session.connection.execute(query.with_for_update() if session.may_write else query).one_or_none()
    if row is None or not _in_reach(session, row):
        raise NotFound(
            Text(
                nl="Deze beoordeling is er niet, of wordt niet meer bewaard.",
                en="There is no such screening, or it is no longer kept.",
            ),
            hint=Text(nl="Laat de foto opnieuw beoordelen.", en="Screen the photo again."),
        )
    return row


def _in_reach(session: Session, row: Row[Any]) -> bool:
    """Whether the caller may see this screening: it sent the photo itself, or works at the school. For a teacher, the
    photo must also be of their own groups and name nobody outside them. A machine sees only what it sent itself, as
    questions name everybody who could be in the photo."""
    if row.actor == session.caller.id:
        return True
    if not session.caller.own_groups_only:
        return not session.caller.is_machine
    answers = answer_log.answers_of(session, row.id)
    of_own_groups = bool(answers.groups) and all(is_own(session, group) for group in answers.groups)
    return of_own_groups and is_within_reach(session, answers)


def is_within_reach(session: Session, answers: Answers) -> bool:
    """Whether they name nobody outside the caller's reach. People without a name are in everybody's."""
    named = answers.named
    try:
        people.refs_of(session, {person for person in named if not person.startswith(people.RESERVED)})
    except UnknownPerson:
        return False
    return True
