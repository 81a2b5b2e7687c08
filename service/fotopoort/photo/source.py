"""A picture file that was opened but not yet decoded: what its header says, and how to read its pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from fotopoort.vocabulary import Hint

Array = np.ndarray[Any, np.dtype[Any]]

# The reduction asked for → the picture, at most that much smaller; an array is RGB (H, W, 3) uint8.
Load: TypeAlias = Callable[[int], Image.Image | Array]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Metadata as the container held it, not yet understood. Nothing of it is in a repr."""

    exif: tuple[bytes, ...] = field(default=(), repr=False)  # TIFF structures, with or without "Exif\\0\\0" before them
    xmp: tuple[bytes, ...] = field(default=(), repr=False)  # packets; an extended one counts as its own
    iptc: tuple[bytes, ...] = field(default=(), repr=False)  # IIM records
    photoshop: tuple[bytes, ...] = field(default=(), repr=False)  # image resources, IIM records among them
    icc: bytes | None = field(default=None, repr=False)
    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # the container's own text fields
    unknown: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)  # what else it holds beside the picture
    others: tuple[Hint, ...] = ()  # what the container's structure tells: further images, video, bytes after the end


@dataclass(frozen=True, slots=True)
class Source:
    """One still picture inside a file.

    `width` and `height` are in stored pixels: before `orientation` (EXIF's 1 to 8) is applied. `load(n)` decodes; where
    `reduces` holds n it may give ceil(width / n) × ceil(height / n) pixels, otherwise it gives all of them.
    """

    format: str
    width: int
    height: int
    blocks: Blocks
    load: Load = field(repr=False)
    orientation: int = 1
    reduces: tuple[int, ...] = (1,)
    block: tuple[int, int] = (16, 16)  # stored pixels that are coded together: a changed one can change all of these
    quality: int = 100  # an estimate on libjpeg's scale; 100 where the format has no such thing
    further_pixels: int = 0  # in other pictures of the same file
