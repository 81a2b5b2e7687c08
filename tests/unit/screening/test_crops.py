"""Renditions of a part of a photo: what is in the bytes, and what a second look at them decides."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fotopoort.names.name_list import NameList
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.orientation import as_stored, upright_size
from fotopoort.photo.render import encode
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors, Stopwatch
from fotopoort.screening.renditions import Renderer
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.screening.verification import Verifier
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ConsentState,
    FaceAnswer,
    FaceLabel,
    Findings,
    NameEntry,
    Outcome,
    People,
    Person,
    TextLine,
)

from .detectors import FOUR, HERE, NOBODY, ScriptedFinder, ScriptedPeople, ScriptedReader, opened, outcomes, rules

OUTSIDE = Box(950, 300, 90, 110)  # in a photo of 1200 × 900
REFUSER = Person("r", "Roos", groups=frozenset({"groep 5"}), consents={"website": ConsentState.REFUSED})
YES = Person("y", "Yara", groups=frozenset({"groep 5"}), consents={"website": ConsentState.GRANTED})
SCHOOL = People({"r": REFUSER, "y": YES}, "1")
TAPPED = Answers(
    groups=frozenset({"groep 5"}),
    faces={
        "f1": FaceAnswer(FaceLabel.PERSON, "y", HERE),
        "f2": FaceAnswer(FaceLabel.PERSON, "r", OUTSIDE),
    },
    crop=True,
)


def screened(
    photo: bytes,
    policy: Policy,
    *looks: Sequence[Box],
    answers: Answers = TAPPED,
    **more: object,
) -> Screening:
    detectors = Detectors(ScriptedFinder(*looks), **({"people": NOBODY} | more))  # type: ignore[arg-type]
    names = (NameEntry("Roos Bakker", "r"),) if "reader" in more else ()
    job = ScreeningJob(Request(("website",), answers), policy, SCHOOL, names)
    return screen(photo, job, detectors)


def in_part(box: Box, screening: Screening) -> Box:
    crop = screening.verdicts["website"].crop
    assert crop is not None
    return Box(box.x - crop.box.x, box.y - crop.box.y, box.w, box.h)


@pytest.fixture(scope="module")
def offered(plain: bytes, policy: Policy) -> Screening:
    return screened(plain, policy, [HERE, OUTSIDE], [HERE], answers=replace(TAPPED, crop=False))


def test_a_crop_is_offered_and_changes_nothing(offered: Screening) -> None:
    verdict = offered.verdicts["website"]
    assert verdict.crop is not None
    assert not verdict.crop.applied
    assert verdict.outcome is Outcome.BLUR
    assert (offered.renditions["website"].width, offered.renditions["website"].height) == (1200, 900)


def test_what_is_asked_for_is_that_part_of_the_photo(plain: bytes, policy: Policy, offered: Screening) -> None:
    asked = screened(plain, policy, [HERE, OUTSIDE], [in_part(HERE, offered)])
    verdict, rendition = asked.verdicts["website"], asked.renditions["website"]
    assert verdict.crop == replace(offered.verdicts["website"].crop, applied=True)  # type: ignore[type-var]
    assert (rendition.width, rendition.height) == (verdict.crop.box.w, verdict.crop.box.h)  # type: ignore[union-attr]
    assert rendition.verified
    assert rendition.covered == ()
    assert rules(asked, "website") >= {"R44"}
    assert {id: judged.action for id, judged in verdict.faces.items()} == {"f1": Action.KEEP, "f2": Action.COVER}
    assert asked.receipt.renditions == {"website": rendition.sha256}


def test_a_face_that_only_the_look_at_the_part_finds_is_judged(
    plain: bytes, policy: Policy, offered: Screening
) -> None:
    """Nobody knows whose it is: there is nobody left in the group, so that it is somebody else's."""
    seen = [in_part(HERE, offered), Box(500, 300, 80, 100)]
    asked = screened(plain, policy, [HERE, OUTSIDE], seen)
    assert outcomes(asked) == {"website": Outcome.REJECT}
    assert "R41" in rules(asked, "website")
    assert asked.renditions == {}
    assert asked.verdicts["website"].crop is None


def test_one_too_small_to_recognise_may_be_found_there(plain: bytes, policy: Policy, offered: Screening) -> None:
    asked = screened(plain, policy, [HERE, OUTSIDE], [in_part(HERE, offered), Box(500, 300, 16, 20)])
    assert outcomes(asked) == {"website": Outcome.BLUR}


def test_a_figure_without_a_face_in_it_is_judged(plain: bytes, policy: Policy) -> None:
    """Seen in the part alone: it would be found in the photo too, so that the photo says that nobody is unseen."""

    class OnlyInParts(ScriptedPeople):
        def find(self, pixels: Array, scale: float = 1.0):  # type: ignore[no-untyped-def]  # noqa: ANN202
            return super().find(pixels, scale) if pixels.shape[1] < 1200 else ()

    people = OnlyInParts(Box(480, 100, 200, 600))
    asked = screened(plain, policy, [HERE, OUTSIDE], [HERE], people=people)
    assert "R41" in rules(asked, "website")


def line_at(box: Box) -> TextLine:
    corners = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))
    return TextLine("Roos Bakker", corners)


