"""What was said, as it is written down: by whom, what it comes to, and what the office must look at."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from fotopoort.errors import BadRecord, Forbidden, UnknownChannel, UnknownPerson
from fotopoort.policy.policy import Ground
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.consent_log import Statement
from fotopoort.registry.consent.derivation import Capacity, DerivedConsent, standing
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import group_on_channel, snapshot
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import consent
from fotopoort.vocabulary import ConsentState, Role

from .conftest import NOON, Clock

GRANTED, REFUSED, OBJECTED, WITHDRAWN = (
    ConsentState.GRANTED,
    ConsentState.REFUSED,
    ConsentState.OBJECTED,
    ConsentState.WITHDRAWN,
)
JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))
OFFICE = Caller("school", "k2", KeyRole.OFFICE)
DAY = timedelta(days=1)


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        people.add(session, PersonRecord("p2", name="Sem", own_from=date(2026, 12, 1)), ["groep 6"])
        people.add(session, PersonRecord("s1", name="Juf", role=Role.STAFF), ["groep 5"])
    return registry


def say(registry: Registry, *sayings: Statement, caller: Caller = OFFICE) -> list[str]:
    act = Act.RECORD_CONSENT if caller.may(Act.RECORD_CONSENT) else Act.OBJECT
    with registry.write(caller, act) as session:
        return consent_log.record_many(session, sayings)


def state(registry: Registry, person: str = "p1", channel: str = "website") -> DerivedConsent:
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        found = consent_log.standings(session).get((people.ref_of(session, person), channel))
        return found or DerivedConsent(ConsentState.NOT_ASKED)


def test_a_word_holds_at_once(school: Registry, clock: Clock) -> None:
    say(school, Statement("p1", "website", GRANTED))
    assert state(school).state is GRANTED
    clock.now += DAY
    say(school, Statement("p1", "website", WITHDRAWN))
    assert state(school).state is WITHDRAWN
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        refs = [people.ref_of(session, "p1")]
        assert consent_log.standings(session, refs, NOON)[refs[0], "website"].state is GRANTED  # as of yesterday


def test_guardians_who_disagree_are_a_refusal_and_on_the_list(school: Registry) -> None:
    say(
        school,
        Statement("p1", "website", GRANTED, speaker="moeder"),
        Statement("p1", "website", REFUSED, speaker="vader"),
    )
    assert state(school).state is REFUSED
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert [(one.person, one.purpose) for one in consent_log.conflicts(session)] == [("p1", "website")]


def test_what_ends_soon_or_has_ended_is_on_the_list(school: Registry, clock: Clock) -> None:
    today = NOON.date()
    say(school, Statement("p1", "website", GRANTED, valid_until=today + 10 * DAY), Statement("p1", "facebook", GRANTED))

    def listed() -> list[tuple[str, date | None]]:
        with school.read(OFFICE, Act.SEE_PEOPLE) as session:
            return [(one.purpose, one.due) for one in consent_log.expiring(session, 30)]

    assert listed() == [("website", today + 10 * DAY)]
    clock.now += 11 * DAY
    assert state(school).state is ConsentState.NOT_ASKED
    assert listed() == [("website", today + 10 * DAY)]
    say(school, Statement("p1", "website", GRANTED))
    assert listed() == []


def test_who_comes_of_age_is_on_the_list_until_they_have_spoken(school: Registry, clock: Clock) -> None:
    say(school, Statement("p2", "website", GRANTED))

    def listed(days: int) -> set[str]:
        with school.read(OFFICE, Act.SEE_PEOPLE) as session:
            return {one.purpose for one in consent_log.of_age(session, days)}

    assert listed(3) == set()
    assert listed(7) == {"social_schools", "website", "facebook"}
    clock.now += 8 * DAY
    assert state(school, "p2").state is ConsentState.NOT_ASKED  # what the guardians granted counts no longer
    say(school, Statement("p2", "website", GRANTED, speaker="p2", capacity=Capacity.OWN))
    assert state(school, "p2").state is GRANTED
    assert listed(0) == {"social_schools", "facebook"}


def test_a_grown_up_speaks_for_themselves(school: Registry) -> None:
    say(school, Statement("s1", "website", GRANTED, speaker="s1", capacity=Capacity.OWN))
    assert state(school, "s1").state is GRANTED


def test_consent_ends_with_the_last_day(school: Registry, clock: Clock) -> None:
    say(school, Statement("p1", "website", GRANTED))
    with school.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.leave(session, "p1", session.today)
    assert state(school).state is GRANTED
    clock.now += DAY
    assert state(school).state is ConsentState.NOT_ASKED


def test_a_teacher_may_only_tighten_and_the_office_looks_at_it(school: Registry) -> None:
    say(school, Statement("p1", "website", GRANTED))
    (written,) = say(school, Statement("p1", "website", OBJECTED, speaker="moeder"), caller=JUF)
    assert state(school).state is REFUSED  # a grant and an objection: a conflict
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert [one.id for one in consent_log.to_confirm(session)] == [written]
    with school.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.confirm(session, written)
        assert consent_log.to_confirm(session) == []
    with pytest.raises(BadRecord), school.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.confirm(session, written)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Statement("p1", "website", GRANTED), Forbidden),
        (Statement("p1", "website", ConsentState.NOT_ASKED), Forbidden),
        (Statement("p1", "website", OBJECTED, at=NOON - DAY), Forbidden),
        (Statement("p1", "website", OBJECTED, valid_from=NOON.date() + DAY), Forbidden),
        (Statement("p2", "website", OBJECTED), UnknownPerson),
        (Statement("nobody", "website", OBJECTED), UnknownPerson),
    ],
)
def test_what_a_teacher_may_not(school: Registry, said: Statement, error: type[Exception]) -> None:
    with pytest.raises(error):
        say(school, said, caller=JUF)
    assert state(school, "p2").state is ConsentState.NOT_ASKED


@pytest.mark.parametrize(
    ("said", "error"),
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
def test_what_cannot_have_been_said(school: Registry, said: Statement, error: type[Exception]) -> None:
    with pytest.raises(error):
        say(school, Statement("p1", "facebook", GRANTED), said)
    assert state(school, channel="facebook").state is ConsentState.NOT_ASKED  # all of it or nothing


def test_biometric_matching_is_a_purpose_of_its_own(school: Registry) -> None:
    say(school, Statement("p1", "biometric_matching", GRANTED))
    assert state(school, channel="biometric_matching").state is GRANTED
    assert state(school).state is ConsentState.NOT_ASKED


def test_the_basis_of_a_channel_is_the_schools_with_a_history(school: Registry, caller: Caller, clock: Clock) -> None:
    def allowed() -> list[bool]:
        with school.read(caller, Act.SEE_GROUP) as session:
            return [one.may_be_shown for one in group_on_channel(session, "groep 5", "website")]

    assert allowed() == [False, False]
    for ground, reason in ((Ground.OBJECTION, "ouderraad"), (Ground.CONSENT, "toezichthouder")):
        with school.write(caller, Act.SET) as session:
            school_settings.set_basis(session, "website", ground, reason)
        assert allowed() == [ground is Ground.OBJECTION] * 2
    with school.read(caller, Act.SET) as session:
        assert [(one.value, one.reason) for one in school_settings.history(session, "basis.website")] == [
            ("objection", "ouderraad"),
            ("consent", "toezichthouder"),
        ]
        assert school_settings.channel(session, "social_schools").basis is Ground.OBJECTION
    for channel, reason, error in (("tv", "x", UnknownChannel), ("website", " ", BadRecord)):
        with pytest.raises(error), school.write(caller, Act.SET) as session:
            school_settings.set_basis(session, channel, Ground.CONSENT, reason)


SAYINGS = st.lists(
    st.builds(
        Statement,
        person=st.just("p1"),
        purpose=st.sampled_from(["website", "facebook"]),
        word=st.sampled_from(ConsentState),
        speaker=st.sampled_from(["moeder", "vader"]),
        at=st.integers(0, 5).map(lambda days: NOON - days * DAY),
        valid_until=st.sampled_from([None, NOON.date() - DAY, NOON.date() + DAY]),
    ),
    max_size=6,
)


@given(sayings=SAYINGS, chance=st.randoms(use_true_random=True))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_replaying_the_log_rebuilds_the_state(
    school: Registry, sayings: list[Statement], chance: random.Random
) -> None:
    """What the database says holds is what the words themselves come to, in whatever order they are read."""
    with school.database.write() as connection:
        connection.execute(delete(consent))  # of the example before this one
    say(school, *sayings)
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        ref = people.ref_of(session, "p1")
        words = consent_log.history(session, ref)
        chance.shuffle(words)
        for channel in ("website", "facebook"):
            replayed = standing([one for one in words if one.purpose == channel], session.now)
            assert (
                consent_log.standings(session).get((ref, channel), DerivedConsent(ConsentState.NOT_ASKED)) == replayed
            )
            assert snapshot(session).persons["p1"].consent(channel) is replayed.state
