"""Metadata in the boxes of HEIF and AVIF files, wherever the table of items says it is."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable

import pytest
from tests.unit.photo.metadata.blocks import titled

from fotopoort.photo.metadata.iso import MAX_CONTENT, MAX_METADATA, read
from fotopoort.vocabulary import Hint, HintKind

START = 8 + 4  # of what `file` puts first


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def info(number: int, kind: bytes, strings: bytes = b"\0", version: int = 2) -> bytes:
    size = "H" if version == 2 else "I"
    return box(b"infe", bytes([version, 0, 0, 0]) + struct.pack(f">{size}H4s", number, 0, kind) + strings)


def table(*infos: bytes) -> bytes:
    return box(b"iinf", struct.pack(">IH", 0, len(infos)) + b"".join(infos))


def file(content: bytes, meta: bytes) -> bytes:
    """A file with `content` at offset `START`."""
    return box(b"ftyp", b"heic") + content + box(b"meta", bytes(4) + meta)


RDF = b"XMP\0application/rdf+xml\0"


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize(
    ("format", "numbers"),
    [
        pytest.param("IHHHHHII", (0, 0x4400, 1, 7, 0, 1, START + 8, 5), id="in one piece"),
        pytest.param("IHHHHHIIII", (0, 0x4400, 1, 7, 0, 2, START + 8, 3, START + 11, 2), id="in two pieces"),
        pytest.param("IHHHHIHBB", (0, 0x1140, 1, 7, 0, START, 1, 8, 5), id="from a base"),
        pytest.param("IHHHHHHII", (1 << 24, 0x4400, 1, 7, 0, 0, 1, START + 8, 5), id="version 1"),
        pytest.param("IHIIHHHQII", (2 << 24, 0x4408, 1, 7, 0, 0, 1, 1, START + 8, 5), id="version 2, with an index"),
        pytest.param(
            "IHH HHH600I HHHII",
            (0, 0x4400, 2, 6, 0, 300, *[1] * 600, 7, 0, 1, START + 8, 5),
            id="after a picture of many pieces",
        ),
    ],
)
def test_where_an_item_is(format: str, numbers: tuple[int, ...], version: int) -> None:
    iloc = box(b"iloc", struct.pack(f">{format}", *numbers))
    assert read(file(box(b"mdat", b"Sport"), table(info(7, b"mime", RDF, version)) + iloc), None).xmp == (b"Sport",)


def test_an_item_inside_the_meta_box() -> None:
    iloc = box(b"iloc", struct.pack(">IHHHHHHII", 1 << 24, 0x4400, 1, 7, 1, 0, 1, 2, 5))
    meta = table(info(7, b"mime", RDF)) + iloc + box(b"idat", b"??Sport??")
    assert read(file(b"", meta), None).xmp == (b"Sport",)


def items(*described: tuple[bytes, bytes, bytes]) -> bytes:
    """A file with items of these kinds, strings and contents."""
    content, infos, places = b"", [], b""
    for number, (kind, strings, body) in enumerate(described):
        places += struct.pack(">HHHII", number, 0, 1, START + 8 + len(content), len(body))
        content += body
        infos.append(info(number, kind, strings))
    iloc = struct.pack(">IHH", 0, 0x4400, len(described)) + places
    return file(box(b"mdat", content), table(*infos) + box(b"iloc", iloc))


def test_items_of_every_kind() -> None:
    found = read(
        items(
            (b"hvc1", b"\0", b"a picture"),
            (b"Exif", b"\0", b"\0\0\0\0II*\0first"),
            (b"mime", RDF, titled("Jet")),
            (b"Exif", b"\0", b"\0\0\0\0II*\0second"),
            (b"mime", b"\0text/plain\0", b"van opa"),
            (b"uri ", b"\0urn:x\0", b"van oma"),
        ),
        None,
    )
    assert found.exif == (b"\0\0\0\0II*\0first", b"\0\0\0\0II*\0second")
    assert found.xmp == (titled("Jet"),)
    assert {("mime item", b"van opa"), ("uri  item", b"van oma")} <= set(found.unknown)


@pytest.mark.parametrize("compress", [zlib.compress, gzip.compress])
def test_an_item_that_is_compressed(compress: Callable[[bytes], bytes]) -> None:
    assert read(items((b"mime", RDF + b"deflate\0", compress(titled("Jet")))), None).xmp == (titled("Jet"),)


def test_an_item_that_says_it_is_compressed_and_is_not() -> None:
    assert read(items((b"mime", RDF + b"br\0", titled("Jet"))), None).xmp == (titled("Jet"),)


def test_a_description_of_a_picture() -> None:
    udes = box(b"udes", bytes(4) + b"nl\0Sportdag\0Jet wint\0groep 5,zomer\0")
    found = read(file(b"", box(b"iprp", box(b"ipco", box(b"ispe", bytes(12)) + udes))), None)
    assert [text for _, text in found.texts] == ["Sportdag", "Jet wint", "groep 5,zomer"]


def test_further_boxes_and_bytes() -> None:
    data = file(box(b"moov", b"") + box(b"uuid", b"van opa"), b"") + b"\0\0\0\0"
    found = read(data, b"icc", [Hint(HintKind.DEPTH, "HEIF depth image")])
    assert found.others == (Hint(HintKind.DEPTH, "HEIF depth image"), Hint(HintKind.VIDEO, "moov box"))
    assert ("uuid box", b"van opa") in found.unknown
    assert Hint(HintKind.TRAILING_BYTES, "after the last box") in read(data + b"PK", None).others


# --- tables that say what cannot be ----------------------------------------------------------------------


def test_a_place_beyond_the_file() -> None:
    iloc = struct.pack(">IHHHHHII", 0, 0x4400, 1, 7, 0, 1, 2**32 - 1, 2**32 - 1)
    assert read(file(b"", table(info(7, b"mime", RDF)) + box(b"iloc", iloc)), None).xmp == (b"",)


def test_an_item_that_has_no_place() -> None:
    assert read(file(b"", table(info(7, b"mime", RDF)) + box(b"iloc", b"")), None).xmp == (b"",)


def test_items_that_lie_over_each_other_end() -> None:
    size = MAX_CONTENT // 50
    place = struct.pack(">HH", 0, 100) + struct.pack(">II", 0, size) * 100
    iloc = struct.pack(">IHH", 0, 0x4400, 1000) + b"".join(struct.pack(">H", n) + place for n in range(1000))
    data = file(box(b"mdat", bytes(size)), table(*(info(n, b"mime", RDF) for n in range(1000))) + box(b"iloc", iloc))
    found = read(data, None)
    assert len(found.xmp) == MAX_METADATA
    assert max(map(len, found.xmp)) == MAX_CONTENT


@pytest.mark.parametrize("length", range(0, 240, 7))
def test_a_file_that_is_cut_off(length: int) -> None:
    data = items((b"Exif", b"\0", b"\0\0\0\0II*\0"), (b"mime", RDF, titled("Jet")))
    assert len(read(data[: len(data) - length], None).xmp) <= 1
