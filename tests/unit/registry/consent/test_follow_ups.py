"""About whom the office must do something, and what it must confirm."""

from __future__ import annotations

from datetime import date

import pytest

from fotopoort.errors import BadRecord
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import follow_ups
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState

from ..conftest import NOON, Clock
from .recording import DAY, GRANTED, JUF, OBJECTED, OFFICE, REFUSED, WITHDRAWN, record, state


def test_guardians_who_disagree_are_a_refusal_and_on_the_list(school: Registry) -> None:
    record(
        school,
        Statement("p1", "website", GRANTED, speaker="moeder"),
        Statement("p1", "website", REFUSED, speaker="vader"),
    )
    assert state(school).state is REFUSED
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert [(item.person, item.purpose) for item in follow_ups.conflicts(session)] == [("p1", "website")]


def test_what_ends_soon_or_has_ended_is_on_the_list(school: Registry, clock: Clock) -> None:
    today = NOON.date()
    record(
        school, Statement("p1", "website", GRANTED, valid_until=today + 10 * DAY), Statement("p1", "facebook", GRANTED)
    )

    def listed() -> list[tuple[str, date | None]]:
        with school.read(OFFICE, Act.SEE_PEOPLE) as session:
            return [(item.purpose, item.due) for item in follow_ups.expiring(session, 30)]

    assert listed() == [("website", today + 10 * DAY)]
    clock.now += 11 * DAY
    assert state(school).state is ConsentState.NOT_ASKED
    assert listed() == [("website", today + 10 * DAY)]
    record(school, Statement("p1", "website", GRANTED))
    assert listed() == []


def test_who_comes_of_age_is_on_the_list_until_they_have_spoken(school: Registry, clock: Clock) -> None:
    record(school, Statement("p2", "website", GRANTED))

    def listed(days: int) -> set[str]:
        with school.read(OFFICE, Act.SEE_PEOPLE) as session:
            return {item.purpose for item in follow_ups.of_age(session, days)}

    assert listed(3) == set()
    assert listed(7) == {"social_schools", "website", "facebook"}
    clock.now += 8 * DAY
    assert state(school, "p2").state is GRANTED  # what the guardians granted counts until they decide
    record(school, Statement("p2", "website", WITHDRAWN, speaker="p2", capacity=Capacity.OWN))
    assert state(school, "p2").state is WITHDRAWN
    assert listed(0) == {"social_schools", "facebook"}


def test_a_teacher_may_only_tighten_and_the_office_looks_at_it(school: Registry) -> None:
    record(school, Statement("p1", "website", GRANTED))
    (consent_id,) = record(school, Statement("p1", "website", OBJECTED, speaker="moeder"), caller=JUF)
    assert state(school).state is REFUSED  # a grant and an objection: a conflict
    with school.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert [consent.id for consent in follow_ups.to_confirm(session)] == [consent_id]
    with school.write(OFFICE, Act.RECORD_CONSENT) as session:
        follow_ups.confirm(session, consent_id)
        assert follow_ups.to_confirm(session) == []
    with pytest.raises(BadRecord), school.write(OFFICE, Act.RECORD_CONSENT) as session:
        follow_ups.confirm(session, consent_id)
