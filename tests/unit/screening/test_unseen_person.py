"""Somebody in whom no face was found, from the file to the verdict: asked about on public channels, and never published
as if nobody were there; and whole figures as covers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from fotopoort.application.contract.build import inspection_document, screening_document
from fotopoort.policy.policy import Covering, Policy
from fotopoort.screening.analysis import Array, Detectors
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.people import PersonDetector
from fotopoort.vocabulary import Answers, Box, DrawnFace, FaceAnswer, FaceLabel, Outcome, People, QuestionKind

from .detectors import ALL, FOUR, HERE, NOBODY, THERE, ScriptedFinder, ScriptedPeople, opened, outcomes, rules

WHOLE = Box(250, 280, 200, 560)  # of whom the face would be HERE


def judged(data: bytes, policy: Policy, answers: Answers, *looks: list[Box], people: People | None = None) -> Screening:
    detectors = Detectors(ScriptedFinder(*looks), ScriptedPeople(WHOLE))
    return screen(data, ScreeningJob(Request(ALL, answers), policy, people, preview_side=200), detectors)


def test_somebody_without_a_face_waits_on_public_channels_for_an_answer(plain: bytes, policy: Policy) -> None:
    asked = judged(plain, policy, Answers(), [])
    assert outcomes(asked) == {
        "social_schools": Outcome.PUBLISH,
        "website": Outcome.REJECT,
        "facebook": Outcome.REJECT,
    }
    for channel in ("website", "facebook"):
        assert rules(asked, channel) == {"R17"}
        assert asked.verdicts[channel].not_yet
        (question,) = asked.verdicts[channel].questions
        assert (question.kind, question.boxes) == (QuestionKind.UNSEEN_PERSON, (WHOLE,))
    assert list(asked.renditions) == ["social_schools"]
    nobody = judged(plain, policy, Answers(no_unseen_people=True), [])
    assert set(outcomes(nobody).values()) == {Outcome.PUBLISH}
    drawn = judged(plain, policy, Answers(drawn=(DrawnFace(HERE),)), [], [], [])
    assert set(outcomes(drawn).values()) == {Outcome.BLUR}
    found = judged(plain, policy, Answers(), [HERE], [], [])
    assert "R17" not in rules(found, "website")


def test_the_receipt_holds_what_was_seen_and_what_was_answered(plain: bytes, policy: Policy) -> None:
    asked = judged(plain, policy, Answers(), [])
    nobody = judged(plain, policy, Answers(no_unseen_people=True), [])
    unseen = screen(plain, ScreeningJob(Request(ALL), policy), Detectors(ScriptedFinder([]), NOBODY))
    assert asked.receipt.findings == nobody.receipt.findings != unseen.receipt.findings
    assert asked.receipt.answers == unseen.receipt.answers != nobody.receipt.answers
    assert set(nobody.receipt.renditions) == set(ALL)


def test_documents_tell_of_figures_where_there_are_any(plain: bytes, policy: Policy) -> None:
    asked = judged(plain, policy, Answers(), [])
    document = screening_document("a.jpg", asked, policy, Answers(), {})
    assert document["figures"] == [{"box": [250, 280, 200, 560], "score": 0.9}]
    (question,) = document["verdicts"]["website"]["questions"]
    assert (question["kind"], question["boxes"]) == ("unseen_person", [[250, 280, 200, 560]])
    assert inspection_document("a.jpg", asked.findings, policy, {})["figures"] == document["figures"]
    found = judged(plain, policy, Answers(), [HERE], [], [])
    assert screening_document("a.jpg", found, policy, Answers(), {})["figures"][0]["face"] == "f1"
    without = screen(plain, ScreeningJob(Request(ALL), policy), Detectors(ScriptedFinder([]), NOBODY))
    assert "figures" not in screening_document("a.jpg", without, policy, Answers(), {})


def test_a_preview_hides_whoever_was_not_found(plain: bytes, policy: Policy, jpeg: Callable[[Array], bytes]) -> None:
    pixels = np.full((900, 1200, 3), (120, 150, 170), np.uint8)
    pixels[280:840, 250:450] = (255, 0, 0)
    asked = judged(jpeg(pixels), policy, Answers(), [])
    assert asked.preview is not None
    shown = opened(asked.preview).astype(int)
    assert (shown[..., 0] - shown[..., 2]).max() < 60


def test_children_whose_faces_were_painted_over_are_asked_about(
    pixels_of: Callable[[str], Array],
    jpeg: Callable[[Array], bytes],
    finder: FaceDetector,
    runtime: Runtime,
    policy: Policy,
) -> None:
    """With the real models; before, such a photo was published."""
    pixels = pixels_of("IMG_2040.jpg").copy()
    for answer in FOUR.faces.values():
        assert answer.box is not None
        x, y, w, h = (round(side) for side in (answer.box.x, answer.box.y, answer.box.w, answer.box.h))
        face = pixels[y : y + h, x : x + w]
        face[:] = face.mean((0, 1))
    data = jpeg(pixels)
    blind = screen(data, ScreeningJob(Request(("website",)), policy), Detectors(finder, NOBODY))
    seeing = screen(data, ScreeningJob(Request(("website",)), policy), Detectors(finder, PersonDetector(runtime)))
    assert not blind.findings.faces
    assert outcomes(blind) == {"website": Outcome.PUBLISH}
    assert rules(seeing, "website") == {"R17"}
    assert len(seeing.verdicts["website"].questions) == 1


def test_of_whom_may_not_be_shown_the_whole_figure_is_covered_and_verified(
    plain: bytes, policy: Policy, people: People
) -> None:
    whole = replace(policy, settings=replace(policy.settings, cover=Covering.FIGURE))
    said = Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "p2", HERE)})  # who may not be on the website
    covered = [
        screen(
            plain,
            ScreeningJob(Request(("website",), said), rule, people),
            Detectors(ScriptedFinder([HERE], [], []), ScriptedPeople(WHOLE)),
        )
        for rule in (policy, whole)
    ]
    (face_alone,), figure = (screening.verdicts["website"].covered for screening in covered)
    assert face_alone in figure
    assert any(box.overlap(WHOLE) == WHOLE.area for box in figure)
    assert covered[1].renditions["website"].verified
    stubborn = Detectors(ScriptedFinder([HERE], [THERE], [HERE]), ScriptedPeople(WHOLE))
    shows = screen(plain, ScreeningJob(Request(("website",), said), whole, people), stubborn)
    assert rules(shows, "website") >= {"R41"}
