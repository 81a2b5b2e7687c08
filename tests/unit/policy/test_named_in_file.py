"""Whom a file's metadata names, as a table: what is decided and asked, and what each answer comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from fotopoort.policy.decide import decide, decide_all
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import (
    Answers,
    Box,
    FaceAnswer,
    FaceId,
    FaceLabel,
    FaceSource,
    Findings,
    Outcome,
    People,
    QuestionKind,
    Region,
    Role,
)

from .scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    NO,
    OBJECTED,
    POLICY,
    WEBSITE,
    bound,
    called,
    consenting,
    drawn,
    face,
    faces,
    photo,
    pupil,
    said,
    school,
    tapped,
)

PUBLISH, BLUR, REJECT = Outcome.PUBLISH, Outcome.BLUR, Outcome.REJECT
CLASS = consenting(24)
TYGO = replace(pupil("tygo", NO, closed=OBJECTED, group="groep 6"), name="Tygo")
HIDDEN = replace(TYGO, consents=dict.fromkeys((WEBSITE, CLOSED, "facebook"), NO), never_locatable=True)
FRIEND = replace(pupil("friend", group="groep 6"), name="Noor")  # may be shown
JUF = pupil("juf", role=Role.STAFF, group="groep 6")
EVERYBODY = school(*CLASS, TYGO, FRIEND, JUF)
PLACE = Box(40, 60, 48, 60)  # of f1


def named(
    *persons: str, on: FaceId | None = "f1", certain: bool = True, box: Box | None = PLACE, name: str | None = "…"
) -> Region:
    return Region(box, on, name, persons, certain)


def seen(*regions: Region, count: int = 2) -> Findings:
    return photo(*faces(count, **AWAY), regions=regions)


TOLD = replace(face(3, **AWAY), source=FaceSource.METADATA, score=0.0, pose_reliable=False)
GROUP = "any-of-tygo"
TYGO_ASKED = "q-is-present-tygo"


@dataclass(frozen=True)
class Case:
    """`rules` are the reasons' ids, strictest first; `faces` "<action> <basis>" of each."""

    id: str
    photo: Findings
    said: Answers
    outcome: Outcome
    rules: str
    questions: str = ""
    faces: str | None = None
    people: People | None = EVERYBODY
    channel: str = WEBSITE
    policy: Policy = POLICY


