"""Which line of a larger copy was read already: never one of which only a part was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.vision.text.rectangles import is_read_with, unread

Array = np.ndarray[Any, np.dtype[Any]]

angles = st.floats(-np.pi, np.pi)


def line(left: float, right: float, height: float = 20.0, middle: float = 0.0, angle: float = 0.0) -> Array:
    corners = np.array([[left, -height / 2], [right, -height / 2], [right, height / 2], [left, height / 2]])
    corners[:, 1] += middle
    turned: Array = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + [900, 700]
    return turned


@given(st.floats(60, 2000), st.floats(60, 400), st.sampled_from(["before", "behind", "around"]), angles)
def test_a_line_of_which_a_word_was_not_read_is_not_read(length: float, more: float, where: str, angle: float) -> None:
    """However long the part is that was read: "is Hoel" is not "Joris Hoekstra"."""
    left = 0.0 if where == "behind" else -more
    right = length if where == "before" else length + more
    assert not is_read_with(line(left, right, angle=angle), line(0, length, angle=angle))


@given(st.floats(30, 2000), st.floats(-8, 8), st.floats(-8, 8), st.floats(-4, 4), angles)
def test_the_same_line_is_read_and_so_is_a_part_of_it(
    length: float, left: float, right: float, middle: float, angle: float
) -> None:
    read = line(0, length, angle=angle)
    assert is_read_with(line(left, length + right, middle=middle, angle=angle), read)
    assert is_read_with(line(length / 3, length / 2, middle=middle, angle=angle), read)


@pytest.mark.parametrize("middle", [-14.0, 14.0])
def test_a_line_beside_it_is_not_read(middle: float) -> None:
    assert not is_read_with(line(0, 300, middle=middle), line(0, 300))


def test_a_line_that_was_read_as_one_with_another_is_not_read() -> None:
    assert not is_read_with(line(0, 300, 20, 10), line(0, 300, 45))


places = st.builds(line, st.floats(-400, 0), st.floats(1, 400), st.floats(5, 40), st.floats(-100, 100), angles)


@given(st.lists(places, max_size=6), st.lists(places, max_size=6), st.data())
def test_what_is_unread_is_read_with_none_of_the_lines(
    regions: list[Array], others: list[Array], data: st.DataObject
) -> None:
    read = [*others, *data.draw(st.lists(st.sampled_from(regions), max_size=3) if regions else st.just([]))]
    expected = [region for region in regions if not any(is_read_with(region, corners) for corners in read)]
    assert all(region is other for region, other in zip(unread(regions, read), expected, strict=True))
