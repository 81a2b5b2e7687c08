"""Statements about showing people, as they are recorded: rows are only added.

What they come to is derived in `derivation.py`. A statement that forbids holds from the moment it is recorded, and
requires that everything published before is taken down (`photos/takedowns.py`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, func, insert, select

from fotopoort.errors import Forbidden
from fotopoort.policy.policy import Channel
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.chain import consent_digest
from fotopoort.registry.consent import wordings
from fotopoort.registry.consent.derivation import FORBIDS, Capacity, Consent, DerivedConsent, begun_by, derive
from fotopoort.registry.consent.purposes import asked_for, by_channel, counts_for, purposes_of, wording_of
from fotopoort.registry.consent.speakers import speaker_key
from fotopoort.registry.consent.statements import Statement, check, check_their_own, check_undone, tightens
from fotopoort.registry.people import people
from fotopoort.registry.people.leaving import TICK, left_at
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import storable
from fotopoort.registry.store.tables import consent as consent_table
from fotopoort.registry.store.tables import person as person_table
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId, Role, Text

Derive = Callable[[Sequence[Consent], datetime], DerivedConsent]  # `derive`, of somebody of whom the rest is known


def record(session: Session, statement: Statement) -> str:
    """Record a statement; it holds at once. Returns its id.

    Raises:
        UnknownPerson: there is nobody with that id within reach.
        UnknownChannel: there is no such channel.
        Forbidden: a teacher may record only objections and withdrawals that are made now.
        BadRecord: it is in the future, nobody can make this statement, a guardian says yes about somebody who is no
            pupil, or it cannot take back what it says it does.
    """
    return record_many(session, [statement])[0]


def record_many(session: Session, statements: Sequence[Statement], *, is_list: bool = False) -> list[str]:
    """Record several statements; see `record`.

    Args:
        is_list: they come from a list, of before perhaps: what a guardian says about somebody who is no pupil is kept,
            and a yes among it does not count.
    """
    may_loosen = session.caller.may(Act.RECORD_CONSENT)
    if not may_loosen and any(not tightens(statement) for statement in statements):
        raise Forbidden(
            Text(
                nl="Een leerkracht mag alleen bezwaren en intrekkingen opschrijven.",
                en="A teacher may write down objections and withdrawals, nothing else.",
            )
        )
    refs = people.refs_of(session, {statement.person for statement in statements})
    about = [(statement, refs[statement.person]) for statement in statements]
    now = _moments(session, {ref for statement, ref in about if statement.at is None})
    rows = [_row(session, statement, ref, now.get(ref, session.now)) for statement, ref in about]
    if not is_list:
        check_their_own(session, statements)
    if not rows:
        return []
    check_undone(session, rows)
    wordings.keep(session, {row["wording_sha256"] for row in rows} - {None})
    session.connection.execute(insert(consent_table), rows)
    for row in rows:
        session.note("consent", person=row["person"], consent=row["id"], sha256=consent_digest(row))
    session.bump_revision()
    forbidding = [row for row in rows if row["word"] in FORBIDS]
    derived = derived_consents(session, {row["person"] for row in forbidding}) if forbidding else {}
    withdrawals = [
        takedowns.Withdrawal(row["person"], channel.id, row["id"])
        for row in forbidding
        for channel in channels_forbidden_by(session, row)
        if derived[row["person"], channel.id].state in FORBIDS  # an old statement may have been taken back since
    ]
    takedowns.create_tasks(session, withdrawals)
    return [row["id"] for row in rows]


def channels_forbidden_by(session: Session, row: Mapping[Any, Any]) -> list[Channel]:
    """The channels that a row of the table `consent` counts for, which is a no."""
    no, purpose_of = consent_of(row, row["person"], {}), purposes_of(session.channels)
    return [channel for channel in session.channels if counts_for(no, channel, purpose_of)]


# --- reading ---------------------------------------------------------------------------------------------


def history(session: Session, ref: str) -> list[Consent]:
    """Every statement about one person, oldest first."""
    return sorted(by_ref(session, [ref]).get(ref, ()), key=lambda consent: (consent.at, consent.purpose, consent.id))


def all_consents(session: Session) -> list[Consent]:
    """Every statement that was ever recorded, oldest first, with the school's ids."""
    rows = session.connection.execute(
        select(consent_table)
        .where(consent_table.c.tenant == session.tenant)
        .order_by(consent_table.c.at, consent_table.c.purpose, consent_table.c.id)
    )
    return with_school_ids(session, rows)


