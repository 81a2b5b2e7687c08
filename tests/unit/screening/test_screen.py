"""One photo in, a verdict per channel and a safe rendition out: with the real models, on the sample photos."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fotopoort.errors import FotopoortError, ModelFailed, TextTooLong, TooMuchText, UnknownChannel, UseError
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors, FaceFinder, inspect
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.vision.detector import FaceDetector
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    NameEntry,
    NamePlace,
    Outcome,
    People,
    QuestionKind,
    Role,
    TextLine,
)

ALL = ("social_schools", "website", "facebook")
FOUR = Answers(  # IMG_2040, as a teacher would tap it: of these, p1 may be on the website but not on Facebook
    groups=frozenset({"groep 5"}),
    faces={f"f{n}": FaceAnswer(FaceLabel.PERSON, person) for n, person in enumerate(("p5", "p6", "p1", "p8"), start=1)},
)


class Counting:
    """The real finder, with how often it looked."""

    def __init__(self, finder: FaceFinder) -> None:
        self.finder, self.fingerprint, self.looks = finder, finder.fingerprint, 0
        self.expected: list[tuple[Box, ...]] = []

    def find(self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = ()) -> tuple[Face, ...]:
        self.looks += 1
        self.expected.append(tuple(expected))
        return self.finder.find(pixels, scale, expected)


class Scripted:
    """Sees in each look what it is told to see: boxes in the full photo, or an error."""

    fingerprint = "scripted"

    def __init__(self, *looks: Sequence[Box] | BaseException) -> None:
        self.looks = list(looks)

    def find(self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = ()) -> tuple[Face, ...]:
        seen = self.looks.pop(0)
        if isinstance(seen, BaseException):
            raise seen
        return tuple(
            Face(f"f{number}", box, (box.centre,) * 5, 0.9, 0, 0, 0, True) for number, box in enumerate(seen, start=1)
        )


class Reading:
    """Reads in each look the lines that it is told to read, and the same codes every time."""

    def __init__(self, *looks: Sequence[TextLine], codes: Sequence[TextLine] = ()) -> None:
        self.looks, self.seen_codes = list(looks), tuple(codes)

    def read(
        self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False
    ) -> tuple[TextLine, ...]:
        lines = tuple(self.looks.pop(0))
        return lines if len(lines) >= min_words else ()

    def codes(self, pixels: Array, scale: float = 1.0) -> tuple[TextLine, ...]:
        return self.seen_codes


@pytest.fixture(scope="module")
def read(samples: Path) -> Callable[[str], bytes]:
    return lambda name: (samples / name).read_bytes()


@pytest.fixture(scope="module")
def plain(jpeg: Callable[[Array], bytes]) -> bytes:
    """A photo of 1200 × 900 pixels with nothing in it."""
    return jpeg(np.full((900, 1200, 3), (120, 150, 170), np.uint8))


def opened(jpeg: bytes) -> Array:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def rules(screening: Screening, channel: str) -> set[str]:
    return {reason.rule for reason in screening.verdicts[channel].reasons}


# --- publish, blur, reject -------------------------------------------------------------------------------


def test_a_photo_of_nobody_goes_out_and_is_not_looked_at_twice(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy
) -> None:
    counting = Counting(finder)
    screening = screen(read("IMG_2055.png"), ScreeningJob(Request(ALL), policy), Detectors(counting))
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.PUBLISH}
    for rendition in screening.renditions.values():
        assert opened(rendition.jpeg).shape == (720, 960, 3)
        assert (rendition.width, rendition.height, rendition.covered) == (960, 720, ())
        assert rendition.verified
        assert rendition.sha256 == hashlib.sha256(rendition.jpeg).hexdigest()
    assert counting.looks == 1


def test_one_photo_gets_a_verdict_for_each_channel(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    channels = ("facebook", "social_schools", "website")
    counting = Counting(finder)
    screening = screen(read("IMG_2040.jpg"), ScreeningJob(Request(channels, FOUR), policy, people), Detectors(counting))
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
        read("IMG_2040.jpg"), ScreeningJob(Request(("facebook",), FOUR), policy, people), Detectors(finder)
    )
    rendition = screening.renditions["facebook"]
    hidden, kept = screening.findings.faces[2].box, [screening.findings.faces[k].box for k in (0, 1, 3)]
    assert any(region.overlap(hidden) == pytest.approx(hidden.area) for region in rendition.covered)
    found = finder.find(opened(rendition.jpeg), rendition.width / screening.findings.width)
    assert len(found) == 3
    assert all(max(face.box.iou(box) for box in kept) > 0.5 for face in found)
    assert not any(face.box.overlap(hidden) for face in found)


@pytest.mark.parametrize("name", ["IMG_2063.jpg", "20260312_101544.jpg", "Fenna op het plein.jpg"])
def test_unknown_faces_are_covered_and_not_found_again(
    name: str, read: Callable[[str], bytes], finder: FaceDetector, policy: Policy
) -> None:
    screening = screen(read(name), ScreeningJob(Request(("website",)), policy), Detectors(finder))
    verdict, rendition = screening.verdicts["website"], screening.renditions["website"]
    assert verdict.outcome is Outcome.BLUR
    assert {judged.action for judged in verdict.faces.values()} == {Action.COVER}
    assert finder.find(opened(rendition.jpeg)) == ()
    for face in screening.findings.faces:
        assert any(region.overlap(face.box) == pytest.approx(face.box.area) for region in rendition.covered)


def test_a_rejected_photo_has_no_rendition(read: Callable[[str], bytes], finder: FaceDetector, policy: Policy) -> None:
    screening = screen(read("IMG_2045.jpg"), ScreeningJob(Request(("website",)), policy), Detectors(finder))
    assert screening.verdicts["website"].outcome is Outcome.REJECT
    assert "R30" in rules(screening, "website")
    assert screening.renditions == {}


def test_what_the_teacher_drew_is_covered(plain: bytes, finder: FaceDetector, policy: Policy) -> None:
    drawn = Box(500, 300, 120, 150)
    request = Request(("website",), Answers(drawn=(DrawnFace(drawn),)))
    screening = screen(plain, ScreeningJob(request, policy), Detectors(finder))
    rendition = screening.renditions["website"]
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert any(region.overlap(drawn) == drawn.area for region in rendition.covered)
    before, after = opened(plain), opened(rendition.jpeg)
    assert np.abs(before[300:450, 500:620].astype(int) - after[300:450, 500:620]).max() > 10


# --- names and text --------------------------------------------------------------------------------------

NAMES = (NameEntry("Fenna Hoekstra", "p7"), NameEntry("Sem de Groot", "p4"), NameEntry("Roos Kok", "p17"))
BOTH = ("social_schools", "website")


def line(text: str, y: float = 400) -> TextLine:
    """A line of text in the photo, each character 20 pixels wide and 30 high."""
    right = 300 + 20 * len(text)
    corners = ((300.0, y), (right, y), (right, y + 30), (300.0, y + 30))
    return TextLine(text, corners, tuple(n / len(text) for n in range(len(text) + 1)))


def outcomes(screening: Screening) -> dict[str, Outcome]:
    return {channel: verdict.outcome for channel, verdict in screening.verdicts.items()}


def test_a_caption_is_text(plain: bytes, policy: Policy) -> None:
    with_text = screen(plain, ScreeningJob(Request(("website",), caption="Een dag"), policy), Detectors(Scripted([])))
    without = screen(plain, ScreeningJob(Request(("website",), caption=""), policy), Detectors(Scripted([])))
    assert (rules(with_text, "website"), rules(without, "website")) == ({"R14", "R50"}, {"R50"})


@pytest.mark.parametrize(
    "names", [(), (NameEntry("Sem", "p9", role=Role.STAFF),)], ids=["no list", "a list of nobody to look for"]
)
def test_text_in_the_picture_that_is_held_against_no_list_is_told(
    names: tuple[NameEntry, ...], plain: bytes, policy: Policy
) -> None:
    seen = Reading([line("Sem leest")])
    screening = screen(plain, ScreeningJob(Request(BOTH), policy, names=names), Detectors(Scripted([]), seen))
    assert rules(screening, "website") == {"R14", "R50"}
    assert rules(screening, "social_schools") == {"R50"}
    assert not screening.findings.names_checked
    assert screening.verdicts["website"].neutral_name, "the file name was not checked either"
    assert screening.clean is None


def test_a_name_in_the_caption_keeps_a_photo_from_public_channels_until_it_is_changed(
    plain: bytes, policy: Policy
) -> None:
    def judged(caption: str) -> Screening:
        return screen(plain, ScreeningJob(Request(BOTH, caption=caption), policy, names=NAMES), Detectors(Scripted([])))

    named = judged("Sem en Fenna bouwen een toren.")
    assert outcomes(named) == {"social_schools": Outcome.PUBLISH, "website": Outcome.REJECT}
    assert rules(named, "website") == {"R10"}
    assert named.verdicts["website"].questions == ()
    assert set(named.renditions) == {"social_schools"}
    assert named.clean == "Twee kinderen bouwen een toren."
    assert outcomes(judged(named.clean)) == dict.fromkeys(BOTH, Outcome.PUBLISH)
    assert judged("").clean is None


def test_a_word_that_may_be_a_name_counts_until_the_teacher_says_that_it_is_none(plain: bytes, policy: Policy) -> None:
    def judged(*not_names: str, caption: str = "Een lieve Roos") -> Screening:
        request = Request(BOTH, Answers(not_names=frozenset(not_names)), caption)
        return screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(Scripted([])))

    asking = judged()
    (hit,) = asking.findings.names
    (question,) = asking.verdicts["website"].questions
    assert (question.kind, question.name, "Roos" in question.nl) == (QuestionKind.IS_NAME, hit.id, True)
    assert outcomes(asking) == {"social_schools": Outcome.PUBLISH, "website": Outcome.REJECT}
    assert outcomes(judged(hit.id)) == dict.fromkeys(BOTH, Outcome.PUBLISH)
    assert outcomes(judged("n1", "n00000000"))["website"] is Outcome.REJECT, "another answer is none"
    assert rules(judged(hit.id, caption="Een lieve Roos en Sem"), "website") == {"R10"}, "nor about another name"
    assert (
        screen(
            plain,
            ScreeningJob(Request(("social_schools",), caption="Een lieve Roos"), policy, names=NAMES),
            Detectors(Scripted([])),
        )
        .verdicts["social_schools"]
        .questions
        == ()
    )


@pytest.mark.parametrize(
    ("file_name", "neutral", "told"),
    [("Sem op het plein", True, {"R11", "R50"}), ("groep 5/fenna_2", True, {"R11", "R50"}), ("plein", False, {"R50"}),
     (None, False, {"R50"})],
)  # fmt: skip
def test_a_name_in_the_file_name_gives_the_rendition_another_one(
    file_name: str | None, neutral: bool, told: set[str], plain: bytes, policy: Policy
) -> None:
    request = Request(BOTH, file_name=file_name)
    screening = screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(Scripted([])))
    assert (screening.verdicts["website"].neutral_name, rules(screening, "website")) == (neutral, told)
    assert (screening.verdicts["social_schools"].neutral_name, rules(screening, "social_schools")) == (False, {"R50"})


def test_names_that_the_file_carries_are_told_on_every_channel(read: Callable[[str], bytes], policy: Policy) -> None:
    data = read("20260312_101544.jpg")
    screening = screen(data, ScreeningJob(Request(BOTH), policy, names=NAMES), Detectors(Scripted([])))
    carried = [hit for hit in screening.findings.names if hit.place is NamePlace.METADATA]
    assert "p7" in {hit.person for hit in carried}
    assert [rules(screening, channel) for channel in BOTH] == [{"R12", "R50"}] * 2
    assert not [one for one in screening.renditions.values() if b"Fenna" in one.jpeg or b"Hoekstra" in one.jpeg]


def test_a_name_in_the_picture_is_covered_and_the_words_beside_it_are_not(plain: bytes, policy: Policy) -> None:
    board = line("Vandaag leest Sem voor")
    seen = Reading([board], [line("Vandaag leest voor")])
    screening = screen(
        plain, ScreeningJob(Request(("website",)), policy, names=NAMES), Detectors(Scripted([], []), seen)
    )
    assert (outcomes(screening), rules(screening, "website")) == ({"website": Outcome.BLUR}, {"R13"})
    (covered,) = screening.verdicts["website"].covered
    assert covered.overlap(board.box(14, 17)) == board.box(14, 17).area
    assert not covered.overlap(board.box(0, 12))
    assert screening.renditions["website"].verified
    assert seen.looks == [], "the rendition was read again"


@pytest.mark.parametrize("third", [[], [line("Sem")]], ids=["gone", "still there"])
def test_a_name_that_is_read_again_is_covered_more_widely_or_the_photo_stays_here(
    third: Sequence[TextLine], plain: bytes, policy: Policy
) -> None:
    seen = Reading([line("Sem")], [line("Sem")], third)
    screening = screen(
        plain, ScreeningJob(Request(("website",)), policy, names=NAMES), Detectors(Scripted([], [], []), seen)
    )
    if third:
        assert outcomes(screening) == {"website": Outcome.REJECT}
        assert rules(screening, "website") == {"R41", "R13"}
    else:
        (asked,) = screening.verdicts["website"].covered
        assert max(box.area for box in screening.renditions["website"].covered) > 1.5 * asked.area


def test_a_word_in_the_picture_that_is_no_name_stays(plain: bytes, policy: Policy) -> None:
    board = [line("Roos"), line("Sem", 600)]

    def judged(again: Sequence[TextLine], answers: Answers = Answers()) -> Screening:  # noqa: B008 - a frozen value
        request = Request(("website",), answers)
        seen = Reading(board, again)
        return screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(Scripted([], []), seen))

    asking = judged([])
    roos, sem = asking.findings.names
    assert (roos.certain, sem.certain, len(asking.verdicts["website"].covered)) == (False, True, 2)
    screening = judged(board[:1], Answers(not_names=frozenset({roos.id})))
    (covered,) = screening.verdicts["website"].covered
    assert covered.overlap(board[1].box())
    assert screening.renditions["website"].verified, "that it is read again is no reason to cover it"


def test_what_is_no_name_in_the_caption_is_one_in_the_picture_all_the_same(plain: bytes, policy: Policy) -> None:
    tag = [line("Roos")]
    caption = "In de vaas staat de mooie Roos"

    def judged(answers: Answers) -> Screening:
        seen = Reading(tag, tag, tag)
        request = Request(("website",), answers, caption)
        return screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(Scripted([], [], []), seen))

    said, _ = judged(Answers()).findings.names
    screening = judged(Answers(not_names=frozenset({said.id})))
    assert rules(screening, "website") == {"R13", "R41"}, "it is still read under both covers"


def test_more_text_than_can_be_read_is_no_reason_to_publish(plain: bytes, policy: Policy) -> None:
    class Full(Reading):
        def read(
            self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False
        ) -> tuple[TextLine, ...]:
            if complete:
                raise TooMuchText
            return ()

    def judged(channel: str) -> Screening:
        return screen(plain, ScreeningJob(Request((channel,)), policy, names=NAMES), Detectors(Scripted([]), Full()))

    assert rules(judged("website"), "website") == {"R01"}
    assert judged("social_schools").findings.failure is None


def test_a_code_with_a_name_in_it_is_covered_whole(plain: bytes, policy: Policy) -> None:
    corners = ((500.0, 300.0), (600.0, 300.0), (600.0, 400.0), (500.0, 400.0))
    code = TextLine("https://school.example/klas/sem-de-groot", corners, code=True)
    seen = Reading([], [], [], [], codes=[code])
    screening = screen(
        plain, ScreeningJob(Request(("website",)), policy, names=NAMES), Detectors(Scripted([], [], []), seen)
    )
    assert screening.verdicts["website"].covered == (Box(500, 300, 100, 100),)
    assert rules(screening, "website") == {"R13", "R41"}, "this reader sees it through every cover"


@pytest.mark.parametrize(("names", "outcome"), [(4, Outcome.PUBLISH), (5, Outcome.REJECT)])
def test_many_names_on_the_closed_channel_may_be_a_list_that_is_not_for_all_parents(
    names: int, outcome: Outcome, plain: bytes, policy: Policy
) -> None:
    def judged(answers: Answers) -> Screening:
        seen = Reading([line(text, 100.0 * n) for n, text in enumerate(["Sem", "Fenna"] * 2 + ["Sem"], 1)][:names])
        request = Request(("social_schools",), answers)
        return screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(Scripted([]), seen))

    screening = judged(Answers())
    assert outcomes(screening) == {"social_schools": outcome}
    asked = [question.kind for question in screening.verdicts["social_schools"].questions]
    assert asked == [QuestionKind.IS_PRIVATE_LIST] * (outcome is Outcome.REJECT)
    assert outcomes(judged(Answers(not_a_private_list=True))) == {"social_schools": Outcome.PUBLISH}


def test_a_caption_too_long_to_look_through_is_wrong_use(plain: bytes, policy: Policy) -> None:
    request = Request(BOTH, caption="x" * 1_000_001)
    with pytest.raises(TextTooLong):
        screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(Scripted([])))


# --- sizes, one rendition for many -----------------------------------------------------------------------


def test_each_channel_gets_its_own_size(jpeg: Callable[[Array], bytes], policy: Policy) -> None:
    photo = jpeg(np.full((1500, 3000, 3), 90, np.uint8))
    renditions = screen(photo, ScreeningJob(Request(ALL), policy), Detectors(Scripted([]))).renditions
    assert {channel: (one.width, one.height) for channel, one in renditions.items()} == {
        "social_schools": (2048, 1024),
        "website": (1600, 800),
        "facebook": (1600, 800),
    }
    assert renditions["website"] is renditions["facebook"], "the same covers at the same size: made once"


def test_a_photo_is_never_enlarged(jpeg: Callable[[Array], bytes], policy: Policy) -> None:
    photo = jpeg(np.full((300, 400, 3), 90, np.uint8))
    rendition = screen(photo, ScreeningJob(Request(("website",)), policy), Detectors(Scripted([]))).renditions[
        "website"
    ]
    assert (rendition.width, rendition.height) == (400, 300)


def test_together_there_is_one_rendition_by_the_strictest(
    read: Callable[[str], bytes], pixels_of: Callable[[str], Array], jpeg: Callable[[Array], bytes],
    finder: FaceDetector, policy: Policy, people: People,
) -> None:  # fmt: skip
    photo = cv2.resize(pixels_of("IMG_2040.jpg"), (2400, 1800), interpolation=cv2.INTER_CUBIC)
    screening = screen(jpeg(photo), ScreeningJob(Request(ALL, FOUR, together=True), policy, people), Detectors(finder))
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.BLUR}
    assert {verdict.faces["f3"].action for verdict in screening.verdicts.values()} == {Action.COVER}
    assert len({id(rendition) for rendition in screening.renditions.values()}) == 1
    assert set(screening.renditions) == set(ALL)
    assert screening.renditions["social_schools"].width == 1600, "the smallest of the channels' sizes"


def test_together_one_reject_holds_for_all(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    answers = Answers(groups=frozenset({"groep 5"}), faces={"f1": FaceAnswer(FaceLabel.PERSON, "p5")})
    apart, together = (
        screen(
            read("IMG_2045.jpg"), ScreeningJob(Request(ALL, answers, together=joint), policy, people), Detectors(finder)
        )
        for joint in (False, True)
    )
    assert apart.verdicts["social_schools"].outcome is Outcome.PUBLISH
    assert {verdict.outcome for verdict in together.verdicts.values()} == {Outcome.REJECT}
    assert together.renditions == {}


# --- looking again ---------------------------------------------------------------------------------------

HERE, THERE = Box(300, 300, 100, 120), Box(800, 500, 90, 110)


def test_a_face_that_cannot_be_hidden_is_a_reject(plain: bytes, policy: Policy) -> None:
    stubborn = Scripted([HERE], [HERE], [HERE])
    screening = screen(plain, ScreeningJob(Request(("website",)), policy), Detectors(stubborn))
    assert screening.verdicts["website"].outcome is Outcome.REJECT
    assert "R41" in rules(screening, "website")
    assert screening.renditions == {}
    assert screening.findings.failure is None, "judged, not failed"
    assert stubborn.looks == [], "a second try with larger covers was made"


def test_a_second_try_with_larger_covers_may_do(plain: bytes, policy: Policy) -> None:
    screening = screen(plain, ScreeningJob(Request(("website",)), policy), Detectors(Scripted([HERE], [HERE], [])))
    (asked,) = screening.verdicts["website"].covered
    rendition = screening.renditions["website"]
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert rendition.verified
    largest = max(rendition.covered, key=lambda box: box.area)
    assert largest.area > 1.5 * asked.area
    assert largest.overlap(asked) == pytest.approx(asked.area)


def test_a_face_that_only_the_second_look_sees_is_covered_too(plain: bytes, policy: Policy) -> None:
    screening = screen(plain, ScreeningJob(Request(("website",)), policy), Detectors(Scripted([HERE], [THERE], [])))
    covered = screening.renditions["website"].covered
    for box in (HERE, THERE):
        assert any(region.overlap(box) == pytest.approx(box.area) for region in covered)


def test_a_face_that_may_be_seen_may_be_found_again(plain: bytes, policy: Policy) -> None:
    answers = Answers(faces={"f2": FaceAnswer(FaceLabel.NO_PUPIL)})
    again = Box(THERE.x + 8, THERE.y - 5, THERE.w, THERE.h + 6)
    scripted = Scripted([HERE, THERE], [again])
    screening = screen(plain, ScreeningJob(Request(("website",), answers), policy), Detectors(scripted))
    assert screening.verdicts["website"].outcome is Outcome.BLUR
    assert not any(region.overlap(THERE) for region in screening.renditions["website"].covered)


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
    finder = Scripted(*[[HERE]] * look, error)
    screening = screen(plain, ScreeningJob(Request(ALL), policy), Detectors(finder))
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
    finder = Scripted([HERE], [], ModelFailed())  # social_schools was made and verified; website fails
    screening = screen(photo, ScreeningJob(Request(("social_schools", "website")), policy), Detectors(finder))
    assert {verdict.outcome for verdict in screening.verdicts.values()} == {Outcome.REJECT}
    assert screening.renditions == {}


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_file"), (b"Fenna, groep 5", "not_a_photo"), (b"GIF89a" + b"\0" * 40, "format_not_allowed")],
)
def test_bytes_that_are_no_photo_are_a_reject(data: bytes, code: str, policy: Policy) -> None:
    screening = screen(data, ScreeningJob(Request(("website",)), policy), Detectors(Scripted()))
    assert screening.findings.failure is not None
    assert screening.findings.failure.code == code
    assert rules(screening, "website") == {"R01"}


def test_limits_are_held(plain: bytes, policy: Policy) -> None:
    def code(limits: Limits) -> str | None:
        screening = screen(plain, ScreeningJob(Request(("website",)), policy), Detectors(Scripted([])), limits)
        return screening.findings.failure.code if screening.findings.failure else None

    assert code(Limits(max_pixels=1200 * 900)) is None
    assert code(Limits(max_pixels=1200 * 900 - 1)) == "too_many_pixels"
    assert code(Limits(max_bytes=len(plain) - 1)) == "too_many_bytes"


@pytest.mark.parametrize("data", [b"", b"no photo"])
def test_wrong_use_is_no_verdict(data: bytes, policy: Policy) -> None:
    with pytest.raises(UnknownChannel):
        screen(data, ScreeningJob(Request(("website", "hyves")), policy), Detectors(Scripted()))
    with pytest.raises(UseError):
        screen(data, ScreeningJob(Request(()), policy), Detectors(Scripted()))


def test_an_interrupt_is_not_swallowed(plain: bytes, policy: Policy) -> None:
    with pytest.raises(KeyboardInterrupt):
        screen(plain, ScreeningJob(Request(("website",)), policy), Detectors(Scripted(KeyboardInterrupt())))


# --- receipts and privacy --------------------------------------------------------------------------------


def test_the_same_question_has_the_same_receipt(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    data = read("IMG_2040.jpg")
    one, other = (screen(data, ScreeningJob(Request(ALL, FOUR), policy, people), Detectors(finder)) for _ in range(2))
    assert one.receipt == other.receipt
    assert one.id != other.id
    assert one.receipt.photo == hashlib.sha256(data).hexdigest()
    assert one.receipt.models == finder.fingerprint
    assert one.receipt.policy == policy.id
    assert one.receipt.registry == people.revision
    assert one.receipt.renditions == {
        channel: hashlib.sha256(rendition.jpeg).hexdigest() for channel, rendition in one.renditions.items()
    }
    assert {"decode", "look", "render", "verify"} <= one.milliseconds.keys()


def test_the_receipt_tells_what_differs(plain: bytes, policy: Policy) -> None:
    def receipt(faces: Sequence[Box] = (), *, present: frozenset[str]) -> tuple[str, str]:
        request = Request(("website",), Answers(present=present))
        screening = screen(plain, ScreeningJob(request, policy), Detectors(Scripted(faces, [], [])))
        return screening.receipt.findings, screening.receipt.answers

    findings, answers = receipt(present=frozenset({"p1", "p2", "p3"}))
    assert receipt(present=frozenset({"p3", "p2", "p1"})) == (findings, answers), "a set has no order"
    assert receipt(present=frozenset({"p1"}))[0] == findings
    assert receipt(present=frozenset({"p1"}))[1] != answers
    assert receipt([HERE], present=frozenset({"p1", "p2", "p3"}))[0] != findings


def test_nothing_personal_is_logged_or_printed(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The photo's metadata, the caption and the class list all name Fenna."""
    caplog.set_level(logging.DEBUG, logger="fotopoort")
    request = Request(ALL, Answers(groups=frozenset({"groep 5"})), caption="Fenna op het plein")
    data = read("20260312_101544.jpg")
    judged = screen(data, ScreeningJob(request, policy, people), Detectors(finder))
    failed = screen(data, ScreeningJob(request, policy, people), Detectors(Scripted(ValueError("Fenna"))))
    assert any(hint.text and "Fenna" in hint.text for hint in judged.findings.hints)
    for text in (caplog.text, repr(judged), repr(failed), repr(request), str(failed.findings.failure)):
        assert "Fenna" not in text
        assert "Hoekstra" not in text
    assert caplog.messages == [f"photo {hashlib.sha256(data).hexdigest()[:12]} not judged: error (ValueError)"]


def test_inspecting_never_fails(plain: bytes) -> None:
    seen, milliseconds = inspect(plain, Detectors(Scripted([HERE])), limits=Limits(), long_side=1600)
    assert [face.box for face in seen.faces] == [HERE]
    assert set(milliseconds) == {"decode", "look", "read"}
    for data, looks in ((b"", []), (b"text", []), (plain, [ValueError()]), (plain, [FotopoortError()])):
        failed, _ = inspect(data, Detectors(Scripted(*looks)), limits=Limits(), long_side=1600)
        assert failed.failure is not None


def test_of_a_rendition_only_the_faces_that_may_be_seen_are_known(
    read: Callable[[str], bytes], finder: FaceDetector, policy: Policy, people: People
) -> None:
    """The verification looks for everything else, above all for what was covered."""
    looking = Counting(finder)
    seen = screen(read("IMG_2040.jpg"), ScreeningJob(Request(("facebook",), FOUR), policy, people), Detectors(looking))
    actions = seen.verdicts["facebook"].faces
    kept = tuple(face.box for face in seen.findings.faces if actions[face.id].action is Action.KEEP)
    assert len(kept) == 3
    assert looking.expected == [(), kept]
