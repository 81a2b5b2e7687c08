"""Previews: small, and with nothing in them that should be covered."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fotopoort.errors import Damaged
from fotopoort.policy.decide import unverified
from fotopoort.policy.policy import Policy
from fotopoort.screening.pool import ScreeningPool
from fotopoort.screening.renditions import covers_of_preview
from fotopoort.screening.screen import Request, Screening, ScreeningJob, unjudged
from fotopoort.vocabulary import Answers, Box, FaceAnswer, FaceLabel, NameHit, NamePlace, Outcome, People

SIDE = 320
VOUCHED = FaceAnswer(FaceLabel.NO_PUPIL)


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
    faces = {face.id: VOUCHED for face in covered.findings.faces}
    request = Request(("social_schools",), Answers(faces=faces))
    return screeners.submit(photo, ScreeningJob(request, policy, People({}, "1"))).result()


def rejected(screening: Screening) -> Screening:
    """The same photo, rejected on one of its channels without a word about faces."""
    channel, verdict = next(iter(screening.verdicts.items()))
    verdicts = dict(screening.verdicts) | {channel: replace(verdict, outcome=Outcome.REJECT, covered=(), reasons=())}
    return replace(screening, verdicts=verdicts, renditions={})


def covers(screening: Screening, policy: Policy) -> tuple[Box, ...] | None:
    return covers_of_preview(screening.findings, screening.verdicts, screening.renditions, policy)


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


def test_of_what_may_hold_anything_there_is_no_preview(photo: bytes, shown: Screening, policy: Policy) -> None:
    failed = unjudged(photo, Request(("website",)), Damaged(), policy=policy)
    uncovered = replace(shown, verdicts={key: unverified(one) for key, one in shown.verdicts.items()}, renditions={})
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
        before, after = (np.asarray(one.crop(part)).astype(float) for one in (original, made.convert("RGB")))  # type: ignore[arg-type]
        assert after.std() < 0.5 * before.std(), "a smooth cover, nothing of a face"


def test_a_photo_that_everyone_may_see_is_shown_as_it_is(
    photo: bytes, covered: Screening, screeners: ScreeningPool, policy: Policy
) -> None:
    faces = {face.id: VOUCHED for face in covered.findings.faces}
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
