"""Who leaves and comes back is asked again; a last day that was written down wrongly is as if it never was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fotopoort.errors import BadRecord
from fotopoort.policy.candidates import may_be_shown
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import consent_log, follow_ups
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.leaving import departures
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import audit
from fotopoort.vocabulary import ConsentState, Role

from ..conftest import NOON, Clock

GRANTED, REFUSED, NOT_ASKED = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_ASKED
TODAY, DAY = NOON.date(), timedelta(days=1)
PASSED, LATER = TODAY - 3 * DAY, TODAY + 200 * DAY

RECORDED = NOON - 20 * DAY  # when the last day was written down
LEFT = datetime.combine(PASSED + DAY, time(), NOON.tzinfo)  # from then on they had
BEFORE = LEFT - 300 * DAY
CASES: dict[str, tuple[tuple[datetime, ...], tuple[datetime, ...], date | None, date | None, bool]] = {
    "nothing changes": ((), (), PASSED, PASSED, False),
    "a first last day": ((), (), None, LATER, False),
    "a first last day, that has passed": ((), (), None, PASSED, False),
    "a last day to come is moved": ((), (), LATER, LATER + DAY, False),
    "a last day of today is moved: they have not left": ((), (), TODAY, LATER, False),
    "one that has passed is moved": ((LEFT,), (), PASSED, LATER, False),
    "one that has passed is taken away": ((LEFT,), (), PASSED, None, False),
    "one that has passed is moved to the past": ((LEFT,), (), PASSED, PASSED - 9 * DAY, False),
    "once more": ((BEFORE, LEFT), (BEFORE,), PASSED, None, False),
    "it was wrong": ((), (), PASSED, LATER, True),
    "it was wrong, and there was none": ((), (), PASSED, None, True),
    "it was wrong, as is said afterwards": ((), (LEFT,), LATER, LATER, True),
    "this one was wrong, and an earlier one was not": ((BEFORE,), (BEFORE,), PASSED, LATER, True),
    "the same, as is said afterwards": ((BEFORE,), (BEFORE, LEFT), LATER, None, True),
    "nothing was wrong": ((), (), LATER, LATER, True),
}


@pytest.mark.parametrize(("then", "earlier", "before", "after", "corrected"), CASES.values(), ids=CASES)
def test_what_is_remembered_of_leaving(
    then: tuple[datetime, ...],
    earlier: tuple[datetime, ...],
    before: date | None,
    after: date | None,
    corrected: bool,
) -> None:
    assert departures(earlier, before, after, recorded=RECORDED, now=NOON, corrected=corrected) == then


@pytest.mark.parametrize("recorded", [NOON - DAY, None], ids=["late", "not kept"])
def test_a_last_day_that_is_recorded_late_ends_what_was_granted_until_then(recorded: datetime | None) -> None:
    (left,) = departures((), PASSED, None, recorded=recorded, now=NOON, corrected=False)
    assert left > (recorded or NOON) > LEFT


# --- in the registry -------------------------------------------------------------------------------------


@pytest.fixture
def known(registry: Registry, caller: Caller, clock: Clock) -> Registry:
    """A pupil who may be shown on the website and may not on Facebook, and who left yesterday."""
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Noor"), ["groep 5"])
        consent_log.record(session, Statement("p1", "website", GRANTED, "moeder"))
        consent_log.record(session, Statement("p1", "facebook", REFUSED, "moeder"))
        people.leave(session, "p1", session.today)
    clock.now += DAY
    return registry


def change(registry: Registry, caller: Caller, *, corrected: bool = False, **changes: Any) -> None:  # noqa: ANN401
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.change(session, "p1", corrected=corrected, **changes)


def states(registry: Registry, caller: Caller) -> tuple[ConsentState, ConsentState]:
    with registry.read(caller, Act.SEE_PEOPLE) as session:
        consents = snapshot(session).persons["p1"].consents
        return consents["website"], consents["facebook"]


@pytest.mark.parametrize("leaves", [LATER, TODAY + DAY, None], ids=["later", "today", "never"])
def test_who_comes_back_is_asked_again(known: Registry, caller: Caller, clock: Clock, leaves: date | None) -> None:
    assert states(known, caller) == (NOT_ASKED, REFUSED)
    change(known, caller, leaves=leaves)
    assert states(known, caller) == (NOT_ASKED, REFUSED), "what ended does not begin again by itself"
    with known.read(caller, Act.SEE_PEOPLE) as session:
        assert ("p1", "website") in {(item.person, item.purpose) for item in follow_ups.expiring(session)}
    with known.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p1", "website", GRANTED, "moeder"))
    assert states(known, caller) == (GRANTED, REFUSED)
    clock.now += DAY
    change(known, caller, informed=TODAY)
    assert states(known, caller)[0] is (GRANTED if leaves != TODAY + DAY else NOT_ASKED)


def test_a_yes_of_after_the_last_day_counts_once_they_are_back(known: Registry, caller: Caller, clock: Clock) -> None:
    """The form for coming back is filled in before the office writes down that they are."""
    with known.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p1", "website", GRANTED, "moeder"))
    assert states(known, caller)[0] is NOT_ASKED
    clock.now += 5 * DAY
    change(known, caller, leaves=None)
    assert states(known, caller)[0] is GRANTED


def test_a_yes_of_before_their_leaving_was_known_ends_with_it(known: Registry, caller: Caller, clock: Clock) -> None:
    """The office hears in November that somebody left in July, and in September everybody's answers came in."""
    change(known, caller, leaves=None, corrected=True)
    assert states(known, caller)[0] is GRANTED
    change(known, caller, leaves=TODAY - 100 * DAY)
    clock.now += DAY
    change(known, caller, leaves=None)
    assert states(known, caller)[0] is NOT_ASKED


