"""Finding faces, with the real models on the sample photos."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import cv2
import numpy as np
import pytest

from fotopoort.vision.faces import detector, features, pyramid
from fotopoort.vision.faces.detector import MAX_SECOND_LOOKS, MAX_TURNED, FaceDetector, _in_stated_boxes
from fotopoort.vision.faces.pyramid import PASSES, Array, Candidate, Search, unturn
from fotopoort.vision.models.session import ModelSession
from fotopoort.vocabulary import Box, Face

Read = Callable[[str], Array]

PLAIN = 0.6  # a score from which a box on a sample is a face and no fold in a jersey

# The middle of every face in the samples, as drawn, in pixels; who stands with the back to us shows none.
FACES: dict[str, tuple[tuple[int, int], ...]] = {
    "20260312_101544.jpg": ((316, 673), (757, 665)),
    "Fenna op het plein.jpg": ((337, 479), (701, 476), (1066, 479)),
    "IMG_2031.jpg": (
        *((223, 562), (511, 573), (801, 562), (1089, 573), (1376, 564)),
        *((273, 685), (623, 694), (977, 685), (1328, 694), (322, 840), (801, 852), (1281, 840)),
    ),
    "IMG_2034.jpg": (
        *((385, 581), (545, 572), (832, 582), (1120, 582), (1361, 585), (226, 656)),
        *((448, 735), (705, 670), (897, 747), (1024, 656), (1280, 735)),
    ),
    "IMG_2036.jpg": (
        *((158, 562), (355, 561), (552, 561), (749, 560), (947, 561), (1144, 560), (1339, 560)),
        *((259, 656), (455, 656), (651, 656), (848, 652), (1045, 656), (1243, 656), (1439, 656)),
    ),
    "IMG_2040.jpg": ((257, 537), (627, 490), (996, 523), (1361, 502)),
    "IMG_2045.jpg": ((605, 631),),
    "IMG_2047.jpg": ((668, 525),),
    "IMG_2051.jpg": (),
    "IMG_2052.jpg": ((615, 185),),  # on a poster
    "IMG_2055.png": (),
    "IMG_2058.jpg": ((638, 692),),  # upside down
    "IMG_2060.jpg": ((506, 601),),
    "IMG_2063.jpg": ((258, 535), (1076, 538)),
    "IMG_2066.jpg": ((476, 412), (982, 399)),
    "IMG_2071.HEIC": ((392, 440), (668, 448), (915, 445)),
}


def turned(face: Face, turn: int, width: int, height: int) -> Box:
    """Where the face of a photo of `width` × `height` is after it was turned clockwise by `turn` quarters."""
    across, down = (height, width) if turn % 2 else (width, height)
    x1, y1, x2, y2 = face.box.x, face.box.y, face.box.right, face.box.bottom
    corners = unturn(np.array([[x1, y1], [x2, y2]]), turn, across, down)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(left, top, right - left, bottom - top)


def matched(expected: list[Box], found: list[Box]) -> int:
    return sum(any(box.iou(other) > 0.4 for other in found) for box in expected)


def near(face: Face, place: tuple[int, int]) -> bool:
    return math.dist(face.box.centre, place) < 0.4 * max(face.box.w, face.box.h)


@pytest.mark.parametrize(("name", "places"), FACES.items(), ids=FACES)
def test_every_face_of_a_scene_is_found_and_next_to_nothing_else(
    name: str, places: tuple[tuple[int, int], ...], pixels_of: Read, finder: FaceDetector
) -> None:
    photo = pixels_of(name)
    faces = finder.find(photo)
    assert [place for place in places if not any(near(face, place) for face in faces)] == [], "not found"
    assert len(faces) <= len(places) + len(places) // 10, "nothing is taken for a face, and no face found twice"
    for number, face in enumerate(faces, start=1):
        assert face.id == f"f{number}"
        assert 0 <= face.score <= 1
        assert all(face.box.contains(point) for point in face.landmarks[:3]), "eyes and nose"


def test_of_faces_too_small_to_recognise_many_are_found(pixels_of: Read, finder: FaceDetector) -> None:
    """Thirteen children far away, their faces 12 to 17 pixels high: nobody depends on these, but the scene does."""
    faces = finder.find(pixels_of("IMG_2070.jpg"))
    assert 6 <= len(faces) <= 13
    for face in faces:
        assert face.box.h < 20
        assert 540 < face.box.centre[1] < 630, "in the row of children"


@pytest.mark.parametrize("turn", [1, 2, 3])
@pytest.mark.parametrize("name", ["IMG_2040.jpg", "IMG_2045.jpg", "IMG_2036.jpg"])
def test_a_photo_on_its_side_has_the_same_faces_in_its_own_frame(
    name: str, turn: int, pixels_of: Read, finder: FaceDetector
) -> None:
    photo = pixels_of(name)
    height, width = photo.shape[:2]
    upright = finder.find(photo)
    lying = finder.find(np.ascontiguousarray(np.rot90(photo, -turn)))
    plain = [face for face in upright if face.score >= PLAIN]
    assert len(plain) >= len(upright) - 1
    assert abs(len(lying) - len(upright)) <= 1, "a doubtful box may be seen one way and not the other"
    assert matched([turned(face, turn, width, height) for face in plain], [face.box for face in lying]) == len(plain)
    expected = {1: 90, 2: 180, 3: -90}[turn]
    for face in (face for face in lying if face.score >= PLAIN):
        assert abs((face.roll - expected + 180) % 360 - 180) < 20, "it leans by the turn"
        left_eye, right_eye, *_ = face.landmarks
        along = np.subtract(right_eye, left_eye)
        direction = {1: (0, 1), 2: (-1, 0), 3: (0, -1)}[turn]
        assert along @ direction > 0, "the left eye of the upright face comes first"


def test_a_child_upside_down_is_found_among_others_who_are_not(pixels_of: Read, finder: FaceDetector) -> None:
    (face,) = finder.find(pixels_of("IMG_2058.jpg"))
    assert abs(abs(face.roll) - 180) < 20
    photo = pixels_of("IMG_2040.jpg").copy()
    first, *_ = finder.find(photo)
    x, y, w, h = (int(value) for value in (first.box.x, first.box.y, first.box.w, first.box.h))
    area = photo[y - h // 2 : y + h + h // 3, x - w // 2 : x + w + w // 2]
    area[:] = area[::-1, ::-1].copy()
    faces = finder.find(photo)
    assert len(faces) == 4
    assert sorted(abs(face.roll) > 150 for face in faces) == [False, False, False, True]


@pytest.mark.parametrize(("height", "is_found"), [(100, False), (500, True)])
def test_a_face_that_fills_the_frame_gets_a_second_look_however_little_the_search_saw(
    height: float, is_found: bool, finder: FaceDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, landmarks = np.array([0.0, 0.0, 0.8 * height, height]), np.zeros((5, 2))
    candidate = Candidate(box, landmarks, 0, np.array([0.0, 0.13, 0.0, 0.0, 0.0, 0.0]))
    looked_at: list[Candidate] = []

    def scores(levels: object, candidates: list[Candidate], *_: object) -> list[list[float]]:
        looked_at.extend(candidates)
        return [[0.9, 0.9] for _ in candidates]

    monkeypatch.setattr(features, "seen_again", scores)
    found = finder._classify(Search((candidate,), 0, ()))
    assert bool(looked_at) == is_found
    assert len(found) == int(is_found)


@pytest.mark.parametrize(
    ("score", "stated", "is_found"),
    [
        pytest.param(0.13, (10, 10, 90, 110), True, id="stated"),
        pytest.param(0.13, (0, 0, 160, 200), True, id="stated, with the shoulders"),
        pytest.param(0.13, None, False, id="not stated"),
        pytest.param(0.13, (500, 500, 600, 600), False, id="stated elsewhere"),
        pytest.param(0.13, (0, 0, 1600, 1200), False, id="stated of the whole photo"),
    ],
)
def test_where_a_face_is_stated_whatever_may_be_one_is(
    score: float, stated: tuple[int, int, int, int] | None, is_found: bool, finder: FaceDetector
) -> None:
    scores = np.array([score, 0, 0, np.nan, np.nan, np.nan])
    candidate = Candidate(np.array([10.0, 10.0, 90.0, 110.0]), np.zeros((5, 2)), 2, scores)
    search = Search((candidate,), 0, ())
    boxes = np.array([stated] if stated else []).reshape(-1, 4)
    found = _in_stated_boxes(search, [], boxes)
    assert [face.probability for face in found] == ([score] if is_found else [])
    assert _in_stated_boxes(search, found, boxes) == [], "the place has a face"


def test_of_what_may_be_a_face_there_the_best_is(finder: FaceDetector) -> None:
    boxes = [(10, 10, 90, 110), (12, 8, 95, 112), (300, 300, 400, 420)]
    candidates = tuple(
        Candidate(np.array(box, float), np.zeros((5, 2)), 0, np.array([score, 0, 0, 0, 0, 0]))
        for box, score in zip(boxes, (0.2, 0.3, 0.9), strict=True)
    )
    (best,) = _in_stated_boxes(Search(candidates, 0, ()), [], np.array([[10, 10, 90, 110]]))
    assert best.candidate is candidates[1]


def test_yaw_is_positive_where_the_nose_points_to_the_images_right(pixels_of: Read, finder: FaceDetector) -> None:
    """The cameraman looks to the image's right, and to its left in the mirror."""
    photo = pixels_of("IMG_2047.jpg")
    (face,), (mirrored,) = finder.find(photo), finder.find(np.ascontiguousarray(photo[:, ::-1]))
    assert face.yaw > 25
    assert mirrored.yaw < -25


