"""`Photo` and boxes to cover → `Rendition`: a new JPEG of the uncovered pixels and our own colour profile alone."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Collection, Sequence
from typing import Any

import cv2
import numpy as np
from PIL import Image

from fotopoort.photo.colour import srgb_profile
from fotopoort.photo.cover import Rectangle, cover
from fotopoort.photo.decode import Photo
from fotopoort.photo.orientation import as_stored, to_stored, to_upright, upright_size
from fotopoort.vocabulary import Box, Rendition

Array = np.ndarray[Any, np.dtype[Any]]

BEST_QUALITY = 85  # on libjpeg's scale; the source's own where that is lower
MIN_BLOCK = 16  # stored pixels


def encode(
    photo: Photo, covers: Sequence[Box], max_side: int, plain: Collection[Box] = (), part: Box | None = None
) -> Rendition:
    """A rendition of at most `max_side` pixels on the longer side, never larger than `photo.pixels`.

    Each box is snapped outward to the blocks in which the source coded its pixels, plus one block. A JPEG's ripples of
    what is covered end there, and a reduced decode by libjpeg keeps to the same blocks. So two JPEGs that differ only
    inside the boxes give the same bytes. This does not hold for WebP and HEIF, which predict across blocks, nor for
    formats that are averaged over pixels when reduced.

    Args:
        covers: what may not be visible, in upright full-size pixels; boxes may overlap and stick out of the photo.
        plain: those of them that get only the colours of their surroundings: text, whose background continues.
        part: what it shows, in upright full-size pixels; None: all of the photo. Nothing outside it is in the bytes,
            where it keeps two blocks away from that.

    Returns:
        The rendition; `covered` holds the snapped regions, and `verified` is False, as nothing has checked it yet.
    """
    regions = list(dict.fromkeys(_snapped(box, photo) for box in covers))
    undrawn = {_snapped(box, photo) for box in plain}
    pixels = photo.pixels
    if regions:
        pixels = cover(
            pixels,
            regions=[_in_pixels(region, photo) for region in regions if region not in undrawn],
            plain=[_in_pixels(region, photo) for region in regions if region in undrawn],
        )
    if part is not None:
        pixels = np.ascontiguousarray(pixels[_inside(part, photo).slices])
    pixels = _shrunk(pixels, max_side)
    jpeg = _jpeg(pixels, min(BEST_QUALITY, photo.quality))
    return Rendition(
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        width=pixels.shape[1],
        height=pixels.shape[0],
        covered=tuple(to_upright(region, photo.orientation, photo.width, photo.height) for region in regions),
        verified=False,
    )


def _snapped(box: Box, photo: Photo) -> Box:
    """The whole blocks that `box` touches and one more on every side, in stored full-size pixels."""
    width, height = upright_size(photo.width, photo.height, photo.orientation)
    stored = to_stored(box.clipped(photo.width, photo.height), photo.orientation, photo.width, photo.height)
    across, down = (max(side, MIN_BLOCK) for side in photo.block)
    x0, x1 = _outward(stored.x, stored.right, across)
    y0, y1 = _outward(stored.y, stored.bottom, down)
    return Box(x0, y0, x1 - x0, y1 - y0).clipped(width, height)


def _outward(start: float, end: float, block: int) -> tuple[int, int]:
    return (math.floor(start / block) - 1) * block, (math.ceil(end / block) + 1) * block


def _in_pixels(region: Box, photo: Photo) -> Rectangle:
    """Map a region in stored full-size pixels to `photo.pixels`."""
    height, width = photo.pixels.shape[:2]
    n = photo.reduction
    x0, y0 = region.x // n, region.y // n
    stored = Box(x0, y0, math.ceil(region.right / n) - x0, math.ceil(region.bottom / n) - y0)
    box = to_upright(stored, photo.orientation, width, height)
    return Rectangle(int(box.x), int(box.y), int(box.right), int(box.bottom))


def _inside(part: Box, photo: Photo) -> Rectangle:
    """Those of `photo.pixels` that hold nothing from outside the part."""
    height, width = photo.pixels.shape[:2]
    stored_height, stored_width = as_stored(photo.pixels, photo.orientation).shape[:2]
    full = upright_size(photo.width, photo.height, photo.orientation)
    n, stored = photo.reduction, to_stored(part, photo.orientation, photo.width, photo.height)
    x0, y0 = math.ceil(stored.x / n), math.ceil(stored.y / n)
    x1 = stored_width if stored.right >= full[0] else math.floor(stored.right / n)
    y1 = stored_height if stored.bottom >= full[1] else math.floor(stored.bottom / n)
    box = to_upright(Box(x0, y0, x1 - x0, y1 - y0), photo.orientation, width, height)
    return Rectangle(int(box.x), int(box.y), int(box.right), int(box.bottom))


def _shrunk(pixels: Array, max_side: int) -> Array:
    height, width = pixels.shape[:2]
    factor = max_side / max(height, width)
    if factor >= 1:
        return pixels
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _jpeg(pixels: Array, quality: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, subsampling="4:2:0", icc_profile=srgb_profile())
    return out.getvalue()
