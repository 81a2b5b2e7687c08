"""Every text in EXIF becomes a hint, whatever its directory, type or encoding."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import pytest

from fotopoort.photo.metadata.exif import read
from fotopoort.vocabulary import Hint, HintKind

BYTE, ASCII, LONG, UNDEFINED, UTF8 = 1, 2, 4, 7, 129
EXIF_IFD, GPS_IFD, SUB_IFDS = 0x8769, 0x8825, 0x014A

Entries = Sequence[tuple[int, int, bytes]]  # tag, type, value


def tiff(entries: Entries, inner: Mapping[int, Entries] | None = None, order: str = "<") -> bytes:
    """A TIFF structure with one directory, and one inner directory for each tag that points to one."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    return head + directory(entries, inner or {}, order, 8)


def directory(entries: Entries, inner: Mapping[int, Entries], order: str, at: int) -> bytes:
    table, rest = b"", b""
    beyond = at + 2 + 12 * (len(entries) + len(inner)) + 4
    for tag, kind, value in entries:
        offset = struct.pack(f"{order}I", beyond + len(rest))
        table += struct.pack(f"{order}HHI", tag, kind, len(value)) + (
            value.ljust(4, b"\0") if len(value) <= 4 else offset
        )
        rest += value if len(value) > 4 else b""
    for tag, below in inner.items():
        table += struct.pack(f"{order}HHII", tag, LONG, 1, beyond + len(rest))
        rest += directory(below, {}, order, beyond + len(rest))
    return struct.pack(f"{order}H", len(entries) + len(inner)) + table + b"\0\0\0\0" + rest


def texts(exif: bytes) -> list[tuple[HintKind, str, str | None]]:
    return [(hint.kind, hint.field, hint.text) for hint in read(exif) if hint.text is not None]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("where", "tag", "type", "value", "expected"),
    [
        (None, 0x010E, ASCII, b"Sportdag\0", Hint(HintKind.CAPTION, "EXIF ImageDescription", "Sportdag")),
        (None, 0x010E, ASCII, b"Jet", Hint(HintKind.CAPTION, "EXIF ImageDescription", "Jet")),
        (None, 0x010E, UNDEFINED, b"Sportdag", Hint(HintKind.CAPTION, "EXIF ImageDescription", "Sportdag")),
        (None, 0x013B, ASCII, b"Ans Proef\0", Hint(HintKind.PERSON_NAME, "EXIF Artist", "Ans Proef")),
        (None, 0x8298, ASCII, b"Ans\0school\0", Hint(HintKind.TEXT, "EXIF Copyright", "Ans\nschool")),
        (None, 0x013C, ASCII, b"iPhone van Jet\0", Hint(HintKind.TEXT, "EXIF HostComputer", "iPhone van Jet")),
        (None, 0x0131, ASCII, b"Toestel van Jet\0", Hint(HintKind.TEXT, "EXIF Software", "Toestel van Jet")),
        (None, 0xFDE8, ASCII, b"Eigenaar Jet\0", Hint(HintKind.TEXT, "EXIF 0xfde8", "Eigenaar Jet")),
        (EXIF_IFD, 0xA430, ASCII, b"Ans Proef\0", Hint(HintKind.PERSON_NAME, "EXIF CameraOwnerName", "Ans Proef")),
        (EXIF_IFD, 0xA433, ASCII, b"Lens van Jet\0", Hint(HintKind.TEXT, "EXIF LensMake", "Lens van Jet")),
        (EXIF_IFD, 0x9213, ASCII, b"Jet erop\0", Hint(HintKind.TEXT, "EXIF ImageHistory", "Jet erop")),
        (EXIF_IFD, 0xA436, UTF8, "Zoë".encode(), Hint(HintKind.CAPTION, "EXIF ImageTitle", "Zoë")),
        (EXIF_IFD, 0xA437, UTF8, "Zoë P.".encode(), Hint(HintKind.PERSON_NAME, "EXIF Photographer", "Zoë P.")),
        (EXIF_IFD, 0xA438, ASCII, b"Ans Proef\0", Hint(HintKind.PERSON_NAME, "EXIF ImageEditor", "Ans Proef")),
        (EXIF_IFD, 0xA43C, UTF8, b"Van Jet\0", Hint(HintKind.TEXT, "EXIF MetadataEditingSoftware", "Van Jet")),
        (GPS_IFD, 28, UNDEFINED, b"ASCII\0\0\0Bij Jet", Hint(HintKind.TEXT, "EXIF GPSAreaInformation", "Bij Jet")),
        (GPS_IFD, 8, ASCII, b"Jet telt\0", Hint(HintKind.TEXT, "EXIF GPSSatellites", "Jet telt")),
        (SUB_IFDS, 0x010E, ASCII, b"Sportdag\0", Hint(HintKind.CAPTION, "EXIF ImageDescription", "Sportdag")),
        (EXIF_IFD, 0xA20C, UNDEFINED, b"\1\0Jet\0\2", Hint(HintKind.TEXT, "EXIF SpatialFrequencyResponse", "Jet")),
    ],
)  # fmt: skip
def test_a_text(where: int | None, tag: int, type: int, value: bytes, expected: Hint, order: str) -> None:
    entry = [(tag, type, value)]
    exif = tiff(entry, order=order) if where is None else tiff([], {where: entry}, order)
    assert expected in list(read(exif))
    assert texts(exif) == [(expected.kind, expected.field, expected.text)]