def latest_statements(consents: Iterable[Consent]) -> dict[tuple[PersonId, str, str], Consent]:
    """What each speaker said last: by the person's id, purpose and `speaker_key`.

    Args:
        consents: oldest first, with the school's ids.
    """
    return {(consent.person, consent.purpose, speaker_key(consent.speaker)): consent for consent in consents}


def derived_consents(
    session: Session,
    refs: Collection[str] | None = None,
    moment: datetime | None = None,
    *,
    channels: Sequence[Channel] | None = None,
    every_yes_ended: bool = False,
) -> dict[tuple[str, ChannelId], DerivedConsent]:
    """What holds by ref and channel, for every person and channel that a statement counts for.

    Args:
        refs: of whom; None: of everyone.
        moment: with the school's time zone; None: now.
        channels: None: those of the policy.
        every_yes_ended: what is left when nothing that was granted counts any more.
    """
    return {
        key: derived_at(moment or session.now)
        for key, derived_at in derivations(session, refs, channels=channels, every_yes_ended=every_yes_ended).items()
    }


def derivations(
    session: Session,
    refs: Collection[str] | None = None,
    *,
    channels: Sequence[Channel] | None = None,
    every_yes_ended: bool = False,
) -> dict[tuple[str, ChannelId], Callable[[datetime], DerivedConsent]]:
    """By ref and channel, what tells what held at a moment; arguments as for `derived_consents`."""
    columns = ("ref", "role", "own_from", "leaves", "had_left")
    query = select(*(person_table.c[name] for name in columns)).where(person_table.c.tenant == session.tenant)
    if refs is not None:
        query = query.where(person_table.c.ref.in_(refs))
    rows = {row.ref: row for row in session.connection.execute(query)}
    derived: dict[tuple[str, ChannelId], Callable[[datetime], DerivedConsent]] = {}
    for (ref, channel), consents in by_ref_and_channel(session, refs, channels).items():
        if (row := rows.get(ref)) is not None:
            of_person = partial(
                derive,
                is_pupil=row.role == Role.PUPIL,
                own_from=row.own_from,
                leaves=date.min if every_yes_ended else row.leaves,
                had_left=left_at(row.had_left or ()),
                parents_word=session.parents_word,
            )
            derived[ref, channel] = partial(_derived, of_person, consents, session.now)
    return derived


def _derived(of_person: Derive, consents: Sequence[Consent], now: datetime, moment: datetime) -> DerivedConsent:
    """What they came to at a moment of before `now`, or come to from now on."""
    return of_person(begun_by(consents, moment, now), moment)


def states_of(
    ref: str, derived: Mapping[tuple[str, ChannelId], DerivedConsent], channels: Iterable[Channel]
) -> dict[ChannelId, ConsentState]:
    """What holds of somebody on each channel; not asked where no statement was made.

    Args:
        derived: from `derived_consents`.
    """
    return {
        channel.id: derived[ref, channel.id].state if (ref, channel.id) in derived else ConsentState.NOT_ASKED
        for channel in channels
    }


