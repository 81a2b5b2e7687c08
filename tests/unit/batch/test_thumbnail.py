"""The small pictures of a report: small, and with nothing in them that should be covered."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fotopoort.batch.thumbnail import SIDE, covers_of_thumbnail, place_of, thumbnail
from fotopoort.errors import Damaged
from fotopoort.policy.decide import unverified
from fotopoort.policy.policy import Policy
from fotopoort.screening import Request, Screening, unjudged
from fotopoort.vocabulary import Answers, Box, FaceAnswer, NameHit, NamePlace, Outcome, People, Saying
from fotopoort.workers import Screeners

VOUCHED = FaceAnswer(Saying.NO_PUPIL)


@pytest.fixture(scope="module")
def photo(samples: Path) -> bytes:
    """Two children."""
    return (samples / "IMG_2063.jpg").read_bytes()


@pytest.fixture(scope="module")
def covered(photo: bytes, screeners: Screeners) -> Screening:
    """Nobody is known: both children are covered."""
    return screeners.submit(photo, Request(("website", "social_schools")), None).result()


@pytest.fixture(scope="module")
def shown(photo: bytes, screeners: Screeners, covered: Screening) -> Screening:
    """Somebody vouched for both of them."""
    faces = {face.id: VOUCHED for face in covered.findings.faces}
    request = Request(("social_schools",), Answers(faces=faces))
    return screeners.submit(photo, request, People({}, "1")).result()


def rejected(screening: Screening) -> Screening:
    """The same photo, rejected on one of its channels without a word about faces."""
    channel, verdict = next(iter(screening.verdicts.items()))
    verdicts = dict(screening.verdicts) | {channel: replace(verdict, outcome=Outcome.REJECT, covered=(), reasons=())}
    return replace(screening, verdicts=verdicts, renditions={})


def holds(covers: tuple[Box, ...] | None, screening: Screening) -> list[bool]:
    """Whether each face is covered from edge to edge."""
    boxes = [face.box for face in screening.findings.faces]
    return [any(cover.overlap(box) >= 0.999 * box.area for cover in covers or ()) for box in boxes]


def test_what_one_channel_covers_is_covered(covered: Screening, shown: Screening, policy: Policy) -> None:
    assert holds(covers_of_thumbnail(covered, policy), covered) == [True, True]
    assert covers_of_thumbnail(shown, policy) == ()
    both = replace(
        shown,
        verdicts=dict(shown.verdicts) | {"website": covered.verdicts["website"]},
        renditions=dict(shown.renditions) | {"website": covered.renditions["website"]},
    )
    assert holds(covers_of_thumbnail(both, policy), both) == [True, True]


def test_where_a_channel_rejects_every_face_and_every_name_is_covered(shown: Screening, policy: Policy) -> None:
    tag = Box(3.0, 5.0, 40.0, 20.0)
    hit = NameHit("n1", NamePlace.PICTURE, certain=False, box=tag, text="Noor")
    named = replace(shown, findings=replace(shown.findings, names=(hit,)))
    covers = covers_of_thumbnail(rejected(named), policy)
    assert holds(covers, shown) == [True, True]
    assert covers
    assert tag in covers


def test_of_what_may_hold_anything_there_is_no_thumbnail(photo: bytes, shown: Screening, policy: Policy) -> None:
    failed = unjudged(photo, Request(("website",)), Damaged(), policy=policy)
    uncovered = replace(shown, verdicts={key: unverified(one) for key, one in shown.verdicts.items()}, renditions={})
    assert covers_of_thumbnail(failed, policy) is None
    assert covers_of_thumbnail(uncovered, policy) is None


@pytest.mark.parametrize("from_rendition", [True, False])
def test_a_thumbnail_is_small_and_its_faces_are_gone(
    from_rendition: bool, photo: bytes, covered: Screening, policy: Policy, screeners: Screeners
) -> None:
    screening = covered if from_rendition else rejected(covered)
    future = thumbnail(screeners, photo, screening, policy)
    assert future
    made = Image.open(io.BytesIO(future.result() or b""))
    assert max(made.size) == SIDE
    assert made.getexif() == {}
    scale = made.width / covered.findings.width
    original = Image.open(io.BytesIO(photo)).convert("RGB").resize(made.size)
    for face in covered.findings.faces:
        box = face.box
        part = tuple(round(side * scale) for side in (box.x, box.y, box.right, box.bottom))
        before, after = (np.asarray(one.crop(part)).astype(float) for one in (original, made.convert("RGB")))  # type: ignore[arg-type]
        assert after.std() < 0.5 * before.std(), "a smooth cover, nothing of a face"


def test_a_photo_that_cannot_be_read_again_has_none(shown: Screening, policy: Policy, screeners: Screeners) -> None:
    future = thumbnail(screeners, b"weg", rejected(shown), policy)
    assert future
    assert future.result() is None
    assert thumbnail(screeners, None, shown, policy) is None


def test_two_thumbnails_that_differ_lie_in_two_places() -> None:
    digest = hashlib.sha256(b"een").hexdigest()
    assert place_of(b"een") == f"report/thumbnails/{digest[:2]}/{digest}.jpg"
    assert place_of(b"een") != place_of(b"twee")