@pytest.mark.parametrize("name", ["IMG_2071.HEIC", "IMG_2040.jpg", "IMG_2060.jpg"])
def test_the_mirror_turns_yaw_and_roll_around(name: str, pixels_of: Read, finder: FaceDetector) -> None:
    photo = pixels_of(name)
    width = photo.shape[1]
    faces, mirrored = finder.find(photo), finder.find(np.ascontiguousarray(photo[:, ::-1]))
    assert faces
    for face in faces:
        expected = Box(width - face.box.right, face.box.y, face.box.w, face.box.h)
        twin = max(mirrored, key=lambda other: other.box.iou(expected))
        assert twin.box.iou(expected) > 0.5
        assert twin.yaw == pytest.approx(-face.yaw, abs=12)
        assert twin.roll == pytest.approx(-face.roll, abs=8)
        assert twin.pitch == pytest.approx(face.pitch, abs=12)


@pytest.mark.parametrize("degrees", [-25, 25])
def test_roll_is_positive_clockwise(degrees: int, pixels_of: Read, finder: FaceDetector) -> None:
    photo = pixels_of("IMG_2060.jpg")
    height, width = photo.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)  # positive there is counter-clockwise
    (straight,), (leaning,) = finder.find(photo), finder.find(cv2.warpAffine(photo, matrix, (width, height)))
    assert leaning.roll - straight.roll == pytest.approx(degrees, abs=6)


