"""Raw camera files are recognised by their content, whatever they are called; pictures made from them are none."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image
from tests.unit.photo.tiff_files import LONG, SHORT, assembled, tiff

from fotopoort.errors import Animated, FormatNotAllowed, PhotoError
from fotopoort.photo.admission import Limits, admit
from fotopoort.photo.decode import decode
from fotopoort.photo.formats.raw import is_raw

LIMITS = Limits()
WIDTH, HEIGHT = 64, 48
Tags = dict[int, tuple[int, tuple[int, ...]]]
BYTE = 1
MOSAIC, LINEAR, RGB = 32803, 34892, 2


def picture(photometric: int = RGB, bits: int = 16, samples: int = 1, compression: int = 1, **more: int) -> Tags:
    """Tags of a picture whose pixels are nowhere."""
    return {
        254: (LONG, (more.get("subfile", 0),)),
        256: (LONG, (WIDTH,)),
        257: (LONG, (HEIGHT,)),
        258: (SHORT, (bits,) * samples),
        259: (SHORT, (compression,)),
        262: (SHORT, (photometric,)),
        273: (LONG, (8,)),
        277: (SHORT, (samples,)),
        278: (LONG, (HEIGHT,)),
        279: (LONG, (WIDTH * HEIGHT,)),
    }


def with_picture_below(first: Tags, below: Tags, order: str = "<") -> bytes:
    """A file whose first directory points to a second one below it."""
    body = bytes(WIDTH * HEIGHT * 3)
    inner = assembled(body, below, order)
    start = struct.unpack_from(order + "I", inner, 4)[0]
    return assembled(inner[8:], first | {330: (LONG, (start,))}, order)


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


PREVIEW = picture(RGB, 8, 3, subfile=1)
REST = bytes(400)
RAW_FILES = {
    "Android: the mosaic first": assembled(bytes(6144), picture(MOSAIC) | {50706: (BYTE, (1, 4, 0, 0))}),
    "Android, without its version": assembled(bytes(6144), picture(MOSAIC)),
    "Android, big-endian": assembled(bytes(6144), picture(MOSAIC) | {50706: (BYTE, (1, 4, 0, 0))}, ">"),
    "DNG, linear": assembled(bytes(18432), picture(LINEAR, 16, 3) | {50706: (BYTE, (1, 6, 0, 0))}),
    "DNG that looks like RGB": assembled(bytes(18432), picture(RGB, 16, 3) | {50706: (BYTE, (1, 7, 1, 0))}),
    "DNG, lossy": assembled(bytes(6144), picture(LINEAR, 8, 3, 34892)),
    "DNG with JPEG XL": assembled(bytes(6144), picture(LINEAR, 16, 3, 52546)),
    "DNG, preview first": with_picture_below(PREVIEW | {50706: (BYTE, (1, 4, 0, 0))}, picture(MOSAIC)),
    "ProRAW": with_picture_below(PREVIEW | {50706: (BYTE, (1, 6, 0, 0))}, picture(LINEAR, 12, 3, 7)),
    "Nikon": with_picture_below(PREVIEW, picture(MOSAIC, 14, 1, 34713)),
    "Nikon, big-endian": with_picture_below(PREVIEW, picture(MOSAIC, 12, 1, 34713), ">"),
    "Nikon, uncompressed": with_picture_below(PREVIEW, picture(MOSAIC, 14)),
    "Sony": with_picture_below(picture(6, 8, 3, 6, subfile=1), picture(MOSAIC, 12, 1, 32767)),
    "Pentax": assembled(bytes(6144), picture(MOSAIC, 14, 1, 65535), ">"),
    "Samsung": with_picture_below(picture(6, 8, 3, 6, subfile=1), picture(MOSAIC, 12, 1, 32770)),
    "Kodak": with_picture_below(PREVIEW, picture(MOSAIC, 12, 1, 65000)),
    "Hasselblad, Epson, Mamiya": with_picture_below(PREVIEW, picture(MOSAIC)),
    "a preview of whatever is below it": with_picture_below(PREVIEW, picture(RGB, 16, 3)),
    "Phase One": b"MMMMRawT" + REST,
    "Phase One, in TIFF": b"II*\0\x10\0\0\0IIII" + REST,
    "Canon CR2": b"II*\0\x10\0\0\0CR\2\0" + REST,
    "Canon CR3": box(b"ftyp", b"crx \0\0\0\1crx isom") + REST,
    "Canon CRW": b"II\x1a\0\0\0HEAPCCDR" + REST,
    "Olympus": b"IIRO\x08\0\0\0" + REST,
    "Olympus, older": b"IIRS\x08\0\0\0" + REST,
    "Olympus, big-endian": b"MMOR\0\0\0\x08" + REST,
    "Panasonic": b"IIU\0\x18\0\0\0" + REST,
    "Fujifilm": b"FUJIFILMCCD-RAW 0201FF383501" + REST,
    "Sigma": b"FOVb\0\0\2\0" + REST,
    "Minolta": b"\0MRM\0\0\1\0" + REST,
}


@pytest.mark.parametrize("kind", RAW_FILES)
def test_raw_files_are_to_be_exported(kind: str) -> None:
    with pytest.raises(FormatNotAllowed) as refused:
        admit(RAW_FILES[kind], LIMITS)
    assert refused.value.message == ("Dit is een raw-bestand uit een camera.", "This is a raw camera file.")
    assert refused.value.hint == ("Exporteer het als JPEG.", "Export it as JPEG.")


@pytest.mark.parametrize("end", [12, 40, 100, 200])
@pytest.mark.parametrize("kind", ["Nikon", "Pentax", "Canon CR2", "Fujifilm"])
def test_a_raw_file_cut_off_anywhere_is_never_a_photo(kind: str, end: int) -> None:
    with pytest.raises(PhotoError):
        decode(RAW_FILES[kind][:end], LIMITS)


def test_a_tiff_with_a_thumbnail_before_it_has_several_pages() -> None:
    thumbnail = Image.new("RGB", (32, 24), "red")
    out = io.BytesIO()
    thumbnail.save(out, "TIFF", save_all=True, append_images=[Image.new("RGB", (320, 240))], tiffinfo={254: 1})
    with pytest.raises(Animated):
        admit(out.getvalue(), LIMITS)


@pytest.mark.parametrize("make", ["NIKON CORPORATION", "Canon", "SONY", "PENTAX", "Android"])
def test_a_tiff_made_from_a_raw_file_is_a_photo(make: str) -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), (200, 100, 50), np.uint8)
    letters = tuple(make.encode() + b"\0")
    data = tiff(pixels, tags={271: (BYTE, letters), 34665: (LONG, (8,))})
    assert not is_raw(data)
    assert decode(data, LIMITS).pixels[5, 5].tolist() == [200, 100, 50]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_pictures_are_no_raw_files(format: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(out, format)
    assert not is_raw(out.getvalue())
