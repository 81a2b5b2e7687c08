"""EXIF: the orientation, and the hints in its tags. Of a broken block, what can be read is read.

Pillow reads the orientation. The tags are read here, because Pillow skips those in UTF-8 (EXIF 3.0), those in
directories below the usual ones, and whatever follows a value that is cut off.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image
from PIL.ExifTags import GPS, GPSTAGS, IFD, TAGS, Base

from fotopoort.photo.metadata import texts
from fotopoort.vocabulary import Hint, HintKind

CAPTION, PERSON_NAME, TEXT = HintKind.CAPTION, HintKind.PERSON_NAME, HintKind.TEXT

MAX_ENTRIES = 10_000
MAX_VALUE = 4_000_000  # bytes

# Text tags of EXIF 3.0 (4.6.6), which Pillow has no names for.
IMAGE_TITLE, PHOTOGRAPHER, IMAGE_EDITOR = 0xA436, 0xA437, 0xA438
NAMES = TAGS | {
    IMAGE_TITLE: "ImageTitle",
    PHOTOGRAPHER: "Photographer",
    IMAGE_EDITOR: "ImageEditor",
    0xA439: "CameraFirmware",
    0xA43A: "RAWDevelopingSoftware",
    0xA43B: "ImageEditingSoftware",
    0xA43C: "MetadataEditingSoftware",
}
XP_TAGS = {Base.XPTitle, Base.XPComment, Base.XPSubject, Base.XPKeywords, Base.XPAuthor}  # UTF-16
FIELDS: dict[int, HintKind] = {
    Base.ImageDescription: CAPTION,
    Base.DocumentName: CAPTION,
    Base.XPTitle: CAPTION,
    Base.XPComment: CAPTION,
    Base.XPSubject: CAPTION,
    Base.XPKeywords: CAPTION,
    Base.UserComment: CAPTION,
    IMAGE_TITLE: CAPTION,
    Base.Artist: PERSON_NAME,
    Base.XPAuthor: PERSON_NAME,
    Base.CameraOwnerName: PERSON_NAME,
    PHOTOGRAPHER: PERSON_NAME,
    IMAGE_EDITOR: PERSON_NAME,
    Base.Copyright: TEXT,
    Base.HostComputer: TEXT,  # "iPhone of …"
    Base.PageName: TEXT,
}
POSITION_TAGS = {
    GPS.GPSLatitude,
    GPS.GPSLongitude,
    GPS.GPSDestLatitude,
    GPS.GPSDestLongitude,
    GPS.GPSAreaInformation,
}
GPS_COMMENT_TAGS = {GPS.GPSProcessingMethod, GPS.GPSAreaInformation}
# Tags that hold another kind of block, in TIFF files and files made from them.
XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG = Base.XMLPacket, Base.IPTCNAA, Base.ImageResources
BLOCK_TAGS = {XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, Base.InterColorProfile}

DIRECTORIES: dict[int, str] = {IFD.Exif: "Exif", IFD.GPSInfo: "GPS", IFD.Interop: "Interop", Base.SubIFDs: "SubIFD"}
ASCII, UTF8 = 2, 129
SIZES = {1: 1, ASCII: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, UTF8: 1}  # by type
_HEADER = re.compile(rb"II\*\0|MM\0\*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag in one directory."""

    directory: str  # "IFD0", "IFD1" (of the thumbnail), or one of `DIRECTORIES`
    tag: int
    type: int
    value: bytes = field(repr=False)


def orientation_of(exif: bytes | None) -> int:
    """EXIF's orientation, 1 to 8; 1 where it is absent, unreadable or no such number."""
    # Pillow raises errors of many types on hostile EXIF, and warns of the same things.
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        parsed = Image.Exif()
        parsed.load(exif or b"")
        value = parsed.get(Base.Orientation)
        if isinstance(value, int) and 1 <= value <= 8:
            return value
    return 1


