"""What was said about showing people, as it is written down: rows are only added.

What they come to is worked out in `consents.py`. A word that forbids holds from the moment it is written down, and asks
for everything that went out before to be taken down (`takedowns.py`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, insert, select

from fotopoort.errors import BadRecord, Forbidden, UnknownChannel
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.chain import consent_digest
from fotopoort.registry.consent.derivation import (
    BIOMETRIC_MATCHING,
    FORBIDS,
    Capacity,
    Consent,
    DerivedConsent,
    standing,
)
from fotopoort.registry.people import people
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import confirmation, consent, person, storable
from fotopoort.vocabulary import ConsentState, PersonId, Role

EARLIEST: Final = 1900  # a year; who was said to speak before is a slip of the pen
GUARDIANS: Final = "guardians"  # who speaks where a list says only yes or no
TIGHTENING: Final = frozenset({ConsentState.OBJECTED, ConsentState.WITHDRAWN})  # what a teacher may write down


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said, as it is brought to the registry; see `consents.Consent`. `person`: the school's id.

    Attributes:
        at: when it was said; None: now.
    """

    person: PersonId
    purpose: str
    word: ConsentState
    speaker: str = GUARDIANS
    capacity: Capacity = Capacity.GUARDIAN
    at: datetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    verified: str = ""
    wording: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Somebody about whom something must be done, for one purpose."""

    person: PersonId
    purpose: str
    standing: DerivedConsent
    due: date | None = None


def record(session: Session, said: Statement) -> str:
    """Write something said down; it holds at once. Returns its id.

    Raises:
        UnknownPerson: there is nobody with that id within reach.
        UnknownChannel: there is no such channel.
        Forbidden: a teacher may write down objections and withdrawals, of now.
        BadRecord: it is not yet said, or nobody can say this.
    """
    return record_many(session, [said])[0]


def record_many(session: Session, sayings: Sequence[Statement]) -> list[str]:
    """Write several things down; see `record`."""
    if not session.caller.may(Act.RECORD_CONSENT) and any(not _tightens(said) for said in sayings):
        raise Forbidden("A teacher may write down objections and withdrawals, nothing else.")
    refs = people.refs_of(session, {said.person for said in sayings})
    rows = [_row(session, said, refs[said.person]) for said in sayings]
    if not rows:
        return []
    session.connection.execute(insert(consent), rows)
    for row in rows:
        session.note("consent", person=row["person"], consent=row["id"], sha256=consent_digest(row))
    session.bump_revision()
    forbidding = [row for row in rows if row["word"] in FORBIDS and row["purpose"] != BIOMETRIC_MATCHING]
    now = standings(session, {row["person"] for row in forbidding}) if forbidding else {}
    withdrawn = [
        takedowns.Withdrawn(row["person"], row["purpose"], row["id"])
        for row in forbidding
        if now[row["person"], row["purpose"]].state in FORBIDS  # an old word may have been taken back since
    ]
    takedowns.ask(session, withdrawn)
    return [row["id"] for row in rows]


def confirm(session: Session, consent_id: str) -> None:
    """The office has seen what a teacher wrote down.

    Raises:
        BadRecord: nothing with that id waits for it.
    """
    waiting = {row.id for row in to_confirm(session)}
    if consent_id not in waiting:
        raise BadRecord("Nothing with that id waits to be confirmed.", hint="See `fotopoort registry lists`.")
    row = {"tenant": session.tenant, "consent": consent_id, "at": session.now, "actor": session.caller.id}
    session.connection.execute(insert(confirmation).values(row))
    session.note("consent.confirmed", consent=consent_id)


# --- what it comes to ------------------------------------------------------------------------------------


def history(session: Session, ref: str) -> list[Consent]:
    """All that was said about somebody, in the order it was said."""
    found = _consents(session, [ref])
    return sorted((one for words in found.values() for one in words), key=lambda one: (one.at, one.id))


def everything(session: Session) -> list[Consent]:
    """All that was ever said, in the order it was said, with the school's ids."""
    known = people.ids(session)
    rows = session.connection.execute(
        select(consent).where(consent.c.tenant == session.tenant).order_by(consent.c.at, consent.c.id)
    )
    return [_consent(row, known[row.person]) for row in rows]


