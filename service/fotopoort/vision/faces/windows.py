"""Windows on a picture of which only a few places need to be looked at again.

Windows are squares of few sides, as the runtime holds memory for each shape of input, and start at multiples of what
CenterFace reduces its input by: what lies in one is given to it exactly as if it saw the whole picture, but for what is
far away. Places near each other share a window.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

Room: TypeAlias = tuple[float, float, float, float]  # x1, y1, x2, y2 in pixels of the picture
Window: TypeAlias = tuple[slice, slice]  # rows, columns

SIDES: Final = (320, 480, 640)  # pixels; the first two are sides that the search uses anyway
STEP: Final = 32  # pixels; windows start at multiples of it
# Pixels from a face to a window's edge from which on its score is within 0.1 of that in the whole picture; the median
# difference is 0.01. On the edge itself the median is 0.12, and some faces are not seen at all.
CLEAR: Final = 48
MARGIN: Final = 80  # pixels around a place: a face that sticks out of it by the difference is still clear
MOST: Final = 0.7  # of the picture: with windows of more pixels than that, the whole is as cheap
MANY: Final = 48  # places; so many are all over the picture


def windows(places: Array, height: int, width: int) -> list[Window] | None:
    """Windows in which every place lies with a margin; None where the picture is better looked at whole.

    Args:
        places: (N, 4), as x1, y1, x2, y2 in a picture of `height` × `width` pixels, both multiples of `STEP`.
    """
    if len(places) > MANY:
        return None
    rooms: list[Room] = []
    for left, top, right, bottom in places.tolist():
        room = _clipped((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN), height, width)
        if _side(room, height, width) is None:
            return None
        _put(room, rooms, height, width)
    pixels = sum((_side(room, height, width) or 0) ** 2 for room in rooms)
    return None if pixels > MOST * height * width else [_window(room, height, width) for room in rooms]


def are_clear(boxes: Array, window: Window, height: int, width: int) -> Array:
    """Which boxes (N, 4) in a picture of that size are not cut by a window's edges, and not so near to one that what
    lies beyond it matters. The picture's own edges do not count."""
    rows, columns = window
    first = np.array([_clear(columns.start, 1, width), _clear(rows.start, 1, height)])
    last = np.array([_clear(columns.stop, -1, width), _clear(rows.stop, -1, height)])
    return np.asarray(((boxes[:, :2] >= first) & (boxes[:, 2:] <= last)).all(axis=1))


def _clear(edge: int, inwards: int, length: int) -> float:
    return -inwards * np.inf if edge in (0, length) else edge + inwards * CLEAR


def _put(room: Room, rooms: list[Room], height: int, width: int) -> None:
    """Add a room to the others, or to one of them wherever one window then takes fewer pixels than two."""

    def area(room: Room) -> float:
        side = _side(room, height, width)
        return np.inf if side is None else side**2

    costs = [area(_around((room, other))) - area(other) for other in rooms]
    best = int(np.argmin(costs)) if costs else 0
    if costs and costs[best] < area(room):
        rooms[best] = _around((room, rooms[best]))
    else:
        rooms.append(room)


def _clipped(room: Room, height: int, width: int) -> Room:
    left, top, right, bottom = room
    return max(left, 0.0), max(top, 0.0), min(right, width), min(bottom, height)


def _side(room: Room, height: int, width: int) -> int | None:
    """The side of the smallest window that holds a room wherever it lies; None: none does."""
    longest = max(room[2] - room[0], room[3] - room[1]) + STEP
    return next((side for side in SIDES if longest <= side <= min(height, width)), None)


def _around(rooms: Sequence[Room]) -> Room:
    lefts, tops, rights, bottoms = zip(*rooms, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _window(room: Room, height: int, width: int) -> Window:
    side = _side(room, height, width) or 0
    top, left = (
        min(max(round(((start + end) / 2 - side / 2) / STEP) * STEP, 0), length - side)
        for start, end, length in ((room[1], room[3], height), (room[0], room[2], width))
    )
    return slice(top, top + side), slice(left, left + side)
