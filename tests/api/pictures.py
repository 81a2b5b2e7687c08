"""Photos for the tests, drawn here: nobody is in them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def drawn(width: int = 640, height: int = 480, format: str = "JPEG") -> bytes:
    """A soft gradient, with GPS in its metadata where the format is JPEG."""
    x = np.linspace(40, 200, width)[None, :, None]
    y = np.linspace(0.5, 1, height)[:, None, None]
    image = Image.fromarray((x * y * np.array([1.0, 0.9, 0.7])).astype(np.uint8))
    if format != "JPEG":
        return written(image, format)
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 5.0, 0.0), 3: "E", 4: (4.0, 18.0, 0.0)})
    return written(image, format, exif=exif)


def noise(megabytes: int) -> bytes:
    """A JPEG of about so many megabytes."""
    side = int((megabytes * 1_000_000 / 2) ** 0.5)
    pixels = np.random.default_rng(7).integers(0, 255, (side, side, 3), np.uint8)
    return written(Image.fromarray(pixels), "JPEG", quality=95)


def slow(grey: int = 128) -> bytes:
    """A small file whose 80 megapixels take a second or more to judge; longer where nobody has seen this grey yet."""
    return written(Image.new("L", (8900, 8900), grey), "PNG")


def written(image: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()
