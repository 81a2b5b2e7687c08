"""Every text in a JPEG is fields_and_texts, in whatever segment it stands."""

from __future__ import annotations

import hashlib
import struct

import pytest
from PIL import Image
from tests.unit.photo.metadata.blocks import (
    IPTC,
    IPTC_HINTS,
    Save,
    exif_of,
    fields_and_texts,
    resource,
    segment,
    texts,
    texts_with_kind,
    titled,
    with_segments,
)

from fotopoort.errors import Damaged
from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.formats.jpeg_structure import MAX_SEGMENTS
from fotopoort.photo.metadata.texts import MAX_TEXT
from fotopoort.vocabulary import Hint, HintKind


def test_exif_position_and_thumbnail(picture: Image.Image, save: Save) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "Juf Ans", "Ans Fotograaf"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "met Pim".encode("utf-16")
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 0.0)
    assert fields_and_texts(decode(save(picture, "JPEG", exif=exif.tobytes()), Limits()).hints) == {
        ("EXIF", None),
        ("EXIF ImageDescription", "Juf Ans"),
        ("EXIF Artist", "Ans Fotograaf"),
        ("EXIF UserComment", "met Pim"),
        ("EXIF GPSInfo", None),
    }


def test_every_comment_in_a_jpeg(picture: Image.Image, save: Save) -> None:
    comments = [segment(0xFE, text) for text in (b"van opa", "Zoë".encode("latin-1"), "Noël\0".encode())]
    found = decode(with_segments(save(picture, "JPEG"), *comments), Limits()).hints
    assert fields_and_texts(found) == {("JPEG Comment", "van opa"), ("JPEG Comment", "Zoë"), ("JPEG Comment", "Noël")}
    assert {hint.kind for hint in found} == {HintKind.CAPTION}


def test_a_comment_between_the_scans_of_a_jpeg(picture: Image.Image, save: Save) -> None:
    jpeg = save(picture, "JPEG", progressive=True)
    second_scan = jpeg.index(b"\xff\xda", jpeg.index(b"\xff\xda") + 2)
    found = decode(jpeg[:second_scan] + segment(0xFE, b"van opa") + jpeg[second_scan:], Limits()).hints
    assert fields_and_texts(found) == {("JPEG Comment", "van opa")}


@pytest.mark.parametrize("cut", [4, 12, 16, 20])
def test_iptc_that_is_cut_over_several_segments(cut: int, picture: Image.Image, save: Save) -> None:
    block = resource(IPTC)
    parts = [segment(0xED, b"Photoshop 3.0\0" + part) for part in (block[:cut], block[cut:])]
    found = decode(with_segments(save(picture, "JPEG"), *parts), Limits()).hints
    assert texts_with_kind(found) == IPTC_HINTS


def test_photoshops_other_resource(picture: Image.Image, save: Save) -> None:
    block = b"".join(
        (
            resource(IPTC),
            resource(titled("Sportdag"), 0x0424),
            resource(b"\0\0\0\1" + "foto van Sem".encode("utf-16-be") + b"\0\0", 0x041A),
            resource(b"\xff\xd8 a picture of Noor", 0x040C),
        )
    )
    found = decode(with_segments(save(picture, "JPEG"), segment(0xED, b"Photoshop 3.0\0" + block)), Limits()).hints
    assert texts(found) == {"Jet", "Ans", "Sportdag", "foto van Sem"}
    assert Hint(HintKind.THUMBNAIL, "Photoshop") in found


def test_xmp_that_goes_on_in_further_segments(picture: Image.Image, save: Save) -> None:
    first, second = titled("Jet " * 30_000), titled("Sem")
    parts = []
    for packet in (first, second):
        digest = hashlib.md5(packet, usedforsecurity=False).hexdigest().upper().encode()
        for at in range(0, len(packet), 60_000):
            head = b"http://ns.adobe.com/xmp/extension/\0" + digest + struct.pack(">II", len(packet), at)
            parts.append(segment(0xE1, head + packet[at : at + 60_000]))
    main = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + titled("Sportdag"))
    found = decode(with_segments(save(picture, "JPEG"), *reversed(parts), main), Limits()).hints
    assert texts(found) == {"Sportdag", "Sem", ("Jet " * 30_000)[:MAX_TEXT]}


def test_two_blocks_where_there_should_be_one(picture: Image.Image, save: Save) -> None:
    parts = [segment(0xE1, exif_of(description=name)) for name in ("Jet", "Sem")]
    parts += [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + titled(name)) for name in ("Noor", "Bram")]
    found = decode(with_segments(save(picture, "JPEG"), *parts), Limits()).hints
    assert texts(found) == {"Jet", "Sem", "Noor", "Bram"}


def test_exif_that_goes_on_in_a_second_segment(picture: Image.Image, save: Save) -> None:
    exif = exif_of(artist="Ans", description="Jet " * 10)
    parts = [segment(0xE1, exif[:60]), segment(0xE1, b"Exif\0\0" + exif[60:])]
    found = decode(with_segments(save(picture, "JPEG"), *parts), Limits()).hints
    assert texts(found) == {"Ans", ("Jet " * 10).strip()}


@pytest.mark.parametrize(
    ("marker", "body"),
    [
        pytest.param(0xEC, b"Ducky\0\2\0\x0a\0\0\0\3" + "Jet".encode("utf-16-be") + b"\0\0", id="save for web"),
        pytest.param(0xEC, b"[picture info]\r\nOwner=Jet\r\n", id="picture info"),
        pytest.param(0xEA, b"UNICODE\0" + "van Jet".encode("utf-16-be"), id="PhotoStudio"),
        pytest.param(0xEB, b"JP\0\1\0\0\0\1jumb\xa1dname" + b"mmaker is Jet\xff", id="content credentials"),
        pytest.param(0xE5, b"\1\2\3Jet\0", id="of unknown make"),
    ],
)
def test_texts_in_other_segments(marker: int, body: bytes, picture: Image.Image, save: Save) -> None:
    found = decode(with_segments(save(picture, "JPEG"), segment(marker, body)), Limits()).hints
    assert any("Jet" in text for text in texts(found))


def test_what_a_plain_jpeg_is_made_of_says_nothing(picture: Image.Image, save: Save) -> None:
    for options in ({}, {"progressive": True}, {"optimize": True}):
        assert decode(save(picture, "JPEG", **options), Limits()).hints == ()
    assert decode(save(picture.convert("CMYK"), "JPEG"), Limits()).hints == ()


def test_the_texts_of_a_second_picture(picture: Image.Image, save: Save) -> None:
    second = with_segments(save(picture, "JPEG"), segment(0xFE, b"van opa"), segment(0xE1, exif_of(description="Jet")))
    found = decode(save(picture, "JPEG") + second + b"\0\0foto van Sem", Limits()).hints
    assert texts(found) == {"van opa", "Jet", "foto van Sem"}


def test_a_second_picture_in_an_mpo_is_a_hint(picture: Image.Image, save: Save) -> None:
    found = decode(save(picture, "MPO", save_all=True, append_images=[picture]), Limits()).hints
    assert HintKind.SECOND_IMAGE in {hint.kind for hint in found}


def test_more_segments_than_any_program_writes_are_damage(picture: Image.Image, save: Save) -> None:
    with pytest.raises(Damaged):
        decode(with_segments(save(picture, "JPEG"), segment(0xFE, b"Jet") * (MAX_SEGMENTS + 1)), Limits())
