"""What looking at a rendition again finds, in windows around its covers: covers that fail, planted one by one."""

from __future__ import annotations

import dataclasses
import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fotopoort.names import places
from fotopoort.names.name_list import NameList
from fotopoort.photo.decode import Limits, Photo, decode
from fotopoort.photo.render import encode
from fotopoort.policy.decide import decide_all
from fotopoort.policy.measures import seen_side
from fotopoort.policy.policy import Policy
from fotopoort.screening import verification
from fotopoort.screening.analysis import ALL_TEXT, Array, Detectors, Stopwatch, analyse
from fotopoort.screening.name_search import name_list
from fotopoort.screening.renditions import Renderer
from fotopoort.screening.screen import Request, search_names
from fotopoort.screening.verification import Verifier, faces_to_hide, outermost, whole
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.text.reader import PhotoReader
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    Face,
    FaceVerdict,
    Findings,
    NameEntry,
    Pattern,
    Rendition,
    Verdict,
)

from .detectors import NOBODY, CountingFinder

SIDE = 1600
NONE = NameList(())


class Windows:
    """The real finder; a look at a whole picture fails the test."""

    def __init__(self, finder: FaceDetector) -> None:
        self.finder, self.fingerprint, self.looks = finder, finder.fingerprint, 0

    def find(self, *_: object) -> tuple[()]:
        raise AssertionError("looked at whole")

    def find_again(self, pixels: Array, scale: float, places: Sequence[Box], known: Sequence[Box]) -> tuple:  # type: ignore[type-arg]
        self.looks += 1
        return self.finder.find_again(pixels, scale, places, known)


class Both(CountingFinder):
    """The real finder, with how often it looked at a whole picture, and how often at places."""

    again = 0

    def find_again(self, pixels: Array, scale: float, places: Sequence[Box], known: Sequence[Box]) -> tuple[Face, ...]:
        self.again += 1
        assert isinstance(self.finder, FaceDetector)
        return self.finder.find_again(pixels, scale, places, known)


@dataclasses.dataclass(frozen=True)
class Seen:
    photo: Photo
    findings: Findings
    verdict: Verdict


def seen(
    data: bytes, detectors: Detectors, policy: Policy, names: NameList = NONE, channel: ChannelId = "website"
) -> Seen:
    """The photo, and a verdict that covers everybody in it."""
    photo = decode(data, Limits(), seen_side(policy))
    findings = analyse(photo, detectors, ALL_TEXT, Stopwatch())
    request = Request((channel,))
    findings = search_names(findings, request, names)
    return Seen(photo, findings, decide_all(findings, Answers(), None, policy, (channel,))[channel])


def rendered(case: Seen, covers: Sequence[Box], plain: Sequence[Box] = ()) -> Rendition:
    return encode(case.photo, covers, SIDE, plain)


def around(box: Box, verdict: Verdict) -> Box:
    return max(verdict.covered, key=lambda cover: cover.overlap(box))


@pytest.fixture(scope="module")
def four(samples_bytes: Callable[[str], bytes], finder: FaceDetector, policy: Policy) -> Seen:
    return seen(samples_bytes("IMG_2040.jpg"), Detectors(finder, NOBODY), policy)


@pytest.fixture(scope="module")
def samples_bytes(samples: Path) -> Callable[[str], bytes]:
    return lambda name: (samples / name).read_bytes()


def found(case: Seen, finder: FaceDetector, covers: Sequence[Box]) -> tuple[Box, ...]:
    """What windows find; a whole look finds no more of what is to be hidden."""
    rendition = rendered(case, covers)
    windows = Windows(finder)
    by_windows, _ = Verifier(case.findings, Detectors(windows, NOBODY), NONE, ()).uncovered(case.verdict, rendition)
    by_whole, _ = Verifier(case.findings, Detectors(CountingFinder(finder), NOBODY), NONE, ()).uncovered(
        case.verdict, rendition
    )
    assert windows.looks == 1
    for box in by_whole:
        assert any(box.overlap(other) > 0.3 * box.area for other in by_windows), box
    return by_windows


