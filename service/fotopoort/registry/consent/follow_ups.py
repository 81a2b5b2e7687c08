"""About whom the office must do something: people who disagree, consents that end, pupils who come of age; and noes to
what no channel asks for any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select

from fotopoort.errors import BadRecord
from fotopoort.policy.policy import NO_PURPOSE, ParentsWord
from fotopoort.registry.consent.consent_log import by_ref, by_ref_and_channel, derived_consents, with_school_ids
from fotopoort.registry.consent.derivation import FORBIDS, Capacity, Consent, DerivedConsent
from fotopoort.registry.consent.purposes import EARLIER, gone_purpose, names
from fotopoort.registry.people import people
from fotopoort.registry.people.former import SCHOOL
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import confirmation, former_consent, person
from fotopoort.registry.store.tables import consent as consent_table
from fotopoort.vocabulary import ConsentState, PersonId, Role, Text


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to do about one person, for one purpose. The fields are those of the JSON document.

    Attributes:
        standing: what holds now.
    """

    person: PersonId
    purpose: str
    standing: DerivedConsent
    due: date | None = None


def conflicts(session: Session) -> list[FollowUp]:
    """About whom one guardian grants what another forbids."""
    derived = derived_consents(session)
    return _sorted(session, {key: (consent, None) for key, consent in derived.items() if consent.conflict})


def expiring(session: Session, days: int = 60) -> list[FollowUp]:
    """Whose consent ends within so many days, has ended, or ended with their leaving or coming of age."""
    until = session.today + timedelta(days=days)
    later = datetime.combine(until + timedelta(days=1), session.now.timetz())
    now, then = derived_consents(session), derived_consents(session, moment=later)
    last_days = _last_days(session)
    found = {}
    for key, consent in now.items():
        stops = consent.state is ConsentState.GRANTED and then[key].state is not ConsentState.GRANTED
        if consent.ended or stops:
            found[key] = (consent, last_days.get(key))
    return _sorted(session, found)


def of_age(session: Session, days: int = 60) -> list[FollowUp]:
    """Pupils whose own statements count now, or within so many days, who have made none, and who were not told so: or
    who were, where what their parents granted ends."""
    until = session.today + timedelta(days=days)
    pupils = select(person.c.ref, person.c.own_from).where(
        person.c.tenant == session.tenant,
        person.c.role == Role.PUPIL,
        person.c.own_from <= until,
        person.c.informed.is_(None) | (session.parents_word is ParentsWord.ENDS),
        person.c.leaves.is_(None) | (person.c.leaves >= session.today),
    )
    statements, derived = by_ref_and_channel(session), derived_consents(session)
    found = {}
    for pupil in session.connection.execute(pupils).all():
        for channel in session.channels:
            key = (pupil.ref, channel.id)
            if not any(
                consent.capacity is Capacity.OWN and _day(consent, session) >= pupil.own_from
                for consent in statements.get(key, [])
            ):
                found[key] = (derived.get(key, DerivedConsent(ConsentState.NOT_ASKED)), pupil.own_from)
    return _sorted(session, found)


def to_confirm(session: Session) -> list[Consent]:
    """What teachers recorded and the office has not looked at yet. It holds all the same."""
    confirmed = select(confirmation.c.consent).where(confirmation.c.tenant == session.tenant)
    rows = session.connection.execute(
        select(consent_table)
        .where(
            consent_table.c.tenant == session.tenant,
            consent_table.c.to_confirm,
            consent_table.c.id.not_in(confirmed),
        )
        .order_by(consent_table.c.recorded)
    )
    return with_school_ids(session, rows)


def confirm(session: Session, consent_id: str) -> None:
    """Record that the office has looked at what a teacher recorded.

    Raises:
        BadRecord: nothing with that id waits for it.
    """
    if consent_id not in {consent.id for consent in to_confirm(session)}:
        raise BadRecord(
            Text(nl="Er wacht niets met dat id op bevestiging.", en="Nothing with that id waits to be confirmed."),
            hint=Text(nl="Kijk bij `fotopoort registry lists`.", en="See `fotopoort registry lists`."),
        )
    row = {"tenant": session.tenant, "consent": consent_id, "at": session.now, "actor": session.caller.id}
    session.connection.execute(insert(confirmation).values(row))
    session.note("consent.confirmed", consent=consent_id)


@dataclass(frozen=True, slots=True)
class GonePurpose:
    """What consent was asked for, and no channel asks for any more under that name, though people said no to it. Their
    noes go on counting for the channels that there were; a channel that is added later knows nothing of them. The
    fields are those of the JSON document.

    Attributes:
        people: of how many a no is in force.
        erased: of how many more it was when they were erased.
    """

    purpose: str
    people: int
    erased: int = 0


def gone_purposes(session: Session) -> list[GonePurpose]:
    """Every purpose that was renamed, or that went with its last channel, while a no to it is in force."""
    noes = [consent for said in by_ref(session).values() for consent in said if consent.decision in FORBIDS]
    gone = {purpose for no in noes if (purpose := gone_purpose(no, session.channels)) is not None} - {NO_PURPOSE}
    as_channels = [replace(session.channels[0], id=purpose, purpose=purpose) for purpose in gone]
    derived = derived_consents(session, channels=as_channels) if gone else {}
    people_of = Counter(purpose for (_, purpose), consent in derived.items() if consent.state in FORBIDS)
    erased_of = _erased_refusers(session)
    found = (GonePurpose(purpose, people_of[purpose], erased_of[purpose]) for purpose in sorted({*gone, *erased_of}))
    return [item for item in found if item.people or item.erased]


def _erased_refusers(session: Session) -> Counter[str]:
    """How many were erased who had said no to something that is no longer there, by what it was."""
    query = select(former_consent.c.purpose, func.sum(former_consent.c.refused)).where(
        former_consent.c.tenant == session.tenant, former_consent.c.group == SCHOOL, former_consent.c.refused > 0
    )
    rows = session.connection.execute(query.group_by(former_consent.c.purpose)).all()
    there = {*names(session.channels), NO_PURPOSE}
    return Counter({name: int(count) for name, count in rows if there.isdisjoint({name, EARLIER.get(name, name)})})


def _last_days(session: Session) -> dict[tuple[str, str], date]:
    """The last day of what was granted, by ref and channel; the latest one where there are several."""
    last_days: dict[tuple[str, str], date] = {}
    for key, consents in by_ref_and_channel(session).items():
        days = [
            consent.valid_until
            for consent in consents
            if consent.decision is ConsentState.GRANTED and consent.valid_until
        ]
        if days:
            last_days[key] = max(days)
    return last_days


def _day(consent: Consent, session: Session) -> date:
    return consent.at.astimezone(session.now.tzinfo).date()


def _sorted(session: Session, found: Mapping[tuple[str, str], tuple[DerivedConsent, date | None]]) -> list[FollowUp]:
    ids = people.ids(session)
    follow_ups = [
        FollowUp(ids[ref], purpose, consent, due) for (ref, purpose), (consent, due) in found.items() if ref in ids
    ]
    return sorted(follow_ups, key=lambda item: (item.due or date.max, item.person, item.purpose))
