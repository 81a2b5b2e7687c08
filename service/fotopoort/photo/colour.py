"""Converting a file's pixels to 8-bit RGB in sRGB, pixel by pixel: no pixel's result depends on another."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageCms

from fotopoort.errors import SAVE_AS_JPEG, FormatNotAllowed
from fotopoort.photo.source import Array
from fotopoort.vocabulary import Text

MAX_INVISIBLE_CHANGE = 2  # levels of 255; a conversion that changes no colour by more is left out
DEEP_GREY = ("I;16", "I;16L", "I;16B", "I;16N")
PROFILE_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}


@cache
def srgb_profile() -> bytes:
    """The colour profile of every rendition: sRGB as LittleCMS makes it, with a fixed date."""
    return files("fotopoort.photo").joinpath("srgb.icc").read_bytes()


def eight_bit(image: Image.Image) -> Image.Image:
    """The picture with 8 bits per channel in mode L, RGB, RGBA or CMYK.

    Raises:
        FormatNotAllowed: its values have no agreed range (32-bit integers, floating point).
    """
    if image.mode in DEEP_GREY:
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise FormatNotAllowed(
            Text(
                nl="Deze afbeelding heeft meer bits per pixel dan kan worden beoordeeld.",
                en="This picture has more bits per pixel than can be judged.",
            ),
            hint=SAVE_AS_JPEG,
        )
    if "transparency" in image.info or image.mode in ("PA", "LA", "La", "RGBa"):
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def flattened(image: Image.Image) -> Image.Image:
    """The picture with its transparent pixels on white. `image` is as `eight_bit` returns it."""
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def to_srgb(picture: Image.Image | Array, icc: bytes | None) -> Array:
    """Convert a picture to RGB pixels (H, W, 3) uint8 in sRGB.

    Args:
        picture: of mode L, RGB or CMYK; an array is RGB.
        icc: the file's colour profile. One that is broken, or for another mode, is ignored.
    """
    mode = picture.mode if isinstance(picture, Image.Image) else "RGB"
    transform = _transform(mode, icc) if icc else None
    if transform is None and not isinstance(picture, Image.Image):
        return picture
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    return np.asarray(image.convert("RGB") if transform is None else transform.apply(image))


def _transform(mode: str, icc: bytes) -> ImageCms.ImageCmsTransform | None:
    """The transform from a profile to sRGB; None if the profile cannot be used or would change nothing visible."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if source.profile.xcolor_space != PROFILE_SPACES[mode]:
            return None
        target = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
        transform = ImageCms.buildTransform(source, target, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
        sample = _sample(mode)
        converted = np.asarray(transform.apply(sample), np.int16)
    except (OSError, ValueError, TypeError, AttributeError, ImageCms.PyCMSError):
        return None
    if mode != "CMYK" and np.abs(converted - np.asarray(sample.convert("RGB"), np.int16)).max() <= MAX_INVISIBLE_CHANGE:
        return None
    return transform


def _sample(mode: str) -> Image.Image:
    """Colours from all over the space, to measure what a transform changes."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    channels = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    grid = np.stack(np.meshgrid(*[steps] * channels), axis=-1).reshape(1, -1, channels)
    return Image.fromarray(grid[..., 0] if mode == "L" else grid, mode if mode == "CMYK" else None)
