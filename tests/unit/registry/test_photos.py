"""What became of photos: what is kept of them, deciding again, overrides, and where they went when consent is gone."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fotopoort.errors import BadAnswers, BadRecord, Forbidden, NotFound, UnknownChannel
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.consent_log import Statement
from fotopoort.registry.people import people
from fotopoort.registry.photos import blocks, screenings, takedowns
from fotopoort.registry.photos.takedowns import Task
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import audit, shown, verdict
from fotopoort.vocabulary import Answers, Box, ConsentState, DrawnFace, FaceAnswer, FaceLabel, Outcome

from .conftest import Clock
from .photos_there import face, fill, findings, judged, remembered, renamed

GROUP = Answers(groups=frozenset({"groep 5"}))
JUF = Caller("school", "k1", KeyRole.TEACHER, frozenset({"groep 5"}))
OTHER = Caller("school", "k2", KeyRole.TEACHER, frozenset({"groep 6"}))


def tap(face_id: str, person: str) -> dict[str, FaceAnswer]:
    return {face_id: FaceAnswer(FaceLabel.PERSON, person, face(int(face_id[1:])).box)}


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    fill(registry, caller)
    return registry


def withdraw(
    registry: Registry, caller: Caller, person: str, word: ConsentState = ConsentState.WITHDRAWN
) -> list[Task]:
    with registry.write(caller, Act.RECORD_CONSENT) as session:
        consent_log.record(session, Statement(person, "website", word))
        return takedowns.tasks(session)


# --- what is kept ----------------------------------------------------------------------------------------


def test_a_verdict_is_remembered_with_who_is_shown_and_where(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, Answers(frozenset({"groep 5"}), faces=tap("f1", "p1")))
    with school.read(caller, Act.SEE_AUDIT) as session:
        rows = {row.channel: row for row in session.connection.execute(select(verdict))}
        assert rows["website"].outcome == "publish"
        assert rows["website"].place == "https://school.example/1"
        assert (rows["website"].basis, rows["website"].by_group) == ("consent", True)
        assert rows["facebook"].outcome == "blur"  # nobody said yes to that: all are covered
        assert [row.channel for row in session.connection.execute(select(shown))] == ["website"]
        told = session.connection.execute(select(audit).where(audit.c.kind == "verdict")).one()
        detail = json.loads(told.detail)
        assert told.photo == screening.findings.sha256
        assert detail["outcomes"] == {"website": "publish", "facebook": "blur"}
        assert detail["bases"] == {"website": "consent", "facebook": "consent"}
        assert detail["findings"] == screening.receipt.findings
        assert "p1" not in told.detail


def test_what_can_no_longer_be_kept_of_a_name_does_not_stop_a_verdict(school: Registry, caller: Caller) -> None:
    remembered(school, caller, GROUP, places={"website": "No\ud800or\0.jpg"})
    with school.read(caller, Act.SEE_AUDIT) as session:
        query = select(verdict.c.place).where(verdict.c.channel == "website")
        assert session.connection.execute(query).scalar_one() == "No?or?.jpg"


# --- deciding again --------------------------------------------------------------------------------------


def test_answers_add_up_and_are_kept_with_who_gave_them(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP)
    with school.write(JUF, Act.SCREEN) as session:
        again = screenings.answer(session, screening.id, Answers(faces=tap("f1", "p1")))
        assert again.number == 1
        assert again.findings == screening.findings
        assert again.request.answers == Answers(frozenset({"groep 5"}), faces=tap("f1", "p1"))
    with school.write(caller, Act.SCREEN) as session:
        assert screenings.answer(session, screening.id, Answers(absent=frozenset({"p2"}))).number == 2
        screenings.remember_again(session, renamed(judged(school, caller, again.request.answers), screening.id), again)
    with school.read(caller, Act.SEE_AUDIT) as session:
        rows = session.connection.execute(
            select(verdict.c.number, verdict.c.place).where(verdict.c.channel == "website")
        )
        assert sorted(map(tuple, rows)) == [(0, "https://school.example/1"), (1, "https://school.example/1")]


@pytest.mark.parametrize("asker", [OTHER, Caller("other", "k3", KeyRole.PRIVACY_OFFICER)], ids=["teacher", "school"])
def test_who_is_out_of_reach_finds_no_screening(
    school: Registry, caller: Caller, other_school: Caller, asker: Caller
) -> None:
    screening = remembered(school, caller, GROUP)
    with pytest.raises(NotFound), school.write(asker, Act.SCREEN) as session:
        screenings.answer(session, screening.id, Answers())


def test_a_rule_is_set_aside_for_one_photo_by_the_privacy_officer(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP)
    sha256 = screening.findings.sha256
    with school.write(caller, Act.OVERRIDE) as session:
        screenings.override(session, screening.id, "website", "R30", "portret bij afscheid")
        screenings.override(session, screening.id, "website", "R30", "nog eens")
        assert screenings.overridden(session) == {sha256: frozenset({("website", "R30")})}
        again = screenings.answer(session, screening.id, Answers())
        assert again.request.answers.overridden == {("website", "R30")}
    with school.read(caller, Act.SEE_AUDIT) as session:
        told = session.connection.execute(select(audit.c.detail).where(audit.c.kind == "override")).scalars().all()
        assert len(told) == 2
        assert "afscheid" not in "".join(told)


@pytest.mark.parametrize(
    ("channel", "rule", "reason", "error"),
    [
        ("website", "R22", "x", BadAnswers),
        ("website", "R99", "x", BadAnswers),
        ("social_schools", "R30", "x", UnknownChannel),
        ("website", "R30", " ", BadRecord),
    ],
)
def test_what_cannot_be_set_aside(
    school: Registry, caller: Caller, channel: str, rule: str, reason: str, error: type[Exception]
) -> None:
    screening = remembered(school, caller, GROUP)
    with pytest.raises(error), school.write(caller, Act.OVERRIDE) as session:
        screenings.override(session, screening.id, channel, rule, reason)


def test_nobody_else_sets_a_rule_aside(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP)
    for role in (KeyRole.OFFICE, KeyRole.MACHINE):
        who = Caller("school", "k9", role)
        with pytest.raises(Forbidden), school.write(who, Act.SCREEN) as session:
            screenings.override(session, screening.id, "website", "R30", "x")


# --- withdrawal reaches back -----------------------------------------------------------------------------


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
        takedowns.done(session, tasks[0].id)
        assert len(takedowns.tasks(session)) == 1
        assert len(takedowns.tasks(session, open_only=False)) == 2
    with pytest.raises(NotFound), school.write(caller, Act.SEE_TAKEDOWNS) as session:
        takedowns.done(session, tasks[0].id)


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
    remembered(school, caller, answers, seen=findings(1 if answers.only_present else 2))
    assert [task.certain for task in withdraw(school, caller, "p1")] == certain


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


# --- the block list --------------------------------------------------------------------------------------


def test_a_blocked_photo_and_what_is_like_it_are_told_of(school: Registry, caller: Caller) -> None:
    one, alike, other = "00" * 13, "00" * 12 + "ff", "ff" * 13
    shots = [
        remembered(school, caller, GROUP, seen=findings(photo=bytes([n]), perceptual_hash=p))
        for n, p in enumerate((one, alike, other))
    ]
    sha256 = shots[0].findings.sha256
    with school.write(JUF, Act.REPORT_PHOTO) as session:
        blocks.add(session, sha256, [one], "ouder belde")
        listed = blocks.blocklist(session)
        held = [listed.holds(shot.findings.sha256, shot.findings.perceptual_hash) for shot in shots]
        assert held == [True, True, False]
        assert {row.screening for row in screenings.earlier(session, Blocklist.of([sha256], [one]))} == {
            shots[0].id,
            shots[1].id,
        }


def test_only_who_may_lifts_a_block(school: Registry, caller: Caller, other_school: Caller) -> None:
    with school.write(JUF, Act.REPORT_PHOTO) as session:
        block = blocks.add(session, "0" * 64, [], "ouder belde")
        with pytest.raises(Forbidden):
            blocks.lift(session, block, "vergissing")
    for who, error in ((JUF, Forbidden), (other_school, NotFound)):
        with pytest.raises(error), school.write(who, Act.LIFT_BLOCK) as session:
            blocks.lift(session, block, "vergissing")
    with school.write(caller, Act.LIFT_BLOCK) as session:
        before = session.revision()
        with pytest.raises(BadRecord):
            blocks.lift(session, block, "")
        blocks.lift(session, block, "vergissing")
        assert session.revision() == before + 1
        assert not blocks.blocklist(session).sha256s
        assert [one.lifted is not None for one in blocks.blocks(session)] == [True]


@pytest.mark.parametrize(("sha256", "reason"), [("0" * 64, " "), ("x" * 64, "a"), ("0" * 63, "a"), ("", "a")])
def test_what_cannot_be_blocked(school: Registry, caller: Caller, sha256: str, reason: str) -> None:
    with pytest.raises(BadRecord), school.write(caller, Act.REPORT_PHOTO) as session:
        blocks.add(session, sha256, [], reason)


def test_names_stand_nowhere_in_the_log(school: Registry, caller: Caller) -> None:
    remembered(school, caller, Answers(frozenset({"groep 5"}), faces=tap("f1", "p1")))
    withdraw(school, caller, "p1")
    with school.read(caller, Act.SEE_AUDIT) as session:
        everything = repr(session.connection.execute(select(audit)).all())
        assert not any(word in everything for word in ("Kind", "Achternaam", "groep 5", "school.example"))
        assert people.ref_of(session, "p1") in everything
