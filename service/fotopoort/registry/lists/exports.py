"""Exports: everything about one person, and lists that can be imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import select

from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit import verification
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import Consent
from fotopoort.registry.consent.purposes import purposes_then
from fotopoort.registry.consent.speakers import GUARDIANS
from fotopoort.registry.lists import columns
from fotopoort.registry.lists.sheets import harmless
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import by_person, groups_of
from fotopoort.registry.photos import takedowns
from fotopoort.registry.photos.renaming import mentions
from fotopoort.registry.photos.serialisation import answers_from_json
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import answer, post_answer, screening, shown, verdict
from fotopoort.vocabulary import ConsentState, PersonId

BYTE_ORDER_MARK: Final = "\ufeff"  # tells spreadsheet programs that a CSV is UTF-8
IN_DUTCH: Final = {
    ConsentState.GRANTED: "ja",
    ConsentState.REFUSED: "nee",
    ConsentState.OBJECTED: "bezwaar",
    ConsentState.WITHDRAWN: "ingetrokken",
    ConsentState.NOT_ASKED: "",
}


def person_export(session: Session, person_id: PersonId) -> dict[str, Any]:
    """Everything that is recorded of one person, for when they or their parents ask (GDPR, article 15).

    Only the privacy officer's export tells whether a person must never be locatable.

    Raises:
        UnknownPerson: there is nobody with that id.
    """
    ref = people.ref_of(session, person_id)
    record = asdict(people.find(session, person_id))
    if not session.caller.may(Act.SEE_HIDDEN):
        del record["never_locatable"]
    derived = consent_log.derived_consents(session, [ref])
    consents = [consent for consent in consent_log.all_consents(session) if consent.person == person_id]
    tasks = [task for task in takedowns.tasks(session, open_only=False) if task.person == person_id]
    content = {
        "person": record,
        "groups": groups_of(session, ref, ended=True),
        "said": [consent.document() for consent in consents],
        "holds_now": {purpose: consent.state for (_, purpose), consent in derived.items()},
        "shown_in": _shown_in(session, ref),
        "named_in_answers": _named_in(session, person_id),
        "named_in_posts": _named_in_posts(session, person_id),
        "takedowns": [asdict(task) for task in tasks],
        "log": [
            {"at": row.at, "kind": row.kind, "actor": row.actor}
            for row in verification.show(session, person=ref)
            if row.kind != people.HIDDEN or session.caller.may(Act.SEE_HIDDEN)
        ],
    }
    session.note("export", person=ref)
    return content


def class_list(session: Session, group: str | None = None) -> bytes:
    """The people of the school, or of a group, as a CSV that can be imported again.

    Raises:
        UnknownGroup: there is no such group.
    """
    with_hidden = session.caller.may(Act.SEE_HIDDEN)
    channels = [channel.id for channel in session.channels]
    titles = ["id", "naam", "roepnaam", "voornamen", "tussenvoegsel", "achternaam", "bijnamen", "rol", "groep"]
    titles += ["zestien_op", "laatste_schooldag", *channels, *(["nooit_vindbaar"] if with_hidden else [])]
    refs = {person_id: ref for ref, person_id in people.ids(session).items()}
    groups, derived = by_person(session), consent_log.derived_consents(session)
    rows = []
    for record in people.records(session, group):
        # What holds now, whoever decided it: a list from which somebody's no is missing must not say yes elsewhere.
        ref = refs[record.id]
        states = [derived[ref, id].state if (ref, id) in derived else ConsentState.NOT_ASKED for id in channels]
        rows.append(
            [
                record.id,
                record.name,
                record.call_name,
                record.given_names,
                record.prefix,
                record.surname,
                "|".join(record.nicknames),
                {"pupil": "leerling", "staff": "medewerker"}.get(record.role, "anders"),
                "|".join(sorted(groups.get(ref, ()))),
                record.own_from or "",
                record.leaves or "",
                *(IN_DUTCH[state] for state in states),
                *(["ja" if record.never_locatable else ""] if with_hidden else []),
            ]
        )
    session.note("export", people=len(rows))
    return to_csv(titles, rows)


def consents(session: Session) -> bytes:
    """Every statement that was ever recorded, as a CSV that can be imported again."""
    titles = ["id", "kanaal", "antwoord", "wie", "hoedanigheid", "datum", "geldig_van", "geldig_tot"]
    titles += ["gecontroleerd", "formulier", "bewijs", "verklaring", "neemt_terug", "doelen_toen"]
    had_left = {record.id: sorted(record.had_left) for record in people.records(session)}
    rows = [
        [
            consent.person,
            consent.purpose,
            consent.decision.value.replace("_", " "),
            "" if consent.speaker in (consent.person, GUARDIANS) else consent.speaker,
            consent.capacity.value,
            consent.at.astimezone(session.now.tzinfo).date(),
            *_days(consent, had_left.get(consent.person, []), session.now.tzinfo),
            consent.verified,
            consent.wording,
            consent.evidence,
            consent.id,
            consent.undoes or "",
            columns.purposes_as_text(purposes_then(consent)),
        ]
        for consent in consent_log.all_consents(session)
    ]
    session.note("export", words=len(rows))
    return to_csv(titles, rows)


def _days(consent: Consent, had_left: Sequence[datetime], zone: tzinfo | None) -> tuple[date | str, date | str]:
    """From which day and until which a statement counts: a yes not after a departure that ended it, which no other
    registry knows of.

    Args:
        had_left: from when that person had left, each time that they did and came back.
        zone: the school's, in which days begin and end.
    """
    begins, ends = consent.valid_from, consent.valid_until
    left = next((moment for moment in had_left if moment > consent.at), None)
    if left is not None and consent.decision is ConsentState.GRANTED:
        last_day = left.astimezone(zone).date() - timedelta(days=1)
        ends = min(ends or last_day, last_day)
        begins = begins and min(begins, ends)
    return begins or "", ends or ""


def to_csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV as Dutch spreadsheet programs open it, in which no cell can act as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _shown_in(session: Session, ref: str) -> list[dict[str, Any]]:
    rows = session.connection.execute(
        select(screening.c.sha256, verdict.c.channel, verdict.c.at, verdict.c.place, verdict.c.outcome, shown.c.certain)
        .join_from(
            shown,
            verdict,
            (shown.c.tenant == verdict.c.tenant)
            & (shown.c.screening == verdict.c.screening)
            & (shown.c.number == verdict.c.number)
            & (shown.c.channel == verdict.c.channel),
        )
        .join(screening, (screening.c.tenant == shown.c.tenant) & (screening.c.id == shown.c.screening))
        .where(shown.c.tenant == session.tenant, shown.c.person == ref)
        .order_by(verdict.c.at)
    )
    return [row._asdict() for row in rows]


def _named_in(session: Session, person_id: PersonId) -> list[dict[str, Any]]:
    """The answers in which this person is named."""
    rows = session.connection.execute(
        select(answer.c.screening, answer.c.at, answer.c.answers, screening.c.sha256)
        .join(screening, (screening.c.tenant == answer.c.tenant) & (screening.c.id == answer.c.screening))
        .where(answer.c.tenant == session.tenant, mentions(answer.c.answers, person_id))
        .order_by(answer.c.at)
    )
    named = []
    for row in rows:
        answers = answers_from_json(row.answers)
        if person_id in answers.named:
            named.append({"photo": row.sha256, "at": row.at, "absent": person_id in answers.absent})
    return named


def _named_in_posts(session: Session, person_id: PersonId) -> list[dict[str, Any]]:
    """What was said of posts and of photos in them in which this person is named."""
    rows = session.connection.execute(
        select(post_answer.c.post, post_answer.c.photos, post_answer.c.at, post_answer.c.answers)
        .where(post_answer.c.tenant == session.tenant, mentions(post_answer.c.answers, person_id))
        .order_by(post_answer.c.at, post_answer.c.post, post_answer.c.number)
    )
    named = []
    for row in rows:
        answers = answers_from_json(row.answers)
        if person_id in answers.named:
            absent = person_id in answers.absent
            named.append({"post": row.post, "photos": row.photos, "at": row.at, "absent": absent})
    return named
