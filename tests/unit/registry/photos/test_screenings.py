"""What is stored of a screening, deciding again after further answers, and rules that are set aside."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from fotopoort.errors import BadAnswers, BadRecord, Forbidden, NotFound, UnknownChannel
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.answers import answer_log, answering
from fotopoort.registry.people import people
from fotopoort.registry.photos import screenings
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import audit, shown, verdict
from fotopoort.vocabulary import Answers

from ..screened_photos import judged, remembered, renamed
from .tapping import GROUP, JUF, OTHER, tap, withdraw


def test_a_verdict_is_stored_with_who_is_shown_and_where(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, Answers(frozenset({"groep 5"}), faces=tap("f1", "p1")))
    with school.read(caller, Act.SEE_AUDIT) as session:
        rows = {row.channel: row for row in session.connection.execute(select(verdict))}
        assert rows["website"].outcome == "publish"
        assert rows["website"].place == "https://school.example/1"
        assert (rows["website"].basis, rows["website"].by_group) == ("consent", True)
        assert rows["facebook"].outcome == "reject"  # nobody said yes to that: it waits until it is said who is in it
        assert [row.channel for row in session.connection.execute(select(shown))] == ["website"]
        row = session.connection.execute(select(audit).where(audit.c.kind == "verdict")).one()
        detail = json.loads(row.detail)
        assert row.photo == screening.findings.sha256
        assert detail["outcomes"] == {"website": "publish", "facebook": "reject"}
        assert detail["bases"] == {"website": "consent", "facebook": "consent"}
        assert detail["findings"] == screening.receipt.findings
        assert "p1" not in row.detail


def test_characters_that_cannot_be_stored_do_not_stop_a_verdict(school: Registry, caller: Caller) -> None:
    remembered(school, caller, GROUP, places={"website": "No\ud800or\0.jpg"})
    with school.read(caller, Act.SEE_AUDIT) as session:
        query = select(verdict.c.place).where(verdict.c.channel == "website")
        assert session.connection.execute(query).scalar_one() == "No?or?.jpg"


def test_answers_add_up_and_are_stored_with_who_gave_them(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP)
    with school.write(JUF, Act.SCREEN) as session:
        again = answering.answer(session, screening.id, Answers(faces=tap("f1", "p1")))
        assert again.number == 1
        assert again.findings == screening.findings
        assert again.request.answers == Answers(frozenset({"groep 5"}), faces=tap("f1", "p1"))
    with school.write(caller, Act.SCREEN) as session:
        assert answering.answer(session, screening.id, Answers(absent=frozenset({"p2"}))).number == 2
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
        answering.answer(session, screening.id, Answers())


def test_of_a_photo_of_a_post_the_latest_decision_holds_beside_what_was_said_of_it_by_itself(
    school: Registry, caller: Caller
) -> None:
    """The service takes back its own word of earlier, and nobody else's."""
    screening = remembered(school, caller, Answers())
    first, last = Answers(present=frozenset({"p1"})), Answers(absent=frozenset({"p1"}))
    with school.write(caller, Act.SCREEN) as session:
        screenings.remember_decision(session, screening, first)
        answering.answer(session, screening.id, Answers(absent=frozenset({"p2"})))
        answering.answer(session, screening.id, Answers(harmful=True))
        screenings.remember_decision(session, screening, last)
        said = answer_log.answers_of(session, screening.id)
    assert said == replace(last, absent=frozenset({"p1", "p2"}), harmful=True)


def test_a_rule_is_set_aside_for_one_photo_by_the_privacy_officer(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP)
    sha256 = screening.findings.sha256
    with school.write(caller, Act.OVERRIDE) as session:
        screenings.override(session, screening.id, "website", "R30", "portret bij afscheid")
        screenings.override(session, screening.id, "website", "R30", "nog eens")
        assert screenings.overridden(session) == {sha256: frozenset({("website", "R30")})}
        again = answering.answer(session, screening.id, Answers())
        assert again.request.answers.overridden == {("website", "R30")}
    with school.read(caller, Act.SEE_AUDIT) as session:
        details = session.connection.execute(select(audit.c.detail).where(audit.c.kind == "override")).scalars().all()
        assert len(details) == 2
        assert "afscheid" not in "".join(details)


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


def test_names_stand_nowhere_in_the_log(school: Registry, caller: Caller) -> None:
    remembered(school, caller, Answers(frozenset({"groep 5"}), faces=tap("f1", "p1")))
    withdraw(school, caller, "p1")
    with school.read(caller, Act.SEE_AUDIT) as session:
        everything = repr(session.connection.execute(select(audit)).all())
        assert not any(word in everything for word in ("Kind", "Achternaam", "groep 5", "school.example"))
        assert people.ref_of(session, "p1") in everything