def test_what_ended_stays_so_by_way_of_an_earlier_last_day(known: Registry, caller: Caller, clock: Clock) -> None:
    clock.now += 5 * DAY
    change(known, caller, leaves=TODAY - 9 * DAY)
    change(known, caller, leaves=LATER)
    assert states(known, caller)[0] is NOT_ASKED


@pytest.mark.parametrize("at_once", [True, False])
def test_a_day_that_was_written_down_wrongly_is_as_if_it_had_never_been_there(
    known: Registry, caller: Caller, other_school: Caller, at_once: bool
) -> None:
    """Compared with a school that wrote down the right day at first."""
    with known.write(other_school, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Noor", leaves=LATER), ["groep 5"])
        yes = Statement("p1", "website", GRANTED, "moeder", at=session.now - DAY)
        consent_log.record_many(session, [yes, Statement("p1", "facebook", REFUSED, "moeder", at=session.now - DAY)])
    change(known, caller, leaves=LATER, corrected=at_once)
    if not at_once:
        assert states(known, caller) == (NOT_ASKED, REFUSED)
        change(known, caller, corrected=True)
    assert states(known, caller) == states(known, other_school) == (GRANTED, REFUSED)
    with known.read(caller, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        details = session.connection.execute(select(audit.c.detail).where(audit.c.kind == "person.changed")).scalars()
        assert sum('"corrected":true' in detail for detail in details) == 1


def test_a_correction_is_made_once(known: Registry, caller: Caller, clock: Clock) -> None:
    """A request that is sent again reaches no return before it, which was a real one."""
    change(known, caller, leaves=None)  # they did leave, and came back
    clock.now += DAY
    change(known, caller, leaves=TODAY + DAY)
    clock.now += 5 * DAY
    change(known, caller, leaves=None, corrected=True)
    assert states(known, caller)[0] is NOT_ASKED
    for again in ({"leaves": None}, {}, {"name": "Nora"}):
        with pytest.raises(BadRecord, match="no last day"):
            change(known, caller, corrected=True, **again)
    assert states(known, caller)[0] is NOT_ASKED


def test_there_is_nothing_to_correct_where_nobody_left(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Noor", leaves=TODAY + DAY), ["groep 5"])
    for changes in ({}, {"leaves": None}, {"leaves": LATER}):
        with pytest.raises(BadRecord):
            change(registry, caller, corrected=True, **changes)


def test_a_past_day_that_stays_is_no_correction(known: Registry, caller: Caller) -> None:
    with pytest.raises(BadRecord):
        change(known, caller, corrected=True, name="Nora")


def test_a_no_is_there_again_when_the_yes_that_took_it_back_ended(known: Registry, caller: Caller) -> None:
    """Also where silence shows: on a channel whose basis is objection."""
    with known.write(caller, Act.RECORD_CONSENT) as session:
        for said in (ConsentState.OBJECTED, GRANTED):
            consent_log.record(session, Statement("p1", "social_schools", said, "moeder"))
    change(known, caller, leaves=None)
    with known.read(caller, Act.SEE_PEOPLE) as session:
        closed = school_settings.channel(session, "social_schools")
        assert not may_be_shown(snapshot(session).persons["p1"], closed)


def test_a_day_that_has_not_passed_is_moved_freely(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Noor", leaves=TODAY), ["groep 5"])
        consent_log.record(session, Statement("p1", "website", GRANTED, "moeder"))
        for leaves in (LATER, TODAY, None):
            assert people.change(session, "p1", leaves=leaves).had_left == ()
    assert states(registry, caller)[0] is GRANTED


def test_a_grown_up_who_comes_back_is_asked_again_too(registry: Registry, caller: Caller, clock: Clock) -> None:
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        people.add(session, PersonRecord("p1", name="Juf", role=Role.STAFF))
        consent_log.record(session, Statement("p1", "website", GRANTED, "p1", Capacity.OWN))
        people.leave(session, "p1", session.today)
    clock.now += DAY
    change(registry, caller, leaves=None)
    assert states(registry, caller)[0] is NOT_ASKED


def test_where_the_basis_is_objection_an_objection_outlives_leaving_and_coming_back(
    known: Registry, caller: Caller
) -> None:
    with known.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p1", "social_schools", ConsentState.OBJECTED, "moeder"))
    change(known, caller, leaves=None)
    with known.read(caller, Act.SEE_PEOPLE) as session:
        closed = school_settings.channel(session, "social_schools")
        assert not may_be_shown(snapshot(session).persons["p1"], closed)
