"""A withdrawal lists every place where the person was shown, or may have been."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fotopoort.errors import BadRecord, NotFound
from fotopoort.registry import maintenance, school_settings
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.consent import consent_log, new_noes
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Answers, Box, ConsentState, DrawnFace, FaceAnswer, FaceLabel, Outcome

from ..conftest import Clock
from ..screened_photos import face, findings, remembered
from .tapping import GROUP, tap, withdraw


def test_a_withdrawal_lists_every_place_the_photo_went(school: Registry, caller: Caller) -> None:
    answers = Answers(frozenset({"groep 5"}), faces=tap("f1", "p1") | tap("f2", "p2"))
    for number in (1, 2, 2):
        remembered(school, caller, answers, places={"website": f"https://school.example/{number}"})
    tasks = withdraw(school, caller, "p1")
    assert {(task.place, task.person, task.certain, task.channel) for task in tasks} == {
        ("https://school.example/1", "p1", True, "website"),
        ("https://school.example/2", "p1", True, "website"),
    }
    assert {task.due for task in tasks} == {date(2026, 12, 1)}
    assert len(withdraw(school, caller, "p1", ConsentState.OBJECTED)) == 2  # not asked for twice
    with school.write(caller, Act.SEE_TAKEDOWNS) as session:
        takedowns.mark_done(session, tasks[0].id)
        assert len(takedowns.tasks(session)) == 1
        assert len(takedowns.tasks(session, open_only=False)) == 2
    with pytest.raises(NotFound), school.write(caller, Act.SEE_TAKEDOWNS) as session:
        takedowns.mark_done(session, tasks[0].id)


def test_a_photo_cleared_by_the_group_may_show_them(school: Registry, caller: Caller) -> None:
    remembered(school, caller, GROUP)
    assert [(task.person, task.certain) for task in withdraw(school, caller, "p2")] == [("p2", False)]


@pytest.mark.parametrize(
    ("answers", "certain"),
    [
        (Answers(frozenset({"groep 5"}), absent=frozenset({"p1"})), []),
        (Answers(present=frozenset({"p2"}), only_present=True), []),
        (Answers(frozenset({"groep 5"}), present=frozenset({"p1"})), [True]),
        (Answers(faces=tap("f1", "p1") | {"f2": FaceAnswer(FaceLabel.NO_PUPIL)}), [True]),
        (Answers(drawn=(DrawnFace(Box(1, 1, 50, 50), "p1"),), groups=frozenset({"groep 5"})), []),
    ],
    ids=["said not to be in it", "only somebody else", "said to be in it", "pointed out", "covered"],
)
def test_what_the_teacher_said_counts(school: Registry, caller: Caller, answers: Answers, certain: list[bool]) -> None:
    remembered(school, caller, answers, found=findings(1 if answers.only_present else 2))
    assert [task.certain for task in withdraw(school, caller, "p1")] == certain


# --- where only a part of the photo went out -------------------------------------------------------------

AT_THE_SIDE = replace(face(2), box=Box(1750, 300, 80, 100))
BESIDE = replace(findings(), faces=(face(1), AT_THE_SIDE))  # the second is of who refused, and is left out


@pytest.fixture
def refused(school: Registry, caller: Caller) -> Registry:
    """The school, with two more: one who refused, and one who may be shown."""
    with school.write(caller, Act.RECORD_CONSENT) as session:
        for id, state in (("p3", ConsentState.REFUSED), ("p4", ConsentState.GRANTED)):
            people.add(session, PersonRecord(id, name=f"Kind {id}"), ["groep 5"])
            consent_log.record(session, Statement(id, "website", state))
    return school


PART = Answers(
    groups=frozenset({"groep 5"}),
    faces=tap("f1", "p1") | {"f2": FaceAnswer(FaceLabel.PERSON, "p3", AT_THE_SIDE.box)},
    crop=True,
)


def test_whoever_can_show_in_a_part_alone_finds_where_it_went(refused: Registry, caller: Caller) -> None:
    """Everybody who was found was tapped; in the part, which is larger, a face can show that was not found."""
    remembered(refused, caller, replace(PART, crop=False), found=BESIDE, places={"website": "whole"})
    screening = remembered(refused, caller, PART, found=BESIDE, places={"website": "part"})
    assert screening.verdicts["website"].crop is not None
    assert [(task.person, task.place, task.certain) for task in withdraw(refused, caller, "p2")] == [
        ("p2", "part", False)
    ]
    tasks = {(task.place, task.certain) for task in withdraw(refused, caller, "p1") if task.person == "p1"}
    assert tasks == {("whole", True), ("part", True)}


def test_who_is_left_out_of_a_part_is_not_in_it(refused: Registry, caller: Caller) -> None:
    remembered(refused, caller, PART, found=BESIDE)
    assert withdraw(refused, caller, "p3") == []


@pytest.mark.parametrize(
    ("said", "certain"),
    [
        ({"present": frozenset({"p2"})}, [False]),
        ({"present": frozenset({"p2"}), "crop": False}, [True]),
        ({"present": frozenset({"p1", "p2", "p3"}), "only_present": True}, [False]),
        ({"present": frozenset({"p1", "p3"}), "only_present": True}, []),
        ({"absent": frozenset({"p2"})}, []),
        ({"others": True}, [False]),
    ],
    ids=["said to be in it", "of the whole photo", "and nobody else", "nobody else", "said not to be", "others are"],
)
def test_of_whom_nobody_said_where_they_are_a_part_may_show_them(
    refused: Registry, caller: Caller, said: dict[str, Any], certain: list[bool]
) -> None:
    screening = remembered(refused, caller, replace(PART, **said), found=BESIDE)
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert [task.certain for task in withdraw(refused, caller, "p2")] == certain


def test_what_was_rejected_went_nowhere(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p2", "website", ConsentState.REFUSED))
    screening = remembered(school, caller, Answers(frozenset({"groep 5"}), present=frozenset({"p1", "p2"})))
    assert screening.verdicts["website"].outcome is Outcome.REJECT
    assert withdraw(school, caller, "p1") == []


def test_the_group_is_that_of_the_year_of_the_photo(school: Registry, caller: Caller, clock: Clock) -> None:
    remembered(school, caller, GROUP)
    clock.now += timedelta(days=300)  # the next school year, in which they are in no group yet
    assert [task.certain for task in withdraw(school, caller, "p1")] == [False]


def test_the_school_says_how_soon(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.SET) as session:
        school_settings.set_days(session, school_settings.TAKEDOWN_DAYS, 2, "sneller")
        with pytest.raises(BadRecord):
            school_settings.set_days(session, school_settings.TAKEDOWN_DAYS, 0, "nooit")
    remembered(school, caller, GROUP)
    assert [task.due for task in withdraw(school, caller, "p1")] == [date(2026, 11, 26)]


# --- noes that nobody records when they begin ------------------------------------------------------------

LAST_DAY = date(2026, 11, 30)
OF_P1 = Answers(faces=tap("f1", "p1"), groups=frozenset({"groep 5"}))


def begun(registry: Registry, caller: Caller) -> list[tuple[str | None, str, bool]]:
    """What is to be taken down since the last look: of whom, where, and whether it is certain."""
    with registry.write(caller, Act.MAINTAIN) as session:
        before = {task.id for task in takedowns.tasks(session, open_only=False)}
        new_noes.take_down(session)
        tasks = takedowns.tasks(session, open_only=False)
        return [(task.person, task.place, task.certain) for task in tasks if task.id not in before]


def say(registry: Registry, caller: Caller, decision: ConsentState, **more: Any) -> None:  # noqa: ANN401
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p1", "website", decision, "moeder", **more))


def all_done(registry: Registry, caller: Caller) -> None:
    with registry.write(caller, Act.SEE_TAKEDOWNS) as session:
        for task in takedowns.tasks(session):
            takedowns.mark_done(session, task.id)


@pytest.mark.parametrize("ends", ["its last day", "their last day at school", "a return that was told late"])
def test_when_a_yes_ends_and_a_no_is_there_again_what_went_out_is_taken_down(
    school: Registry, caller: Caller, clock: Clock, ends: str
) -> None:
    say(school, caller, ConsentState.REFUSED)
    clock.now += timedelta(hours=1)
    say(school, caller, ConsentState.GRANTED, valid_until=LAST_DAY if ends == "its last day" else None)
    remembered(school, caller, OF_P1, places={"website": "under the yes"})
    assert begun(school, caller) == []
    if ends == "their last day at school":
        with school.write(caller, Act.EDIT_PEOPLE) as session:
            people.leave(session, "p1", LAST_DAY)
    clock.now += timedelta(days=7)
    if ends == "a return that was told late":
        with school.write(caller, Act.EDIT_PEOPLE) as session:
            people.leave(session, "p1", LAST_DAY)
            people.change(session, "p1", leaves=None)
    assert begun(school, caller) == [("p1", "under the yes", True)]
    all_done(school, caller)
    clock.now += timedelta(days=1)
    assert begun(school, caller) == [], "it is told once"


def test_a_no_that_is_there_again_a_second_time_is_told_a_second_time(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    say(school, caller, ConsentState.REFUSED)
    for _ in range(2):
        clock.now += timedelta(hours=1)
        say(school, caller, ConsentState.GRANTED, valid_until=clock.now.date())
        remembered(school, caller, OF_P1)
        assert begun(school, caller) == []
        clock.now += timedelta(days=1)
        assert len(begun(school, caller)) == 1
        all_done(school, caller)


@pytest.mark.parametrize("days", [0, 1], ids=["on the day itself", "the day after"])
@pytest.mark.parametrize("no_later", [False, True], ids=["a standing no", "a no of that same day as well"])
def test_a_yes_that_begins_and_ends_between_two_looks_has_what_went_out_taken_down(
    school: Registry, caller: Caller, clock: Clock, days: int, no_later: bool
) -> None:
    say(school, caller, ConsentState.REFUSED)
    assert begun(school, caller) == []
    if no_later:
        clock.now += timedelta(hours=1)
        say(school, caller, ConsentState.REFUSED)
    clock.now += timedelta(hours=1)
    say(school, caller, ConsentState.GRANTED, valid_until=clock.now.date() + timedelta(days=days))
    remembered(school, caller, OF_P1, places={"website": "under the yes"})
    clock.now += timedelta(days=days + 1)
    assert begun(school, caller) == [("p1", "under the yes", True)]
    all_done(school, caller)
    for _ in range(3):
        clock.now += timedelta(days=1)
        assert begun(school, caller) == [], "it is told once"


def test_a_yes_of_some_days_ahead_that_has_ended_at_the_next_look_is_seen(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    say(school, caller, ConsentState.REFUSED)
    clock.now += timedelta(hours=1)
    soon = clock.now.date() + timedelta(days=2)
    say(school, caller, ConsentState.GRANTED, valid_from=soon, valid_until=soon)
    assert begun(school, caller) == []
    clock.now += timedelta(days=2)
    remembered(school, caller, OF_P1)
    clock.now += timedelta(days=2)
    assert len(begun(school, caller)) == 1


def test_a_no_beside_a_yes_of_somebody_else_is_told_once(school: Registry, caller: Caller, clock: Clock) -> None:
    """They never agreed since, so nothing went out."""
    say(school, caller, ConsentState.GRANTED)
    remembered(school, caller, OF_P1)
    assert begun(school, caller) == []
    with school.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement("p1", "website", ConsentState.REFUSED, "vader"))
    all_done(school, caller)
    for _ in range(3):
        clock.now += timedelta(days=1)
        assert begun(school, caller) == []


def test_a_yes_that_a_new_no_ended_is_told_by_that_no(school: Registry, caller: Caller, clock: Clock) -> None:
    say(school, caller, ConsentState.REFUSED)
    assert begun(school, caller) == []
    for decision in (ConsentState.GRANTED, ConsentState.WITHDRAWN):
        clock.now += timedelta(hours=1)
        say(school, caller, decision)
        remembered(school, caller, OF_P1) if decision is ConsentState.GRANTED else all_done(school, caller)
    clock.now += timedelta(days=1)
    assert begun(school, caller) == []


@pytest.mark.parametrize("first", [True, False], ids=["the first look", "a later one"])
def test_what_a_no_had_taken_down_when_it_was_said_is_not_told_again(
    school: Registry, caller: Caller, clock: Clock, first: bool
) -> None:
    remembered(school, caller, OF_P1)
    if not first:
        assert begun(school, caller) == []
    say(school, caller, ConsentState.WITHDRAWN)
    all_done(school, caller)
    clock.now += timedelta(days=1)
    assert begun(school, caller) == []


def test_a_no_that_was_said_ahead_has_what_went_out_taken_down_on_its_day(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    maintenance.daily(school)
    say(school, caller, ConsentState.WITHDRAWN, valid_from=clock.now.date() + timedelta(days=1))
    remembered(school, caller, OF_P1)
    with school.read(caller, Act.SEE_TAKEDOWNS) as session:
        assert takedowns.tasks(session) == []
    clock.now += timedelta(days=1)
    maintenance.daily(school)
    with school.read(caller, Act.SEE_TAKEDOWNS) as session:
        assert [(task.person, task.certain) for task in takedowns.tasks(session)] == [("p1", True)]


def test_a_yes_that_ends_with_no_no_behind_it_takes_nothing_down(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    say(school, caller, ConsentState.GRANTED, valid_until=LAST_DAY)
    remembered(school, caller, GROUP)
    assert begun(school, caller) == []
    clock.now += timedelta(days=7)
    assert begun(school, caller) == []
