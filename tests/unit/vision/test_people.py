"""People as whole figures: seen in the sample photos with the real model, and paired with the faces that are theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.people import PersonDetector, with_faces
from fotopoort.vocabulary import Box, Face, Figure

Read = Callable[[str], np.ndarray[Any, np.dtype[Any]]]

STANDING = Box(100, 100, 100, 300)


@pytest.fixture(scope="module")
def people(runtime: Runtime) -> PersonDetector:
    return PersonDetector.load(runtime)


def face(number: int, x: float, y: float, size: float = 40) -> Face:
    return Face(f"f{number}", Box(x, y, size, 1.2 * size), (), 0.9, 0, 0, 0, True)


def test_people_are_seen_whole_and_at_the_size_of_the_full_photo(pixels_of: Read, people: PersonDetector) -> None:
    pixels = pixels_of("IMG_2040.jpg")  # four children, side by side
    height, width = pixels.shape[:2]
    seen = people.find(pixels)
    assert len(seen) >= 3
    assert all(figure.face is None and 0.3 <= figure.score <= 1 for figure in seen)
    assert all(figure.box.clipped(width, height) == figure.box for figure in seen)
    assert [figure.score for figure in seen] == sorted((figure.score for figure in seen), reverse=True)
    half = people.find(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 0.5)
    sure = [figure for figure in half if figure.score >= 0.6]
    assert len(sure) >= 3
    assert all(any(one.box.iou(other.box) > 0.85 for other in seen) for one in sure)


@pytest.mark.parametrize("shape", [(300, 300), (40, 900), (900, 40), (1, 1)])
def test_nobody_is_seen_where_nobody_is(shape: tuple[int, int], people: PersonDetector) -> None:
    assert people.find(np.full((*shape, 3), (120, 150, 170), np.uint8)) == ()


def test_a_face_in_the_upper_part_is_that_persons() -> None:
    figure = Figure(STANDING, 0.9)
    assert with_faces([figure], [face(1, 130, 110)])[0].face == "f1"
    assert with_faces([figure], [face(1, 130, 300)])[0].face is None
    assert with_faces([figure], [face(1, 230, 110)])[0].face is None
    assert with_faces([figure], []) == (figure,)
    assert with_faces([], [face(1, 130, 110)]) == ()


def test_the_face_of_somebody_upside_down_is_in_the_lower_part() -> None:
    """In a photo that lies upside down, or of a child that hangs from a bar."""
    figure, below = Figure(STANDING, 0.9), replace(face(1, 130, 340), roll=175.0)
    assert with_faces([figure], [below])[0].face == "f1"
    assert with_faces([figure], [replace(below, roll=-175.0)])[0].face == "f1"
    assert with_faces([figure], [replace(below, box=face(1, 130, 110).box)])[0].face is None
    assert with_faces([figure], [replace(below, roll=40.0)])[0].face is None


def test_one_face_is_not_two_peoples() -> None:
    """Of somebody behind somebody else the face was not found."""
    behind = Figure(Box(140, 90, 100, 300), 0.8)
    paired = with_faces([Figure(STANDING, 0.9), behind], [face(1, 130, 110)])
    assert sorted(figure.face or "" for figure in paired) == ["", "f1"]


def test_each_has_the_nearest_face() -> None:
    left, right = Figure(STANDING, 0.9), Figure(Box(150, 100, 100, 300), 0.8)
    assert [figure.face for figure in with_faces([left, right], [face(1, 180, 110), face(2, 130, 110)])] == ["f2", "f1"]
    assert [figure.face for figure in with_faces([right, left], [face(1, 180, 110), face(2, 130, 110)])] == ["f1", "f2"]


def test_a_bystanders_face_does_not_make_up_for_that_of_somebody_behind() -> None:
    """It could be that of the one in front, if theirs were that of the one behind: it is asked, not reckoned away."""
    behind, bystander = Figure(Box(140, 90, 100, 300), 0.8), face(2, 90, 115)
    paired = with_faces([Figure(STANDING, 0.9), behind], [face(1, 130, 105), bystander])
    assert [figure.face for figure in paired] == ["f1", None]


def test_a_tiny_face_in_the_background_is_not_that_of_somebody_large() -> None:
    large = Figure(Box(100, 100, 400, 900), 0.9)
    assert with_faces([large], [face(1, 290, 150, size=30)])[0].face is None
    assert with_faces([large], [face(1, 290, 150, size=100)])[0].face == "f1"
    lying = Figure(Box(100, 100, 900, 400), 0.9)
    assert with_faces([lying], [face(1, 800, 200, size=30)])[0].face is None
    assert with_faces([lying], [face(1, 800, 200, size=100)])[0].face == "f1"


def test_how_sure_the_look_was_is_told_and_not_decided_upon() -> None:
    doubtful, other = Figure(STANDING, 0.35), face(1, 600, 110)
    assert with_faces([doubtful], []) == with_faces([doubtful], [other]) == (doubtful,)
    assert with_faces([doubtful], [other, face(2, 130, 110)]) == (Figure(STANDING, 0.35, "f2"),)


@pytest.mark.parametrize("standing", [False, True])
def test_people_in_a_long_picture_are_seen_wherever_they_are(
    standing: bool, pixels_of: Read, people: PersonDetector
) -> None:
    """The same four children at both ends and between, in a picture eight times as long as high."""
    photo = cv2.resize(pixels_of("IMG_2040.jpg"), (400, 300), interpolation=cv2.INTER_AREA)
    alone = [figure.box for figure in people.find(photo) if figure.score >= 0.6]
    assert len(alone) >= 3
    side = 400 if standing else 300
    for shift in range(0, side, side // 3):  # over seams and beside them
        starts = [0, 5 * side // 2 + shift, 8 * side - (300 if standing else 400)]
        canvas = np.full((8 * side, side, 3) if standing else (side, 8 * side, 3), photo.mean((0, 1)), np.uint8)
        for start in starts:
            place = canvas[start : start + 300] if standing else canvas[:, start : start + 400]
            place[:] = photo
        seen = [figure.box for figure in people.find(canvas)]
        for start in starts:
            there = [replace(box, y=box.y + start) if standing else replace(box, x=box.x + start) for box in alone]
            assert sum(any(box.iou(other) > 0.6 for other in seen) for box in there) >= len(there) - 1
        assert len(seen) <= 3 * (len(alone) + 2)


boxes = st.builds(Box, st.integers(0, 300), st.integers(0, 300), st.integers(10, 200), st.integers(10, 300))


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_nobody_has_a_face_that_cannot_be_theirs_and_no_face_is_left_that_could_be(
    figures: list[Box], faces: list[Box]
) -> None:
    seen = [Face(f"f{number}", box, (), 0.9, 0, 0, 0, True) for number, box in enumerate(faces, 1)]
    paired = with_faces([Figure(box, 0.9) for box in figures], seen)
    assert [figure.box for figure in paired] == figures
    taken = [figure.face for figure in paired if figure.face]
    assert len(set(taken)) == len(taken)
    by_id = {face.id: face.box for face in seen}
    assert all(figure.can_have_face(by_id[figure.face]) for figure in paired if figure.face)
    free = [face.box for face in seen if face.id not in taken]
    assert not any(figure.can_have_face(box) for figure in paired if figure.face is None for box in free)
