"""Bytes → `Photo`: upright RGB pixels in sRGB, at full size or as small as the caller can do with."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field, replace

import cv2
from PIL import Image

from fotopoort.errors import Damaged, PhotoError
from fotopoort.photo.admission import SMALLEST_SIDE, Limits, admit
from fotopoort.photo.colour import eight_bit, flattened, to_srgb
from fotopoort.photo.metadata.hints import hints
from fotopoort.photo.orientation import as_stored, upright, upright_size
from fotopoort.photo.source import Array, Source
from fotopoort.vocabulary import Hint

__all__ = ["Limits", "Photo", "decode"]

ENOUGH = 0.95  # of the side asked for: half of a 4032 px photo serves 2048 px, as a channel's side is a maximum


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One picture, upright: the file's own orientation applied and nothing else.

    `width` and `height` are those of the full-size picture; `pixels` (H, W, 3) uint8 RGB may be `reduction` times
    smaller on each side, rounded up. `orientation`, `block` and `quality` are the file's own, see `source.Source`: they
    say where a cover must end and how fine a rendition needs to be.
    """

    pixels: Array = field(repr=False)
    width: int
    height: int
    sha256: str
    format: str
    hints: tuple[Hint, ...] = field(repr=False)
    reduction: int = 1
    orientation: int = 1
    block: tuple[int, int] = (16, 16)
    quality: int = 100

    @property
    def scale(self) -> float:
        """Size of `pixels` relative to the full size, at most 1."""
        return 1 / self.reduction

    def reduced(self, times: int) -> Photo:
        """The same photo, `times` smaller on each side: averages of blocks that begin where the stored picture
        does; what the last ones lack is filled up with the edge."""
        if times == 1:
            return self
        stored = as_stored(self.pixels, self.orientation)
        height, width = stored.shape[:2]
        whole = cv2.copyMakeBorder(stored, 0, -height % times, 0, -width % times, cv2.BORDER_REPLICATE)
        size = whole.shape[1] // times, whole.shape[0] // times
        small = upright(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), self.orientation)
        return replace(self, pixels=small, reduction=self.reduction * times)


def decode(data: bytes, limits: Limits, long_side: int | None = None) -> Photo:
    """Read one photo.

    Args:
        data: the file's bytes, whatever they are.
        limits: how large it may be, checked before pixels are decoded.
        long_side: pixels on the longer side that are enough (within 5 %); None = the full size. A JPEG is then decoded
            at 1/2, 1/4 or 1/8 by libjpeg, which mixes no two blocks; other formats are averaged after decoding.

    Raises:
        EmptyFile, NotAPhoto, FormatNotAllowed, Animated, TooManyBytes, TooManyPixels, TooSmallToJudge: at the gate.
        Damaged: the pixels cannot be read, or not all of them, or not without a warning.
    """
    source = admit(data, limits)
    reduction = _reduction(source, long_side)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = upright(_stored(source, reduction), source.orientation)
    except PhotoError:
        raise
    except Exception:  # what decoders raise on hostile input has no common type
        raise Damaged from None
    width, height = upright_size(source.width, source.height, source.orientation)
    return Photo(
        pixels=pixels,
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
        format=source.format,
        hints=hints(source.blocks),
        reduction=reduction,
        orientation=source.orientation,
        block=source.block,
        quality=source.quality,
    )


def _reduction(source: Source, long_side: int | None) -> int:
    if long_side is None:
        return 1
    longer, shorter = max(source.width, source.height), min(source.width, source.height)
    most = max(1, min(int(longer / (ENOUGH * long_side)), shorter // SMALLEST_SIDE))
    return max(n for n in source.reduces if n <= most) if len(source.reduces) > 1 else most


def _stored(source: Source, reduction: int) -> Array:
    """The decoded picture as stored, in sRGB, `reduction` times smaller."""
    picture = source.load(reduction if reduction in source.reduces else 1)
    if isinstance(picture, Image.Image):
        if reduction not in source.reduces:
            picture = eight_bit(picture).reduce(reduction)
        picture = flattened(eight_bit(picture))
    pixels = to_srgb(picture, source.blocks.icc)
    if pixels.shape != (-(-source.height // reduction), -(-source.width // reduction), 3):
        raise Damaged
    return pixels