def test_under_covers_that_hide_everything_nothing_is_found(four: Seen, finder: FaceDetector) -> None:
    assert len(four.findings.faces) == 4
    assert found(four, finder, four.verdict.covered) == ()


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize(
    ("fails", "certainly"),
    [
        pytest.param(lambda face: None, True, id="missing"),
        pytest.param(lambda face: Box(face.x + 0.4 * face.w, face.y + 0.75 * face.h, 0.15 * face.w, 0.1 * face.h), True,
                     id="too small"),
        pytest.param(lambda face: Box(face.x + face.w / 2, face.y - face.h / 4, face.w, 1.5 * face.h), False,
                     id="half a face to the right"),
        pytest.param(lambda face: Box(face.x, face.y + face.h / 2, face.w, face.h), False, id="half a face too low"),
        pytest.param(lambda face: Box(face.x + 2 * face.w, face.y, face.w, face.h), True, id="beside it"),
    ],
)  # fmt: skip
def test_a_face_whose_cover_fails_is_found(
    number: int, fails: Callable[[Box], Box | None], certainly: bool, four: Seen, finder: FaceDetector
) -> None:
    face = four.findings.faces[number].box
    others = [cover for cover in four.verdict.covered if cover != around(face, four.verdict)]
    failed = fails(face)
    again = found(four, finder, [*others, *([failed] if failed else [])])
    assert not certainly or any(box.overlap(face) > 0.5 * face.area for box in again)


@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.37, 0.61)])
def test_a_face_is_found_wherever_it_lies(
    corner: tuple[float, float], pixels_of: Callable[[str], Array], jpeg: Callable[[Array], bytes],
    finder: FaceDetector, policy: Policy,
) -> None:  # fmt: skip
    """At an edge or a corner of the photo, and where windows begin and end."""
    canvas = np.full((1200, 1600, 3), (120, 140, 110), np.uint8)
    one = cv2.resize(pixels_of("IMG_2040.jpg")[420:640, 160:360], (100, 110), interpolation=cv2.INTER_AREA)
    for x, y in ((corner[0] * 1500, corner[1] * 1090), (760, 200)):
        canvas[round(y) : round(y) + 110, round(x) : round(x) + 100] = one
    case = seen(jpeg(canvas), Detectors(finder, NOBODY), policy)
    if len(case.findings.faces) < 2:
        pytest.skip("the first look does not find it there")
    for face in case.findings.faces:
        cover = around(face.box, case.verdict)
        again = found(case, finder, [other for other in case.verdict.covered if other != cover])
        assert any(box.overlap(face.box) > 0.5 * face.box.area for box in again)


def test_where_a_face_lies_on_its_side_all_is_looked_at(
    pixels_of: Callable[[str], Array], jpeg: Callable[[Array], bytes], finder: FaceDetector, policy: Policy
) -> None:
    pixels = pixels_of("IMG_2040.jpg").copy()
    pixels[400:660, 130:390] = cv2.rotate(np.ascontiguousarray(pixels[400:660, 130:390]), cv2.ROTATE_90_CLOCKWISE)
    case = seen(jpeg(pixels), Detectors(finder, NOBODY), policy)
    turned = [face for face in case.findings.faces if face.box.centre[0] < 400]
    assert turned
    covers = case.verdict.covered
    assert whole(case.findings, covers, covers, faces_to_hide(case.findings, case.verdict))
    others = [cover for cover in case.verdict.covered if cover != around(turned[0].box, case.verdict)]
    verifier = Verifier(case.findings, Detectors(finder, NOBODY), NONE, ())
    again, _ = verifier.uncovered(case.verdict, rendered(case, others))
    assert any(box.overlap(turned[0].box) > 0.5 * turned[0].box.area for box in again)


def test_all_is_looked_at_where_places_would_not_do(four: Seen) -> None:
    findings, covers = four.findings, four.verdict.covered
    faces = faces_to_hide(findings, four.verdict)
    assert not whole(findings, covers, covers, faces)
    assert whole(findings, [Box(0, 0, findings.width, 0.6 * findings.height)], covers, faces)
    assert whole(dataclasses.replace(findings, pattern=Pattern.SCREEN), covers, covers, faces)
    said = dataclasses.replace(findings.faces[0], landmarks=())
    unfound = dataclasses.replace(findings, faces=(said, *findings.faces[1:]))
    assert whole(unfound, covers, covers, faces), "no look found it"
    points = findings.faces[0].landmarks
    on_each_other = dataclasses.replace(findings.faces[0], landmarks=(points[2],) * len(points))
    assert whole(dataclasses.replace(findings, faces=(on_each_other, *findings.faces[1:])), covers, covers, faces)
    on_its_side = dataclasses.replace(findings.faces[0], roll=94.0, pose_reliable=True)
    assert whole(dataclasses.replace(findings, faces=(on_its_side, *findings.faces[1:])), covers, covers, faces)
    drawn = [*covers, Box(20, 20, 60, 60)]
    assert whole(findings, drawn, drawn, faces), "somebody drew a box where no look found anything"


