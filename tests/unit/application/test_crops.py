"""A crop that went out is no longer good where another one would go out now; one that was only offered is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fotopoort.application.context import DecisionContext
from fotopoort.application.redecision import GivenScreening, differs, is_outdated
from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, conclude
from fotopoort.vocabulary import Answers, Box, Face, FaceAnswer, FaceLabel, Findings, People

HERE, OUTSIDE = Box(300, 300, 100, 120), Box(950, 300, 90, 110)


@pytest.mark.parametrize("asked_for", [False, True])
def test_what_went_out_is_compared_with_what_would(policy: Policy, asked_for: bool) -> None:
    def face(number: int, box: Box) -> Face:
        return Face(f"f{number}", box, (box.centre,) * 5, 0.9, 70, 0, 0, True)

    findings = Findings("00" * 32, 1200, 900, "JPEG", (face(1, HERE), face(2, OUTSIDE)), names_checked=True)
    faces = {"f1": FaceAnswer(FaceLabel.NO_PUPIL, box=HERE), "f2": FaceAnswer(FaceLabel.COVER, box=OUTSIDE)}
    request = Request(("website",), Answers(faces=faces, crop=asked_for))
    people = People({}, "1")
    before = DecisionContext("1", policy, people)
    wider = replace(policy, cover=replace(policy.cover, sides=0.6))
    same, other = replace(before, version="2"), DecisionContext("3", wider, people)
    verdicts = decide_all(findings, request.answers, people, policy, ["website"])
    assert verdicts["website"].crop is not None
    given = GivenScreening(conclude(findings, request, verdicts, {}, Stopwatch()), request, before)
    assert not differs(given, request, same)
    assert not is_outdated(given, 0, request.answers, same)
    assert differs(given, request, other)
    if asked_for:
        assert is_outdated(given, 0, request.answers, other)
    assert is_outdated(given, 0, replace(request.answers, crop=not asked_for), same), "it was said since"
