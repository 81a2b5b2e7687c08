"""A statement that is to be recorded, and whether it can have been said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import select

from fotopoort.errors import BadRecord, UnknownChannel
from fotopoort.policy.policy import NO_PURPOSE
from fotopoort.registry.consent import purposes
from fotopoort.registry.consent.derivation import FORBIDS, Capacity
from fotopoort.registry.consent.speakers import GUARDIANS
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import consent as consent_table
from fotopoort.registry.store.tables import person as person_table
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId, Role, Text

EARLIEST: Final = 1900  # a year; statements of before are typing errors
NO_BIOMETRICS: Final = Text(
    nl="Gezichten vergelijken is biometrie. Dat doet dit programma niet, en toestemming ervoor geldt op school niet.",
    en="Comparing faces is biometrics. This program does not do so, and consent for it does not hold in a school.",
)
NAME_THE_WORDING: Final = Text(
    nl="Noem het kanaal zelf, of de versie van de vraag zoals die in het bestand van de school staat.",
    en="Name the channel itself, or the version of the question as the school file has it.",
)
TIGHTENING: Final = frozenset({ConsentState.OBJECTED, ConsentState.WITHDRAWN})  # what a teacher may record


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that is to be recorded; for its fields, see `derivation.Consent`. `person`: the school's id.

    Attributes:
        at: when it was made; None: now.
        purposes_then: of a statement from another registry; None: what the channels ask for now.
        id: a new one, of 32 hexadecimal digits; empty: it gets one.
    """

    person: PersonId
    purpose: str
    decision: ConsentState
    speaker: str = GUARDIANS
    capacity: Capacity = Capacity.GUARDIAN
    at: datetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    verified: str = ""
    wording: str = ""
    evidence: str = ""
    undoes: str | None = None
    purposes_then: Mapping[ChannelId, str] | None = field(default=None, hash=False)
    id: str = ""


def moment_of(day: date, decision: ConsentState, now: datetime, no: datetime | None = None) -> datetime:
    """When something was said of which only the day is known: a no at its end, so that it comes after what else was
    said that day, but not after `now`; anything else at its beginning, or after the no of that day that it takes back.

    Args:
        now: this moment, in the school's time zone, which the day is in.
        no: when the no was said that it takes back, if any.
    """
    begins = datetime.combine(day, time(), now.tzinfo)
    if decision in FORBIDS:
        return max(begins, min(datetime.combine(day, time.max, now.tzinfo), now))
    return no if no is not None and no.astimezone(now.tzinfo).date() == day else begins


def tightens(statement: Statement) -> bool:
    """Whether a teacher may record it."""
    is_plain = statement.at is None and statement.valid_from is None and statement.undoes is None
    return statement.decision in TIGHTENING and is_plain


def is_guardians_yes(statement: Statement) -> bool:
    """Whether it grants what, of somebody who is no pupil, only they themselves can."""
    return statement.decision is ConsentState.GRANTED and statement.capacity is Capacity.GUARDIAN


def check_their_own(session: Session, statements: Sequence[Statement]) -> None:
    """Whether no guardian says yes about somebody who is no pupil.

    Raises:
        BadRecord: one does.
    """
    about = {statement.person for statement in statements if is_guardians_yes(statement)}
    query = select(person_table.c.id).where(
        person_table.c.tenant == session.tenant, person_table.c.id.in_(about), person_table.c.role != Role.PUPIL
    )
    if about and session.connection.execute(query).first() is not None:
        raise BadRecord(
            Text(
                nl="Voor wie geen leerling is, telt alleen het eigen ja van die persoon.",
                en="Of somebody who is no pupil, only their own yes counts.",
            ),
            hint=Text(
                nl="Zei die persoon het zelf? Zet er dan `--own` bij; in de API de hoedanigheid 'own', met het id van"
                " die persoon als wie het zei.",
                en="If that person said so, add `--own`; in the API the capacity 'own', with the person's id as who"
                " said it.",
            ),
        )


