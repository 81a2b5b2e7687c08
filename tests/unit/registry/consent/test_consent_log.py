"""Recording statements: who may record which, and what they come to."""

from __future__ import annotations

import random
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadRecord, Forbidden, UnknownChannel, UnknownPerson
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.chain import consent_digest
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log, follow_ups
from fotopoort.registry.consent.derivation import Capacity, DerivedConsent, derive
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.lists import exports
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.column_types import utc_text
from fotopoort.registry.store.tables import consent
from fotopoort.vocabulary import ConsentState, Role

from ..conftest import NOON, Clock
from .recording import DAY, GRANTED, JUF, OBJECTED, OFFICE, WITHDRAWN, record, state

LATER = ("undoes", "asked_for", "wording_sha256")  # columns that were added when there were rows


def test_a_statement_holds_at_once(school: Registry, clock: Clock) -> None:
    record(school, Statement("p1", "website", GRANTED))
    assert state(school).state is GRANTED
    clock.now += DAY
    record(school, Statement("p1", "website", WITHDRAWN))
    assert state(school).state is WITHDRAWN
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        refs = [people.ref_of(session, "p1")]
        assert consent_log.derived_consents(session, refs, NOON)[refs[0], "website"].state is GRANTED  # as of yesterday


def test_a_grown_up_speaks_for_themselves(school: Registry) -> None:
    record(school, Statement("s1", "website", GRANTED, speaker="s1", capacity=Capacity.OWN))
    assert state(school, "s1").state is GRANTED


@pytest.mark.parametrize("role", [Role.STAFF, Role.OTHER])
def test_a_guardians_yes_about_who_is_no_pupil_is_refused_and_where_it_is_recorded_it_counts_nowhere(
    school: Registry, clock: Clock, role: Role
) -> None:
    with school.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("t12", name="Juf Wil", role=role), ["groep 5"])
    for guardian in (Statement("t12", "website", GRANTED), Statement("t12", "website", GRANTED, "moeder")):
        with pytest.raises(BadRecord) as refused:
            record(school, guardian)
        assert "--own" in refused.value.hint.nl
        assert "--own" in refused.value.hint.en
    with school.write(OFFICE, Act.RECORD_CONSENT) as session:
        yes = Statement("t12", "website", GRANTED, at=NOON - 3 * DAY)
        consent_log.record_many(session, [yes], is_list=True)
    assert state(school, "t12").state is ConsentState.NOT_ASKED
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        person = snapshot(session).persons["t12"]
    assert person.consents.get("website", ConsentState.NOT_ASKED) is ConsentState.NOT_ASKED
    with school.write(OFFICE, Act.EXPORT) as session:
        assert exports.person_export(session, "t12")["holds_now"] == {"website": ConsentState.NOT_ASKED}
    clock.now += DAY
    record(school, Statement("t12", "website", GRANTED, "t12", Capacity.OWN))
    assert state(school, "t12").state is GRANTED
    clock.now += DAY
    record(school, Statement("t12", "website", OBJECTED))
    assert state(school, "t12").state is ConsentState.REFUSED, "nobody but they themselves can have meant it"


def test_consent_ends_with_the_last_day(school: Registry, clock: Clock) -> None:
    record(school, Statement("p1", "website", GRANTED))
    with school.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.leave(session, "p1", session.today)
    assert state(school).state is GRANTED
    clock.now += DAY
    assert state(school).state is ConsentState.NOT_ASKED


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (Statement("p1", "website", GRANTED), Forbidden),
        (Statement("p1", "website", ConsentState.NOT_ASKED), Forbidden),
        (Statement("p1", "website", OBJECTED, at=NOON - DAY), Forbidden),
        (Statement("p1", "website", OBJECTED, valid_from=NOON.date() + DAY), Forbidden),
        (Statement("p2", "website", OBJECTED), UnknownPerson),
        (Statement("nobody", "website", OBJECTED), UnknownPerson),
    ],
)
def test_what_a_teacher_may_not(school: Registry, statement: Statement, error: type[Exception]) -> None:
    with pytest.raises(error):
        record(school, statement, caller=JUF)
    assert state(school, "p2").state is ConsentState.NOT_ASKED


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (Statement("p9", "website", GRANTED), UnknownPerson),
        (Statement("p1", "tv", GRANTED), UnknownChannel),
        (Statement("p1", "website", GRANTED, at=NOON + DAY), BadRecord),
        (Statement("p1", "website", GRANTED, at=datetime(2026, 1, 1)), BadRecord),
        (Statement("p1", "website", GRANTED, valid_from=date(2027, 1, 1), valid_until=date(2026, 1, 1)), BadRecord),
        (Statement("p1", "website", GRANTED, speaker=" "), BadRecord),
        (Statement("p1", "website", GRANTED, capacity=Capacity.OWN), BadRecord),
        (Statement("p1", "website", GRANTED, speaker="p1"), BadRecord),
    ],
)
def test_what_cannot_have_been_said(school: Registry, statement: Statement, error: type[Exception]) -> None:
    with pytest.raises(error):
        record(school, Statement("p1", "facebook", GRANTED), statement)
    assert state(school, channel="facebook").state is ConsentState.NOT_ASKED  # all of it or nothing


