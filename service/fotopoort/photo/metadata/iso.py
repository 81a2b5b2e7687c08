"""The boxes of HEIF and AVIF files (ISO base media file format): metadata of all pictures, and what lies beside them.

The boxes are read here because the decoders return one block of each kind, and because Pillow rewrites the EXIF of an
AVIF file that turns its picture.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from io import SEEK_CUR, BytesIO
from itertools import islice

from fotopoort.errors import Damaged
from fotopoort.photo.metadata.texts import decoded
from fotopoort.photo.source import Blocks
from fotopoort.vocabulary import Hint, HintKind

MAX_ITEMS, MAX_EXTENTS = 10_000, 100
MAX_METADATA = 20  # items
MAX_CONTENT = 4_000_000  # bytes of one item
METADATA_ITEMS = frozenset({b"Exif", b"mime", b"uri "})
VIDEO_BOXES = frozenset({b"moov", b"mpvd"})
PICTURE_BOXES = frozenset({b"ftyp", b"mdat"})


def read(data: bytes, icc: bytes | None, others: Sequence[Hint] = ()) -> Blocks:
    """The metadata of a HEIF or AVIF file, as far as it can be read. `icc` and `others` come from its decoder.

    Raises:
        Damaged: an item is said to be in two places.
    """
    hints, unknown, meta, end = [*others], [], b"", 0
    for kind, start, end in boxes(data, 0, len(data)):
        if kind in VIDEO_BOXES:
            hints.append(Hint(HintKind.VIDEO, f"{kind.decode()} box"))
        elif kind == b"meta":
            meta = data[start:end]
        elif kind not in PICTURE_BOXES:
            unknown.append((f"{kind.decode()} box", data[start:end]))
    trailing = data[end:]
    if trailing.strip(b"\0"):
        hints.append(Hint(HintKind.TRAILING_BYTES, "after the last box"))
    unknown.append(("after the last box", trailing))

    exif, xmp = [], []
    for kind, content_type, content in islice(_metadata(data, meta), MAX_METADATA):
        if kind == b"Exif":
            exif.append(content)
        elif content_type == b"application/rdf+xml":
            xmp.append(content)
        else:
            unknown.append((f"{kind.decode()} item", content))
    # User descriptions of the pictures (ISO/IEC 23008-12, 6.5.20): language, name, description, tags.
    descriptions = [_strings(content[4:], 4) for content in _find(meta, 4, b"iprp", b"ipco", b"udes")]
    return Blocks(
        exif=tuple(exif),
        xmp=tuple(xmp),
        icc=icc,
        texts=tuple(("udes Description", decoded(text)) for _, *texts in descriptions for text in texts),
        unknown=tuple(unknown),
        others=tuple(hints),
    )


def boxes(data: bytes, at: int, end: int, *, strange: bool = False) -> Iterator[tuple[bytes, int, int]]:
    """Type of each box, and where its content begins and ends. Stops at an impossible box, and after `MAX_ITEMS`.

    Args:
        strange: go on behind a type that is no word, as decoders do.
    """
    for _ in range(MAX_ITEMS):
        if at + 8 > end:
            return
        size, kind, start = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, start = int.from_bytes(data[start : start + 8], "big"), start + 8
        at = at + size if size else end  # size 0: up to the end of the file
        if at < start or not (strange or kind.isalnum()):
            return
        yield kind, start, min(at, end)


def _find(data: bytes, at: int, kind: bytes, *inside: bytes) -> Iterator[bytes]:
    """The content of each box of type `kind`, or of each box on the path `inside` below it."""
    for found, start, end in boxes(data, at, len(data), strange=True):
        if found == kind:
            content = data[start:end]
            yield from _find(content, 0, *inside) if inside else (content,)


def items(data: bytes, meta: bytes, kinds: frozenset[bytes]) -> Iterator[tuple[bytes, memoryview]]:
    """Type and content of each item of these types, whatever its length (ISO/IEC 14496-12, 8.11).

    Raises:
        Damaged: the parts of an item are together longer than the file.
    """
    for kind, _, source, extents in _entries(data, meta, kinds):
        parts = [memoryview(source)[offset : offset + length if length else None] for offset, length in extents]
        if sum(map(len, parts)) > len(data):
            raise Damaged
        yield kind, parts[0] if len(parts) == 1 else memoryview(b"".join(parts))


def properties(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each property of the primary picture (ISO/IEC 23008-12, 9.3)."""
    meta = next((data[start:end] for kind, start, end in boxes(data, 0, len(data)) if kind == b"meta"), b"")
    pitm, ipco = (next(_find(meta, 4, *path), b"") for path in ((b"pitm",), (b"iprp", b"ipco")))
    primary = int.from_bytes(pitm[4:], "big")
    found = [(kind, ipco[start:end]) for kind, start, end in boxes(ipco, 0, len(ipco), strange=True)]
    for ipma in _find(meta, 4, b"iprp", b"ipma"):
        wide = bool(ipma[3:4] and ipma[3] & 1)
        stream = BytesIO(ipma[4:])
        for _ in range(min(int.from_bytes(stream.read(4), "big"), MAX_ITEMS)):
            item = int.from_bytes(stream.read(4 if ipma[0] else 2), "big")
            for _ in range(int.from_bytes(stream.read(1), "big")):
                number = int.from_bytes(stream.read(2 if wide else 1), "big") & (0x7FFF if wide else 0x7F)
                if item == primary and 0 < number <= len(found):
                    yield found[number - 1]


