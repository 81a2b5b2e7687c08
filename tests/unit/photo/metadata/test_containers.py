"""Every text in a WebP, TIFF, HEIC or AVIF file is fields_and_texts, and what comes after any picture."""

from __future__ import annotations

import io
import struct

import pillow_heif
import pytest
from PIL import Image
from tests.unit.photo.metadata.blocks import IPTC, Save, exif_of, resource, texts, titled

from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.vocabulary import HintKind


def riff(webp: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    body = webp[12:] + b"".join(
        kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def test_webp(picture: Image.Image, save: Save) -> None:
    webp = save(picture, "WEBP", exif=exif_of(description="Jet"), xmp=titled("Sem"))
    more = riff(webp, (b"XMP ", titled("Noor")), (b"EXIF", exif_of(artist="Ans")), (b"NOTE", b"van opa\0"))
    assert texts(decode(more, Limits()).hints) == {"Jet", "Sem", "Noor", "Ans", "van opa"}


@pytest.mark.parametrize("number_type", [1, 4, 7])
def test_tiff(number_type: int, picture: Image.Image, save: Save) -> None:
    """IPTC is written as bytes, as undefined, and most often as long numbers, which it is not."""
    iptc = IPTC + bytes(-len(IPTC) % 4)
    tiff = save(picture, "TIFF", tiffinfo={0x010E: "Pim", 700: titled("Sem"), 34377: resource(titled("Noor"), 0x0424)})
    entries, at = struct.unpack_from("<H", tiff, int.from_bytes(tiff[4:8], "little"))[0], len(tiff)
    start = int.from_bytes(tiff[4:8], "little")
    table = tiff[start + 2 : start + 2 + 12 * entries]
    value = struct.pack("<HHII", 33723, number_type, len(iptc) // (4 if number_type == 4 else 1), at)
    moved = struct.pack("<H", entries + 1) + table + value + b"\0\0\0\0"
    data = tiff[:4] + struct.pack("<I", at + len(iptc)) + tiff[8:] + iptc + moved
    assert texts(decode(data, Limits()).hints) == {"Pim", "Jet", "Ans", "Sem", "Noor"}


def test_heic(picture: Image.Image) -> None:
    out = io.BytesIO()
    second = picture.copy()
    second.info["exif"] = exif_of(description="Sem")
    heif = pillow_heif.from_pillow(picture)
    heif.add_from_pillow(second)
    heif.save(out, exif=exif_of(description="Jet", artist="Ans"), xmp=titled("Sportdag"))
    found = decode(out.getvalue() + b"\0\0\0\x13uuid\1\2\3van opa\0", Limits()).hints
    assert {"Jet", "Ans", "Sportdag", "Sem", "van opa"} <= texts(found)


@pytest.mark.parametrize("orientation", [1, 6])
def test_avif_also_where_the_container_turns_it(orientation: int, picture: Image.Image, save: Save) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "Jet"
    avif = save(picture, "AVIF", exif=exif.tobytes(), xmp=titled("Sportdag"))
    assert texts(decode(avif, Limits()).hints) == {"Jet", "Sportdag"}


def test_bytes_after_the_picture_are_hints(picture: Image.Image, save: Save) -> None:
    zip_file, video = b"PK\x03\x04 zip", b"\0\0\0\x18ftypmp42"
    for format in ("JPEG", "PNG", "WEBP", "AVIF"):
        found = decode(save(picture, format) + zip_file, Limits()).hints
        assert HintKind.TRAILING_BYTES in {hint.kind for hint in found}, format
        assert "van Jet" in texts(decode(save(picture, format) + b"\0van Jet", Limits()).hints), format
        assert not decode(save(picture, format) + b"\0\0", Limits()).hints, f"{format}: padding is nothing"
    jpeg = save(picture, "JPEG")
    kinds = {hint.kind for hint in decode(jpeg + jpeg + video, Limits()).hints}
    assert {HintKind.SECOND_IMAGE, HintKind.VIDEO, HintKind.TRAILING_BYTES} == kinds
