from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fotopoort.errors import Damaged, FormatNotAllowed
from fotopoort.photo.admission import Limits
from fotopoort.photo.colour import srgb_profile
from fotopoort.photo.decode import decode
from fotopoort.photo.orientation import as_stored

Save = Callable[..., bytes]

LIMITS = Limits()
CLOSE = 6  # levels: what a good lossy file may be off

# How an upright picture must be turned so that the orientation turns it back.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def corners(pixels: np.ndarray) -> list[list[int]]:
    """The colours at the middles of the four quarters, clockwise from top left."""
    height, width = pixels.shape[:2]
    top, bottom, left, right = height // 4, height * 3 // 4, width // 4, width * 3 // 4
    return [pixels[y, x].tolist() for y, x in ((top, left), (top, right), (bottom, right), (bottom, left))]


def oriented(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return exif.tobytes()


RED_GREEN_BLUE_WHITE = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_comes_out_upright(format: str, orientation: int, picture: Image.Image, save: Save) -> None:
    stored = picture.transpose(STORED_AS[orientation]) if orientation in STORED_AS else picture
    photo = decode(save(stored, format, exif=oriented(orientation), quality=95), LIMITS)
    assert (photo.width, photo.height) == (96, 64)
    assert photo.pixels.shape == (64, 96, 3)
    assert np.allclose(corners(photo.pixels), RED_GREEN_BLUE_WHITE, atol=CLOSE)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heif_is_turned_once_though_exif_says_it_too(orientation: int, picture: Image.Image) -> None:
    stored = picture.transpose(STORED_AS[orientation]) if orientation in STORED_AS else picture
    out = io.BytesIO()
    pillow_heif.from_pillow(stored).save(out, quality=95, exif=oriented(orientation))
    photo = decode(out.getvalue(), LIMITS)
    assert (photo.format, photo.width, photo.height) == ("HEIF", 96, 64)
    assert np.allclose(corners(photo.pixels), RED_GREEN_BLUE_WHITE, atol=3 * CLOSE)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation: int, picture: Image.Image, save: Save) -> None:
    photo = decode(save(picture, "JPEG", exif=oriented(orientation)), LIMITS)
    assert photo.pixels.shape == (64, 96, 3)


