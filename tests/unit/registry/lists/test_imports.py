"""Importing a class list: what it would change, and that all of it is done or nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.errors import Forbidden, UseError
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import Capacity, Consent
from fotopoort.registry.consent.statements import Statement, moment_of
from fotopoort.registry.lists import imports
from fotopoort.registry.lists.parsed_list import ImportOptions
from fotopoort.registry.people import groups, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState, Role

from ..conftest import NOON, Clock
from .class_lists import LIST, OFFICE, book, bring, refusal


def test_the_plan_tells_line_by_line(registry: Registry) -> None:
    plan = bring(registry, LIST)
    assert [(change.line, change.person, change.new, change.words) for change in plan.changes] == [
        (2, "101", True, ("website granted", "facebook refused")),
        (3, "102", True, ("facebook objected",)),
    ]
    again = bring(registry, LIST.replace("Berg", "Bergh").replace("102;Sem;;Bakker;groep 5", "102;Sem;;Bakker;groep 6"))
    assert [(change.line, change.fields, change.groups) for change in again.changes] == [
        (2, ("name", "surname"), None),
        (3, (), ("groep 6",)),
    ]


def test_a_plan_alone_changes_nothing(registry: Registry) -> None:
    with registry.write(OFFICE, Act.IMPORT) as session:
        imports.plan(session, LIST.encode())
        assert people.records(session) == []


def test_the_same_list_twice_changes_nothing(registry: Registry) -> None:
    bring(registry, LIST)
    again = bring(registry, LIST)
    assert (again.changes, again.unchanged) == ((), 2)


def test_a_workbook_with_consents_and_earlier_years(registry: Registry) -> None:
    content = book(
        leerlingen=[
            ["id", "naam", "rol", "groep"],
            [101, "Noor", "leerling", "groep 5"],
            [201, "Juf", "leerkracht", ""],
        ],
        toestemmingen=[
            ["id", "kanaal", "antwoord", "wie", "hoedanigheid", "datum", "geldig tot", "formulier"],
            [101, "website", "ja", "moeder", "ouder", date(2024, 9, 1), date(2026, 9, 1), "2024"],
            [101, "facebook", "nee", "vader", "ouder", "2 oktober 2025", None, "2025"],
            [201, "website", "ja", "", "zelf", "2024-09-01", None, ""],
        ],
        groepen=[["id", "schooljaar", "groep"], [101, "2024-2025", "groep 3"], [101, "2025/26", "groep 4"]],
    )
    plan = bring(registry, content)
    assert len(plan.changes) == 2 + 3 + 2
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        refs = {person: ref for ref, person in people.ids(session).items()}
        assert groups.groups_of(session, refs["101"]) == {2024: ["groep 3"], 2025: ["groep 4"], 2026: ["groep 5"]}
        noor = consent_log.history(session, refs["101"])
        assert [(consent.purpose, consent.decision, consent.speaker) for consent in noor] == [
            ("website", ConsentState.GRANTED, "moeder"),
            ("facebook", ConsentState.REFUSED, "vader"),
        ]
        derived = consent_log.derived_consents(session)
        assert derived[refs["101"], "website"].ended
        assert derived[refs["201"], "website"].state is ConsentState.GRANTED  # grown-ups speak for themselves
        assert people.find(session, "201").role is Role.STAFF
    assert bring(registry, content).changes == ()


def test_who_is_no_longer_on_the_list_leaves_when_that_is_asked(registry: Registry) -> None:
    bring(registry, LIST)
    day = date(2026, 11, 23)
    plan = bring(registry, "\r\n".join(LIST.splitlines()[:2]), ImportOptions(leave_on=day))
    assert plan.leaving == ("102",)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert people.find(session, "102").leaves == day


def test_one_wrong_line_keeps_everything_out(registry: Registry) -> None:
    refusal(registry, LIST + "103;Daan;;Visser;groep 5;31-02-2016;ja;ja\r\n")


def test_who_must_never_be_found_is_not_for_the_office(registry: Registry, caller: Caller) -> None:
    content = "id;naam;nooit vindbaar\np1;Noor;\np2;Sem;ja\n"
    with pytest.raises(Forbidden):
        bring(registry, content)
    with pytest.raises(Forbidden):
        bring(registry, content.replace("ja", "nee"))  # else the plan would tell who is
    bring(registry, content.replace("ja", ""))
    bring(registry, content, caller=caller)
    assert not bring(registry, content.replace("ja", "")).changes
    assert not bring(registry, content.replace("ja", ""), caller=caller).changes
    with registry.read(caller, Act.SEE_HIDDEN) as session:
        assert people.find(session, "p2").never_locatable
    bring(registry, "id;naam\np2;Sem de Groot\n")  # a list without that column leaves it as it is
    with registry.read(caller, Act.SEE_HIDDEN) as session:
        assert people.find(session, "p2").never_locatable


LINES = st.text(max_size=400).map(lambda text: ("id;naam\n" + text).encode("utf-8", "replace"))


def test_an_old_list_does_not_undo_a_later_no(registry: Registry, clock: Clock) -> None:
    bring(registry, LIST)
    clock.now += timedelta(days=1)
    with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("101", "website", ConsentState.WITHDRAWN))
    again = bring(registry, LIST)
    assert again.changes == ()
    assert "Line 2: the list says yes for website, and the registry has a no" in again.warnings[0]
    clock.now += timedelta(days=2)
    dated = "id;naam;website;website datum\n101;Noor van den Berg;ja;26-11-2026\n"
    assert [change.words for change in bring(registry, dated).changes] == [("website granted",)]


def test_who_left_and_is_on_the_list_again_is_told(registry: Registry, clock: Clock) -> None:
    bring(registry, LIST)
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.leave(session, "101", session.today)
    clock.now += timedelta(days=1)
    assert "has left" in bring(registry, LIST).warnings[0]


def test_who_comes_back_by_a_list_is_told_and_asked_again(registry: Registry, clock: Clock) -> None:
    """An undated yes is the one of before; one with a day of after the last day at school is a new one."""

    def state(person: str = "101") -> ConsentState:
        with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
            ref = people.ref_of(session, person)
            return consent_log.derived_consents(session)[ref, "website"].state

    bring(registry, LIST)
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.leave(session, "101", session.today)
    clock.now += timedelta(days=9)
    back = "id;naam;laatste schooldag;website;website datum\n101;Noor van den Berg;31-07-2027;{}\n"
    plan = bring(registry, back.format("ja;"))
    assert [(change.fields, change.words) for change in plan.changes] == [(("leaves",), ())]
    assert "ask again" in plan.warnings[0]
    assert state() is ConsentState.NOT_ASKED
    assert bring(registry, back.format("ja;24-11-2026")).changes == (), "of their last day"
    assert [change.words for change in bring(registry, back.format("ja;02-12-2026")).changes] == [("website granted",)]
    assert state() is ConsentState.GRANTED
    assert bring(registry, back.format("ja;02-12-2026")).changes == ()


@given(content=st.binary(max_size=400) | LINES)
@settings(max_examples=60)
def test_whatever_it_is_the_answer_is_a_plan_or_a_refusal(registry: Registry, content: bytes) -> None:
    with registry.read(OFFICE, Act.IMPORT) as session, suppress(UseError):
        imports.plan(session, content)


def test_decisions_with_a_day_of_their_own(registry: Registry, clock: Clock) -> None:
    content = "id;naam;website;website datum;website tot\np1;Noor;ja;01-09-2025;24-11-2026\n"
    bring(registry, content)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        ref = people.ref_of(session, "p1")
        (consent,) = consent_log.history(session, ref)
        assert consent.at.astimezone(session.now.tzinfo).date() == date(2025, 9, 1)
        assert consent_log.derived_consents(session)[ref, "website"].state is ConsentState.GRANTED
    clock.now += timedelta(days=1)
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert consent_log.derived_consents(session)[ref, "website"].state is ConsentState.NOT_ASKED
    assert bring(registry, content).changes == ()


# --- noes of which only the day is known -----------------------------------------------------------------

NO_OF_TODAY = "id;kanaal;antwoord;wie;hoedanigheid;datum\np1;website;nee;moeder;ouder;24-11-2026\n"
THEIR_NO = "id;naam;rol;website;website datum\np1;Juf;leerkracht;nee;24-11-2026\n"


def held(registry: Registry) -> tuple[ConsentState, list[Consent]]:
    """What holds of p1 on the website, and all that was said."""
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        ref = people.ref_of(session, "p1")
        return consent_log.derived_consents(session)[ref, "website"].state, consent_log.history(session, ref)


@pytest.mark.parametrize("content", [NO_OF_TODAY, THEIR_NO], ids=["a row", "a column, by themselves"])
@pytest.mark.parametrize("days", [0, 1], ids=["on that day", "the day after"])
def test_a_no_comes_after_a_yes_of_that_day_and_is_recorded_once(
    registry: Registry, clock: Clock, content: str, days: int
) -> None:
    is_own = content is THEIR_NO
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Juf", role=Role.STAFF if is_own else Role.PUPIL))
        speaker = ("p1", Capacity.OWN) if is_own else ("moeder", Capacity.GUARDIAN)
        consent_log.record(session, Statement("p1", "website", ConsentState.GRANTED, *speaker))
    clock.now += timedelta(hours=3, days=days)
    for later in (timedelta(), timedelta(hours=1), timedelta(days=1), timedelta(days=1)):
        clock.now += later
        bring(registry, content)
        state, said = held(registry)
        assert (state, len(said)) == (ConsentState.REFUSED, 2)


def test_a_no_recorded_that_day_is_the_lists(registry: Registry, clock: Clock) -> None:
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
        consent_log.record(session, Statement("p1", "website", ConsentState.REFUSED, "moeder"))
    clock.now += timedelta(days=1)
    assert bring(registry, NO_OF_TODAY).changes == ()


def test_after_a_yes_of_that_day_the_lists_no_may_be_another(registry: Registry, clock: Clock) -> None:
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
    for decision in (ConsentState.REFUSED, ConsentState.GRANTED):
        with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("p1", "website", decision, "moeder"))
        clock.now += timedelta(hours=1)
    for _ in range(3):
        bring(registry, NO_OF_TODAY)
        state, said = held(registry)
        assert (state, len(said)) == (ConsentState.REFUSED, 3)
        clock.now += timedelta(days=1)


@pytest.mark.parametrize("at", [None, datetime.combine(NOON.date(), time(), NOON.tzinfo)], ids=["then", "at midnight"])
def test_what_took_the_lists_no_back_that_day_is_not_lost_by_the_same_list(
    registry: Registry, clock: Clock, at: datetime | None
) -> None:
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
        no = consent_log.record(session, Statement("p1", "website", ConsentState.REFUSED, at=at))
    clock.now += timedelta(hours=3)
    with registry.write(OFFICE, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p1", "website", ConsentState.GRANTED, undoes=no))
    for _ in range(3):
        clock.now += timedelta(hours=8)
        for content in (NO_OF_TODAY, "id;naam;website;website datum\np1;Noor;nee;24-11-2026\n"):
            plan = bring(registry, content.replace("moeder", ""))
            assert "Line 2: the no for website is there already" in plan.warnings[0], "it may be another, of after it"
        state, said = held(registry)
        assert (state, len(said)) == (ConsentState.GRANTED, 2)


def test_what_takes_a_no_of_that_day_back_comes_after_it(registry: Registry, clock: Clock) -> None:
    content = (
        "id;kanaal;antwoord;wie;hoedanigheid;datum;verklaring;neemt_terug\n"
        f"p1;website;nee;moeder;ouder;23-11-2026;{'a' * 32};\n"
        f"p1;website;ja;moeder;ouder;23-11-2026;{'b' * 32};{'a' * 32}\n"
    )
    with registry.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor"))
    for _ in range(3):
        assert bring(registry, content).warnings == ()
        state, said = held(registry)
        assert (state, len(said)) == (ConsentState.GRANTED, 2)
        clock.now += timedelta(days=1)


def test_the_moment_of_a_day_is_in_the_schools_time_zone() -> None:
    no, yes = ConsentState.OBJECTED, ConsentState.GRANTED
    yesterday, today, tomorrow = ((NOON + timedelta(days=days)).date() for days in (-1, 0, 1))
    assert moment_of(yesterday, no, NOON) == datetime.combine(yesterday, time.max, NOON.tzinfo)
    assert moment_of(today, no, NOON) == NOON
    assert moment_of(tomorrow, no, NOON) > NOON, "which cannot have been said yet"
    assert moment_of(today, yes, NOON) == datetime.combine(today, time(), NOON.tzinfo)
