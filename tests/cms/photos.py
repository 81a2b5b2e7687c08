"""Photos that are known by their colour: an original is red, whatever it is encoded as; a rendition is green."""

from __future__ import annotations

import hashlib
import io
import random
from typing import Any, Final

import numpy as np
import pillow_heif
from PIL import Image

FORMATS: Final = ("jpg", "png", "webp", "gif", "heic", "avif")
MEDIA_TYPES: Final = {"jpg": "image/jpeg"} | {name: f"image/{name}" for name in FORMATS[1:]}


def original(seed: object, format: str = "jpg", size: tuple[int, int] = (480, 320)) -> bytes:
    """A photo that was never seen before, in one of FORMATS; the same seed gives the same one."""
    shade = random.Random(str(seed))  # noqa: S311 - no secret
    colour = np.array([shade.randrange(190, 230), shade.randrange(10, 40), shade.randrange(10, 40)])
    noise = np.random.default_rng(shade.randrange(2**32)).integers(-8, 8, (size[1] // 10, size[0] // 10, 3))
    pixels = np.clip(colour + noise, 0, 255).astype(np.uint8).repeat(10, axis=0).repeat(10, axis=1)
    image, encoded = Image.fromarray(pixels), io.BytesIO()
    if format == "heic":
        pillow_heif.from_pillow(image).save(encoded, quality=80)
    else:
        image.save(encoded, {"jpg": "JPEG"}.get(format, format.upper()))
    return encoded.getvalue()


def shows_original(content: bytes) -> bool:
    """Whether a file shows an original's pixels, whole or in part, in any format and size."""
    pixels = _pixels(content)
    return pixels is not None and bool(((pixels[:, 0] > 150) & (pixels[:, 1] < 90) & (pixels[:, 2] < 90)).any())


def is_rendition(content: bytes) -> bool:
    """Whether a file shows a rendition's pixels, whole or in part."""
    pixels = _pixels(content)
    return pixels is not None and bool(((pixels[:, 1] > 130) & (pixels[:, 0] < 90) & (pixels[:, 2] < 120)).all())


def _pixels(content: bytes) -> np.ndarray[Any, np.dtype[Any]] | None:
    """256 pixels of a file, each as a row of red, green and blue; None where it is no picture."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return np.asarray(image.convert("RGB").resize((16, 16))).reshape(-1, 3).astype(int)
    except OSError:
        return None


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