def test_an_unnamed_yes_leaves_what_a_teacher_heard_in_force_until_it_takes_that_back(
    school: Registry, clock: Clock
) -> None:
    record(school, Statement("p1", "website", GRANTED))
    (no,) = record(school, Statement("p1", "website", OBJECTED), caller=JUF)
    clock.now += DAY
    record(school, Statement("p1", "website", GRANTED))
    assert (state(school).state, state(school).conflict) == (ConsentState.REFUSED, True)
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert [item.person for item in follow_ups.conflicts(session)] == ["p1"]
    record(school, Statement("p1", "website", GRANTED, undoes=no))
    assert state(school).state is GRANTED
    with school.read(console("school"), Act.SEE_AUDIT) as session:
        assert verify(session).problem is None


def test_only_a_guardians_no_about_the_same_can_be_taken_back(school: Registry, clock: Clock) -> None:
    yes, no, own, other = record(
        school,
        Statement("p1", "facebook", GRANTED),
        Statement("p1", "website", OBJECTED),
        Statement("p1", "website", OBJECTED, "p1", Capacity.OWN),
        Statement("p2", "website", OBJECTED),
    )
    clock.now += DAY
    for undoing in (
        Statement("p1", "website", GRANTED, undoes="0" * 32),
        Statement("p1", "website", GRANTED, undoes="\0" * 99),
        Statement("p1", "website", GRANTED, undoes=own),
        Statement("p1", "website", GRANTED, undoes=other),
        Statement("p1", "facebook", GRANTED, undoes=yes),
        Statement("p1", "facebook", GRANTED, undoes=no),
        Statement("p1", "website", OBJECTED, undoes=no),
        Statement("p1", "website", GRANTED, at=NOON - DAY, undoes=no),
        Statement("p1", "website", GRANTED, "p1", Capacity.OWN, undoes=own),
    ):
        with pytest.raises(BadRecord, match="take that earlier statement back"):
            record(school, undoing)
    with pytest.raises(Forbidden):
        record(school, Statement("p1", "website", OBJECTED, undoes=no), caller=JUF)
    assert state(school).state is OBJECTED


def test_a_statement_that_takes_nothing_back_has_the_digest_of_before(school: Registry) -> None:
    record(school, Statement("p1", "website", GRANTED))
    with school.database.read() as connection:
        row = connection.execute(select(consent)).one()._asdict()
    without = {name: value for name, value in row.items() if name not in LATER}
    texts = {name: value.isoformat() if isinstance(value, date) else value for name, value in without.items()}
    texts |= {name: utc_text(row[name]) for name in ("at", "recorded")}
    assert consent_digest(row) == digest(texts)
    for column in LATER:
        assert consent_digest(row | {column: "0" * 32}) != consent_digest(row)


def test_nobody_is_asked_for_biometrics_and_what_was_recorded_of_it_means_nothing(school: Registry) -> None:
    with pytest.raises(BadRecord, match="biometrics"):
        record(school, Statement("p1", "biometric_matching", GRANTED))
    (yes,) = record(school, Statement("p1", "website", GRANTED))
    with school.database.write() as connection:  # as an earlier version recorded it
        connection.execute(update(consent).where(consent.c.id == yes).values(purpose="biometric_matching"))
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert consent_log.derived_consents(session) == {}
        assert [item.purpose for item in consent_log.all_consents(session)] == ["biometric_matching"]


STATEMENTS = st.lists(
    st.builds(
        Statement,
        person=st.just("p1"),
        purpose=st.sampled_from(["website", "facebook"]),
        decision=st.sampled_from(ConsentState),
        speaker=st.sampled_from(["moeder", "vader"]),
        at=st.integers(0, 5).map(lambda days: NOON - days * DAY),
        valid_until=st.sampled_from([None, NOON.date() - DAY, NOON.date() + DAY]),
    ),
    max_size=6,
)


@given(statements=STATEMENTS, chance=st.randoms(use_true_random=True))
@settings(max_examples=25)
def test_replaying_the_log_rebuilds_the_state(
    school: Registry, statements: list[Statement], chance: random.Random
) -> None:
    """What the database says holds is what the statements themselves come to, in whatever order they are read."""
    with school.database.write() as connection:
        connection.execute(delete(consent))  # of the example before this one
    record(school, *statements)
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        ref = people.ref_of(session, "p1")
        consents = consent_log.history(session, ref)
        chance.shuffle(consents)
        for channel in ("website", "facebook"):
            replayed = derive([consent for consent in consents if consent.purpose == channel], session.now)
            assert (
                consent_log.derived_consents(session).get((ref, channel), DerivedConsent(ConsentState.NOT_ASKED))
                == replayed
            )
            assert snapshot(session).persons["p1"].consent(channel) is replayed.state
