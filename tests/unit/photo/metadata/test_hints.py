"""Broken metadata is read as far as it goes; how many hints there are, and in what order; no text is in a repr."""

from __future__ import annotations

import contextlib
import io

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.unit.photo.metadata.blocks import XMP, Save, exif_of, segment, texts, titled, with_segments

from fotopoort.errors import PhotoError
from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode
from fotopoort.photo.metadata.hints import MAX_HINTS, MAX_TEXTS, hints
from fotopoort.photo.metadata.texts import MAX_TEXT
from fotopoort.photo.source import Blocks


@pytest.mark.parametrize(
    "exif", [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" * 9]
)
def test_broken_exif_leaves_the_picture_alone(exif: bytes, picture: Image.Image, save: Save) -> None:
    photo = decode(save(picture, "JPEG", exif=exif), Limits())
    assert photo.pixels.shape == (64, 96, 3)


@given(
    st.binary(min_size=1, max_size=200),
    st.sampled_from([b"", b"II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08", b"<?xml ", b"\x1c\x02", b"8BIM\x04\x04\0\0"]),
)
def test_no_block_of_any_kind_is_an_obstacle(data: bytes, start: bytes) -> None:
    block = start + data
    blocks = Blocks((block,), (block,), (block,), (block,), block, (("PNG Title", "x"),), (("PNG juSt", block),))
    assert {"EXIF", "IPTC", "XMP", "ICC", "PNG Title"} <= {hint.field for hint in hints(blocks)}


@given(st.integers(0, 5000), st.integers(1, 40), st.binary(max_size=40))
def test_no_change_to_a_file_does_more_than_damage_it(at: int, gone: int, put: bytes) -> None:
    for data in FILES:
        start = at % len(data)
        with contextlib.suppress(PhotoError):
            decode(data[:start] + put + data[start + gone :], Limits())


def _files() -> list[bytes]:
    files = []
    for format in ("JPEG", "PNG", "WEBP", "TIFF"):
        out = io.BytesIO()
        Image.new("RGB", (16, 16)).save(out, format, exif=exif_of(description="Jet"), xmp=titled("Sem"))
        files.append(out.getvalue())
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64))).save(out, exif=exif_of(description="Jet"), xmp=titled("Sem"))
    return [*files, out.getvalue()]


FILES = _files()


# --- how many hints, and which come first ----------------------------------------------------------------


def test_each_thing_is_one_hint() -> None:
    assert texts(hints(Blocks(xmp=(titled("Jet"), titled("Jet"))))) == {"Jet"}
    assert len(hints(Blocks(xmp=(titled("Jet"), titled("Jet"))))) == 2


def test_captions_and_names_come_before_any_number_of_other_texts() -> None:
    technical = "".join(f"<mine:a{n}>linear curve</mine:a{n}>" for n in range(2 * MAX_HINTS))
    packet = XMP.format(f"{technical}<dc:title>Sportdag</dc:title><dc:creator>Ans</dc:creator>").encode()
    found = hints(Blocks(xmp=(packet,), texts=(("PNG Comment", "van opa"),)))
    assert len(found) == MAX_HINTS
    assert [hint.text for hint in found[:4]] == [None, "Sportdag", "Ans", "van opa"]


def test_there_is_an_end_to_the_hints() -> None:
    many = Blocks(texts=tuple((f"PNG {n}", "Jet") for n in range(2 * MAX_HINTS)))
    assert len(hints(many)) == MAX_HINTS
    long = Blocks(texts=tuple((f"PNG {n}", "Jet " * MAX_TEXT) for n in range(MAX_HINTS)))
    assert max(len(text) for text in texts(hints(long))) == MAX_TEXT
    assert sum(len(hint.text or "") for hint in hints(long)) == MAX_TEXTS


def test_no_repr_shows_what_was_said(picture: Image.Image, save: Save) -> None:
    jpeg = save(
        picture, "JPEG", comment=b"Jet Voorbeeld", xmp=titled("Jet Voorbeeld"), exif=exif_of(artist="Voorbeeld")
    )
    photo = decode(with_segments(jpeg, segment(0xE5, b"Jet Voorbeeld")), Limits())
    assert texts(photo.hints) == {"Jet Voorbeeld", "Voorbeeld"}
    assert "Voorbeeld" not in repr(photo) + repr(photo.hints)
    block = b"Voorbeeld"
    blocks = Blocks((block,), (block,), (block,), (block,), block, (("PNG Title", "Voorbeeld"),), (("PNG x", block),))
    assert "Voorbeeld" not in repr(blocks)