def last_words(session: Session) -> dict[tuple[PersonId, str, str], tuple[ConsentState, date | None]]:
    """What each speaker said last, and until when it holds: by the person's id, purpose and speaker."""
    last = {(one.person, one.purpose, one.speaker): one for one in everything(session)}
    return {key: (one.word, one.valid_until) for key, one in last.items()}


def said_before(session: Session) -> set[tuple[PersonId, str, ConsentState, str, datetime]]:
    """Everything that was said: person's id, purpose, word, speaker and moment."""
    return {(one.person, one.purpose, one.word, one.speaker, one.at) for one in everything(session)}


def standings(
    session: Session,
    refs: Collection[str] | None = None,
    moment: datetime | None = None,
    *,
    purpose: str | None = None,
) -> dict[tuple[str, str], DerivedConsent]:
    """What holds by ref and purpose, for everything that was ever said something about.

    Args:
        refs: of whom; None: of everyone.
        moment: with the school's time zone; None: now.
        purpose: only this one.
    """
    terms_of = {row.ref: _terms(row) for row in _persons(session, refs)}
    return {
        (ref, about): standing(words, moment or session.now, **terms_of[ref])
        for (ref, about), words in _consents(session, refs, purpose).items()
        if ref in terms_of
    }


def conflicts(session: Session) -> list[Finding]:
    """About whom one guardian grants what another forbids."""
    return _findings(session, {key: (one, None) for key, one in standings(session).items() if one.conflict})


def expiring(session: Session, days: int = 60) -> list[Finding]:
    """Whose consent ends within so many days, has ended, or ended with their leaving or coming of age."""
    until = session.today + timedelta(days=days)
    later = datetime.combine(until + timedelta(days=1), session.now.timetz())
    now, then = standings(session), standings(session, moment=later)
    ends = _last_days(session)
    return _findings(
        session,
        {
            key: (one, ends.get(key))
            for key, one in now.items()
            if one.ended or (one.state is ConsentState.GRANTED and then[key].state is not ConsentState.GRANTED)
        },
    )


def of_age(session: Session, days: int = 60) -> list[Finding]:
    """Pupils who are, or within so many days become, of an age at which their own word counts, and have not spoken."""
    found = {}
    until = session.today + timedelta(days=days)
    words = _consents(session, None)
    everything = standings(session)
    for row in _persons(session, None):
        if row.role != Role.PUPIL or row.own_from is None or row.own_from > until:
            continue
        if row.leaves is not None and row.leaves < session.today:
            continue
        for channel in session.channels:
            key = (row.ref, channel.id)
            own = [
                one for one in words.get(key, []) if one.capacity is Capacity.OWN and _day(one, session) >= row.own_from
            ]
            if not own:
                found[key] = (everything.get(key, DerivedConsent(ConsentState.NOT_ASKED)), row.own_from)
    return _findings(session, found)


def to_confirm(session: Session) -> list[Consent]:
    """What teachers wrote down and the office has not looked at yet. It holds all the same."""
    seen = select(confirmation.c.consent).where(confirmation.c.tenant == session.tenant)
    rows = session.connection.execute(
        select(consent)
        .where(consent.c.tenant == session.tenant, consent.c.to_confirm, consent.c.id.not_in(seen))
        .order_by(consent.c.recorded)
    )
    known = people.ids(session)
    return [_consent(row, known[row.person]) for row in rows]


def _tightens(said: Statement) -> bool:
    return said.word in TIGHTENING and said.at is None and said.valid_from is None