def by_ref_and_channel(
    session: Session, refs: Collection[str] | None = None, channels: Sequence[Channel] | None = None
) -> dict[tuple[str, ChannelId], list[Consent]]:
    """The statements that count for each channel, by ref and channel; `Consent.person` is the ref.

    Args:
        refs: of whom; None: of everyone.
        channels: None: those of the policy.
    """
    channels = session.channels if channels is None else channels
    return {
        (ref, channel): counting
        for ref, consents in by_ref(session, refs).items()
        for channel, counting in by_channel(consents, channels).items()
    }


def by_ref(session: Session, refs: Collection[str] | None = None) -> dict[str, list[Consent]]:
    """Recorded statements by ref; `Consent.person` is the ref.

    Args:
        refs: of whom; None: of everyone.
    """
    query = select(consent_table).where(consent_table.c.tenant == session.tenant)
    if refs is not None:
        query = query.where(consent_table.c.person.in_(refs))
    named, found = wordings.channels(session), defaultdict(list)
    for row in session.connection.execute(query).mappings():
        found[row["person"]].append(consent_of(row, row["person"], named))
    return found


def with_school_ids(session: Session, rows: Iterable[Row[Any]]) -> list[Consent]:
    """Rows of the table `consent` as values, in which people have the school's ids."""
    ids, named = people.ids(session), wordings.channels(session)
    return [consent_of(row._mapping, ids[row.person], named) for row in rows]


def consent_of(row: Mapping[Any, Any], person_id: PersonId, named: Mapping[str, tuple[ChannelId, ...]]) -> Consent:
    """A row as a value, in which the person it is about is called `person_id`.

    Args:
        named: the channels that each question named, by its SHA-256.
    """
    is_own = row["capacity"] == Capacity.OWN
    return Consent(
        id=row["id"],
        person=person_id,
        purpose=row["purpose"],
        decision=ConsentState(row["word"]),
        speaker=person_id if is_own else row["speaker"],
        capacity=Capacity(row["capacity"]),
        at=row["at"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        verified=row["verified"],
        wording=row["wording"],
        evidence=row["evidence"],
        actor=row["actor"],
        undoes=row["undoes"],
        asked_for=row["asked_for"],
        wording_sha256=row["wording_sha256"],
        channels=named.get(row["wording_sha256"] or "", () if row["wording_sha256"] else None),
        purposes_then=row["purposes_then"],
    )


# --- writing --------------------------------------------------------------------------------------------


def _moments(session: Session, refs: Collection[str]) -> dict[str, datetime]:
    """What now is for these people: after all that was said about them, also where a clock was ahead then."""
    person, at = consent_table.c.person, consent_table.c.at
    query = select(person, func.max(at)).where(consent_table.c.tenant == session.tenant, person.in_(refs))
    rows = session.connection.execute(query.group_by(person)).all() if refs else ()
    return {ref: latest + TICK for ref, latest in rows if latest > session.now}


def _row(session: Session, statement: Statement, ref: str, now: datetime) -> dict[str, Any]:
    check(session, statement)
    is_own = statement.capacity is Capacity.OWN
    wording = wording_of(statement.purpose, statement.wording, session.channels, session.wordings)
    then = dict(statement.purposes_then or purposes_of(session.channels))
    return {
        "tenant": session.tenant,
        "id": statement.id or uuid.uuid4().hex,
        "person": ref,
        "purpose": statement.purpose,
        "word": statement.decision.value,
        "speaker": ref if is_own else storable(statement.speaker),
        "capacity": statement.capacity.value,
        "at": statement.at or now,
        "valid_from": statement.valid_from,
        "valid_until": statement.valid_until,
        "verified": storable(statement.verified),
        "wording": storable(statement.wording),
        "evidence": storable(statement.evidence),
        "actor": session.caller.id,
        "recorded": session.now,
        "to_confirm": not session.caller.may(Act.RECORD_CONSENT),
        "undoes": storable(statement.undoes) if statement.undoes else None,
        "asked_for": asked_for(statement.purpose, then),
        "wording_sha256": wording.sha256 if wording is not None else None,
        "purposes_then": then,
    }
