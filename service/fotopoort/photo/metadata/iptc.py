"""IPTC: the records of the Information Interchange Model, and Photoshop's image resources, which contain them."""

from __future__ import annotations

from collections.abc import Iterator

from fotopoort.photo.metadata import texts
from fotopoort.vocabulary import Hint, HintKind

MAX_DATASETS, MAX_RESOURCES = 2000, 200

# Datasets of record 2 (IPTC-NAA IIM 4.2, chapter 6).
FIELDS = {
    5: ("Object Name", HintKind.CAPTION),
    25: ("Keywords", HintKind.CAPTION),
    40: ("Special Instructions", HintKind.CAPTION),
    80: ("By-line", HintKind.PERSON_NAME),
    85: ("By-line Title", HintKind.TEXT),
    90: ("City", HintKind.TEXT),
    92: ("Sub-location", HintKind.TEXT),
    105: ("Headline", HintKind.CAPTION),
    110: ("Credit", HintKind.TEXT),
    115: ("Source", HintKind.TEXT),
    116: ("Copyright Notice", HintKind.TEXT),
    118: ("Contact", HintKind.PERSON_NAME),
    120: ("Caption/Abstract", HintKind.CAPTION),
    121: ("Local Caption", HintKind.CAPTION),
    122: ("Writer/Editor", HintKind.PERSON_NAME),
}
# Image resources (Adobe Photoshop File Formats Specification, "Image Resource IDs").
IPTC_RESOURCE, XMP_RESOURCE, THUMBNAIL_RESOURCES = 0x0404, 0x0424, (0x0409, 0x040C)


def read(block: bytes) -> Iterator[Hint]:
    """The hints in IIM records, as far as they can be read."""
    yield Hint(HintKind.IPTC, "IPTC")
    at = block.find(b"\x1c")
    for _ in range(MAX_DATASETS):
        if not 0 <= at <= len(block) - 5:
            return
        record, dataset, size = block[at + 1], block[at + 2], int.from_bytes(block[at + 3 : at + 5], "big")
        start = at + 5
        if size & 0x8000:  # an extended dataset: its length is in that many bytes
            start += size & 0x7FFF
            size = int.from_bytes(block[at + 5 : start], "big")
        text = texts.decoded(block[start : start + size])
        field = FIELDS.get(dataset) if record == 2 else None
        if field is None:
            yield from texts.other(f"IPTC {record}:{dataset}", text)
        elif text:
            name, kind = field
            yield Hint(kind, f"IPTC {name}", text)
        at = block.find(b"\x1c", start + size)


def resources(block: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, name and content of each of Photoshop's image resources, as far as they can be read."""
    at = block.find(b"8BIM")
    for _ in range(MAX_RESOURCES):
        if not 0 <= at <= len(block) - 12:
            return
        number, name_length = int.from_bytes(block[at + 4 : at + 6], "big"), block[at + 6]
        size_at = at + 7 + name_length + (name_length + 1) % 2  # name and length byte are padded to an even number
        start = size_at + 4
        end = start + int.from_bytes(block[size_at:start], "big")
        yield number, block[at + 7 : at + 7 + name_length], block[start:end]
        at = block.find(b"8BIM", end)