@pytest.mark.parametrize("scale", [0.5, 1 / 3])
def test_boxes_are_in_pixels_of_the_full_photo(scale: float, pixels_of: Read, finder: FaceDetector) -> None:
    photo = pixels_of("IMG_2040.jpg")
    size = round(photo.shape[1] * scale), round(photo.shape[0] * scale)
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    full, reduced = finder.find(photo), finder.find(small, scale)
    assert len(full) == len(reduced)
    for face, other in zip(full, reduced, strict=True):
        assert face.box.iou(other.box) > 0.7
        np.testing.assert_allclose(face.landmarks, other.landmarks, atol=0.12 * face.box.h)


@pytest.mark.parametrize("shape", [(16, 16), (40, 4000), (4000, 40), (16, 3000), (1, 1)], ids=str)
def test_pictures_of_any_shape_are_looked_at(shape: tuple[int, int], finder: FaceDetector) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (*shape, 3), np.uint8)
    for picture in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
        for face in finder.find(picture):
            assert np.isfinite([face.box.x, face.box.y, face.box.w, face.box.h, face.yaw, face.pitch, face.roll]).all()


def test_the_same_photo_has_the_same_faces(pixels_of: Read, finder: FaceDetector) -> None:
    """To the last digit, also when several threads look at once: receipts hash what was seen."""
    photos = [pixels_of("IMG_2040.jpg"), pixels_of("IMG_2058.jpg"), pixels_of("IMG_2066.jpg")]
    alone = [finder.find(photo) for photo in photos]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(finder.find, photos * 2))
    assert together == alone * 2