def test_a_face_on_its_side_that_may_be_seen_counts_only_near_a_cover(four: Seen) -> None:
    findings, faces = four.findings, four.findings.faces
    lying = dataclasses.replace(faces[0], roll=94.0, pose_reliable=True)
    findings = dataclasses.replace(findings, faces=(lying, *faces[1:]))
    to_hide = [face.box for face in faces[1:]]
    covers = [cover for cover in four.verdict.covered if cover.overlap(lying.box) == 0]
    assert len(covers) == len(to_hide)
    assert not whole(findings, covers, covers, to_hide)
    assert whole(findings, covers, covers, [lying.box, *to_hide]), "its cover is missing"
    box = lying.box
    beside = Box(box.right + 0.2 * box.w, box.y, box.w, box.h)
    assert whole(findings, covers, [*covers, beside], to_hide), "a neighbour's cover, as it was painted, is near"
    unknown = dataclasses.replace(lying, landmarks=())
    assert whole(dataclasses.replace(findings, faces=(unknown, *faces[1:])), covers, covers, to_hide)


def test_all_is_looked_at_where_a_drawn_cover_holds_the_face_of_a_neighbour_too(four: Seen) -> None:
    """And where it holds that of somebody who may be shown, in place of the cover of a face."""
    faces = faces_to_hide(four.findings, four.verdict)
    x, y = faces[0].centre
    drawn = Box(x - 30, y - 5, 200, 150)
    assert whole(four.findings, [*four.verdict.covered, drawn], four.verdict.covered, faces)
    rest = [cover for cover in four.verdict.covered if not cover.contains((x, y))]
    assert whole(four.findings, [*rest[1:], drawn], rest[1:], faces[1:])


def test_of_places_those_that_lie_in_others_are_left_out() -> None:
    rng = random.Random(5)  # noqa: S311 - places to try
    boxes = [Box(*(rng.randrange(40) for _ in range(2)), *(rng.randrange(20) for _ in range(2))) for _ in range(300)]
    kept = outermost([*boxes, *boxes])
    assert len(kept) == len(set(kept))
    assert all(any(other.overlap(box) == box.area for other in kept) for box in boxes if box.area)
    assert not any(other.overlap(box) == box.area for box in kept for other in kept if other is not box)
    assert outermost([Box(3, 3, 0, 9)]) == ()


def test_something_that_showed_is_covered_more_widely_and_then_all_is_looked_at(
    four: Seen, finder: FaceDetector, policy: Policy
) -> None:
    looked = Both(finder)
    verdict = dataclasses.replace(four.verdict, covered=four.verdict.covered[1:])
    verifier = Verifier(four.findings, Detectors(looked, NOBODY), NONE, ())
    rendition = Renderer(four.photo, four.findings, policy, verifier, Stopwatch()).render(verdict, SIDE)
    assert rendition.verified
    assert looked.again == 1
    assert looked.looks == 1, "the second time at the whole"
    missing = next(cover for cover in four.verdict.covered if cover not in verdict.covered)
    assert any(cover.overlap(missing) > 0.5 * missing.area for cover in rendition.covered)


# --- sizes -----------------------------------------------------------------------------------------------


def test_what_has_the_same_bytes_is_made_and_looked_at_once(four: Seen, finder: FaceDetector, policy: Policy) -> None:
    looked = Both(finder)
    renderer = Renderer(
        four.photo, four.findings, policy, Verifier(four.findings, Detectors(looked, NOBODY), NONE, ()), Stopwatch()
    )
    assert renderer.render(four.verdict, 5000) is renderer.render(four.verdict, 6000), "never larger than the photo"
    assert looked.again == 1
    small = renderer.render(four.verdict, 900)
    assert max(small.width, small.height) == 900
    assert looked.again == 2, "another size is looked at itself"
    assert renderer.render(dataclasses.replace(four.verdict, channel="facebook"), 900) is small
    other = {**four.verdict.faces, "f1": FaceVerdict(Action.KEEP, four.verdict.faces["f1"].basis)}
    renderer.render(dataclasses.replace(four.verdict, faces=other), 900)
    assert looked.again + looked.looks > 2, "the same bytes, in which another face may be seen"


