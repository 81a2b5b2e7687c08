from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.errors import UnknownChannel
from fotopoort.policy.measures import (
    cover_box,
    face_cover,
    faceless,
    figure_cover,
    is_close_up,
    is_frontal,
    is_recognisable,
    public_side,
    published_sides,
    scene,
    seen_side,
    shows_a_face,
    union_area,
)
from fotopoort.vocabulary import Box, DrawnFace, Figure, Scene

from .scenes import CLOSED, FACEBOOK, HEIGHT, POLICY, WEBSITE, WIDTH, face, faces, photo, unhurried

BOX = Box(500, 500, 100, 200)


@pytest.mark.parametrize(
    ("height", "width", "max_side", "recognisable"),
    [
        (28, 1600, 1600, True),
        (27.9, 1600, 1600, False),
        (56, 3200, 1600, True),
        (55, 3200, 1600, False),
        (44, 3200, 2048, True),
        (27, 100, 1600, False),  # a photo is never enlarged
    ],
)
def test_recognisable_at_the_published_size(height: float, width: int, max_side: int, recognisable: bool) -> None:
    assert is_recognisable(face(1, height), width, width // 2, max_side, POLICY) is recognisable
    assert is_recognisable(face(1, height), width // 2, width, max_side, POLICY) is recognisable


@pytest.mark.parametrize(
    ("yaw", "pitch", "reliable", "frontal"),
    [
        (0, 0, True, True),
        (25, -30, True, True),
        (-25.1, 0, True, False),
        (0, 30.1, True, False),
        (90, 90, False, True),
    ],
)
def test_frontal(yaw: float, pitch: float, reliable: bool, frontal: bool) -> None:
    assert is_frontal(face(yaw=yaw, pitch=pitch, reliable=reliable), POLICY) is frontal


@pytest.mark.parametrize(("height", "close_up"), [(300, True), (299, False)])
def test_close_up_is_a_part_of_the_shorter_side(height: float, close_up: bool) -> None:
    assert is_close_up(face(1, height), WIDTH, HEIGHT, POLICY) is close_up
    assert is_close_up(face(1, height), HEIGHT, WIDTH, POLICY) is close_up


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((), Scene.NO_FACES),
        (faces(3, 96), Scene.OVERVIEW),
        (faces(3, 97), Scene.GROUP),
        (faces(8, 97), Scene.OVERVIEW),
        ((face(1, 300), *(face(n) for n in range(4, 12))), Scene.CLOSE_UP),
    ],
    ids=["nobody", "small faces", "a few larger ones", "many", "many and a close-up"],
)
def test_scene(seen: tuple[object, ...], expected: Scene) -> None:
    assert scene(photo(*seen), POLICY) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        (0, Box(485, 440, 130, 290)),  # 30 % wider, most of it in height above
        (180, Box(485, 470, 130, 290)),
        (90, Box(485, 470, 145, 260)),  # the top of the head is at the image's right
        (-90, Box(470, 470, 145, 260)),
    ],
)
def test_the_margin_for_hair_is_at_the_top_of_the_head(roll: float, expected: Box) -> None:
    cover = cover_box(BOX, WIDTH, HEIGHT, POLICY, roll=roll)
    assert (cover.x, cover.y, cover.w, cover.h) == pytest.approx((expected.x, expected.y, expected.w, expected.h))


def test_where_the_roll_is_a_guess_hair_may_be_at_either_top() -> None:
    guessed = replace(face(roll=180, reliable=False), box=BOX)
    cover = face_cover(guessed, WIDTH, HEIGHT, POLICY)
    assert (cover.y, cover.bottom) == pytest.approx((440, 760))


@unhurried
@given(st.floats(-720, 720), st.booleans())
def test_a_cover_always_reaches_beyond_the_face(roll: float, reliable: bool) -> None:
    cover = face_cover(replace(face(roll=roll, reliable=reliable), box=BOX), WIDTH, HEIGHT, POLICY)
    assert cover.x <= 485.001
    assert cover.right >= 614.999
    assert cover.y <= 470.001
    assert cover.bottom >= 729.999


def test_a_cover_stays_in_the_photo() -> None:
    assert cover_box(Box(-20, -20, 5000, 5000), WIDTH, HEIGHT, POLICY) == Box(0, 0, WIDTH, HEIGHT)


small = st.integers(0, 12)
grid_boxes = st.lists(st.builds(Box, small, small, small, small), max_size=6)


@unhurried
@given(grid_boxes)
def test_union_area_counts_every_square_once(boxes: list[Box]) -> None:
    squares = {
        (x, y) for box in boxes for x in range(int(box.x), int(box.right)) for y in range(int(box.y), int(box.bottom))
    }
    assert union_area(boxes) == len(squares)


def test_published_sides() -> None:
    assert published_sides(POLICY, [CLOSED, WEBSITE]) == {CLOSED: 2048, WEBSITE: 1600}
    assert published_sides(POLICY, [CLOSED, FACEBOOK], together=True) == {CLOSED: 1600, FACEBOOK: 1600}
    assert published_sides(POLICY, [], together=True) == {}
    with pytest.raises(UnknownChannel):
        published_sides(POLICY, ["tiktok"])