CASES = [
    # --- somebody who may not be shown ---
    Case("named, and of another group: nobody may think them out of it", seen(named("tygo")), said(), REJECT, "R25",
         TYGO_ASKED, "keep group, keep group"),
    Case("named, closed", seen(named("tygo")), said(), REJECT, "R25", TYGO_ASKED, channel=CLOSED),
    Case("named, where the photo does not wait otherwise", seen(named("tygo")), said(), REJECT, "R25", TYGO_ASKED,
         policy=COVERED_MEANWHILE),
    Case("named without a place", seen(named("tygo", on=None, box=None)), said(), REJECT, "R25", TYGO_ASKED),
    Case("named, and no face was found", seen(named("tygo", on=None, box=None), count=0), said(), REJECT, "R25",
         TYGO_ASKED),
    Case("not in it after all", seen(named("tygo")), said(absent={"tygo"}), PUBLISH, "R50",
         faces="keep group, keep group"),
    Case("in it, somewhere", seen(named("tygo")), said(present={"tygo"}), REJECT, "R23 R22", "q-point-out-tygo",
         "cover none, cover none"),
    Case("in it, there", seen(named("tygo")), said(faces=tapped(f1="tygo")), BLUR, "R20",
         faces="cover tapped, keep group"),
    Case("in it, elsewhere", seen(named("tygo")), said(faces=tapped(f2="tygo")), BLUR, "R20",
         faces="keep group, cover tapped"),
    Case("in it, and was not found", seen(named("tygo")), said(drawn=drawn("tygo")), BLUR, "R21",
         faces="keep group, keep group"),
    Case("somebody else is there: it is still not said whether they are in it", seen(named("tygo")),
         said(faces=tapped(f1="5-1")), REJECT, "R25", TYGO_ASKED, "keep tapped, keep group"),
    Case("no pupil is there: likewise", seen(named("tygo")), said(faces=called(FaceLabel.NO_PUPIL, "f1", "f2")),
         REJECT, "R25", TYGO_ASKED),
    Case("nobody else is in it", seen(named("tygo")), said(present={"5-1", "5-2"}, only_present=True), PUBLISH, "R50"),
    Case("nobody else of a list that they were not on", seen(named("tygo")),
         said(present={"5-1", "5-2"}, only_present=True, listed={"5-1", "5-2"}), REJECT, "R25", TYGO_ASKED),
    Case("nobody else of a list that they were on", seen(named("tygo")),
         said(present={"5-1", "5-2"}, only_present=True, listed={"5-1", "5-2", "tygo"}), PUBLISH, "R50"),
    Case("of the group: asked by name, and not once more with the others", seen(named("tygo"), count=1),
         said("groep 6"), REJECT, "R24 R25 R22", TYGO_ASKED, "cover none"),
    Case("of the group, and others of it who may not: both are asked", seen(named("tygo"), count=1), said("groep 6"),
         REJECT, "R24 R25 R22", f"{TYGO_ASKED} any-of-shy", people=school(TYGO, FRIEND, pupil("shy", NO,
         group="groep 6"))),
    Case("perhaps it is their name", seen(named("tygo", certain=False)), said(), REJECT, "R25 R22",
         f"{TYGO_ASKED} q-who-is-this-f1", "cover none, keep group"),
    Case("one of two have the name: who may not be shown is asked about", seen(named("friend", "tygo", certain=False)),
         said(), REJECT, "R25 R22", f"{TYGO_ASKED} q-who-is-this-f1"),
    Case("many are named: one question", seen(*(named(f"no-{n}", on=None, box=None) for n in range(6))), said(), REJECT,
         "R25", "any-of-no-0-no-1-no-2-no-3-no-4-no-5",
         people=school(*CLASS, *(pupil(f"no-{n}", NO, group="groep 6") for n in range(6)))),
    Case("named, and not known any more", seen(named("gone")), said(), REJECT, "R25", "q-is-present-gone"),
    Case("named, where nobody is known", seen(named("tygo")), said(), REJECT, "R25 R22",
         f"{TYGO_ASKED} q-who-is-this-f1 q-who-is-this-f2", people=None),
    Case("named in a file that may not go out in any case", photo(*faces(2, **AWAY), regions=(named("tygo"),),
         blocked=True), said(), REJECT, "R02 R25"),
    Case("many are named, and the photo waits for others: one question",
         seen(*(named(f"no-{n}", on=None, box=None) for n in range(5))), said(), REJECT, "R24 R25 R22",
         "any-of-no-0-no-1-no-2-no-3-no-4-shy", "cover none, cover none",
         people=school(*CLASS, pupil("shy", NO), *(pupil(f"no-{n}", NO, group="groep 6") for n in range(5)))),
    # --- somebody who may be shown ---
    Case("who may be shown is not asked about", seen(named("friend")), said(), PUBLISH, "R50",
         faces="keep group, keep group"),
    Case("a pupil is named where only grown-ups should be", photo(face(1, 320), regions=(named("friend"),)),
         said("team", present={"meester"}), REJECT, "R30", "q-is-pupil-f1",
         people=school(pupil("meester", group="team", role=Role.STAFF), FRIEND)),
    Case("a grown-up is named there", photo(face(1, 320), regions=(named("juf"),)),
         said("team", present={"meester"}), PUBLISH, "R50",
         people=school(pupil("meester", group="team", role=Role.STAFF), JUF)),
    Case("to be named clears nobody: there are more faces than people", seen(named("5-1"), named("friend", on="f2")),
         said(), BLUR, "R22", "q-who-is-this-f1 q-who-is-this-f2", people=school(CLASS[0], FRIEND)),
    # --- somebody who is not on the list ---
    Case("a name that nobody has: that face is nobody's of the group", seen(named()), said(), BLUR, "R22",
         "q-who-is-this-f1", "cover none, keep group"),
    Case("a name that nobody has, nowhere in particular", seen(named(on=None, box=None)), said(), BLUR, "R22",
         "q-who-is-this-f1 q-who-is-this-f2", "cover none, cover none"),
    Case("it is said who that is", seen(named()), said(faces=tapped(f1="5-1")), PUBLISH, "R50"),
    Case("it is said to be no pupil", seen(named()), said(faces=called(FaceLabel.NO_PUPIL, "f1")), PUBLISH, "R50"),
    Case("it is said that nobody else is in it", seen(named()), said(present={"5-1", "5-2"}, only_present=True),
         PUBLISH,
         "R50"),
    Case("a place without a name says nothing of who it is", seen(named(name=None, certain=False)), said(), PUBLISH,
         "R50"),
    # --- a face that only the file speaks of ---
    Case("it counts as a face: more of them than people", photo(face(1, **AWAY), TOLD), said(), BLUR, "R22",
         "q-who-is-this-f1 q-who-is-this-f3", people=school(CLASS[0])),
    Case("it counts as a face: the photo waits", photo(TOLD), said("groep 6"), REJECT, "R24 R22", GROUP, "cover none"),
    Case("it is cleared as any", photo(TOLD), said(), PUBLISH, "R50", "", "keep group"),
    Case("it is no face", photo(TOLD), said("groep 6", faces=called(FaceLabel.NOT_A_PERSON, "f3")), PUBLISH, "R50", "",
         "keep not_a_person"),
    Case("nobody knows how it looks: it counts as full in the face",
         photo(replace(TOLD, box=Box(200, 200, 256, 320))), said(), REJECT, "R30", "q-is-pupil-f3"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_named_in_file(case: Case) -> None:
    verdict = decide(case.photo, bound(case.said, case.photo), case.people, case.policy, case.channel)
    asked = [
        f"any-of-{'-'.join(question.persons)}" if question.persons else question.id for question in verdict.questions
    ]
    assert (verdict.outcome, " ".join(reason.rule for reason in verdict.reasons)) == (case.outcome, case.rules)
    assert " ".join(asked) == case.questions
    assert verdict.not_yet is (verdict.outcome is REJECT and bool(verdict.questions))
    if case.faces is not None:
        assert ", ".join(f"{judged.action} {judged.basis}" for judged in verdict.faces.values()) == case.faces


def test_how_it_is_asked() -> None:
    verdict = decide(seen(named("tygo")), said(), EVERYBODY, POLICY, WEBSITE)
    (question,) = verdict.questions
    assert question.nl == "Tygo wordt in dit bestand genoemd. Staat Tygo op de foto? Zo ja, wijs aan wie het is."
    assert question.en == "This file names Tygo. Is Tygo in the photo? If so, point out which face it is."
    assert (question.kind, question.person, question.box) == (QuestionKind.IS_PRESENT, "tygo", PLACE)


def test_how_it_is_asked_where_it_is_not_sure_whom_it_names() -> None:
    perhaps = decide(seen(named("tygo", certain=False)), said(), EVERYBODY, POLICY, WEBSITE)
    assert perhaps.questions[0].nl.startswith("Tygo wordt misschien in dit bestand genoemd.")
    gone = decide(seen(named("gone")), said(), EVERYBODY, POLICY, WEBSITE)
    assert gone.questions[0].nl.startswith("Iemand die niet meer in het register staat wordt in dit bestand genoemd.")


def test_it_is_told_that_only_the_file_speaks_of_a_face() -> None:
    verdict = decide(photo(face(1, **AWAY), TOLD), said(), school(CLASS[0]), POLICY, WEBSITE)
    assert [question.nl for question in verdict.questions] == [
        "Wie is dit (gezicht f1)?", "Volgens het bestand is hier een gezicht. Wie is dit (gezicht f3)?",
    ]  # fmt: skip


def test_never_locatable_is_asked_about_as_anybody_who_said_no() -> None:
    refuses = replace(HIDDEN, never_locatable=False)
    for answers in (said(), said("groep 6"), said(None), said(absent={"tygo"}), said(present={"tygo"})):
        verdicts = [
            decide_all(seen(named("tygo"), named()), answers, school(*CLASS, FRIEND, tygo), POLICY, [WEBSITE, CLOSED])
            for tygo in (refuses, HIDDEN)
        ]
        assert verdicts[0] == verdicts[1]


def test_on_all_channels_together_it_is_asked_once() -> None:
    verdicts = decide_all(seen(named("tygo")), said(), EVERYBODY, POLICY, [WEBSITE, CLOSED], together=True)
    assert [[question.id for question in verdict.questions] for verdict in verdicts.values()] == [[TYGO_ASKED]] * 2


def test_an_answer_about_another_face_in_that_place_does_not_count() -> None:
    elsewhere = {"f1": FaceAnswer(FaceLabel.PERSON, "tygo", Box(900, 900, 48, 60))}
    verdict = decide(seen(named("tygo")), said(faces=elsewhere), EVERYBODY, POLICY, WEBSITE)
    assert [reason.rule for reason in verdict.reasons] == ["R23", "R22"]
