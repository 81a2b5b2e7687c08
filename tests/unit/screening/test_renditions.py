"""Renditions: their sizes, what the second look at them finds, and previews."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fotopoort.errors import Damaged
from fotopoort.policy.decide import unverified
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.renditions import covers_of_preview
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen, unjudged
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    Crop,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    NameHit,
    NamePlace,
    Outcome,
    People,
)

from .detectors import ALL, FOUR, HERE, NOBODY, THERE, ScriptedFinder, enlarged, rules

SIDE = 320


# --- sizes, one rendition for many -----------------------------------------------------------------------


def test_each_channel_gets_its_own_size(jpeg: Callable[[Array], bytes], policy: Policy) -> None:
    photo = jpeg(np.full((1500, 3000, 3), 90, np.uint8))
    renditions = screen(photo, ScreeningJob(Request(ALL), policy), Detectors(ScriptedFinder([]), NOBODY)).renditions
    assert {channel: (rendition.width, rendition.height) for channel, rendition in renditions.items()} == {
        "social_schools": (2048, 1024),
        "website": (1600, 800),
        "facebook": (1600, 800),
    }
    assert renditions["website"] is renditions["facebook"], "the same covers at the same size: made once"


def test_a_photo_is_never_enlarged(jpeg: Callable[[Array], bytes], policy: Policy) -> None:
    photo = jpeg(np.full((300, 400, 3), 90, np.uint8))
    rendition = screen(
        photo, ScreeningJob(Request(("website",)), policy), Detectors(ScriptedFinder([]), NOBODY)
    ).renditions["website"]
    assert (rendition.width, rendition.height) == (400, 300)


def test_together_there_is_one_rendition_by_the_strictest(
    read: Callable[[str], bytes], pixels_of: Callable[[str], Array], jpeg: Callable[[Array], bytes],
    finder: FaceDetector, policy: Policy, people: People,
) -> None:  # fmt: skip
    photo = cv2.resize(pixels_of("IMG_2040.jpg"), (2400, 1800), interpolation=cv2.INTER_CUBIC)
    request = Request(ALL, enlarged(FOUR, 1.5), together=True)
    screening = screen(jpeg(photo), ScreeningJob(request, policy, people), Detectors(finder, NOBODY))
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.BLUR}
    assert {verdict.faces["f3"].action for verdict in screening.verdicts.values()} == {Action.COVER}
    assert len({id(rendition) for rendition in screening.renditions.values()}) == 1
    assert set(screening.renditions) == set(ALL)
    assert screening.renditions["social_schools"].width == 1600, "the smallest of the channels' sizes"


def test_together_one_reject_holds_for_all(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    told = {"f1": FaceAnswer(FaceLabel.PERSON, "p5", Box(453.6, 448.1, 302.8, 365.3))}
    answers = Answers(groups=frozenset({"groep 5"}), faces=told)
    apart, together = (
        screen(
            read("IMG_2045.jpg"),
            ScreeningJob(Request(ALL, answers, together=joint), policy, people),
            Detectors(finder, NOBODY),
        )
        for joint in (False, True)
    )
    assert apart.verdicts["social_schools"].outcome is Outcome.PUBLISH
    assert {verdict.outcome for verdict in together.verdicts.values()} == {Outcome.REJECT}
    assert together.renditions == {}


# --- looking again ---------------------------------------------------------------------------------------


def test_a_face_that_cannot_be_hidden_is_a_reject(plain: bytes, policy: Policy) -> None:
    stubborn = ScriptedFinder([HERE], [HERE], [HERE])
    screening = screen(plain, ScreeningJob(Request(("website",)), policy), Detectors(stubborn, NOBODY))
    assert screening.verdicts["website"].outcome is Outcome.REJECT
    assert "R41" in rules(screening, "website")
    assert screening.renditions == {}
    assert screening.findings.failure is None, "judged, not failed"
    assert stubborn.looks == [], "a second try with larger covers was made"


def test_a_second_try_with_larger_covers_may_do(plain: bytes, policy: Policy) -> None:
    screening = screen(
        plain, ScreeningJob(Request(("website",)), policy), Detectors(ScriptedFinder([HERE], [HERE], []), NOBODY)
    )
    (cover,) = screening.verdicts["website"].covered
    rendition = screening.renditions["website"]
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert rendition.verified
    largest = max(rendition.covered, key=lambda box: box.area)
    assert largest.area > 1.5 * cover.area
    assert largest.overlap(cover) == pytest.approx(cover.area)


def test_a_face_that_only_the_second_look_sees_is_covered_too(plain: bytes, policy: Policy) -> None:
    screening = screen(
        plain, ScreeningJob(Request(("website",)), policy), Detectors(ScriptedFinder([HERE], [THERE], []), NOBODY)
    )
    covered = screening.renditions["website"].covered
    for box in (HERE, THERE):
        assert any(region.overlap(box) == pytest.approx(box.area) for region in covered)


def test_a_face_that_may_be_seen_may_be_found_again(plain: bytes, policy: Policy) -> None:
    answers = Answers(faces={"f2": FaceAnswer(FaceLabel.NO_PUPIL, box=THERE)})
    again = Box(THERE.x + 8, THERE.y - 5, THERE.w, THERE.h + 6)
    scripted = ScriptedFinder([HERE, THERE], [again])
    screening = screen(plain, ScreeningJob(Request(("website",), answers), policy), Detectors(scripted, NOBODY))
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert not any(region.overlap(THERE) for region in screening.renditions["website"].covered)


# --- previews --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def photo(samples: Path) -> bytes:
    """Two children."""
    return (samples / "IMG_2063.jpg").read_bytes()


@pytest.fixture(scope="module")
def covered(photo: bytes, screeners: ScreeningPool, policy: Policy) -> Screening:
    """Nobody is known: both children are covered."""
    return screeners.submit(photo, ScreeningJob(Request(("website", "social_schools")), policy)).result()


@pytest.fixture(scope="module")
def shown(photo: bytes, screeners: ScreeningPool, policy: Policy, covered: Screening) -> Screening:
    """Somebody vouched for both of them."""
    faces = {face.id: FaceAnswer(FaceLabel.NO_PUPIL, box=face.box) for face in covered.findings.faces}
    request = Request(("social_schools",), Answers(faces=faces))
    return screeners.submit(photo, ScreeningJob(request, policy, People({}, "1"))).result()


def rejected(screening: Screening) -> Screening:
    """The same photo, rejected on one of its channels without a word about faces."""
    channel, verdict = next(iter(screening.verdicts.items()))
    verdicts = dict(screening.verdicts) | {channel: replace(verdict, outcome=Outcome.REJECT, covered=(), reasons=())}
    return replace(screening, verdicts=verdicts, renditions={})


NOTHING_SAID = Answers()


def covers(screening: Screening, policy: Policy, answers: Answers = NOTHING_SAID) -> tuple[Box, ...] | None:
    return covers_of_preview(screening.findings, answers, screening.verdicts, screening.renditions, policy)


def holds(covered: tuple[Box, ...] | None, screening: Screening) -> list[bool]:
    """Whether each face is covered from edge to edge."""
    boxes = [face.box for face in screening.findings.faces]
    return [any(cover.overlap(box) >= 0.999 * box.area for cover in covered or ()) for box in boxes]


def test_what_one_channel_covers_is_covered(covered: Screening, shown: Screening, policy: Policy) -> None:
    assert holds(covers(covered, policy), covered) == [True, True]
    assert covers(shown, policy) == ()
    both = replace(
        shown,
        verdicts=dict(shown.verdicts) | {"website": covered.verdicts["website"]},
        renditions=dict(shown.renditions) | {"website": covered.renditions["website"]},
    )
    assert holds(covers(both, policy), both) == [True, True]


def test_where_a_channel_rejects_every_face_and_every_name_is_covered(shown: Screening, policy: Policy) -> None:
    tag = Box(3.0, 5.0, 40.0, 20.0)
    hit = NameHit("n1", NamePlace.PICTURE, certain=False, box=tag, text="Noor")
    named = replace(shown, findings=replace(shown.findings, names=(hit,)))
    hidden = covers(rejected(named), policy)
    assert holds(hidden, shown) == [True, True]
    assert hidden
    assert tag in hidden


def test_where_a_part_goes_out_whoever_was_drawn_is_covered_too(shown: Screening, policy: Policy) -> None:
    """No verdict on a part covers what lies outside it."""
    away, told = Box(4.0, 6.0, 50.0, 60.0), Box(70.0, 6.0, 50.0, 60.0)
    part = {
        channel: replace(verdict, covered=(), crop=Crop(Box(200, 0, 300, 200), applied=True))
        for channel, verdict in shown.verdicts.items()
    }
    gone = FaceAnswer(FaceLabel.OTHER_CHILD, box=told)
    hidden = covers(replace(shown, verdicts=part), policy, Answers(drawn=(DrawnFace(away),), faces={"f9": gone}))
    assert all(any(cover.overlap(box) >= 0.999 * box.area for cover in hidden or ()) for box in (away, told))


def test_of_what_may_hold_anything_there_is_no_preview(photo: bytes, shown: Screening, policy: Policy) -> None:
    failed = unjudged(photo, Request(("website",)), Damaged(), policy=policy)
    uncovered = replace(
        shown, verdicts={channel: unverified(verdict) for channel, verdict in shown.verdicts.items()}, renditions={}
    )
    assert covers(failed, policy) is None
    assert covers(uncovered, policy) is None


@pytest.mark.parametrize("channels", [("website", "social_schools"), ("facebook", "website")])
def test_a_preview_is_small_and_its_faces_are_gone(
    channels: tuple[str, ...], photo: bytes, screeners: ScreeningPool, policy: Policy
) -> None:
    screening = screeners.submit(photo, ScreeningJob(Request(channels), policy, preview_side=SIDE)).result()
    made = Image.open(io.BytesIO(screening.preview or b""))
    assert max(made.size) == SIDE
    assert made.getexif() == {}
    scale = made.width / screening.findings.width
    original = Image.open(io.BytesIO(photo)).convert("RGB").resize(made.size)
    for face in screening.findings.faces:
        box = face.box
        part = tuple(round(side * scale) for side in (box.x, box.y, box.right, box.bottom))
        before, after = (np.asarray(image.crop(part)).astype(float) for image in (original, made.convert("RGB")))  # type: ignore[arg-type]
        assert after.std() < 0.5 * before.std(), "a smooth cover, nothing of a face"


def test_a_photo_that_everyone_may_see_is_shown_as_it_is(
    photo: bytes, covered: Screening, screeners: ScreeningPool, policy: Policy
) -> None:
    faces = {face.id: FaceAnswer(FaceLabel.NO_PUPIL, box=face.box) for face in covered.findings.faces}
    request = Request(("social_schools",), Answers(faces=faces))
    made = screeners.submit(photo, ScreeningJob(request, policy, People({}, "1"), preview_side=SIDE)).result().preview
    original = Image.open(io.BytesIO(photo)).convert("RGB")
    shown = Image.open(io.BytesIO(made or b"")).convert("RGB")
    difference = np.abs(np.asarray(original.resize(shown.size)).astype(float) - np.asarray(shown))
    assert difference.mean() < 6


def test_there_is_none_where_none_is_wanted_or_the_photo_cannot_be_judged(
    covered: Screening, screeners: ScreeningPool, policy: Policy
) -> None:
    assert covered.preview is None
    assert (
        screeners.submit(b"geen foto", ScreeningJob(Request(("website",)), policy, preview_side=SIDE)).result().preview
        is None
    )
