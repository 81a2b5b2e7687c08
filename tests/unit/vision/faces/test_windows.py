from __future__ import annotations

import random

import numpy as np
import pytest

from fotopoort.vision.faces.windows import MANY, MAX_PART, SIDES, STEP, Window, are_clear, windows

HIGH, WIDE = 960, 1280
Place = tuple[float, float, float, float]


def of(*places: Place, high: int = HIGH, wide: int = WIDE) -> list[Window] | None:
    return windows(np.array(places, float), high, wide)


def seen(box: Place, *windows: Window) -> bool:
    return any(are_clear(np.array([box]), window, HIGH, WIDE)[0] for window in windows)


@pytest.mark.parametrize("seed", range(60))
def test_every_place_is_clear_of_the_edges_of_a_window_of_a_known_shape(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - places to try
    places = []
    for _ in range(rng.randrange(1, 6)):
        x, y, side = rng.uniform(-20, WIDE - 10), rng.uniform(-20, HIGH - 10), rng.uniform(4, 150)
        places.append((x, y, x + side, y + side * 1.2))
    found = of(*places)
    if found is None:
        return
    for rows, columns in found:
        assert rows.stop - rows.start == columns.stop - columns.start
        assert rows.stop - rows.start in SIDES
        assert rows.start % STEP == columns.start % STEP == 0
        assert min(rows.start, columns.start) >= 0
        assert rows.stop <= HIGH
        assert columns.stop <= WIDE
    assert sum((rows.stop - rows.start) ** 2 for rows, _ in found) <= MAX_PART * HIGH * WIDE
    for place in places:
        assert seen(place, *found)


@pytest.mark.parametrize("x", [0, 500, 1240])
@pytest.mark.parametrize("y", [0, 440, 930])
def test_a_place_at_the_edge_of_the_picture_too(x: int, y: int) -> None:
    place = (x, y, x + 40.0, y + 30.0)
    found = of(place)
    assert found
    assert seen(place, *found)


def test_neighbours_share_a_window() -> None:
    found = of((300, 300, 350, 380), (360, 310, 410, 390))
    assert found is not None
    assert len(found) == 1


def test_a_row_of_faces_shares_windows() -> None:
    row = [(x, 400.0 + x % 50, x + 60.0, 470.0 + x % 50) for x in range(60, 1200, 130)]
    found = of(*row)
    assert found is not None
    assert sum((rows.stop - rows.start) ** 2 for rows, _ in found) <= 0.6 * HIGH * WIDE


def test_what_is_all_over_the_picture_is_looked_at_whole() -> None:
    spread = [(x, y, x + 30, y + 30) for x in range(10, 1250, 200) for y in range(10, 930, 200)]
    assert of(*spread) is None
    assert of(*[(5.0 * n, 100 + 3 * n, 5 * n + 10, 3 * n + 110) for n in range(MANY + 1)]) is None
    assert of(*[(100, 100, 110, 110)] * (MANY + 1)) is not None, "all the same"
    assert of((100, 100, 900, 800)) is None, "larger than any window"
    assert of((100, 100, 120, 120), high=256, wide=320) is None, "a picture smaller than any window"


def test_what_an_edge_cuts_through_or_comes_near_is_not_clear() -> None:
    window = (slice(320, 640), slice(320, 640))
    assert seen((400, 400, 440, 450), window)
    for box in ((300, 400, 360, 450), (330, 400, 360, 450), (400, 580, 440, 625), (400, 400, 440, 660)):
        assert not seen(box, window)
    corner = (slice(0, 320), slice(WIDE - 320, WIDE))
    assert seen((WIDE - 60, -10, WIDE + 10, 60), corner), "the picture's own edges are no matter"