def _metadata(data: bytes, meta: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Type, content type and content of each item that is metadata."""
    for kind, description, source, extents in _entries(data, meta, METADATA_ITEMS):
        _, content_type, encoding = _strings(description, 3)
        content = _joined(source, extents)
        yield kind, content_type, _inflated(content) if encoding else content


def _entries(
    data: bytes, meta: bytes, kinds: frozenset[bytes]
) -> Iterator[tuple[bytes, bytes, bytes, list[tuple[int, int]]]]:
    """Of each item of these types: its type, its description, the bytes that it lies in, and where in them."""
    iloc, idat, iinf = (next(_find(meta, 4, kind), b"") for kind in (b"iloc", b"idat", b"iinf"))
    locations = _locations(iloc)
    for entry in _find(iinf, 6 if iinf.startswith(b"\0") else 8, b"infe"):
        id_end = 8 if entry.startswith(b"\3") else 6
        kind = entry[id_end + 2 : id_end + 6]
        if kind in kinds:
            in_idat, extents = locations.get(int.from_bytes(entry[4:id_end], "big"), (False, []))
            yield kind, entry[id_end + 6 :], idat if in_idat else data, extents


def _locations(iloc: bytes) -> dict[int, tuple[bool, list[tuple[int, int]]]]:
    """By item number: whether its extents lie in the idat box rather than in the file, and each extent's offset and
    length."""
    stream = BytesIO(iloc)

    def number(size: int) -> int:
        return int.from_bytes(stream.read(size), "big")

    version, _, sizes = number(1), number(3), number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    index_size = index_size if version else 0
    id_size = 4 if version == 2 else 2
    locations = {}
    for _ in range(min(number(id_size), MAX_ITEMS)):
        if stream.tell() >= len(iloc):  # cut off
            break
        item = number(id_size)
        in_idat = bool(version and number(2) & 15)
        _, base, count = number(2), number(base_size), number(2)
        extents = []
        for _ in range(min(count, MAX_EXTENTS)):
            _, offset, length = number(index_size), number(offset_size), number(length_size)
            extents.append((base + offset, length))
        stream.seek((count - len(extents)) * (index_size + offset_size + length_size), SEEK_CUR)
        if item in locations:  # decoders differ in which they take
            raise Damaged
        locations[item] = in_idat, extents
    return locations


def _joined(source: bytes, extents: Sequence[tuple[int, int]]) -> bytes:
    content = b""
    for offset, length in extents:
        content += source[offset : offset + min(length or MAX_CONTENT, MAX_CONTENT - len(content))]
    return content


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(content, MAX_CONTENT)
    except zlib.error:
        return content


def _strings(text: bytes, count: int) -> list[bytes]:
    """The first `count` of several zero-terminated strings; empty ones where there are fewer."""
    return [*text.split(b"\0"), *[b""] * count][:count]
