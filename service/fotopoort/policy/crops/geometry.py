"""The largest parts of a photo that leave some boxes out and have others whole: plain geometry.

A part of half a photo or more always holds its centre. So whatever is left out lies to the left, to the right, above or
below what is kept and the centre together, and each edge of a largest part lies on an edge of something left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from fotopoort.policy.measures import around
from fotopoort.vocabulary import Box

RATIOS: Final = (3 / 2, 4 / 3, 16 / 9, 1.0, 2 / 3, 3 / 4, 9 / 16)  # width to height
MAX_LEFT_OUT: Final = 64  # boxes; with more it is no longer a photo from which something can be left out


def largest_crops(
    width: int, height: int, left_out: Sequence[Box], kept: Sequence[Box], min_share: float
) -> tuple[Box, ...]:
    """The largest crop of each usual ratio, the largest first; none where there is none.

    Each lies in the photo, in whole pixels, overlaps nothing of `left_out`, has each of `kept` whole, and at least
    `min_share` of the photo's area. Its ratio is exact to a pixel.

    Args:
        width, height: of the photo, in pixels.
        kept: at least one, where `min_share` is less than a half.
    """
    photo = Box(0, 0, width, height)
    out = [outward(box).clipped(width, height) for box in left_out]
    out = list(dict.fromkeys(box for box in out if box.area > 0))
    inner = [outward(box).clipped(width, height) for box in kept]
    core = inner[0] if inner else _centre(photo)
    for box in (*inner[1:], *([_centre(photo)] if min_share >= 0.5 else [])):
        core = around(core, box)
    if len(out) > MAX_LEFT_OUT or any(_meet(box, core) for box in out):
        return ()
    rooms = list(_free(photo, out, core))
    crops = []
    for ratio in RATIOS:
        fitting = [crop for room in rooms if (crop := _fitted(room, inner, ratio)) is not None]
        best = max(fitting, key=lambda crop: crop.area, default=None)
        if best is not None and best.area >= min_share * photo.area:
            crops.append(best)
    return tuple(sorted(crops, key=lambda crop: -crop.area))


def outward(box: Box) -> Box:
    """The smallest box of whole pixels that holds this one."""
    x, y = math.floor(box.x), math.floor(box.y)
    return Box(x, y, math.ceil(box.right) - x, math.ceil(box.bottom) - y)


def grown(box: Box, pixels: float) -> Box:
    """The box, wider by so many pixels on each side."""
    return Box(box.x - pixels, box.y - pixels, box.w + 2 * pixels, box.h + 2 * pixels)


def _centre(photo: Box) -> Box:
    return Box(*photo.centre, 0, 0)


def _meet(first: Box, second: Box) -> bool:
    """Whether they share a point that is not on an edge of the first; the second may have no area."""
    return first.x < second.right and second.x < first.right and first.y < second.bottom and second.y < first.bottom


def _free(photo: Box, out: Sequence[Box], core: Box) -> Iterator[Box]:
    """The largest boxes around `core` that overlap nothing of `out`, and some smaller ones."""
    lefts = {photo.x, *(box.right for box in out if box.right <= core.x)}
    rights = {photo.right, *(box.x for box in out if box.x >= core.right)}
    for left in lefts:
        for right in rights:
            between = [box for box in out if box.x < right and box.right > left]
            above = [box.bottom for box in between if box.bottom <= core.y]
            below = [box.y for box in between if box.bottom > core.y]
            top, bottom = max(above, default=photo.y), min(below, default=photo.bottom)
            if bottom >= core.bottom and bottom > top and right > left:
                yield Box(left, top, right - left, bottom - top)


def _fitted(room: Box, kept: Sequence[Box], ratio: float) -> Box | None:
    """The largest box of that ratio in `room` that holds all of `kept`, as near to their middle as it can be."""
    width = math.floor(min(room.w, (room.h + 0.5) * ratio))
    while _height(width, ratio) > room.h:  # once at most: the bound above is rounded
        width -= 1
    height = _height(width, ratio)
    core = kept[0] if kept else Box(*room.centre, 0, 0)
    for box in kept[1:]:
        core = around(core, box)
    if core.w > width or core.h > height:
        return None
    return Box(
        _placed(core.x, core.right, width, room.x, room.right),
        _placed(core.y, core.bottom, height, room.y, room.bottom),
        width,
        height,
    )


def _height(width: int, ratio: float) -> int:
    return math.floor(width / ratio + 0.5)


def _placed(start: float, end: float, length: int, low: float, high: float) -> float:
    """Where something so long begins that holds `start` to `end`, between `low` and `high`: with those in its middle
    where that is possible, in whole pixels."""
    wanted = math.floor((start + end - length) / 2)
    return min(max(wanted, low, math.ceil(end) - length), high - length, math.floor(start))
