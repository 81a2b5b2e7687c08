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
MAX_PART: Final = 0.75  # of the picture: with windows of more pixels than that, the whole is as cheap
MANY: Final = 64  # rooms, none in another; so many are all over the picture


def windows(boxes: Array, height: int, width: int) -> list[Window] | None:
    """The windows with the fewest pixels in which every box is clear, see `are_clear`; None where the picture is better
    looked at whole.

    Args:
        boxes: (N, 4), as x1, y1, x2, y2 in a picture of `height` × `width` pixels, both multiples of `STEP`.
    """
    rooms = _rooms(boxes, height, width)
    sides = [side for side in SIDES if side <= min(height, width)]
    if len(rooms) > MANY or not sides or any(_length(room) > sides[-1] for room in rooms):
        return None
    least = min(_length(room) for room in rooms)
    ways = [[(room, _side(room, sides)) for room in _merged(rooms, sides)]]
    ways += [[(room, side) for room in _swept(rooms, side)] for side in sides if side >= least]
    best = min(ways, key=_pixels)
    return None if _pixels(best) > MAX_PART * height * width else [_window(*place, height, width) for place in best]


def are_clear(boxes: Array, window: Window, height: int, width: int) -> Array:
    """Which boxes (N, 4) in a picture of that size are not cut by a window's edges, and not so near to one that what
    lies beyond it matters. The picture's own edges do not count."""
    rows, columns = window
    first = np.array([_clear(columns.start, 1, width), _clear(rows.start, 1, height)])
    last = np.array([_clear(columns.stop, -1, width), _clear(rows.stop, -1, height)])
    return np.asarray(((boxes[:, :2] >= first) & (boxes[:, 2:] <= last)).all(axis=1))


def _clear(edge: int, inwards: int, length: int) -> float:
    return -inwards * np.inf if edge in (0, length) else edge + inwards * CLEAR


def _rooms(boxes: Array, height: int, width: int) -> list[Room]:
    """What has to be in a window for a box to be clear in it, as far as the picture goes; none lies in another. The
    largest, and `MANY` and one at most."""
    first = np.clip(boxes[:, :2] - CLEAR, 0, [width, height])
    last = np.clip(boxes[:, 2:] + CLEAR, 0, [width, height])
    rooms: list[Room] = []
    for x1, y1, x2, y2 in sorted(np.concatenate([first, last], axis=1).tolist(), key=lambda room: -_length(room)):
        if len(rooms) > MANY:
            break  # it is known by then that the picture is better looked at whole
        if not any(a <= x1 and b <= y1 and c >= x2 and d >= y2 for a, b, c, d in rooms):
            rooms.append((x1, y1, x2, y2))
    return rooms


def _merged(rooms: Sequence[Room], sides: Sequence[int]) -> list[Room]:
    """The rooms, each put together with another wherever one window then takes fewer pixels than two."""
    merged: list[Room] = []
    for room in rooms:
        costs = [_area(_around((room, other)), sides) - _area(other, sides) for other in merged]
        if costs and min(costs) < _area(room, sides):
            best = int(np.argmin(costs))
            merged[best] = _around((room, merged[best]))
        else:
            merged.append(room)
    return merged


def _swept(rooms: Sequence[Room], side: int) -> list[Room]:
    """The rooms, from left to right, put together as long as they fit into a window of that side. A larger room than
    that stays, and makes this way the most expensive."""
    left = sorted(rooms)
    swept: list[Room] = []
    while left:
        group = left.pop(0)
        for room in list(left):
            if _length(_around((group, room))) <= side:
                group = _around((group, room))
                left.remove(room)
        swept.append(group)
    return swept


def _length(room: Room) -> float:
    """The side of the smallest square that holds a room wherever it lies."""
    return max(room[2] - room[0], room[3] - room[1]) + STEP


def _side(room: Room, sides: Sequence[int]) -> int:
    return next((side for side in sides if _length(room) <= side), sides[-1])


def _area(room: Room, sides: Sequence[int]) -> float:
    return np.inf if _length(room) > sides[-1] else _side(room, sides) ** 2


def _pixels(way: Sequence[tuple[Room, int]]) -> float:
    return sum(np.inf if _length(room) > side else side**2 for room, side in way)


def _around(rooms: Sequence[Room]) -> Room:
    lefts, tops, rights, bottoms = zip(*rooms, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _window(room: Room, side: int, height: int, width: int) -> Window:
    top, left = (
        min(max(round(((start + end) / 2 - side / 2) / STEP) * STEP, 0), length - side)
        for start, end, length in ((room[1], room[3], height), (room[0], room[2], width))
    )
    return slice(top, top + side), slice(left, left + side)