def test_the_photo_is_left_as_it_was(pixels_of: Read, finder: FaceDetector) -> None:
    photo = pixels_of("IMG_2058.jpg").copy()
    before = photo.copy()
    finder.find(photo)
    np.testing.assert_array_equal(photo, before)


def test_faces_are_numbered_as_one_reads(pixels_of: Read, finder: FaceDetector) -> None:
    """Row by row, although the children of one row are not equally tall."""
    rows = FACES["IMG_2036.jpg"][:7], FACES["IMG_2036.jpg"][7:]
    faces = finder.find(pixels_of("IMG_2036.jpg"))
    numbers = [[k for k, face in enumerate(faces) if any(near(face, place) for place in row)] for row in rows]
    assert max(numbers[0]) < min(numbers[1])
    for row in numbers:
        assert [faces[k].box.x for k in row] == sorted(faces[k].box.x for k in row)


def test_a_known_face_is_not_found_again_and_any_other_is(pixels_of: Read, finder: FaceDetector) -> None:
    photo = pixels_of("IMG_2040.jpg")
    first, second, *others = finder.find(photo)
    grown = Box(first.box.x - 3, first.box.y - 3, first.box.w + 6, first.box.h + 6)
    again = finder.find(photo, expected=[grown, second.box])
    assert [face.box for face in again] == [face.box for face in others]
    doubled = Box(*(value / 0.5 for value in (first.box.x, first.box.y, first.box.w, first.box.h)))
    assert len(finder.find(photo, 0.5, [doubled])) == len(others) + 1, "known boxes are in pixels of the full photo"