@pytest.mark.parametrize(
    ("side", "reduction"), [(None, 1), (800, 1), (421, 1), (420, 2), (400, 2), (210, 4), (105, 8), (52, 8), (1, 8)]
)
def test_a_jpeg_is_decoded_as_small_as_still_serves(side: int | None, reduction: int, save: Save) -> None:
    photo = decode(save(Image.linear_gradient("L").resize((799, 401)).convert("RGB"), "JPEG"), LIMITS, side)
    assert (photo.width, photo.height, photo.reduction) == (799, 401, reduction)
    assert photo.pixels.shape == (-(-401 // reduction), -(-799 // reduction), 3)
    assert photo.scale == 1 / reduction


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_other_formats_are_made_smaller_after_decoding(mode: str, save: Save) -> None:
    photo = decode(save(Image.linear_gradient("L").resize((700, 350)).convert(mode), "PNG"), LIMITS, 230)
    assert (photo.reduction, photo.pixels.shape) == (3, (117, 234, 3))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_made_smaller_keeps_to_the_blocks_of_the_stored_one(orientation: int, save: Save) -> None:
    stored = np.random.default_rng(7).integers(0, 256, (47, 64, 3), np.uint8)
    photo = decode(save(Image.fromarray(stored), "PNG", exif=oriented(orientation)), LIMITS)
    small = photo.reduced(4)
    assert (small.width, small.height, small.reduction) == (photo.width, photo.height, 4)
    blocks = as_stored(small.pixels, orientation)
    assert blocks.shape == (12, 16, 3)
    assert np.abs(blocks[5, 9] - stored[20:24, 36:40].mean(axis=(0, 1))).max() <= 0.51
    assert np.abs(blocks[0, 0] - stored[:4, :4].mean(axis=(0, 1))).max() <= 0.51


def test_a_long_strip_is_not_reduced_to_a_line(save: Save) -> None:
    photo = decode(save(Image.new("RGB", (4000, 40), "red"), "PNG"), LIMITS, 100)
    assert photo.pixels.shape == (20, 2000, 3)


@pytest.mark.parametrize(
    ("image", "colour"),
    [
        pytest.param(Image.new("L", (32, 32), 100), (100, 100, 100), id="grey"),
        pytest.param(Image.new("1", (32, 32), 1), (255, 255, 255), id="black and white"),
        pytest.param(Image.new("LA", (32, 32), (100, 0)), (255, 255, 255), id="transparent grey"),
        pytest.param(Image.new("RGBA", (32, 32), (0, 0, 0, 0)), (255, 255, 255), id="transparent"),
        pytest.param(Image.new("RGBA", (32, 32), (0, 0, 0, 128)), (127, 127, 127), id="half transparent"),
        pytest.param(Image.new("RGB", (32, 32), (9, 99, 199)).quantize(4), (9, 99, 199), id="palette"),
        pytest.param(Image.fromarray(np.full((32, 32), 0x64FF, np.uint16)), (100, 100, 100), id="16-bit grey"),
    ],
)
def test_png_modes(image: Image.Image, colour: tuple[int, int, int], save: Save) -> None:
    assert decode(save(image, "PNG"), LIMITS).pixels[5, 5].tolist() == list(colour)


def test_a_transparent_palette_colour_becomes_white(save: Save) -> None:
    image = Image.new("RGB", (32, 32), (9, 99, 199)).quantize(4)
    assert decode(save(image, "PNG", transparency=0), LIMITS).pixels[5, 5].tolist() == [255, 255, 255]


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_16_bit_colour(suffix: str) -> None:
    written, data = cv2.imencode(suffix, np.full((32, 32, 3), (0x0AFF, 0x64FF, 0xC8FF), np.uint16))
    assert written
    assert decode(data.tobytes(), LIMITS).pixels[5, 5].tolist() == [200, 100, 10]


@pytest.mark.parametrize("mode", ["I", "F"])
def test_numbers_without_an_agreed_range_are_refused(mode: str, save: Save) -> None:
    with pytest.raises(FormatNotAllowed):
        decode(save(Image.new(mode, (32, 32), 7), "TIFF"), LIMITS)


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk(format: str, save: Save) -> None:
    image = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
    assert np.allclose(decode(save(image, format), LIMITS).pixels[5, 5], (255, 0, 0), atol=CLOSE)


# --- colour profiles -------------------------------------------------------------------------------------


def display_p3() -> bytes:
    """Our sRGB profile with Display P3's primaries (as adapted to D50, SMPTE EG 432-1) put in their places."""
    profile = bytearray(srgb_profile())
    primaries = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
    for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12):
        if (values := primaries.get(bytes(profile[at : at + 4]))) is not None:
            offset = int.from_bytes(profile[at + 4 : at + 8], "big") + 8
            profile[offset : offset + 12] = struct.pack(">3i", *(round(value * 65536) for value in values))
    return bytes(profile)


def p3_to_srgb(colour: tuple[int, int, int]) -> np.ndarray:
    """By the formulas of IEC 61966-2-1 and the matrix between the two sets of primaries."""
    value = np.array(colour) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[1.2249, -0.2247, 0], [-0.0420, 1.0419, 0], [-0.0197, -0.0786, 1.0979]])
    linear = np.clip(matrix @ linear, 0, 1)
    encoded: np.ndarray = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_phones_wide_colours_become_srgb(format: str, save: Save) -> None:
    image = Image.new("RGB", (32, 32), (200, 100, 90))
    data = save(image, format, icc_profile=display_p3(), **({"lossless": True} if format == "WEBP" else {}))
    assert np.allclose(decode(data, LIMITS).pixels[5, 5], p3_to_srgb((200, 100, 90)), atol=3)


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(srgb_profile(), id="already sRGB"),
        pytest.param(b"nonsense", id="nonsense"),
        pytest.param(srgb_profile()[:300], id="cut off"),
        pytest.param(srgb_profile().replace(b"RGB XYZ", b"CMYKXYZ", 1), id="for other channels"),
    ],
)
def test_a_profile_that_says_nothing_changes_nothing(profile: bytes, save: Save) -> None:
    image = Image.new("RGB", (32, 32), (200, 100, 90))
    assert decode(save(image, "PNG", icc_profile=profile), LIMITS).pixels[5, 5].tolist() == [200, 100, 90]


# --- what else a photo knows -----------------------------------------------------------------------------


def test_only_the_first_picture_of_an_mpo_is_used(picture: Image.Image, save: Save) -> None:
    data = save(picture, "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480), "black")])
    photo = decode(data, LIMITS)
    assert (photo.format, photo.width, photo.height) == ("JPEG", 96, 64)


def test_the_hash_is_of_the_bytes_as_received(picture: Image.Image, save: Save) -> None:
    data = save(picture, "PNG")
    assert decode(data, LIMITS).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("quality", [1, 10, 25, 50, 75, 85, 95])
def test_the_quality_of_a_jpeg_is_read_from_its_tables(quality: int, picture: Image.Image, save: Save) -> None:
    assert decode(save(picture, "JPEG", quality=quality), LIMITS).quality == quality


@pytest.mark.parametrize(
    ("factors", "block"),
    [(0x111111, (8, 8)), (0x211111, (16, 8)), (0x121111, (8, 16)), (0x221111, (16, 16)), (0x411111, (32, 8))],
)
def test_the_block_is_what_the_jpeg_codes_together(factors: int, block: tuple[int, int]) -> None:
    _, data = cv2.imencode(".jpg", np.zeros((64, 64, 3), np.uint8), [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factors])
    assert decode(data.tobytes(), LIMITS).block == block


def test_a_bit_flipped_in_the_pixels_of_a_png_is_damage(picture: Image.Image, save: Save) -> None:
    data = bytearray(save(picture, "PNG"))
    data[data.index(b"IDAT") + 20] ^= 1
    with pytest.raises(Damaged):
        decode(bytes(data), LIMITS)