def _row(session: Session, said: Statement, ref: str) -> dict[str, Any]:
    channels = [channel.id for channel in session.channels]
    if said.purpose not in (*channels, BIOMETRIC_MATCHING):
        raise UnknownChannel(hint=f"Choose from: {', '.join((*channels, BIOMETRIC_MATCHING))}.")
    at = said.at or session.now
    if at.tzinfo is None or not EARLIEST <= at.year or at > session.now:
        raise BadRecord("This was said at a moment that cannot be.", hint="Give the day it was said.")
    if said.valid_from and said.valid_until and said.valid_from > said.valid_until:
        raise BadRecord("It would end before it begins.", hint="Correct the days from and until which it holds.")
    if not said.speaker.strip():
        raise BadRecord("It is not said who said this.", hint="Name who said it.")
    if (said.capacity is Capacity.OWN) != (said.speaker == said.person):
        raise BadRecord(
            "Who speaks for themselves is the person, and nobody else is.",
            hint="Name the person's own id as who said it, and 'own' as the capacity; or neither.",
        )
    return {
        "tenant": session.tenant,
        "id": uuid.uuid4().hex,
        "person": ref,
        "purpose": said.purpose,
        "word": said.word.value,
        "speaker": ref if said.capacity is Capacity.OWN else storable(said.speaker),
        "capacity": said.capacity.value,
        "at": at,
        "valid_from": said.valid_from,
        "valid_until": said.valid_until,
        "verified": storable(said.verified),
        "wording": storable(said.wording),
        "evidence": storable(said.evidence),
        "actor": session.caller.id,
        "recorded": session.now,
        "to_confirm": not session.caller.may(Act.RECORD_CONSENT),
    }


def _consents(
    session: Session, refs: Collection[str] | None, purpose: str | None = None
) -> dict[tuple[str, str], list[Consent]]:
    query = select(consent).where(consent.c.tenant == session.tenant)
    if purpose is not None:
        query = query.where(consent.c.purpose == purpose)
    if refs is not None:
        query = query.where(consent.c.person.in_(refs))
    found = defaultdict(list)
    for row in session.connection.execute(query):
        found[row.person, row.purpose].append(_consent(row, row.person))
    return found


def _consent(row: Row[Any], person_id: PersonId) -> Consent:
    """A row as a value; who it is about is called `person_id`."""
    own = row.capacity == Capacity.OWN
    return Consent(
        id=row.id,
        person=person_id,
        purpose=row.purpose,
        word=ConsentState(row.word),
        speaker=person_id if own else row.speaker,
        capacity=Capacity(row.capacity),
        at=row.at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        verified=row.verified,
        wording=row.wording,
        evidence=row.evidence,
        actor=row.actor,
    )


def _persons(session: Session, refs: Collection[str] | None) -> Iterable[Any]:
    query = select(person.c.ref, person.c.role, person.c.own_from, person.c.leaves)
    query = query.where(person.c.tenant == session.tenant)
    return session.connection.execute(query if refs is None else query.where(person.c.ref.in_(refs))).all()


def _terms(row: Row[Any]) -> dict[str, date | None]:
    """From when somebody's own word counts, and until when any does. Of a grown-up it always counted."""
    return {"own_from": row.own_from if row.role == Role.PUPIL else date.min, "leaves": row.leaves}


def _last_days(session: Session) -> dict[tuple[str, str], date]:
    """The first day on which something granted ends, by ref and purpose."""
    days: dict[tuple[str, str], date] = {}
    for key, words in _consents(session, None).items():
        ends = [one.valid_until for one in words if one.word is ConsentState.GRANTED and one.valid_until]
        if ends:
            days[key] = max(ends)
    return days


def _day(one: Consent, session: Session) -> date:
    return one.at.astimezone(session.now.tzinfo).date()


def _findings(session: Session, found: dict[tuple[str, str], tuple[DerivedConsent, date | None]]) -> list[Finding]:
    known = people.ids(session)
    listed = [Finding(known[ref], purpose, one, due) for (ref, purpose), (one, due) in found.items() if ref in known]
    return sorted(listed, key=lambda one: (one.due or date.max, one.person, one.purpose))
