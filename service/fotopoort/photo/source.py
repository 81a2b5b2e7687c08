"""A picture file that is opened but not yet decoded: what its header says, and how to read its pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from fotopoort.vocabulary import Hint

Array = np.ndarray[Any, np.dtype[Any]]

# Takes a reduction and returns the picture, at most that many times smaller; an array is RGB (H, W, 3) uint8.
Load: TypeAlias = Callable[[int], Image.Image | Array]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Metadata as the container holds it, not yet parsed. Nothing of it is in a repr."""

    exif: tuple[bytes, ...] = field(default=(), repr=False)  # TIFF structures, with or without "Exif\\0\\0" before them
    xmp: tuple[bytes, ...] = field(default=(), repr=False)  # packets; an extended one is a packet of its own
    iptc: tuple[bytes, ...] = field(default=(), repr=False)  # IIM records
    photoshop: tuple[bytes, ...] = field(default=(), repr=False)  # image resources, IIM records among them
    icc: bytes | None = field(default=None, repr=False)
    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # the container's own text fields
    unknown: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)  # whatever else it holds: name and bytes
    others: tuple[Hint, ...] = ()  # from the container's structure: further images, video, bytes after the end


@dataclass(frozen=True, slots=True)
class ColourCoding:
    """How colours are coded for a bright screen, by the numbers of ITU-T H.273."""

    primaries: int
    transfer: int


@dataclass(frozen=True, slots=True)
class Source:
    """One still picture inside a file."""

    format: str
    width: int  # in stored pixels: before `orientation` is applied
    height: int
    blocks: Blocks
    # Decodes. If `reduces` has n, `load(n)` may return ceil(width / n) × ceil(height / n) pixels; otherwise all.
    load: Load = field(repr=False)
    orientation: int = 1  # EXIF's 1 to 8
    reduces: tuple[int, ...] = (1,)
    block: tuple[int, int] = (16, 16)  # stored pixels that are coded together: changing one can change all of them
    quality: int = 100  # an estimate on libjpeg's scale; 100 where the format has no such scale
    bright: ColourCoding | None = None  # None: colours are coded for an ordinary screen
    further_pixels: int = 0  # in other pictures of the same file