def read(exif: bytes) -> Iterator[Hint]:
    """The hints in the tags of an EXIF block, as far as they can be read. The tags of `BLOCK_TAGS` are left out."""
    yield Hint(HintKind.EXIF, "EXIF")
    has_position, position = False, set()
    for entry in entries(exif):
        has_position |= entry.tag == IFD.GPSInfo
        if entry.directory == "GPS":
            position.add(entry.tag)
        if entry.directory == "IFD1" and entry.tag == Base.JpegIFOffset:
            yield Hint(HintKind.THUMBNAIL, "EXIF IFD1")
        if entry.tag not in BLOCK_TAGS:
            yield from _hints_of(entry)
    if has_position and (not position or POSITION_TAGS & position):  # an unreadable position counts as one
        yield Hint(HintKind.GPS, "EXIF GPSInfo")


def entries(exif: bytes) -> Iterator[Entry]:
    """Every tag of every directory that can be reached. A value that is cut off is returned as far as it goes.

    Args:
        exif: a TIFF structure, perhaps after the few bytes that a container puts before it.
    """
    header = _HEADER.search(exif[:64])
    if header is None:
        return
    tiff = exif[header.start() :]
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II") else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    waiting, visited = [("IFD0", number(4, 4))], {0}
    # Values may overlap, so that a small file could be read without end.
    remaining_entries, remaining_bytes = MAX_ENTRIES, 2 * len(tiff)
    while waiting:
        directory, at = waiting.pop(0)
        if at in visited:
            continue
        visited.add(at)
        end = at + 2 + 12 * number(at, 2)
        for entry in range(at + 2, min(end, len(tiff) - 11), 12):
            tag, kind = number(entry, 2), number(entry + 2, 2)
            size = number(entry + 4, 4) * SIZES.get(kind, 0)
            start = entry + 8 if size <= 4 else number(entry + 8, 4)
            value = tiff[start : start + min(size, MAX_VALUE, remaining_bytes)]
            remaining_entries, remaining_bytes = remaining_entries - 1, remaining_bytes - len(value)
            if remaining_entries < 0:
                return
            if tag in DIRECTORIES:
                waiting += [(DIRECTORIES[tag], number(start + n, 4)) for n in range(0, min(size, 40), 4)]
            yield Entry(directory, tag, kind, value)
        if directory in ("IFD0", "IFD1"):
            waiting.append(("IFD1", number(end, 4)))


def _hints_of(entry: Entry) -> Iterator[Hint]:
    names = GPSTAGS if entry.directory == "GPS" else NAMES
    where, text = f"EXIF {names.get(entry.tag, hex(entry.tag))}", _text(entry)
    if entry.tag not in FIELDS:
        yield from texts.other(where, text)
    elif text:
        yield Hint(FIELDS[entry.tag], where, text)


def _text(entry: Entry) -> str:
    if SIZES.get(entry.type) != 1:
        return ""
    if entry.tag in XP_TAGS:
        return texts.decoded_utf16(entry.value)
    if entry.tag == Base.UserComment or (entry.directory == "GPS" and entry.tag in GPS_COMMENT_TAGS):
        return _comment(entry.value)
    if entry.tag in FIELDS or (entry.type in (ASCII, UTF8) and entry.tag != Base.MakerNote):
        return texts.decoded(entry.value)
    return texts.inside(entry.value)  # owners' names in maker notes, and whatever else is not listed here


def _comment(value: bytes) -> str:
    """A text whose first eight bytes should name its character code (EXIF 3.0, 4.6.6)."""
    code = value[:8].rstrip(texts.PADDING.encode()).upper()
    if code == b"UNICODE":
        return texts.decoded_utf16(value[8:])
    if code == b"JIS":
        return value[8:].decode("iso2022_jp", "replace").strip(texts.PADDING)
    return texts.decoded(value[8:] if code in (b"ASCII", b"") else value)