@pytest.mark.parametrize(
    ("tag", "type", "value"),
    [
        pytest.param(0x0132, ASCII, b"2024:05:06 07:08:09\0", id="a date"),
        pytest.param(0x9010, ASCII, b"+02:00\0", id="a time zone"),
        pytest.param(0xA420, ASCII, b"127c1377b054a3f65bf2754ebb24e7f2\0", id="an id"),
        pytest.param(0x9000, UNDEFINED, b"0232", id="a version"),
        pytest.param(0x9101, UNDEFINED, b"\1\2\3\0", id="numbers"),
        pytest.param(0x010F, ASCII, b"\0\0\0\0\0", id="nothing"),
        pytest.param(0x010E, ASCII, b" \0 \0 ", id="nothing but space, where a caption could be"),
    ],
)
def test_what_no_person_wrote_is_no_hint(tag: int, type: int, value: bytes) -> None:
    assert texts(tiff([(tag, type, value)])) == []


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252"])
def test_texts_that_are_not_the_ascii_they_should_be(encoding: str) -> None:
    exif = tiff([(0x010E, ASCII, "Café De Zoën".encode(encoding) + b"\0")])
    assert texts(exif) == [(HintKind.CAPTION, "EXIF ImageDescription", "Café De Zoën")]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"ASCII\0\0\0Zo\xeb zingt", id="ASCII that is not"),
        pytest.param(b"ascii\0\0\0" + "Zoë zingt".encode(), id="in small letters"),
        pytest.param(b"UNICODE\0" + "Zoë zingt".encode("utf-16"), id="a byte order mark"),
        pytest.param(b"UNICODE\0" + "Zoë zingt".encode("utf-16-le"), id="little-endian"),
        pytest.param(b"UNICODE\0" + "Zoë zingt".encode("utf-16-be"), id="big-endian"),
        pytest.param(b"Unicode\0" + "Zoë zingt\0\0".encode("utf-16-be"), id="padded"),
        pytest.param(b"\0\0\0\0\0\0\0\0" + "Zoë zingt".encode(), id="undefined"),
        pytest.param("Zoë zingt".encode(), id="no alphabet named"),
    ],
)
def test_a_comment_in_any_alphabet(value: bytes, order: str) -> None:
    exif = tiff([], {EXIF_IFD: [(0x9286, UNDEFINED, value)]}, order)
    assert texts(exif) == [(HintKind.CAPTION, "EXIF UserComment", "Zoë zingt")]