def test_a_name_that_can_be_read_in_the_part_alone_is_judged(plain: bytes, policy: Policy, offered: Screening) -> None:
    looks, line = ([HERE, OUTSIDE], [in_part(HERE, offered)]), line_at(Box(450, 700, 120, 30))
    asked = screened(plain, policy, *looks, reader=ScriptedReader([], [line]))
    assert "R41" in rules(asked, "website")
    assert outcomes(screened(plain, policy, *looks, reader=ScriptedReader([], []))) == {"website": Outcome.BLUR}


def test_what_was_said_to_be_no_name_is_none_in_the_part(plain: bytes, policy: Policy, offered: Screening) -> None:
    looks, at = ([HERE, OUTSIDE], [in_part(HERE, offered)]), Box(450, 700, 120, 30)
    lines = [line_at(at)], [line_at(in_part(at, offered))]
    named = screened(plain, policy, *looks, answers=Answers(), reader=ScriptedReader(*lines))
    (hit,) = named.findings.names
    answers = replace(TAPPED, not_names=frozenset({hit.id}))
    asked = screened(plain, policy, *looks, answers=answers, reader=ScriptedReader(*lines))
    assert outcomes(asked) == {"website": Outcome.BLUR}


def test_together_all_channels_get_the_crop_or_none(plain: bytes, policy: Policy) -> None:
    consents = {"website": ConsentState.GRANTED, "facebook": ConsentState.GRANTED}
    school = People({"r": REFUSER, "y": replace(YES, consents=consents)}, "1")
    job = ScreeningJob(Request(("website", "facebook"), TAPPED, together=True), policy, school)
    asked = screen(plain, job, Detectors(ScriptedFinder([HERE, OUTSIDE], [HERE]), NOBODY))
    assert set(outcomes(asked).values()) == {Outcome.BLUR}
    assert len({rendition.sha256 for rendition in asked.renditions.values()}) == 1


def test_a_preview_of_a_cropped_photo_covers_every_face(jpeg: Callable[[Array], bytes], policy: Policy) -> None:
    job = ScreeningJob(Request(("website",), TAPPED), policy, SCHOOL, preview_side=300)
    red = np.full((900, 1200, 3), (120, 150, 170), np.uint8)
    red[280:430, 930:1060] = (255, 0, 0)
    shown = screen(jpeg(red), job, Detectors(ScriptedFinder([HERE, OUTSIDE], [HERE]), NOBODY)).preview
    assert shown is not None
    assert (np.abs(opened(shown).astype(int) - (255, 0, 0)).max(axis=2) > 100).all(), "nothing of what stood there"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("side", [None, 300])
def test_nothing_from_outside_the_part_is_in_its_bytes(orientation: int, side: int | None) -> None:
    """Two photos that differ only in what is left out give the same bytes, however the file is turned and reduced."""
    noise = np.random.default_rng(7).integers(0, 255, (632, 856, 3)).astype(np.uint8)
    part = Box(120, 90, 390, 410)

    def rendition(content: Array) -> bytes:
        out, exif = io.BytesIO(), Image.Exif()
        exif[0x0112] = orientation
        Image.fromarray(content).save(out, "JPEG", quality=60, subsampling="4:2:0", exif=exif)
        return encode(decode(out.getvalue(), Limits(), side), (), 2048, part=part).jpeg

    other = noise.copy()
    width, height = upright_size(856, 632, orientation)
    near = np.zeros((height, width, 1), np.uint8)
    near[90 - 32 : 500 + 32, 120 - 32 : 510 + 32] = 1
    stored = as_stored(near, orientation).reshape(632, 856) > 0
    other[~stored] = 255 - other[~stored]
    assert rendition(noise) == rendition(other)
    changed = noise.copy()
    changed[stored] = 255 - changed[stored]
    assert rendition(noise) != rendition(changed)


def test_a_real_photo_of_four_without_the_one_at_the_side(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    """p8, at the right, is to be covered; the finder that looks at the crop finds the three others and nobody else."""
    named = {id: FaceAnswer(FaceLabel.NO_PUPIL, box=answer.box) for id, answer in FOUR.faces.items()}
    named["f4"] = FaceAnswer(FaceLabel.COVER, box=FOUR.faces["f4"].box)
    answers = Answers(groups=frozenset({"groep 5"}), faces=named, absent=frozenset(people.persons), crop=True)
    asked = screen(
        read("IMG_2040.jpg"), ScreeningJob(Request(("website",), answers), policy, people), Detectors(finder, NOBODY)
    )
    verdict = asked.verdicts["website"]
    assert verdict.crop is not None
    assert verdict.crop.applied
    again = finder.find(opened(asked.renditions["website"].jpeg))
    assert len(again) == 3
    assert all(face.box.overlap(verdict.crop.box) == 0 for face in asked.findings.faces if face.id == "f4")


def test_without_somebody_to_judge_a_part_it_is_not_verified(plain: bytes, policy: Policy) -> None:
    verdict = screened(plain, policy, [HERE, OUTSIDE], [HERE]).verdicts["website"]
    findings = Findings("00" * 32, 1200, 900, "JPEG")
    verifier = Verifier(findings, Detectors(ScriptedFinder([]), NOBODY), NameList(()), ())
    photo = decode(plain, Limits())
    assert not Renderer(photo, findings, policy, verifier, Stopwatch()).render(verdict, 1600).verified
