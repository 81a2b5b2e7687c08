"""Prints, dithered scans and nets, from the file to the verdict: never published as if nobody were in them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks import prints_drawing as drawing
from PIL import Image

from fotopoort.application.contract.build import inspection_document, screening_document
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors
from fotopoort.screening.look import look, united
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import Answers, Box, DrawnFace, Face, FaceAnswer, FaceLabel, Outcome, Pattern, QuestionKind

from .detectors import ALL, HERE, NOBODY, THERE, ScriptedFinder, opened, rules

CASES = Path(__file__).parents[2] / "fixtures" / "cases"


def judged(data: bytes, finder: object, policy: Policy, answers: Answers = Answers()) -> Screening:  # noqa: B008
    return screen(data, ScreeningJob(Request(ALL, answers), policy), Detectors(finder, NOBODY))  # type: ignore[arg-type]


def png(pixels: Array) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


class SmoothFinder:
    """Sees these faces in a print, and those in a copy without its dots."""

    fingerprint = "smooth"

    def __init__(self, printed: Sequence[Box], smooth: Sequence[Sequence[Box]]) -> None:
        self.printed, self.smooth, self.looks = printed, list(smooth), 0

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        self.looks += 1
        has_dots = np.abs(np.diff(pixels[..., 1].astype(int))).mean() > 10
        boxes = self.printed if has_dots else self.smooth.pop(0) if self.smooth else ()
        return tuple(seen(box, 0.9) for box in boxes)


@pytest.fixture(scope="module")
def printed() -> bytes:
    """Nothing that a face finder sees, as a newspaper prints it."""
    shades = np.linspace(60, 200, 800, dtype=np.float32)[None, :, None].repeat(600, 0).repeat(3, 2)
    return png(drawing.halftone(shades.astype(np.uint8), 5, 45))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("05_krantenfoto_halftone4.jpg", 1),
        ("06_krantenfoto_groep_halftone4.jpg", 7),
        ("07_zwartwit_1bit.png", 3),
        ("08_hek.jpg", 3),
    ],
)
def test_faces_behind_a_pattern_are_found_and_the_photo_is_not_published(
    name: str, least: int, finder: FaceDetector, policy: Policy
) -> None:
    screening = judged((CASES / name).read_bytes(), finder, policy)
    assert len(screening.findings.faces) >= least
    assert screening.findings.pattern is not None
    for verdict in screening.verdicts.values():
        assert verdict.outcome is Outcome.REJECT
        assert [question.kind for question in verdict.questions].count(QuestionKind.UNSEEN_PEOPLE) <= 1
    assert all("R16" in rules(screening, channel) for channel in ALL)
    assert not screening.renditions


def test_a_print_answered_about_is_covered_and_verified(finder: FaceDetector, policy: Policy) -> None:
    """A rendition of a print is looked at in the same way: what it covers is not found again, what it shows may be."""
    data = (CASES / "08_hek.jpg").read_bytes()
    findings = judged(data, finder, policy).findings
    first, *others = findings.faces
    shown = {face.id: FaceAnswer(FaceLabel.NO_PUPIL, box=face.box) for face in others}
    said = Answers(faces=shown | {first.id: FaceAnswer(FaceLabel.COVER, box=first.box)}, no_unseen_people=True)
    job = ScreeningJob(Request(("website",), said), policy, findings=findings)
    screening = screen(data, job, Detectors(finder, NOBODY))
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    rendition = screening.renditions["website"]
    found, _ = look(finder, opened(rendition.jpeg), rendition.width / findings.width)
    assert found
    assert not any(face.box.overlap(first.box) > 0.5 * face.box.area for face in found)


def test_a_print_of_nobody_waits_for_the_word_that_it_is_of_nobody(printed: bytes, policy: Policy) -> None:
    asked = judged(printed, SmoothFinder([], []), policy)
    for verdict in asked.verdicts.values():
        assert (verdict.outcome, verdict.not_yet) == (Outcome.REJECT, True)
        assert [question.nl[:35] for question in verdict.questions] == ["Staan er mensen op deze foto? Zo ja"]
    told = judged(printed, SmoothFinder([], []), policy, Answers(no_unseen_people=True))
    assert {verdict.outcome for verdict in told.verdicts.values()} == {Outcome.PUBLISH}
    people = judged(printed, SmoothFinder([], []), policy, Answers(drawn=(DrawnFace(HERE),)))
    assert {verdict.outcome for verdict in people.verdicts.values()} == {Outcome.REJECT}


def test_what_is_found_in_the_smoothed_copy_counts_as_what_is_found_in_the_photo(
    printed: bytes, policy: Policy
) -> None:
    screening = judged(printed, SmoothFinder([HERE], [[HERE, THERE]]), policy, Answers(no_unseen_people=True))
    assert [face.box for face in screening.findings.faces] == [HERE, THERE]
    assert [face.id for face in screening.findings.faces] == ["f1", "f2"]


def test_a_face_that_only_the_smoothed_rendition_shows_is_covered_better(printed: bytes, policy: Policy) -> None:
    finder = SmoothFinder([], [[HERE], [], [HERE]])
    said = Answers(no_unseen_people=True)
    screening = screen(printed, ScreeningJob(Request(("website",), said), policy), Detectors(finder, NOBODY))
    assert finder.looks >= 6
    assert not finder.smooth
    (rendition,) = screening.renditions.values()
    (cover,) = screening.verdicts["website"].covered
    assert any(box.area > cover.area for box in rendition.covered)


def test_there_is_no_preview_while_somebody_may_be_in_it_who_was_not_found(printed: bytes, policy: Policy) -> None:
    for said in (False, True):
        request = Request(ALL, Answers(no_unseen_people=said))
        screening = screen(
            printed, ScreeningJob(request, policy, preview_side=200), Detectors(SmoothFinder([], []), NOBODY)
        )
        assert (screening.preview is not None) is said


def test_a_pattern_is_told(printed: bytes, plain: bytes, policy: Policy) -> None:
    for data, pattern in ((printed, "screen"), (plain, None)):
        screening = judged(data, SmoothFinder([], []), policy)
        document = screening_document("a.png", screening, policy, Answers(), {})
        assert document.get("pattern") == pattern
        assert inspection_document("a.png", screening.findings, policy, {}).get("pattern") == pattern


def seen(box: Box, score: float) -> Face:
    return Face("f1", box, (box.centre,) * 5, score, 0, 0, 0, pose_reliable=True)


def test_faces_of_several_looks_are_each_there_once_as_the_surest_saw_them() -> None:
    near = replace(HERE, x=HERE.x + 10)
    faces = united([[seen(THERE, 0.6), seen(HERE, 0.5)], [seen(near, 0.9)], []])
    assert [(face.id, face.box, face.score) for face in faces] == [("f1", near, 0.9), ("f2", THERE, 0.6)]
    assert united([[], []]) == ()


def test_a_photo_without_a_pattern_is_looked_at_once(plain: bytes) -> None:
    finder = ScriptedFinder([HERE])
    faces, pattern = look(finder, np.full((300, 400, 3), 128, np.uint8))
    assert ([face.box for face in faces], pattern) == ([HERE], None)


@pytest.mark.parametrize("pattern", Pattern)
def test_every_pattern_has_its_name_in_json(pattern: Pattern) -> None:
    assert pattern.value == pattern.name.lower()