def check(session: Session, statement: Statement) -> None:
    """Whether it can have been said.

    Raises:
        UnknownChannel: there is no such channel or purpose.
        BadRecord: it is in the future, nobody can make this statement, or it is a yes for nothing.
    """
    if statement.purpose == NO_PURPOSE:
        raise BadRecord(NO_BIOMETRICS, hint=Text(nl="Schrijf dit niet op.", en="Do not write this down."))
    names = purposes.names(session.channels)
    if statement.purpose not in names:
        raise UnknownChannel(hint=Text(nl=f"Kies uit: {', '.join(names)}.", en=f"Choose from: {', '.join(names)}."))
    problem = purposes.problem(
        statement.purpose, statement.decision, statement.wording, session.channels, session.wordings
    )
    if problem is not None:
        raise BadRecord(
            Text(nl=f"{problem.nl}.", en=f"{problem.en[0].upper()}{problem.en[1:]}."), hint=NAME_THE_WORDING
        )
    at = statement.at or session.now
    if at.tzinfo is None or not EARLIEST <= at.year or at > session.now:
        raise BadRecord(
            Text(
                nl="Het moment waarop dit is gezegd, kan niet kloppen.",
                en="This was said at a moment that cannot be.",
            ),
            hint=Text(nl="Geef de dag waarop het is gezegd.", en="Give the day it was said."),
        )
    if statement.valid_from and statement.valid_until and statement.valid_from > statement.valid_until:
        raise BadRecord(
            Text(nl="Het zou eindigen voordat het begint.", en="It would end before it begins."),
            hint=Text(
                nl="Verbeter de eerste of de laatste dag waarop het geldt.",
                en="Correct the days from and until which it holds.",
            ),
        )
    if not statement.speaker.strip():
        raise BadRecord(
            Text(nl="Er staat niet bij wie dit zei.", en="It is not said who said this."),
            hint=Text(nl="Noem wie het zei.", en="Name who said it."),
        )
    if (statement.capacity is Capacity.OWN) != (statement.speaker == statement.person):
        raise BadRecord(
            Text(
                nl="Wie voor zichzelf spreekt, is de persoon zelf, en niemand anders.",
                en="Who speaks for themselves is the person, and nobody else is.",
            ),
            hint=Text(
                nl="Noem het id van de persoon zelf bij wie het zei, met hoedanigheid 'own'. Of laat beide weg.",
                en="Name the person's own id as who said it, and 'own' as the capacity; or neither.",
            ),
        )


def check_undone(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Whether each of these rows of the table `consent` can take back the statement that it names, if any.

    Raises:
        BadRecord: there is no such refusal by a guardian about the same person and purpose, or it is a later one.
    """
    undone = {row["undoes"] for row in rows} - {None}
    query = select(consent_table).where(consent_table.c.tenant == session.tenant, consent_table.c.id.in_(undone))
    found: dict[str, Mapping[str, Any]] = {row["id"]: row for row in rows}
    found |= {row.id: row._asdict() for row in session.connection.execute(query)} if undone else {}
    for row in rows:
        if row["undoes"] is None:
            continue
        no = found.get(row["undoes"])
        if (
            no is None
            or any(no[name] != row[name] for name in ("person", "capacity"))
            or _purposes(session, no).isdisjoint(_purposes(session, row))
            or row["capacity"] != Capacity.GUARDIAN
            or no["word"] not in FORBIDS
            or row["word"] in FORBIDS
            or row["at"] < no["at"]
        ):
            raise BadRecord(
                Text(
                    nl="Dit kan die eerdere verklaring niet terugnemen.",
                    en="This cannot take that earlier statement back.",
                ),
                hint=Text(
                    nl="Noem het id van een nee van een ouder of verzorger over dezelfde persoon en hetzelfde doel, van"
                    " vóór dit ja. Kijk bij `fotopoort registry consents`.",
                    en="Name the id of a guardian's no about the same person and purpose, from before this yes. See"
                    " `fotopoort registry consents`.",
                ),
            )


def _purposes(session: Session, row: Mapping[str, Any]) -> set[str]:
    """What a row of the table `consent` is about, and what consent is asked for there."""
    now = purposes.asked_for(row["purpose"], purposes.purposes_of(session.channels))
    return {row["purpose"], *filter(None, (row["asked_for"], now))}
