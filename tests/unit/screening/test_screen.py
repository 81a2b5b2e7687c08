"""One photo in, a verdict per channel and a safe rendition out: with the real models, on the sample photos."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from fotopoort.errors import FotopoortError, ModelFailed, UnknownChannel, UseError
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors, inspect
from fotopoort.screening.screen import Request, ScreeningJob, screen
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    DrawnFace,
    Outcome,
    People,
)

from .detectors import ALL, FOUR, HERE, NOBODY, CountingFinder, ScriptedFinder, opened, rules

# --- publish, blur, reject -------------------------------------------------------------------------------


def test_a_photo_of_nobody_goes_out_and_is_not_looked_at_twice(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy
) -> None:
    counting = CountingFinder(finder)
    screening = screen(read("IMG_2055.png"), ScreeningJob(Request(ALL), policy), Detectors(counting, NOBODY))
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.PUBLISH}
    for rendition in screening.renditions.values():
        assert opened(rendition.jpeg).shape == (720, 960, 3)
        assert (rendition.width, rendition.height, rendition.covered) == (960, 720, ())
        assert rendition.verified
        assert rendition.sha256 == hashlib.sha256(rendition.jpeg).hexdigest()
    assert counting.looks == 1


@pytest.mark.quick
def test_one_photo_gets_a_verdict_for_each_channel(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    channels = ("facebook", "social_schools", "website")
    counting = CountingFinder(finder)
    screening = screen(
        read("IMG_2040.jpg"), ScreeningJob(Request(channels, FOUR), policy, people), Detectors(counting, NOBODY)
    )
    outcomes = {channel: verdict.outcome for channel, verdict in screening.verdicts.items()}
    assert tuple(outcomes) == channels
    assert outcomes == {"facebook": Outcome.BLUR, "social_schools": Outcome.PUBLISH, "website": Outcome.PUBLISH}
    covered = [face for face, judged in screening.verdicts["facebook"].faces.items() if judged.action is Action.COVER]
    assert covered == ["f3"]
    assert counting.looks == 2, "only what was covered is looked at again"


def test_a_covered_face_is_gone_and_the_others_are_there(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    screening = screen(
        read("IMG_2040.jpg"), ScreeningJob(Request(("facebook",), FOUR), policy, people), Detectors(finder, NOBODY)
    )
    rendition = screening.renditions["facebook"]
    hidden, shown = screening.findings.faces[2].box, [screening.findings.faces[k].box for k in (0, 1, 3)]
    assert any(region.overlap(hidden) == pytest.approx(hidden.area) for region in rendition.covered)
    faces = finder.find(opened(rendition.jpeg), rendition.width / screening.findings.width)
    assert len(faces) == 3
    assert all(max(face.box.iou(box) for box in shown) > 0.5 for face in faces)
    assert not any(face.box.overlap(hidden) for face in faces)


@pytest.mark.parametrize("name", ["IMG_2063.jpg", "20260312_101544.jpg", "Fenna op het plein.jpg"])
def test_unknown_faces_are_covered_and_not_found_again(
    name: str, read: Callable[[str], bytes], finder: FaceDetector, policy: Policy
) -> None:
    screening = screen(read(name), ScreeningJob(Request(("website",)), policy), Detectors(finder, NOBODY))
    verdict, rendition = screening.verdicts["website"], screening.renditions["website"]
    assert verdict.outcome is Outcome.BLUR
    assert {judged.action for judged in verdict.faces.values()} == {Action.COVER}
    assert finder.find(opened(rendition.jpeg)) == ()
    for face in screening.findings.faces:
        assert any(region.overlap(face.box) == pytest.approx(face.box.area) for region in rendition.covered)


def test_a_rejected_photo_has_no_rendition(read: Callable[[str], bytes], finder: FaceDetector, policy: Policy) -> None:
    screening = screen(read("IMG_2045.jpg"), ScreeningJob(Request(("website",)), policy), Detectors(finder, NOBODY))
    assert screening.verdicts["website"].outcome is Outcome.REJECT
    assert "R30" in rules(screening, "website")
    assert screening.renditions == {}


def test_what_the_teacher_drew_is_covered(plain: bytes, finder: FaceDetector, policy: Policy) -> None:
    drawn = Box(500, 300, 120, 150)
    request = Request(("website",), Answers(drawn=(DrawnFace(drawn),)))
    screening = screen(plain, ScreeningJob(request, policy), Detectors(finder, NOBODY))
    rendition = screening.renditions["website"]
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert any(region.overlap(drawn) == drawn.area for region in rendition.covered)
    before, after = opened(plain), opened(rendition.jpeg)
    assert np.abs(before[300:450, 500:620].astype(int) - after[300:450, 500:620]).max() > 10


# --- what could not be judged ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ModelFailed(), "model_failed"),
        (MemoryError(), "error"),
        (RecursionError(), "error"),
        (OSError(5, "Input/output error"), "error"),
        (ValueError("Fenna"), "error"),
        (StopIteration(), "error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
@pytest.mark.parametrize("look", [0, 1], ids=["seeing", "verifying"])
def test_whatever_goes_wrong_is_a_reject_on_every_channel(
    look: int, error: Exception, code: str, plain: bytes, policy: Policy, caplog: pytest.LogCaptureFixture
) -> None:
    finder = ScriptedFinder(*[[HERE]] * look, error)
    screening = screen(plain, ScreeningJob(Request(ALL), policy), Detectors(finder, NOBODY))
    assert screening.findings.failure is not None
    assert screening.findings.failure.code == code
    assert screening.findings.faces == ()
    assert tuple(screening.verdicts) == ALL
    for channel, verdict in screening.verdicts.items():
        assert (verdict.outcome, rules(screening, channel)) == (Outcome.REJECT, {"R01"})
    assert screening.renditions == {}
    assert "Fenna" not in caplog.text


def test_a_photo_that_fails_on_its_last_channel_goes_out_on_none(
    jpeg: Callable[[Array], bytes], policy: Policy
) -> None:
    photo = jpeg(np.full((1500, 3000, 3), 90, np.uint8))
    finder = ScriptedFinder([HERE], [], ModelFailed())  # social_schools was made and verified; website fails
    screening = screen(photo, ScreeningJob(Request(("social_schools", "website")), policy), Detectors(finder, NOBODY))
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.REJECT}
    assert screening.renditions == {}


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_file"), (b"Fenna, groep 5", "not_a_photo"), (b"GIF89a" + b"\0" * 40, "format_not_allowed")],
)
def test_bytes_that_are_no_photo_are_a_reject(data: bytes, code: str, policy: Policy) -> None:
    screening = screen(data, ScreeningJob(Request(("website",)), policy), Detectors(ScriptedFinder(), NOBODY))
    assert screening.findings.failure is not None
    assert screening.findings.failure.code == code
    assert rules(screening, "website") == {"R01"}


def test_limits_are_held(plain: bytes, policy: Policy) -> None:
    def code(limits: Limits) -> str | None:
        screening = screen(
            plain, ScreeningJob(Request(("website",)), policy), Detectors(ScriptedFinder([]), NOBODY), limits
        )
        return screening.findings.failure.code if screening.findings.failure else None

    assert code(Limits(max_pixels=1200 * 900)) is None
    assert code(Limits(max_pixels=1200 * 900 - 1)) == "too_many_pixels"
    assert code(Limits(max_bytes=len(plain) - 1)) == "too_many_bytes"


@pytest.mark.parametrize("data", [b"", b"no photo"])
def test_wrong_use_is_no_verdict(data: bytes, policy: Policy) -> None:
    with pytest.raises(UnknownChannel):
        screen(data, ScreeningJob(Request(("website", "hyves")), policy), Detectors(ScriptedFinder(), NOBODY))
    with pytest.raises(UseError):
        screen(data, ScreeningJob(Request(()), policy), Detectors(ScriptedFinder(), NOBODY))


def test_an_interrupt_is_not_swallowed(plain: bytes, policy: Policy) -> None:
    with pytest.raises(KeyboardInterrupt):
        screen(
            plain, ScreeningJob(Request(("website",)), policy), Detectors(ScriptedFinder(KeyboardInterrupt()), NOBODY)
        )


# --- receipts and privacy --------------------------------------------------------------------------------


def test_the_same_question_has_the_same_receipt(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    data = read("IMG_2040.jpg")
    first, second = (
        screen(data, ScreeningJob(Request(ALL, FOUR), policy, people), Detectors(finder, NOBODY)) for _ in range(2)
    )
    assert first.receipt == second.receipt
    assert first.id != second.id
    assert first.receipt.photo == hashlib.sha256(data).hexdigest()
    assert first.receipt.models == finder.fingerprint
    assert first.receipt.policy == policy.id
    assert first.receipt.registry == people.revision
    assert first.receipt.renditions == {
        channel: hashlib.sha256(rendition.jpeg).hexdigest() for channel, rendition in first.renditions.items()
    }
    assert {"decode", "look", "render", "verify"} <= first.milliseconds.keys()


def test_the_receipt_tells_what_differs(plain: bytes, policy: Policy) -> None:
    def receipt(faces: Sequence[Box] = (), *, present: frozenset[str]) -> tuple[str, str]:
        request = Request(("website",), Answers(present=present))
        screening = screen(plain, ScreeningJob(request, policy), Detectors(ScriptedFinder(faces, [], []), NOBODY))
        return screening.receipt.findings, screening.receipt.answers

    findings, answers = receipt(present=frozenset({"p1", "p2", "p3"}))
    assert receipt(present=frozenset({"p3", "p2", "p1"})) == (findings, answers), "a set has no order"
    assert receipt(present=frozenset({"p1"}))[0] == findings
    assert receipt(present=frozenset({"p1"}))[1] != answers
    assert receipt([HERE], present=frozenset({"p1", "p2", "p3"}))[0] != findings


def test_what_an_earlier_program_found_is_not_judged_by(plain: bytes, policy: Policy) -> None:
    """As it did not see what this one sees: a pattern before faces, whom the file names."""
    job = ScreeningJob(Request(("website",)), policy)
    first = screen(plain, job, Detectors(ScriptedFinder([]), NOBODY))
    assert first.verdicts["website"].outcome is Outcome.PUBLISH
    again = screen(plain, replace(job, findings=first.findings), Detectors(ScriptedFinder([]), NOBODY))
    assert again.verdicts["website"].outcome is Outcome.PUBLISH
    earlier = replace(first.findings, models="of an earlier program")
    later = screen(plain, replace(job, findings=earlier), Detectors(ScriptedFinder([]), NOBODY))
    assert rules(later, "website") == {"R01"}
    failure = later.findings.failure
    assert failure is not None
    assert failure.hint.startswith("Send the photo again.")
    unjudged = screen(b"", job, Detectors(ScriptedFinder([]), NOBODY)).findings
    unjudged = replace(unjudged, sha256=first.findings.sha256)
    kept = screen(plain, replace(job, findings=unjudged), Detectors(ScriptedFinder([]), NOBODY))
    assert kept.findings.failure == unjudged.failure, "why it could not be judged"


def test_nothing_personal_is_logged_or_printed(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The photo's metadata, the caption and the class list all name Fenna."""
    caplog.set_level(logging.DEBUG, logger="fotopoort")
    request = Request(ALL, Answers(groups=frozenset({"groep 5"})), caption="Fenna op het plein")
    data = read("20260312_101544.jpg")
    judged = screen(data, ScreeningJob(request, policy, people), Detectors(finder, NOBODY))
    failed = screen(data, ScreeningJob(request, policy, people), Detectors(ScriptedFinder(ValueError("Fenna")), NOBODY))
    assert any(hint.text and "Fenna" in hint.text for hint in judged.findings.hints)
    for text in (caplog.text, repr(judged), repr(failed), repr(request), str(failed.findings.failure)):
        assert "Fenna" not in text
        assert "Hoekstra" not in text
    assert caplog.messages == [f"photo {hashlib.sha256(data).hexdigest()[:12]} not judged: error (ValueError)"]


def test_inspecting_never_fails(plain: bytes) -> None:
    findings, milliseconds = inspect(plain, Detectors(ScriptedFinder([HERE]), NOBODY), limits=Limits(), long_side=1600)
    assert [face.box for face in findings.faces] == [HERE]
    assert set(milliseconds) == {"decode", "look", "read"}
    for data, looks in ((b"", []), (b"text", []), (plain, [ValueError()]), (plain, [FotopoortError()])):
        failed, _ = inspect(data, Detectors(ScriptedFinder(*looks), NOBODY), limits=Limits(), long_side=1600)
        assert failed.failure is not None


def test_of_a_rendition_only_the_faces_that_may_be_seen_are_known(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    """The verification looks for everything else, above all for what was covered."""
    looking = CountingFinder(finder)
    screening = screen(
        read("IMG_2040.jpg"), ScreeningJob(Request(("facebook",), FOUR), policy, people), Detectors(looking, NOBODY)
    )
    actions = screening.verdicts["facebook"].faces
    shown = tuple(face.box for face in screening.findings.faces if actions[face.id].action is Action.KEEP)
    assert len(shown) == 3
    assert looking.expected == [(), shown]