def test_a_comment_in_japanese() -> None:
    value = b"JIS\0\0\0\0\0" + "運動会".encode("iso2022_jp")
    exif = tiff([], {EXIF_IFD: [(0x9286, UNDEFINED, value)]})
    assert texts(exif) == [(HintKind.CAPTION, "EXIF UserComment", "運動会")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize(
    ("tag", "kind", "name"),
    [
        (0x9C9B, HintKind.CAPTION, "XPTitle"),
        (0x9C9C, HintKind.CAPTION, "XPComment"),
        (0x9C9D, HintKind.PERSON_NAME, "XPAuthor"),
        (0x9C9E, HintKind.CAPTION, "XPKeywords"),
        (0x9C9F, HintKind.CAPTION, "XPSubject"),
    ],
)
def test_what_windows_writes(tag: int, kind: HintKind, name: str, encoding: str) -> None:
    exif = tiff([(tag, BYTE, "Zoë;groep 5\0".encode(encoding))])
    assert texts(exif) == [(kind, f"EXIF {name}", "Zoë;groep 5")]


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(tiff([(0x0006, ASCII, b"IMG:JPEG\0"), (0x0009, ASCII, b"Jet\0" + bytes(28))])[8:], id="Canon"),
        pytest.param(b"Panasonic\0\0\0" + struct.pack("<HHHII", 1, 0x0066, UNDEFINED, 4, 0) + b"Jet\0", id="Panasonic"),
        pytest.param(b"Nikon\0\2\x10\0\0" + tiff([(0x0009, ASCII, b"van Jet\0")], order=">"), id="Nikon"),
        pytest.param(b"\1\2\3\0" + "van Jet".encode("utf-16-le") + b"\xff\xfe", id="UTF-16"),
        pytest.param(b"\1\2\3owner van Jet in the middle\xff\xfe", id="without an end"),
    ],
)
def test_an_owner_in_a_maker_note(note: bytes) -> None:
    exif = tiff([], {EXIF_IFD: [(0x927C, UNDEFINED, note)]})
    [(kind, field, text)] = texts(exif)
    assert (kind, field) == (HintKind.TEXT, "EXIF MakerNote")
    assert "Jet" in (text or "").split()


def test_the_thumbnails_own_texts() -> None:
    first = tiff([(0x010E, ASCII, b"Groot\0\0\0")])
    second = directory([(0x010E, ASCII, b"Klein\0"), (0x0201, LONG, b"\1\0\0\0")], {}, "<", len(first))
    next_at = 8 + 2 + 12
    found = list(read(first[:next_at] + struct.pack("<I", len(first)) + first[next_at + 4 :] + second))
    assert Hint(HintKind.CAPTION, "EXIF ImageDescription", "Klein") in found
    assert Hint(HintKind.THUMBNAIL, "EXIF IFD1") in found


@pytest.mark.parametrize("before", [b"", b"Exif\0\0", b"Exif\0\0Exif\0\0", b"\0\0\0\6Exif\0\0", b"\0\0\0\0"])
def test_what_containers_put_before_it(before: bytes) -> None:
    exif = before + tiff([(0x010E, ASCII, b"Sportdag\0")])
    assert texts(exif) == [(HintKind.CAPTION, "EXIF ImageDescription", "Sportdag")]


# --- a mistake costs what it touches ---------------------------------------------------------------------


def test_a_value_that_is_cut_off_is_read_in_part_and_others_whole() -> None:
    exif = tiff([(0x013B, ASCII, b"Ans Proef\0"), (0x010E, ASCII, b"Jet wint de wedstrijd")])
    assert [text for _, _, text in texts(exif[:-13])] == ["Ans Proef", "Jet wint"]


def test_an_entry_of_no_known_type_hides_no_other() -> None:
    exif = tiff([(0x010F, 99, b"....."), (0x010E, ASCII, b"Sportdag\0")])
    assert [text for _, _, text in texts(exif)] == ["Sportdag"]


def test_a_directory_that_points_to_itself_ends() -> None:
    turning = struct.pack("<HHHII", 1, EXIF_IFD, LONG, 1, 8) + struct.pack("<I", 8)
    assert texts(b"II*\0\x08\0\0\0" + turning) == []


def test_values_that_lie_over_each_other_end() -> None:
    size, count = 100_000, 60_000
    table = b"".join(struct.pack("<HHII", 0x010E, ASCII, size, 8) for _ in range(count))
    exif = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + table + b"Jet " * (size // 4)
    assert len(texts(exif)) < 100
