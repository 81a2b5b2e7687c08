from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.photo.cover import GREY, Rectangle, cover


@settings(max_examples=60)
@given(st.data(), st.integers(16, 700), st.integers(16, 700), st.integers(0, 2**32))
def test_no_pixel_inside_matters_and_none_outside_changes(
    data: st.DataObject, width: int, height: int, seed: int
) -> None:
    noise = np.random.default_rng(seed)
    picture = noise.integers(0, 256, (height, width, 3), np.uint8)
    other, outside = picture.copy(), np.ones((height, width), bool)
    regions = []
    for _ in range(data.draw(st.integers(1, 4))):
        x0, y0 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        x1, y1 = data.draw(st.integers(x0 + 1, width)), data.draw(st.integers(y0 + 1, height))
        regions.append(Rectangle(x0, y0, x1, y1))
        other[y0:y1, x0:x1] = noise.integers(0, 256, (y1 - y0, x1 - x0, 3), np.uint8)
        outside[y0:y1, x0:x1] = False
    covered = cover(picture, regions)
    assert np.array_equal(covered, cover(other, regions))
    assert np.array_equal(covered[outside], picture[outside])


def test_the_fill_runs_smoothly_from_side_to_side() -> None:
    slope = np.repeat(np.linspace(60, 180, 200).astype(np.uint8)[None, :, None], 100, 0).repeat(3, 2)
    covered = cover(slope, [Rectangle(60, 20, 140, 80)])
    edges = covered[[21, 78], 62:138].astype(int)  # outside the ellipse
    assert np.abs(edges - slope[21, 62:138]).max() <= 25
    assert np.abs(np.diff(edges[..., 0], axis=1)).max() <= 8


def test_a_picture_without_anything_left_is_grey() -> None:
    covered = cover(np.full((40, 60, 3), 255, np.uint8), [Rectangle(0, 0, 60, 40)])
    assert covered[0, 0].tolist() == [GREY] * 3
