"""Every text in a PNG is fields_and_texts, in whatever chunk it stands."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image
from tests.unit.photo.metadata.blocks import (
    IPTC,
    Save,
    exif_of,
    fields_and_texts,
    resource,
    texts,
    texts_with_kind,
    titled,
)

from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.metadata.texts import MAX_TEXT
from fotopoort.vocabulary import HintKind


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(png: bytes, *chunks: bytes, after_pixels: bool = False) -> bytes:
    at = len(png) - 12 if after_pixels else 33
    return png[:at] + b"".join(chunks) + png[at:]


def raw_profile(name: str, block: bytes) -> bytes:
    text = f"\n{name}\n{len(block):8}\n{block.hex()}\n".encode()
    return chunk(b"zTXt", f"Raw profile type {name}".encode() + b"\0\0" + zlib.compress(text))


@pytest.mark.parametrize("after_pixels", [False, True])
def test_png_texts_of_every_kind(after_pixels: bool, picture: Image.Image, save: Save) -> None:
    chunks = [
        chunk(b"tEXt", b"Title\0Zo\xeb zingt"),
        chunk(b"tEXt", b"Title\0No\xc3\xabl ook"),
        chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Ans")),
        chunk(b"iTXt", b"Description\0\0\0nl\0\0" + "Łucja danst".encode()),
        chunk(b"iTXt", b"Klas\0\1\0\0\0" + zlib.compress(b"van Jet")),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + titled("Sportdag")),
        chunk(b"eXIf", exif_of(description="Pim")[6:]),
        chunk(b"juSt", b"\1\2Sem\0"),
    ]
    found = decode(with_chunks(save(picture, "PNG"), *chunks, after_pixels=after_pixels), Limits()).hints
    assert texts_with_kind(found) == {
        (HintKind.CAPTION, "PNG Title", "Zoë zingt"),
        (HintKind.CAPTION, "PNG Title", "Noël ook"),
        (HintKind.PERSON_NAME, "PNG Author", "Ans"),
        (HintKind.CAPTION, "PNG Description", "Łucja danst"),
        (HintKind.TEXT, "PNG Klas", "van Jet"),
        (HintKind.CAPTION, "XMP dc:title", "Sportdag"),
        (HintKind.CAPTION, "EXIF ImageDescription", "Pim"),
        (HintKind.TEXT, "PNG juSt", "Sem"),
    }


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("exif", exif_of(description="Jet")),
        ("APP1", exif_of(description="Jet")),
        ("APP1", b"http://ns.adobe.com/xap/1.0/\0" + titled("Jet")),
        ("xmp", titled("Jet")),
        ("xmp", b"\xef\xbb\xbf" + titled("Jet")),
        ("iptc", IPTC),
        ("iptc", resource(IPTC)),
        ("IPTC profile", resource(IPTC)),
        ("8bim", b"Photoshop 3.0\0" + resource(IPTC)),
    ],
)
def test_blocks_that_imagemagick_wrote_as_text(name: str, block: bytes, picture: Image.Image, save: Save) -> None:
    found = decode(with_chunks(save(picture, "PNG"), raw_profile(name, block)), Limits()).hints
    assert "Jet" in texts(found)
    assert not [hint for hint in found if hint.field.startswith("PNG")]


def test_a_raw_profile_that_is_none_is_a_text_as_it_is(picture: Image.Image, save: Save) -> None:
    found = decode(with_chunks(save(picture, "PNG"), chunk(b"tEXt", b"Raw profile type x\0van Jet")), Limits()).hints
    assert fields_and_texts(found) == {("PNG Raw profile type x", "van Jet")}


def test_texts_that_explode_leave_the_picture_alone(picture: Image.Image, save: Save) -> None:
    bomb = zlib.compress(b"Jet " * 50_000_000, 9)
    chunks = [
        chunk(b"zTXt", b"Comment\0\0" + bomb),
        chunk(b"iTXt", b"Title\0\1\0\0\0" + bomb),
        chunk(b"iCCP", b"x\0\0" + bomb),
    ]
    photo = decode(with_chunks(save(picture, "PNG"), *chunks * 20, chunk(b"tEXt", b"Author\0Ans")), Limits())
    assert photo.pixels.shape == (64, 96, 3)
    assert {len(text) for text in texts(photo.hints)} == {MAX_TEXT, 3}


def test_a_broken_checksum_of_a_text_leaves_the_picture_alone(picture: Image.Image, save: Save) -> None:
    broken = chunk(b"tEXt", b"Title\0abc")[:-4] + b"\0\0\0\0"
    assert fields_and_texts(decode(with_chunks(save(picture, "PNG"), broken), Limits()).hints) == {("PNG Title", "abc")}
