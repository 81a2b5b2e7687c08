"""Channels of a school's own in the registry, the questions that parents answered, and consents that can be shown."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.unit.policy.scenes import POLICY, face, photo

from fotopoort.errors import BadRecord, BadSchoolFile, UnknownChannel
from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Ground, ParentsWord
from fotopoort.policy_file import PACKAGED, load_policy
from fotopoort.registry import maintenance, school_settings
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.consent import follow_ups, wordings
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.proof import Lack, unproven
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.groups import school_year
from fotopoort.registry.people.snapshot import snapshot
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Registry
from fotopoort.registry.school_settings import Weighing
from fotopoort.registry.store.tables import audit, consent
from fotopoort.registry.store.tables import wording as wording_table
from fotopoort.school_file import load_school
from fotopoort.vocabulary import Answers, ConsentState, FaceAnswer, FaceLabel, Outcome

from ..conftest import Clock
from .recording import DAY, GRANTED, OBJECTED, OFFICE, REFUSED, record, state

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"
NOT_ASKED = ConsentState.NOT_ASKED
HEAD = Weighing("de directie met de MR", date(2026, 5, 1), "map AVG, nummer 3")


@pytest.fixture
def extended(school: Registry, tmp_path: Path) -> Registry:
    """The school with the channels and the questions of the examples in the documentation."""
    path = tmp_path / "policy.toml"
    path.write_text(PACKAGED.read_text("utf-8") + (EXAMPLES / "channels.toml").read_text("utf-8"), "utf-8")
    school.channels, school.wordings = load_policy(path).channels, load_school(EXAMPLES / "school.toml").wordings
    return school


def states(registry: Registry, person: str = "p1") -> dict[str, ConsentState]:
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        return dict(snapshot(session).persons[person].consents)


def test_the_examples_of_the_documentation_screen(extended: Registry, tmp_path: Path) -> None:
    """A yes for one question, and a verdict for every channel of it."""
    record(extended, Statement("p1", "social_media", GRANTED, "moeder", wording="2025-1"))
    policy = replace(POLICY, channels=extended.channels)
    with extended.read(console("school"), Act.SCREEN) as session:
        known = snapshot(session, frozenset({school_year(session.today)}))
    tapped = Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "p1")}, only_present=True, present=frozenset({"p1"}))
    verdicts = decide_all(photo(face(1, yaw=70.0)), tapped, known, policy, [channel.id for channel in policy.channels])
    outcomes = {channel: verdict.outcome for channel, verdict in verdicts.items()}
    assert outcomes["facebook"] is outcomes["social_schools"] is Outcome.PUBLISH
    others = ("instagram", "newsletter", "school_guide", "press")
    assert all(outcomes[channel] is not Outcome.PUBLISH for channel in others)
    assert set(tomllib.loads((EXAMPLES / "channels.toml").read_text())["channels"]) < set(outcomes)


def test_a_yes_is_for_the_channels_of_its_question_and_a_no_for_all(extended: Registry, clock: Clock) -> None:
    record(extended, Statement("p1", "social_media", GRANTED, "moeder", wording="2025-1"))
    assert (states(extended)["facebook"], states(extended)["instagram"]) == (GRANTED, NOT_ASKED)
    record(extended, Statement("p1", "social_media", GRANTED, "moeder", wording="2026-1"))
    assert (states(extended)["facebook"], states(extended)["instagram"]) == (GRANTED, GRANTED)
    clock.now += DAY
    record(extended, Statement("p1", "instagram", OBJECTED, "moeder"))
    assert (states(extended)["facebook"], states(extended)["instagram"]) == (OBJECTED, OBJECTED)
    assert states(extended)["website"] is NOT_ASKED
    with extended.read(console("school"), Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        assert [question.version for question in wordings.kept(session).values()].count("2026-1") == 1


def gone(registry: Registry) -> list[tuple[str, int, int]]:
    with registry.read(OFFICE, Act.SEE_PEOPLE) as session:
        return [(item.purpose, item.people, item.erased) for item in follow_ups.gone_purposes(session)]


def test_a_purpose_that_is_renamed_keeps_its_noes_and_is_told(
    extended: Registry, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    record(extended, Statement("p1", "social_media", REFUSED), Statement("p2", "instagram", OBJECTED))
    record(extended, Statement("s1", "facebook", GRANTED, "s1", Capacity.OWN))
    channels = extended.channels
    assert gone(extended) == []
    extended.channels = tuple(
        replace(channel, purpose="socials") if channel.purpose == "social_media" else channel for channel in channels
    )
    for person, holds in (("p1", REFUSED), ("p2", OBJECTED), ("s1", NOT_ASKED)):
        assert (states(extended, person)["facebook"], states(extended, person)["instagram"]) == (holds, holds)
    assert gone(extended) == [("social_media", 2, 0)]
    maintenance.daily(extended)
    assert "social_media" in caplog.text
    with extended.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "ouders vroegen het")
    assert gone(extended) == [("social_media", 1, 1)]
    extended.channels = channels
    assert gone(extended) == []


def test_a_channel_that_is_gone_is_not_told_while_its_purpose_is_there(extended: Registry, clock: Clock) -> None:
    record(extended, Statement("p1", "facebook", REFUSED), Statement("p1", "newsletter", REFUSED))
    record(extended, Statement("p2", "newsletter", REFUSED, "moeder"))
    clock.now += DAY
    record(extended, Statement("p2", "newsletter", NOT_ASKED, "moeder"))
    extended.channels = tuple(channel for channel in extended.channels if channel.id not in ("facebook", "newsletter"))
    assert gone(extended) == [("newsletter", 1, 0)]


def test_a_yes_ends_where_its_channel_gets_another_purpose(school: Registry) -> None:
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    assert states(school)["website"] is GRANTED
    channels = school.channels
    school.channels = tuple(
        replace(channel, purpose="advertising") if channel.id == "website" else channel for channel in channels
    )
    assert states(school)["website"] is NOT_ASKED
    record(school, Statement("p1", "website", GRANTED, "moeder"))
    assert states(school)["website"] is GRANTED
    school.channels = channels
    assert states(school)["website"] is GRANTED, "to what the channel asks for again"


def test_what_was_recorded_before_holds_when_channels_are_added_and_gone(school: Registry, extended: Registry) -> None:
    extended.channels = load_policy().channels
    record(extended, Statement("p1", "facebook", GRANTED), Statement("p2", "facebook", REFUSED))
    instagram = replace(load_policy().channel("facebook"), id="instagram", basis=Ground.OBJECTION)
    extended.channels = (*load_policy().channels, instagram)
    assert (states(extended, "p1")["instagram"], states(extended, "p2")["instagram"]) == (NOT_ASKED, REFUSED)
    extended.channels = (instagram,)
    assert (states(extended, "p1"), states(extended, "p2")) == ({"instagram": NOT_ASKED}, {"instagram": REFUSED})


def test_a_no_of_somebody_who_was_erased_holds_for_channels_that_come_later(extended: Registry, caller: Caller) -> None:
    channels = extended.channels
    extended.channels = load_policy().channels
    record(extended, Statement("p1", "facebook", OBJECTED))
    with extended.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "ouders vroegen het")
    extended.channels = channels
    with extended.read(caller, Act.SCREEN) as session:
        years = frozenset({school_year(session.today)})
        gone = [person for person in snapshot(session, years).persons.values() if person.nameless and person.groups]
    assert [person.consent("instagram") for person in gone] == [REFUSED]
    assert [person.consent("newsletter") for person in gone] == [NOT_ASKED]


def test_a_no_to_one_channel_takes_photos_down_on_all_of_its_purpose(
    extended: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        takedowns, "create_tasks", lambda _, withdrawals: asked.extend(item.channel for item in withdrawals)
    )
    record(extended, Statement("p1", "instagram", ConsentState.WITHDRAWN))
    assert asked == ["facebook", "instagram"]


def test_a_yes_for_nothing_is_refused(extended: Registry) -> None:
    for statement in (
        Statement("p1", "social_media", GRANTED),
        Statement("p1", "social_media", GRANTED, wording="1999"),
        Statement("p1", "instagram", GRANTED, wording="2025-1"),
    ):
        with pytest.raises(BadRecord):
            record(extended, statement)
    with pytest.raises(UnknownChannel):
        record(extended, Statement("p1", "tv", REFUSED))
    record(extended, Statement("p1", "social_media", REFUSED))
    assert states(extended)["instagram"] is REFUSED


def test_a_question_that_was_changed_in_the_database_shows_and_opens_nothing(extended: Registry) -> None:
    record(extended, Statement("p1", "social_media", GRANTED, "moeder", wording="2025-1"))
    with extended.database.write() as connection:
        connection.execute(update(wording_table).values(channels=["facebook", "instagram"]))
    assert GRANTED not in states(extended).values()
    with extended.read(console("school"), Act.SEE_AUDIT) as session:
        problem = verify(session).problem
    assert problem is not None
    assert "question" in problem.en


def test_a_question_that_was_changed_in_the_file_is_another_one(extended: Registry) -> None:
    record(extended, Statement("p1", "social_media", GRANTED, "moeder", wording="2025-1"))
    extended.wordings = tuple(replace(known, channels=("facebook", "instagram")) for known in extended.wordings)
    assert states(extended)["instagram"] is NOT_ASKED
    record(extended, Statement("p2", "social_media", GRANTED, "moeder", wording="2025-1"))
    assert states(extended, "p2")["instagram"] is GRANTED
    with extended.read(OFFICE, Act.SEE_PEOPLE) as session:
        assert len(wordings.kept(session)) == 2


# --- niet aantoonbaar ------------------------------------------------------------------------------------


def test_what_cannot_be_shown_is_listed(extended: Registry) -> None:
    record(
        extended,
        Statement("p1", "website", GRANTED, "moeder", wording="2026-1"),
        Statement("p1", "facebook", GRANTED, "moeder"),
        Statement("p2", "website", GRANTED, wording="2026-1"),
        Statement("p2", "facebook", GRANTED, "ouders/verzorgers", wording="formulier B"),
        Statement("s1", "website", GRANTED, "s1", Capacity.OWN),
        Statement("s1", "facebook", REFUSED, "s1", Capacity.OWN),
    )

    def listed() -> dict[tuple[str, str], tuple[Lack, ...]]:
        with extended.read(console("school"), Act.SEE_AUDIT) as session:
            return {(item.person, item.channel): item.lacks for item in unproven(session)}

    assert listed() == {
        ("p1", "facebook"): (Lack.NO_WORDING,),
        ("p2", "website"): (Lack.NOBODY_NAMED,),
        ("p2", "facebook"): (Lack.NOBODY_NAMED, Lack.WORDING_NOT_KEPT),
        ("s1", "website"): (Lack.NO_WORDING,),
    }
    record(extended, Statement("p2", "website", GRANTED, "vader", wording="2026-1"))
    assert ("p2", "website") not in listed(), "one consent that can be shown will do"


# --- weighing --------------------------------------------------------------------------------------------


def test_who_weighed_a_channel_without_consent_is_kept_and_stays_out_of_the_log(school: Registry, clock: Clock) -> None:
    officer = console("school")

    def known() -> dict[str, Weighing]:
        with school.read(officer, Act.SET) as session:
            return school_settings.weighings(session)

    assert known() == {}
    with school.write(officer, Act.SET) as session:
        school_settings.set_basis(session, "social_schools", Ground.OBJECTION, "zo besloten", HEAD)
    assert known() == {"social_schools": HEAD}
    with school.read(officer, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        details = " ".join(session.connection.execute(select(audit.c.detail)).scalars())
    assert HEAD.by not in details
    clock.now += DAY
    with school.write(officer, Act.SET) as session:
        school_settings.set_basis(session, "social_schools", Ground.CONSENT, "toch vragen")
    assert known() == {}
    with school.write(officer, Act.SET) as session:
        school_settings.set_basis(session, "social_schools", Ground.OBJECTION, "toch niet")
    assert known() == {}, "what was weighed before counts no more"


@pytest.mark.parametrize(
    ("ground", "weighing"),
    [
        (Ground.CONSENT, HEAD),
        (Ground.OBJECTION, replace(HEAD, by=" ")),
        (Ground.OBJECTION, replace(HEAD, filed="")),
        (Ground.OBJECTION, replace(HEAD, on=date(2030, 1, 1))),
    ],
)
def test_a_weighing_says_who_when_and_where(school: Registry, ground: Ground, weighing: Weighing) -> None:
    with pytest.raises(BadRecord, match="three things"), school.write(console("school"), Act.SET) as session:
        school_settings.set_basis(session, "social_schools", ground, "reden", weighing)


# --- 16 --------------------------------------------------------------------------------------------------


def test_a_pupil_who_was_told_is_off_the_list_and_what_parents_said_holds(school: Registry, clock: Clock) -> None:
    record(school, Statement("p2", "website", GRANTED))
    clock.now += 8 * DAY

    def listed() -> int:
        with school.read(OFFICE, Act.SEE_PEOPLE) as session:
            return len(follow_ups.of_age(session, 0))

    assert listed() == 3
    with school.write(OFFICE, Act.EDIT_PEOPLE) as session:
        people.change(session, "p2", informed=session.today)
    assert (listed(), state(school, "p2").state) == (0, GRANTED)
    school.parents_word = ParentsWord.ENDS
    assert (listed(), state(school, "p2").state) == (3, NOT_ASKED)


# --- the school file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name = ", "no TOML"),
        ("nmae = 'x'", "nmae"),
        ("since = 'morgen'", "since"),
        ("[[wordings]]\npurpose = 'x'\nversion = '1'\nchannels = []\nnl = 'Mag het?'", "wordings.0.channels"),
        ("[[wordings]]\npurpose = 'X y'\nversion = '1'\nchannels = ['a']\nnl = 'Mag het?'", "wordings.0.purpose"),
        ("[[wordings]]\npurpose = 'x'\nversion = '1'\nchannels = ['a']\nnl = ' '", "wordings.0.nl"),
        ("own_text = { nl = 'none.md' }", "none.md"),
        (2 * "[[wordings]]\npurpose = 'x'\nversion = '1'\nchannels = ['a']\nnl = 'Mag het?'\n", "two wordings"),
    ],
)
def test_a_school_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "school.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(BadSchoolFile) as error:
        load_school(path)
    assert message in error.value.message.en
    assert error.value.message.nl
    with pytest.raises(BadSchoolFile):
        load_school(tmp_path / "none.toml")


def test_rows_of_before_keep_their_digest(extended: Registry) -> None:
    record(extended, Statement("p1", "facebook", REFUSED))
    with extended.database.write() as connection:
        assert connection.execute(select(consent.c.asked_for)).scalars().all() == ["social_media"]
        connection.execute(update(consent).values(asked_for=None))
    with extended.read(console("school"), Act.SEE_AUDIT) as session:
        problem = verify(session).problem
    assert problem is not None, "what consent was asked for is part of the statement"
    assert states(extended)["instagram"] is REFUSED