# --- text ------------------------------------------------------------------------------------------------


class Places:
    """The real reader; reading a whole picture fails the test."""

    def __init__(self, reader: PhotoReader) -> None:
        self.reader, self.codes = reader, reader.codes

    def read(self, *_: object, **__: object) -> tuple[()]:
        raise AssertionError("read whole")

    def read_again(self, pixels: Array, scale: float, places: Sequence[Box]) -> tuple:  # type: ignore[type-arg]
        return self.reader.read_again(pixels, scale, places)


@pytest.fixture(scope="module")
def names() -> NameList:
    entries = (NameEntry("Noor Jansen", "p1", "Noor"), NameEntry("Ties Bakker", "p2", "Ties"))
    return name_list(entries)


@pytest.fixture(scope="module")
def board(
    jpeg: Callable[[Array], bytes], finder: FaceDetector, reader: PhotoReader, names: NameList, policy: Policy
) -> Seen:
    pixels = np.full((1200, 1600, 3), (225, 230, 220), np.uint8)
    for text, x, y in (("Gemaakt door Noor Jansen", 300, 300), ("en Ties Bakker", 700, 800), ("lente 2026", 100, 1100)):
        cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, 1.6, (20, 20, 60), 3, cv2.LINE_AA)
    return seen(jpeg(pixels), Detectors(finder, NOBODY, reader), policy, names)


def read_back(case: Seen, finder: FaceDetector, reader: PhotoReader, names: NameList, covers: Sequence[Box]) -> int:
    rendition = rendered(case, covers, covers)
    _, hits = Verifier(case.findings, Detectors(Windows(finder), NOBODY, Places(reader)), names, ()).uncovered(
        case.verdict, rendition
    )
    return len(hits)


def test_names_under_their_covers_are_not_read(
    board: Seen, finder: FaceDetector, reader: PhotoReader, names: NameList
) -> None:
    assert len(verification.text_covers(board.findings, board.verdict.covered)) >= 2
    assert read_back(board, finder, reader, names, board.verdict.covered) == 0


def test_a_name_whose_cover_is_missing_or_lies_beside_it_is_read(
    board: Seen, finder: FaceDetector, reader: PhotoReader, names: NameList
) -> None:
    covers = board.verdict.covered
    for missing in covers:
        rest = [cover for cover in covers if cover != missing]
        assert read_back(board, finder, reader, names, rest) >= 1
        beside = Box(missing.x, missing.bottom + 40, missing.w, missing.h)
        assert read_back(board, finder, reader, names, [*rest, beside]) >= 1


@pytest.mark.parametrize("shown", [(0.0, 0.35), (0.65, 1.0), (0.0, 0.6)])
def test_of_a_name_that_is_half_covered_as_much_is_read_as_in_the_whole(
    shown: tuple[float, float], board: Seen, finder: FaceDetector, reader: PhotoReader, names: NameList
) -> None:
    half = []
    for cover in board.verdict.covered:
        start, end = (shown[1], 1.0) if shown[0] == 0.0 else (0.0, shown[0])
        half.append(Box(cover.x + start * cover.w, cover.y, (end - start) * cover.w, cover.h))
    rendition = rendered(board, half, half)
    pixels = np.asarray(Image.open(io.BytesIO(rendition.jpeg)))
    scale = rendition.width / board.findings.width
    by_whole = list(places.in_picture(names, reader.read(pixels, scale, complete=True, side=SIDE)))
    assert read_back(board, finder, reader, names, half) >= len(by_whole)


def test_a_name_that_was_found_is_read_again_even_where_the_verdict_covers_another_alone(
    board: Seen, finder: FaceDetector, reader: PhotoReader, names: NameList
) -> None:
    for left_out in verification.text_covers(board.findings, board.verdict.covered):
        rest = tuple(cover for cover in board.verdict.covered if cover.overlap(left_out) == 0)
        assert rest
        case = dataclasses.replace(board, verdict=dataclasses.replace(board.verdict, covered=rest))
        assert read_back(case, finder, reader, names, rest) >= 1