def test_what_a_photo_costs_does_not_hang_on_how_many_faces_may_be_in_it(
    finder: FaceDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many candidates are doubtful, upright and turned, the second look is at so many crops and no more."""
    looks: list[int] = []

    def seen_again(levels: object, candidates: list[Candidate], runtime: object) -> list[list[float]]:
        looks.append(len(candidates))
        return [[0.0, 0.0] for _ in candidates]

    monkeypatch.setattr(features, "seen_again", seen_again)
    doubtful = np.array([0.3, 0.3, 0.3, 0.3, 0.3, 0.3])
    turned_scores = np.array([0.4, 0.4, *[np.nan] * 4])
    counts = []
    for number in (1, 20, 500):
        boxes = [np.array([60.0 * k, 0, 60.0 * k + 40, 50]) for k in range(number)]
        candidates = [Candidate(box, np.zeros((5, 2)), 0, doubtful) for box in boxes]
        candidates += [Candidate(box + 1000 * 60, np.zeros((5, 2)), 2, turned_scores) for box in boxes]
        looks.clear()
        finder._classify(Search(tuple(candidates), 0, ()))
        counts.append(sum(looks))
    assert counts[0] > 0
    assert counts[1] == counts[2] <= MAX_SECOND_LOOKS + MAX_TURNED


def test_the_search_runs_as_many_passes_whoever_is_in_the_photo(
    pixels_of: Read, finder: FaceDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four faces, twelve and fourteen, all plainly upright, and one pass more where something is in doubt; only an
    empty photo, or a turned one, is looked at longer."""
    passes: list[int] = []
    real = ModelSession.__call__

    def call(session: ModelSession, batch: Array) -> list[Array]:
        passes.append(len(batch))
        return real(session, batch)

    monkeypatch.setattr(ModelSession, "__call__", call)
    fewest = len(pyramid.SQUARES) + 3 * pyramid.ALWAYS + 2
    for name in ("IMG_2040.jpg", "IMG_2036.jpg", "IMG_2031.jpg"):
        passes.clear()
        pyramid.search(pixels_of(name), finder._runtime)
        assert len(passes) in (fewest, fewest + 1)
    passes.clear()
    pyramid.search(np.zeros_like(pixels_of("IMG_2040.jpg")), finder._runtime)
    assert len(passes) == fewest + 1 + 3


def test_beyond_those_that_are_looked_at_again_the_search_decides(
    finder: FaceDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a crowd of likely faces none is dropped for want of a look."""
    monkeypatch.setattr(features, "seen_again", lambda levels, candidates, *_: [[0.9, 0.9] for _ in candidates])
    scores = np.array([0.3, 0.5, 0.5, 0.5, 0.3, 0.3])
    crowd = [Candidate(np.array([60.0 * k, 0, 60.0 * k + 40, 50]), np.zeros((5, 2)), 0, scores) for k in range(60)]
    probability = finder._fusion.first(features.first_stage(crowd[0]))
    assert finder._fusion.face <= probability < finder._fusion.sure
    assert len(finder._classify(Search(tuple(crowd), 0, ()))) == 60


@pytest.mark.parametrize(
    ("at_once", "again", "is_found"),
    [
        pytest.param(0.95, (0.1, 0.4), True, id="sure at once"),
        pytest.param(0.75, (0.1, 0.7), True, id="sure again"),
        pytest.param(0.75, (0.1, 0.4), False, id="not sure enough"),
        pytest.param(0.95, (0.1, 0.2), False, id="sure once"),
        pytest.param(0.6, (0.1, 0.7), False, id="not sure"),
    ],
)
def test_of_what_centerface_hardly_sees_retinaface_has_to_be_sure_twice(
    at_once: float,
    again: tuple[float, float],
    is_found: bool,
    finder: FaceDetector,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(features, "seen_again", lambda levels, candidates, *_: [list(again) for _ in candidates])
    scores = np.array([0.0, 0.0, 0.0, 0.0, 0.0, at_once])
    candidate = Candidate(np.array([0.0, 0.0, 60.0, 75.0]), np.zeros((5, 2)), 0, scores)
    assert len(finder._classify(Search((candidate,), 0, ()))) == is_found


def test_in_a_crowd_no_second_look_takes_away_what_the_search_finds_likely(
    finder: FaceDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look had none left for it; of a rendition only a few places are looked at, and there would be one."""
    monkeypatch.setattr(features, "seen_again", lambda levels, candidates, *_: [[0.0, 0.0] for _ in candidates])
    scores = np.array([0.3, 0.5, 0.5, 0.5, 0.3, 0.3])
    search = Search((Candidate(np.array([0.0, 0.0, 40.0, 50.0]), np.zeros((5, 2)), 0, scores),), 0, ())
    assert len(finder._classify(search)) == 0
    assert len(finder._classify(search, crowd=True)) == 1


def test_where_nobody_is_found_a_doubtful_face_that_fills_the_frame_is_one(
    finder: FaceDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "seen_again", lambda levels, candidates, *_: [[0.0, 0.0] for _ in candidates])
    doubtful = Candidate(np.array([0.0, 0, 400, 500]), np.zeros((5, 2)), 0, np.array([0, 0.1, 0, 0, 0, 0.5]))
    plain = Candidate(np.array([600.0, 0, 640, 50]), np.zeros((5, 2)), 0, np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.9]))
    (alone,) = finder._classify(Search((doubtful,), 0, ()))
    (beside,) = finder._classify(Search((doubtful, plain), 0, ()))
    np.testing.assert_allclose(alone.candidate.box, doubtful.box)
    np.testing.assert_allclose(beside.candidate.box, plain.box)


def test_the_faces_of_a_crowd_are_each_placed_once() -> None:
    """Each of so many candidates changes one face: what that costs grows with their number, not with its square."""
    boxes = [(x, y, x + 20, y + 20) for x in range(0, 600, 30) for y in range(0, 600, 30) for _ in range(2)]
    scored = [
        detector._Scored(
            Candidate(np.array(box, float) + at % 2, np.zeros((5, 2)), 0, np.zeros(PASSES)), 0.5 + at / 10_000
        )
        for at, box in enumerate(boxes)
    ]
    with patch.object(detector, "_mean", wraps=detector._mean) as mean:
        faces = detector._one_per_face(scored)
    assert len(faces) == len(boxes) / 2
    assert mean.call_count == len(boxes) + len(faces)
    assert all(np.allclose(face.candidate.box % 30 - [0, 0, 20, 20], 0.5, atol=0.01) for face in faces)
