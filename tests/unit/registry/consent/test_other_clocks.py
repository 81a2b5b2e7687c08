"""Statements that another clock dated, or this one while it was wrong: no no is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.waiting import PATIENCE

from fotopoort.application.context import DecisionContexts
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import new_noes
from fotopoort.registry.consent.derivation import FORBIDS, Consent, begun_by, derive
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database
from fotopoort.vocabulary import Answers, ConsentState

from ..conftest import NOON, Clock
from ..photos.tapping import tap
from ..screened_photos import remembered
from .recording import DAY, GRANTED, OBJECTED, OFFICE, WITHDRAWN, record, state
from .test_derivation import Dates, dates, several

NOT_ASKED = ConsentState.NOT_ASKED
AHEAD = timedelta(seconds=10)


@pytest.fixture
def other_clock() -> Clock:
    return Clock()


@pytest.fixture
def other_machine(school: Registry, url: str, tmp_path: Path, other_clock: Clock) -> Iterator[Registry]:
    """The same school as another machine sees it, with a clock of its own."""
    database = Database(url, seconds=PATIENCE)
    yield Registry(database, data_folder=tmp_path / "data", keys_folder=tmp_path / "keys", clock=other_clock)
    database.close()


def test_a_no_holds_at_once_where_the_clock_is_behind_and_is_what_is_kept(
    school: Registry, clock: Clock, other_machine: Registry, other_clock: Clock
) -> None:
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    clock.now, other_clock.now = NOON + DAY / 24 + AHEAD, NOON + DAY / 24
    record(school, Statement("p1", "website", WITHDRAWN, "moeder"))
    contexts = DecisionContexts(load_policy(None))
    for _ in range(2):
        other_clock.now += timedelta(seconds=1)
        with other_machine.read(OFFICE, Act.SCREEN) as session:
            people = contexts.current(session).people
            assert people is not None
            assert people.persons["p1"].consents["website"] is WITHDRAWN
        other_clock.now += DAY / 4


@pytest.mark.parametrize("behind", [timedelta(hours=2), 4000 * DAY])
def test_a_no_holds_when_the_clock_has_gone_back(school: Registry, clock: Clock, behind: timedelta) -> None:
    record(school, Statement("p1", "website", OBJECTED, "moeder", valid_from=NOON.date()))
    record(school, Statement("p1", "facebook", GRANTED, "moeder"))
    clock.now = NOON - behind
    assert state(school).state is OBJECTED
    assert state(school, channel="facebook").state is NOT_ASKED


def test_a_no_that_is_to_begin_later_does_not_begin_because_a_clock_is_behind(school: Registry, clock: Clock) -> None:
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    clock.now += AHEAD
    record(school, Statement("p1", "website", WITHDRAWN, "moeder", valid_from=(NOON + DAY).date()))
    clock.now -= AHEAD / 2
    assert state(school).state is GRANTED


def test_what_took_a_yes_back_did_so_and_took_no_no_back_yet(school: Registry, clock: Clock) -> None:
    record(school, Statement("p1", "website", GRANTED, "moeder"), Statement("p1", "facebook", OBJECTED, "moeder"))
    clock.now += AHEAD
    record(school, *(Statement("p1", channel, NOT_ASKED, "moeder") for channel in ("website", "facebook")))
    clock.now -= AHEAD / 2
    assert (state(school).state, state(school, channel="facebook").state) == (NOT_ASKED, OBJECTED)


def test_what_is_said_now_comes_after_a_yes_of_a_clock_that_was_ahead(school: Registry, clock: Clock) -> None:
    clock.now += 2 * DAY / 24
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    clock.now = NOON
    record(school, Statement("p1", "website", WITHDRAWN, "moeder"))
    for _ in range(4):
        assert state(school).state is WITHDRAWN
        clock.now += DAY / 24
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    assert state(school).state is GRANTED


def tasks_done(registry: Registry, caller: Caller) -> int:
    """Look for new noes and mark every task as done. Returns how many there were to do."""
    with registry.write(caller, Act.MAINTAIN) as session:
        new_noes.take_down(session)
    with registry.write(caller, Act.SEE_TAKEDOWNS) as session:
        tasks = takedowns.tasks(session)
        for task in tasks:
            takedowns.mark_done(session, task.id)
    return len(tasks)


def test_what_was_taken_down_does_not_come_back_each_day_after_a_clock_was_ahead(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    clock.now += 200 * DAY
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    clock.now = NOON
    assert state(school).state is NOT_ASKED
    record(school, Statement("p1", "website", GRANTED, "moeder", at=NOON))
    assert state(school).state is GRANTED
    remembered(school, caller, Answers(frozenset({"groep 5"}), faces=tap("f1", "p1") | tap("f2", "p2")))
    assert tasks_done(school, caller) == 0
    clock.now += DAY / 2
    record(school, Statement("p1", "website", WITHDRAWN, "moeder"))
    looks = []
    for _ in range(4):
        looks.append(tasks_done(school, caller))
        clock.now += DAY
    assert looks == [1, 0, 0, 0]


def test_what_a_yes_between_two_looks_published_is_taken_down_after_a_clock_was_ahead(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    clock.now += 200 * DAY
    record(school, Statement("p1", "facebook", GRANTED, "moeder"))
    clock.now = NOON
    record(school, Statement("p1", "website", OBJECTED, "moeder", at=NOON - DAY))
    assert tasks_done(school, caller) == 0
    clock.now += DAY / 4
    record(school, Statement("p1", "website", GRANTED, "moeder", at=clock.now))
    remembered(school, caller, Answers(frozenset({"groep 5"}), faces=tap("f1", "p1") | tap("f2", "p2")))
    clock.now += DAY / 4
    record(school, Statement("p1", "website", NOT_ASKED, "moeder"))
    clock.now += DAY / 2
    assert tasks_done(school, caller) == 1


@given(several, dates, st.integers(-12, 12), st.integers(0, 6))
def test_another_clock_only_makes_it_stricter(consents: list[Consent], dates: Dates, days: int, ago: int) -> None:
    """Than what was recorded until then comes to; and where all was, nothing differs."""
    moment: datetime = NOON + days * DAY
    as_it_counts = begun_by(consents, moment, moment + ago * DAY)
    before, now = (derive(list_, moment, **dates).state for list_ in (consents, as_it_counts))
    assert before not in FORBIDS or now in FORBIDS
    assert now is not GRANTED or before is GRANTED
    if all(consent.at <= moment for consent in consents):
        assert as_it_counts == consents
