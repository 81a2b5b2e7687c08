from __future__ import annotations

import pytest

from fotopoort.photo.verify import found_again
from fotopoort.vocabulary import Box, Face

KEPT = Box(100, 100, 100, 100)


def face(box: Box) -> Face:
    return Face("f1", box, (), 0.9, 0.0, 0.0, 0.0, True)


@pytest.mark.parametrize(
    ("found", "covered", "kept", "again"),
    [
        pytest.param(KEPT, [], [KEPT], False, id="the kept face itself"),
        pytest.param(Box(130, 100, 100, 100), [], [KEPT], False, id="the kept face, seen a little off"),
        pytest.param(Box(90, 90, 300, 300), [], [KEPT], False, id="much larger, around the kept one's middle"),
        pytest.param(Box(160, 160, 100, 100), [], [KEPT], True, id="too far off to be the kept one"),
        pytest.param(Box(400, 100, 100, 100), [], [KEPT], True, id="a face nobody judged"),
        pytest.param(KEPT, [], [], True, id="nothing was to be kept"),
        pytest.param(KEPT, [Box(140, 90, 60, 120)], [KEPT], True, id="its middle is covered"),
        pytest.param(KEPT, [Box(160, 90, 200, 120)], [KEPT], False, id="kept, under 40 % by a neighbour's cover"),
        pytest.param(Box(120, 100, 100, 100), [Box(185, 90, 200, 120)], [KEPT], False, id="the same, a little off"),
        pytest.param(Box(135, 100, 100, 100), [Box(190, 90, 200, 120)], [KEPT], True, id="not plainly the kept one"),
        pytest.param(Box(135, 100, 100, 100), [Box(210, 90, 200, 120)], [KEPT], False, id="covered less than 30 %"),
    ],
)
def test_what_counts_as_found_again(found: Box, covered: list[Box], kept: list[Box], again: bool) -> None:
    assert found_again([face(found)], covered, kept) == ((found,) if again else ())


def test_every_one_of_them_is_told() -> None:
    boxes = [Box(0, 0, 10, 10), KEPT, Box(300, 300, 10, 10)]
    assert found_again([face(box) for box in boxes], [], [KEPT]) == (boxes[0], boxes[2])


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
    judged = [Face("f1", Box(115, 110, 60, 80), (), one, 0.0, 0.0, 0.0, True) for one in before]
    assert found_again([found], [Box(100, 100, 100, 100)], [], judged) == ((box,) if again else ())