def test_a_photo_is_looked_at_by_as_much_as_any_channel_shows() -> None:
    assert seen_side(POLICY) == max(channel.max_side for channel in POLICY.channels)


def test_what_everybody_sees_is_as_large_as_the_largest_public_channel() -> None:
    assert public_side(POLICY) == 1600
    assert public_side(replace(POLICY, channels=(POLICY.channel(CLOSED),))) == 2048


@pytest.mark.parametrize(
    ("box", "side", "shows"),
    [
        (Box(0, 0, 84, 100), 1600, False),  # 0.33 of it is 27.7
        (Box(0, 0, 85, 100), 1600, True),
        (Box(0, 0, 40, 233), 1600, False),  # somebody thin: 0.12 of it is 28.0
        (Box(0, 0, 40, 234), 1600, True),
        (Box(0, 0, 85, 100), 800, False),  # as it is published
        (Box(0, 0, 170, 100), 800, True),
        (Box(0, 0, 85, 100), 3200, True),  # and never enlarged
    ],
)
def test_a_figure_is_large_where_its_face_would_be_recognisable(box: Box, side: int, shows: bool) -> None:
    assert shows_a_face(Figure(box, 0.9), 1600, 1200, side, POLICY) is shows


@pytest.mark.parametrize(
    ("face", "can"),
    [
        (Box(140, 110, 40, 50), True),
        (Box(140, 85, 40, 50), True),  # the middle is a little above the figure
        (Box(140, 50, 40, 50), False),
        (Box(140, 234, 40, 50), True),  # it begins in the upper 45 %
        (Box(140, 236, 40, 50), False),
        (Box(100, 150, 100, 230), True),  # it is most of the figure
        (Box(210, 110, 40, 50), False),
        (Box(50, 110, 40, 50), False),
        (Box(140, 110, 16, 20), True),  # a fifth of the figure's width
        (Box(140, 110, 16, 19.9), False),  # somebody's further back
        (Box(140, 110, 19.9, 16), False),
    ],
)
def test_a_face_is_a_figures_own_in_its_upper_part(face: Box, can: bool) -> None:
    assert Figure(Box(100, 100, 100, 300), 0.9).can_have_face(face) is can


def test_the_face_of_somebody_who_lies_is_anywhere_in_the_figure() -> None:
    lying = Figure(Box(100, 100, 300, 100), 0.9)
    assert lying.can_have_face(Box(350, 160, 40, 38))
    assert not lying.can_have_face(Box(350, 160, 19, 19))


def test_the_face_of_somebody_with_arms_and_legs_spread_is_small_for_the_width() -> None:
    running = Figure(Box(100, 100, 250, 300), 0.9)
    assert running.can_have_face(Box(150, 110, 28, 31))
    assert not running.can_have_face(Box(150, 110, 28, 29))


@pytest.mark.parametrize("others", [0, 3])
@pytest.mark.parametrize(("score", "counts"), [(0.9, True), (0.4, True), (0.39, False)])
def test_how_surely_somebody_must_be_seen_is_the_policys_whoever_else_was_found(
    score: float, counts: bool, others: int
) -> None:
    policy = replace(POLICY, figure=replace(POLICY.figure, min_score=0.4))
    seen = Figure(Box(660, 690, 120, 360), score)
    assert faceless(photo(*faces(others), figures=(seen,)), (), 2048, policy) == ((seen,) if counts else ())


def test_a_drawn_face_is_that_of_the_nearest() -> None:
    """Whoever is asked about first does not take the face that is another's, if there is one nearer."""
    wide, narrow = Figure(Box(100, 100, 300, 600), 0.9), Figure(Box(300, 110, 150, 600), 0.8)
    drawn = [DrawnFace(Box(330, 120, 80, 90)), DrawnFace(Box(210, 110, 80, 90))]
    for figures in ((wide, narrow), (narrow, wide)):
        for shapes in (drawn, drawn[::-1]):
            assert faceless(photo(figures=figures), shapes, 2048, POLICY) == ()


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        (0, Box(775, 560, 180, 400)),
        (30, Box(775, 560, 180, 400)),
        (90, Box(505, 510, 400, 180)),  # the top of the head is at the right, the body at the left
        (-90, Box(825, 510, 400, 180)),
        (180, Box(775, 240, 180, 400)),
    ],
)
def test_of_somebody_of_whom_only_the_face_was_found_most_people_are_the_measure(roll: float, expected: Box) -> None:
    cover = figure_cover(Box(850, 580, 30, 40), None, 1600, 1200, POLICY, roll=roll)
    assert _near(cover, expected)


def _near(box: Box, other: Box) -> bool:
    return (box.x, box.y, box.w, box.h) == pytest.approx((other.x, other.y, other.w, other.h))


def test_a_figures_cover_is_a_little_larger_and_stays_in_the_photo() -> None:
    face = Box(850, 580, 30, 40)
    assert _near(figure_cover(face, Figure(Box(800, 500, 100, 300), 0.9), 1600, 1200, POLICY), Box(790, 470, 120, 360))
    cover = figure_cover(face, Figure(Box(0, 900, 100, 300), 0.9), 1600, 1200, POLICY)
    assert _near(cover, Box(0, 870, 110, 330))
