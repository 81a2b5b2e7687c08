"""Bytes → `Photo`: upright RGB pixels in sRGB, at full size or as small as the caller can do with."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field, replace

import cv2
from PIL import Image

from fotopoort.errors import Damaged, PhotoError
from fotopoort.photo.admission import MIN_SIDE, Limits, admit
from fotopoort.photo.colour import eight_bit, flattened, to_srgb
from fotopoort.photo.formats.hdr import to_sdr
from fotopoort.photo.metadata.exif import orientation_of
from fotopoort.photo.metadata.hints import hints
from fotopoort.photo.orientation import as_stored, upright, upright_size
from fotopoort.photo.regions.dialects import FileRegion
from fotopoort.photo.regions.dialects import read as read_regions
from fotopoort.photo.source import Array, Source
from fotopoort.vocabulary import Hint

__all__ = ["Limits", "Photo", "decode"]

ENOUGH = 0.95  # of the requested side: half of a 4032 px photo serves for 2048 px, as a channel's side is a maximum


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One picture, upright: the file's own orientation is applied and nothing else.

    `orientation`, `block` and `quality` are the file's own, see `source.Source`: they say where a cover must end and
    how good a rendition needs to be.
    """

    pixels: Array = field(repr=False)  # (H, W, 3) uint8 RGB, upright
    width: int  # of the full-size picture, upright
    height: int
    sha256: str  # of the file
    format: str
    hints: tuple[Hint, ...] = field(repr=False)
    reduction: int = 1  # how many times smaller `pixels` are on each side, rounded up
    orientation: int = 1
    block: tuple[int, int] = (16, 16)
    quality: int = 100
    regions: tuple[FileRegion, ...] = field(default=(), repr=False)  # who is in it according to the file
    region_orientations: tuple[int, ...] = (1,)  # that they may be meant for, the likeliest first

    @property
    def scale(self) -> float:
        """Size of `pixels` relative to the full size, at most 1."""
        return 1 / self.reduction

    def reduced(self, times: int) -> Photo:
        """The same photo, `times` smaller on each side.

        Pixels are averages of blocks that start at the stored picture's origin; incomplete blocks at the far sides are
        filled up with the edge.
        """
        if times == 1:
            return self
        stored = as_stored(self.pixels, self.orientation)
        height, width = stored.shape[:2]
        padded = cv2.copyMakeBorder(stored, 0, -height % times, 0, -width % times, cv2.BORDER_REPLICATE)
        size = padded.shape[1] // times, padded.shape[0] // times
        small = upright(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), self.orientation)
        return replace(self, pixels=small, reduction=self.reduction * times)


def decode(data: bytes, limits: Limits, long_side: int | None = None) -> Photo:
    """Read one photo.

    Args:
        data: the file's bytes, whatever they are.
        limits: how large it may be; checked before pixels are decoded.
        long_side: how many pixels on the longer side are enough (within 5 %); None = the full size. libjpeg decodes a
            JPEG at 1/2, 1/4 or 1/8, which mixes no two blocks; other formats are averaged after decoding.

    Raises:
        EmptyFile, NotAPhoto, FormatNotAllowed, Animated, TooManyBytes, TooManyPixels, TooSmallToJudge: see `admit`.
        Damaged: not all pixels can be read, or not without a warning.
    """
    source = admit(data, limits)
    reduction = _reduction(source, long_side)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = upright(_stored(source, reduction), source.orientation)
    except PhotoError:
        raise
    except Exception:  # the decoders' exceptions on hostile input have no common type
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
        regions=read_regions(source.blocks),
        region_orientations=_region_orientations(source),
    )


def _region_orientations(source: Source) -> tuple[int, ...]:
    """That of the stored picture; of formats whose decoders turn it themselves, the one in EXIF; and upright."""
    in_exif = orientation_of(source.blocks.exif[0]) if source.blocks.exif else 1
    return tuple(dict.fromkeys((source.orientation if source.orientation > 1 else in_exif, 1)))


def _reduction(source: Source, long_side: int | None) -> int:
    if long_side is None:
        return 1
    longer, shorter = max(source.width, source.height), min(source.width, source.height)
    maximum = max(1, min(int(longer / (ENOUGH * long_side)), shorter // MIN_SIDE))
    return max(n for n in source.reduces if n <= maximum) if len(source.reduces) > 1 else maximum


def _stored(source: Source, reduction: int) -> Array:
    """The decoded picture as stored, in sRGB, `reduction` times smaller."""
    picture = source.load(reduction if reduction in source.reduces else 1)
    if isinstance(picture, Image.Image):
        if reduction not in source.reduces:
            picture = eight_bit(picture).reduce(reduction)
        picture = flattened(eight_bit(picture))
    pixels = to_srgb(picture, source.blocks.icc if source.bright is None else None)
    if source.bright is not None:
        pixels = to_sdr(pixels, source.bright)
    if pixels.shape != (-(-source.height // reduction), -(-source.width // reduction), 3):
        raise Damaged
    return pixels
