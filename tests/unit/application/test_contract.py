"""The JSON of every front door: the documented keys, plain values, nothing invented and nothing left out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from fotopoort.application.contract import documents
from fotopoort.application.contract.build import (
    called,
    inspection_document,
    problem_document,
    screening_document,
)
from fotopoort.application.contract.statements import names_document
from fotopoort.errors import Damaged
from fotopoort.policy.decide import decide
from fotopoort.policy.policy import Policy
from fotopoort.screening.screen import Request, Screening, unjudged
from fotopoort.vocabulary import (
    Action,
    Answers,
    Basis,
    Box,
    Face,
    FaceAnswer,
    FaceLabel,
    FaceVerdict,
    Findings,
    Hint,
    HintKind,
    Language,
    NameHit,
    NamePlace,
    Outcome,
    People,
    Question,
    QuestionKind,
    Reason,
    Receipt,
    Rendition,
    Verdict,
)

FACE = Face("f1", Box(100.04, 50, 300, 400), ((1.23456, 2),) * 5, 0.987654, -10.26, 5, 0, True)
FAR = Face("f2", Box(900, 50, 20, 25), ((1, 2),) * 5, 0.5, 40, 0, 0, True)
FINDINGS = Findings(
    sha256="ab" * 32,
    width=1600,
    height=1200,
    format="JPEG",
    faces=(FACE, FAR),
    hints=(Hint(HintKind.GPS, "EXIF GPS"), Hint(HintKind.CAPTION, "XMP dc:description", "op het plein")),
    names=(NameHit("n1", NamePlace.CAPTION, False, "p7", text="Fenna"),),
    models="m1",
)
VERDICT = Verdict(
    channel="website",
    outcome=Outcome.BLUR,
    faces={"f1": FaceVerdict(Action.COVER, Basis.NONE), "f2": FaceVerdict(Action.KEEP, Basis.TOO_SMALL)},
    covered=(Box(90, 40, 320, 420),),
    reasons=(Reason("R22", ("f1",), "Een reden.", "A reason."),),
    questions=(Question("q1", QuestionKind.WHO_IS_THIS, "Wie is dit?", "Who is this?", face="f1"),),
    neutral_name=False,
    basis="consent",
    policy="2026.1",
    registry="r1",
)
RENDITION = Rendition(b"jpeg", "cd" * 32, 1600, 1200, (Box(80, 32, 336, 432),), True)


def document(
    policy: Policy, answers: Answers | None = None, verdict: Verdict = VERDICT, rendition: Rendition | None = RENDITION
) -> dict[str, Any]:
    renditions = {"website": rendition} if rendition else {}
    places = {"website": {"path": "uit/website/foto.jpg"}} if rendition else {}
    receipt = Receipt(FINDINGS.sha256, "f", "a", "m1", "2026.1", "r1", {})
    screening = Screening("id1", FINDINGS, {"website": verdict}, renditions, receipt, {"look": 12.345})
    return screening_document("foto.jpg", screening, policy, answers or Answers(), places)


def test_inspect_prints_the_documented_object(policy: Policy) -> None:
    assert inspection_document("foto.jpg", FINDINGS, policy, {"decode": 1.26}) == {
        "file": "foto.jpg",
        "width": 1600,
        "height": 1200,
        "scene": "close_up",
        "faces": [
            {
                "id": "f1",
                "box": [100.0, 50, 300, 400],
                "score": 0.9877,
                "yaw": -10.3,
                "pitch": 5,
                "roll": 0,
                "pose_reliable": True,
                "frontal": True,
                "close_up": True,
                "recognisable": True,
                "landmarks": [[1.2, 2]] * 5,
            },
            {
                "id": "f2",
                "box": [900, 50, 20, 25],
                "score": 0.5,
                "yaw": 40,
                "pitch": 0,
                "roll": 0,
                "pose_reliable": True,
                "frontal": False,
                "close_up": False,
                "recognisable": False,
                "landmarks": [[1, 2]] * 5,
            },
        ],
        "text": [],
        "hints": [
            {"kind": "gps", "field": "EXIF GPS"},
            {"kind": "caption", "field": "XMP dc:description", "text": "op het plein"},
        ],
        "ms": {"decode": 1.3},
    }


def test_inspect_of_a_photo_that_cannot_be_read_is_an_error(policy: Policy) -> None:
    failed = Findings("", 0, 0, "", failure=Damaged().failure())
    assert inspection_document("foto.jpg", failed, policy, {}) == {"file": "foto.jpg", "error": Damaged().as_dict()}


def test_screen_prints_the_documented_object(policy: Policy) -> None:
    printed = document(policy)
    assert {"id", "file", "sha256", "scene", "faces", "names", "removed", "verdicts", "ms"} <= printed.keys()
    assert (printed["id"], printed["file"], printed["sha256"]) == ("id1", "foto.jpg", "ab" * 32)
    assert printed["names"] == [
        {
            "id": "n1",
            "place": "caption",
            "certain": False,
            "text": "Fenna",
            "person": "p7",
            "box": None,
            "start": None,
            "end": None,
        }
    ]
    assert printed["removed"] == ["caption", "gps"], "kinds, not what they said"
    assert printed["ms"] == {"look": 12.3}
    assert printed["verdicts"] == {
        "website": {
            "outcome": "blur",
            "faces": {"f1": {"action": "cover", "basis": "none"}, "f2": {"action": "keep", "basis": "too_small"}},
            "covered": [[80, 32, 336, 432]],
            "reasons": [{"rule": "R22", "faces": ["f1"], "nl": "Een reden.", "en": "A reason."}],
            "questions": [{"id": "q1", "kind": "who_is_this", "face": "f1", "nl": "Wie is dit?", "en": "Who is this?"}],
            "rendition": {"path": "uit/website/foto.jpg", "sha256": "cd" * 32, "width": 1600, "height": 1200},
            "basis": "consent",
            "policy": "2026.1",
            "registry": "r1",
            "not_yet": False,
            "label": {"nl": "plaatsen, bedekt", "en": "publish, covered"},
        }
    }


def test_the_photo_is_told_apart_from_the_text_beside_it(policy: Policy) -> None:
    only_text = replace(VERDICT, outcome=Outcome.REJECT, photo_outcome=Outcome.BLUR)
    verdict = document(policy, Answers(), only_text, rendition=None)["verdicts"]["website"]
    assert (verdict["outcome"], verdict["photo_outcome"]) == ("reject", "blur")
    assert "photo_outcome" not in document(policy)["verdicts"]["website"]


def test_whether_it_does_harm_is_asked_once_of_what_goes_out(policy: Policy) -> None:
    (question,) = document(policy)["questions"]
    assert (question["id"], question["kind"]) == ("q-is-harmful", "is_harmful")
    assert "questions" not in document(policy, Answers(harmful=False))
    assert "questions" not in document(policy, Answers(), replace(VERDICT, outcome=Outcome.REJECT), rendition=None)


def test_a_verdict_is_called_the_same_in_every_place() -> None:
    labels = [called({"outcome": outcome.value}).nl for outcome in Outcome]
    assert [*labels, called({"outcome": "reject", "not_yet": True}).nl] == [
        "plaatsen",
        "plaatsen, bedekt",
        "niet plaatsen",
        "nog niet",
    ]


def test_a_question_about_several_persons_names_them_all(policy: Policy) -> None:
    """And the reject that it can still lift is told from one that stays."""
    question = Question(
        "q1", QuestionKind.ANY_OF_THESE, "Staat een van hen erop?", "Is any of them?", persons=("p1", "p2")
    )
    waits = replace(VERDICT, outcome=Outcome.REJECT, questions=(question,), not_yet=True)
    verdict = document(policy, Answers(), waits, rendition=None)["verdicts"]["website"]
    assert (verdict["outcome"], verdict["not_yet"]) == ("reject", True)
    assert verdict["questions"] == [
        {
            "id": "q1",
            "kind": "any_of_these",
            "persons": ["p1", "p2"],
            "nl": "Staat een van hen erop?",
            "en": "Is any of them?",
        }
    ]


def test_a_text_with_its_names_is_the_documented_object() -> None:
    hit = NameHit("", NamePlace.CAPTION, True, "p7", text="Fenna", start=2, end=7)
    assert names_document("😀 Fenna", [hit], "😀 [naam]") == {
        "text": "😀 Fenna",
        "hits": [{"start": 2, "end": 7, "text": "Fenna", "person": "p7", "certain": True}],
        "clean": "😀 [naam]",
    }
    assert names_document("", [], "") == {"text": "", "hits": [], "clean": ""}


def test_only_in_the_caption_a_name_has_a_place_in_the_text(policy: Policy) -> None:
    caption = NameHit("n1", NamePlace.CAPTION, True, text="Fenna", start=3, end=8)
    picture = NameHit("n2", NamePlace.PICTURE, True, box=Box(1.25, 2, 30, 40), text="Fenna")
    file_name = NameHit("n3", NamePlace.FILE_NAME, True, text="Fenna", start=0, end=5)
    findings = replace(FINDINGS, names=(caption, picture, file_name), names_checked=True)
    receipt = Receipt(FINDINGS.sha256, "f", "a", "m1", "2026.1", "r1", {})
    screening = Screening("id1", findings, {"website": VERDICT}, {}, receipt, {}, clean="op het plein")
    printed = screening_document("foto.jpg", screening, policy, Answers(), {})
    assert [(name["start"], name["end"], name["box"]) for name in printed["names"]] == [
        (3, 8, None),
        (None, None, [1.2, 2, 30, 40]),
        (None, None, None),
    ]
    assert (printed["names_checked"], printed["clean"]) == (True, "op het plein")


def test_it_is_json_as_it_is(policy: Policy) -> None:
    """Plain values only: no word of ours that a serialiser would have to know."""
    printed = document(policy)
    assert json.loads(json.dumps(printed)) == printed


def test_without_a_rendition_the_verdict_says_what_would_be_covered(policy: Policy) -> None:
    verdict = document(policy, rendition=None)["verdicts"]["website"]
    assert verdict["rendition"] is None
    assert verdict["covered"] == [[90, 40, 320, 420]]


@pytest.mark.parametrize(
    ("box", "person"),
    [
        pytest.param(None, None, id="said of no face in particular"),
        pytest.param(FACE.box, "p3", id="said of the face that was here"),
        pytest.param(Box(1000, 700, 50, 60), None, id="said of a face elsewhere"),
    ],
)
def test_a_face_has_the_person_that_the_policy_took_it_for(
    box: Box | None, person: str | None, policy: Policy, people: People
) -> None:
    answers = Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "p3", box), "f2": FaceAnswer(FaceLabel.NO_PUPIL)})
    printed = document(policy, answers, decide(FINDINGS, answers, people, policy, "website"))
    assert [face["person"] for face in printed["faces"]] == [person, None]


@pytest.mark.parametrize("channels", [("website",), ("social_schools", "facebook")])
def test_a_photo_that_could_not_be_judged_has_an_error_and_rejects(channels: tuple[str, ...], policy: Policy) -> None:
    result = unjudged(b"broken", Request(channels), Damaged(), policy=policy)
    printed = screening_document("foto.jpg", result, policy, Answers(), {})
    assert printed["error"] == Damaged().as_dict()
    assert "faces" not in printed
    assert list(printed["verdicts"]) == list(channels)
    for verdict in printed["verdicts"].values():
        assert verdict["outcome"] == "reject"
        assert [reason["rule"] for reason in verdict["reasons"]] == ["R01"]
        assert verdict["rendition"] is None


def test_what_is_made_is_what_the_models_describe(policy: Policy) -> None:
    """The models are filled without validation, so that a mistake in filling them would not be noticed elsewhere."""
    receipt = Receipt(FINDINGS.sha256, "12" * 32, "34" * 32, "m1", "2026.1", "r1", {})
    screening = Screening("id1", FINDINGS, {"website": VERDICT}, {"website": RENDITION}, receipt, {"look": 12.345})
    for places in ({"website": {"path": "foto.jpg"}}, {"website": {"href": "/v1/foto"}}, {}):
        printed = screening_document("foto.jpg", screening, policy, Answers(), places)
        assert documents.Judged.model_validate(printed).as_json() == printed
    failed = unjudged(b"broken", Request(("website",)), Damaged(), policy=policy)
    printed = screening_document("foto.jpg", failed, policy, Answers(), {})
    assert documents.Unjudged.model_validate(printed).as_json() == printed
    printed = inspection_document("foto.jpg", FINDINGS, policy, {})
    assert documents.Inspected.model_validate(printed).as_json() == printed


def test_whole_numbers_stay_whole_and_a_file_name_may_hold_half_a_character(policy: Policy) -> None:
    printed = json.dumps(document(policy))
    assert '"covered": [[80, 32, 336, 432]]' in printed
    receipt = Receipt(FINDINGS.sha256, "f", "a", "m1", "2026.1", "r1", {})
    screening = Screening("id1", FINDINGS, {"website": VERDICT}, {}, receipt, {})
    assert screening_document("a\udc80.jpg", screening, policy, Answers(), {})["file"] == "a\udc80.jpg"


@pytest.mark.parametrize("language", list(Language))
def test_an_error_is_in_the_language_asked_for(language: Language, policy: Policy) -> None:
    failed = unjudged(b"broken", Request(("website",)), Damaged(), policy=policy)
    error = Damaged().as_dict(language)
    assert screening_document("foto.jpg", failed, policy, Answers(), {}, language)["error"] == error
    assert inspection_document("foto.jpg", failed.findings, policy, {}, language)["error"] == error
    assert problem_document(Damaged(), language) == {"error": error}
