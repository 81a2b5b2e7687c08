from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fotopoort.errors import (
    Animated,
    Damaged,
    EmptyFile,
    FormatNotAllowed,
    NotAPhoto,
    PhotoError,
    TooManyBytes,
    TooManyPixels,
    TooSmallToJudge,
)
from fotopoort.photo.admission import Limits, admit
from fotopoort.photo.decode import decode

Save = Callable[..., bytes]

LIMITS = Limits()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [header, b"IDAT", b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", EmptyFile, id="nothing"),
        pytest.param(b"\0", NotAPhoto, id="one byte"),
        pytest.param(b"Beste ouders,", NotAPhoto, id="text"),
        pytest.param(b"MZ\x90\0" + bytes(200), NotAPhoto, id="program"),
        pytest.param(b"GIF89a" + bytes(200), FormatNotAllowed, id="GIF"),
        pytest.param(b"BM" + bytes(200), FormatNotAllowed, id="BMP"),
        pytest.param(b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(200), FormatNotAllowed, id="JPEG 2000"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", FormatNotAllowed, id="SVG"),
        pytest.param(b" \n<?xml version='1.0'?><svg/>", FormatNotAllowed, id="SVG after white space"),
        pytest.param(b"%PDF-1.7", FormatNotAllowed, id="PDF"),
        pytest.param(b"\0\0\0\x14ftypmp42\0\0\0\0mp42" + bytes(99), FormatNotAllowed, id="video"),
        pytest.param(b"\0\0\0\x14ftypmsf1\0\0\0\0msf1" + bytes(99), Animated, id="HEIF sequence"),
        pytest.param(b"II*\0\x10\0\0\0CR\2\0" + bytes(99), FormatNotAllowed, id="Canon raw"),
        pytest.param(b"\xff\xd8\xff\xe0", Damaged, id="JPEG that ends at once"),
        pytest.param(b"RIFF\xff\0\0\0WEBPVP8 ", Damaged, id="WebP that ends at once"),
        pytest.param(b"\x89PNG\r\n\x1a\n", Damaged, id="PNG that ends at once"),
        pytest.param(b"II*\0\xff\xff\xff\xff", Damaged, id="TIFF that points outside"),
        pytest.param(b"\0\0\0\x14ftypavif\0\0\0\0avif", Damaged, id="AVIF that ends at once"),
        pytest.param(b"\0\0\0\x14ftypheic\0\0\0\0heic", Damaged, id="HEIC that ends at once"),
        pytest.param(png_header(10_001, 10_000), TooManyPixels, id="bomb"),
        pytest.param(png_header(2**31 - 1, 2**31 - 1), TooManyPixels, id="bomb that overflows"),
        pytest.param(png_header(1, 1), TooSmallToJudge, id="1 × 1"),
        pytest.param(png_header(65_000, 1), TooSmallToJudge, id="65,000 × 1"),
        pytest.param(png_header(15, 400), TooSmallToJudge, id="too narrow"),
    ],
)
def test_what_is_refused_and_why(data: bytes, error: type[PhotoError]) -> None:
    with pytest.raises(error):
        admit(data, LIMITS)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_formats_are_recognised_by_their_content(format: str, picture: Image.Image, save: Save) -> None:
    source = admit(save(picture, format), LIMITS)
    assert (source.format, source.width, source.height) == (format, 96, 64)


def test_limits_hold_to_the_pixel_and_the_byte(picture: Image.Image, save: Save) -> None:
    data = save(picture, "JPEG")
    assert admit(data, Limits(len(data), 96 * 64))
    with pytest.raises(TooManyBytes):
        admit(data, Limits(len(data) - 1, 96 * 64))
    with pytest.raises(TooManyPixels):
        admit(data, Limits(len(data), 96 * 64 - 1))


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_more_than_one_frame_or_page_is_refused(format: str, picture: Image.Image, save: Save) -> None:
    frames = [picture.rotate(180), picture.rotate(90)]
    with pytest.raises(Animated):
        admit(save(picture, format, save_all=True, append_images=frames), LIMITS)


def test_further_pictures_count_as_pixels() -> None:
    red = Image.new("RGB", (64, 64), "red")
    file = pillow_heif.from_pillow(red)
    file.add_from_pillow(red)
    out = io.BytesIO()
    file.save(out)
    assert admit(out.getvalue(), Limits(max_pixels=2 * 64 * 64)).further_pixels == 64 * 64
    with pytest.raises(TooManyPixels):
        admit(out.getvalue(), Limits(max_pixels=2 * 64 * 64 - 1))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_file_cut_off_anywhere_is_refused_never_half_shown(format: str, save: Save) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 96, 3), np.uint8))
    data = save(noise, format)
    for end in range(1, len(data) - 12, max(1, len(data) // 60)):
        with pytest.raises(PhotoError):
            decode(data[:end], LIMITS)


def test_a_jpeg_cut_off_and_closed_again_is_refused(save: Save) -> None:
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 255, (64, 96, 3), np.uint8))
    data = save(noise, "JPEG")
    with pytest.raises(Damaged):
        decode(data[: len(data) // 2] + b"\xff\xd9", LIMITS)


def test_a_jpeg_with_endless_scans_is_refused(save: Save, picture: Image.Image) -> None:
    data = save(picture, "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    with pytest.raises(Damaged):
        admit(data[:-2] + data[last:-2] * 120 + data[-2:], LIMITS)


def test_a_raw_file_is_refused_in_both_languages() -> None:
    with pytest.raises(FormatNotAllowed) as refused:
        admit(b"II*\0\x10\0\0\0CR\2\0" + bytes(99), LIMITS)
    assert refused.value.message == ("Dit is een raw-bestand uit een camera.", "This is a raw camera file.")
    assert refused.value.hint == ("Exporteer het als JPEG.", "Export it as JPEG.")
