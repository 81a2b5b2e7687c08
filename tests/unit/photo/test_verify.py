from __future__ import annotations

import pytest

from fotopoort.photo.verify import found_again
from fotopoort.vocabulary import Box, Face

VISIBLE = Box(100, 100, 100, 100)


def face(box: Box) -> Face:
    return Face("f1", box, (), 0.9, 0.0, 0.0, 0.0, True)


@pytest.mark.parametrize(
    ("found", "covered", "visible", "again"),
    [
        pytest.param(VISIBLE, [], [VISIBLE], False, id="the visible face itself"),
        pytest.param(Box(130, 100, 100, 100), [], [VISIBLE], False, id="the visible face, found a little off"),
        pytest.param(Box(90, 90, 300, 300), [], [VISIBLE], False, id="much larger, around the visible one's centre"),
        pytest.param(Box(160, 160, 100, 100), [], [VISIBLE], True, id="too far off to be the visible one"),
        pytest.param(Box(400, 100, 100, 100), [], [VISIBLE], True, id="a face nobody judged"),
        pytest.param(VISIBLE, [], [], True, id="no face may be visible"),
        pytest.param(VISIBLE, [Box(140, 90, 60, 120)], [VISIBLE], True, id="its centre is covered"),
        pytest.param(VISIBLE, [Box(160, 90, 200, 120)], [VISIBLE], False, id="visible, 40 % under a neighbour's cover"),
        pytest.param(Box(120, 100, 100, 100), [Box(185, 90, 200, 120)], [VISIBLE], False, id="the same, a little off"),
        pytest.param(Box(135, 100, 100, 100), [Box(190, 90, 200, 120)], [VISIBLE], True, id="perhaps another face"),
        pytest.param(Box(135, 100, 100, 100), [Box(210, 90, 200, 120)], [VISIBLE], False, id="covered less than 30 %"),
    ],
)
def test_what_counts_as_found_again(found: Box, covered: list[Box], visible: list[Box], again: bool) -> None:
    assert found_again([face(found)], covered, visible) == ((found,) if again else ())


def test_every_face_found_again_is_returned() -> None:
    boxes = [Box(0, 0, 10, 10), VISIBLE, Box(300, 300, 10, 10)]
    assert found_again([face(box) for box in boxes], [], [VISIBLE]) == (boxes[0], boxes[2])


@pytest.mark.parametrize(
    ("score", "box", "before", "again"),
    [
        pytest.param(0.4, Box(110, 110, 60, 80), (0.9,), False, id="doubtful, on paint, where a plain face was"),
        pytest.param(0.9, Box(110, 110, 60, 80), (0.9,), True, id="plain, so it cannot be paint"),
        pytest.param(0.4, Box(80, 110, 60, 80), (0.9,), True, id="doubtful, and partly beside the cover"),
        pytest.param(
            0.4, Box(110, 110, 60, 80), (0.4,), True, id="as doubtful as before: perhaps it was never covered"
        ),
        pytest.param(0.4, Box(110, 110, 60, 80), (0.9, 0.4), True, id="one of two was doubtful"),
        pytest.param(0.4, Box(110, 110, 60, 80), (), True, id="nobody was found there before"),
    ],
)
def test_a_drawn_cover_is_not_taken_for_a_face(score: float, box: Box, before: tuple[float, ...], again: bool) -> None:
    found = Face("f1", box, (), score, 0.0, 0.0, 0.0, True)
    original = [Face("f1", Box(115, 110, 60, 80), (), before_score, 0.0, 0.0, 0.0, True) for before_score in before]
    assert found_again([found], [Box(100, 100, 100, 100)], [], original) == ((box,) if again else ())
