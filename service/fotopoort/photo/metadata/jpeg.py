"""JPEG: the primary image of a file. A warning of libjpeg-turbo counts as damage.

Pillow reads the header. simplejpeg decodes, because it can do so at a reduced size and stop at the first warning:
entropy-coded data that ends early or does not fit, for which other decoders return grey or shifted blocks.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

import simplejpeg  # type: ignore[import-untyped]
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from fotopoort.errors import Damaged
from fotopoort.photo.metadata.exif import orientation_of
from fotopoort.photo.metadata.texts import decoded
from fotopoort.photo.source import Array, Blocks, Source
from fotopoort.vocabulary import Hint, HintKind

MAX_SCANS = 100  # progressive files have about ten; each costs a pass over the whole picture
MAX_SEGMENTS = 10_000  # application and comment segments; millions of small ones would take the decoders minutes
MAX_IMAGES = 10  # after the first, that are searched for texts
REDUCTIONS = (1, 2, 4, 8)
# The luminance quantization table of ITU-T T.81, annex K: libjpeg's quality 50.
LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip

Segment: TypeAlias = tuple[str, bytes]  # "COM", "APP0" to "APP15" or "after it", and its content
SEGMENTS = {0xFE: "COM"} | {0xE0 + number: f"APP{number}" for number in range(16)}
# How segments of a known kind begin. The last five hold no text.
EXIF, XMP, EXTENDED_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP, DUCKY = b"Photoshop 3.0\0", b"Ducky"
STARTS = (EXIF, XMP, EXTENDED_XMP, PHOTOSHOP, DUCKY, b"JFIF\0", b"JFXX\0", b"ICC_PROFILE\0", b"MPF\0", b"Adobe\0")

FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the others are tables
RESTARTS = range(0xD0, 0xD8)  # markers without a length

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def read(data: bytes) -> Source:
    """The primary image of a JPEG or MPO file.

    Raises:
        Damaged: the segments do not lead to an end-of-image marker, or there are more segments or scans than any
            program writes, or a second header.
    """
    segments, end = _segments(data)
    header = JpegImageFile(io.BytesIO(data))
    sampling = [(across, down) for _, across, down, _ in header.layer]
    mode = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}[header.mode]
    inverted = header.mode == "CMYK" and "adobe_transform" in header.info
    width, height = header.size

    def load(reduction: int) -> Image.Image | Array:
        size = math.ceil(height / reduction), math.ceil(width / reduction)
        if simplejpeg.decode_jpeg_header(data[:end])[:2] != (height, width):
            raise Damaged
        pixels: Array = simplejpeg.decode_jpeg(
            data[:end], mode, min_height=size[0], min_width=size[1], min_factor=reduction, strict=True
        )
        if pixels.shape[:2] != size:
            raise Damaged
        if mode == "RGB":
            return pixels
        if mode == "GRAY":
            return Image.fromarray(pixels[..., 0])
        return Image.fromarray(255 - pixels if inverted else pixels, "CMYK")

    return Source(
        format="JPEG",
        width=width,
        height=height,
        blocks=_blocks(header, segments, tuple(_after(data, end)), data[end:]),
        load=load,
        orientation=orientation_of(header.info.get("exif")),
        reduces=REDUCTIONS,
        block=(8 * max(across for across, _ in sampling), 8 * max(down for _, down in sampling)),
        quality=estimated_quality(header.quantization),
    )


def estimated_quality(tables: Mapping[int, Sequence[int]]) -> int:
    """The highest of libjpeg's qualities (1 to 100) whose luminance table is no finer than the first of `tables`."""
    coarseness = sum(tables[min(tables)])
    return max((quality for quality in range(1, 101) if _coarseness(quality) >= coarseness), default=1)


@cache
def _coarseness(quality: int) -> int:
    """The sum of the luminance table that libjpeg makes for a quality (`jpeg_quality_scaling` in jcparam.c)."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return sum(min(max((step * percent + 50) // 100, 1), 255) for step in LUMINANCE)


def _segments(data: bytes, at: int = 0) -> tuple[list[Segment], int]:
    """The application and comment segments of the image that begins at `at`, also those between its scans; and the
    offset just after its end-of-image marker."""
    found: list[Segment] = []
    at, scans, headers = at + 2, 0, 0
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        marker = data[at : at + 2]
        if marker == b"\xff\xd9":
            return found, at + 2
        if len(marker) < 2 or marker[0] != 0xFF or at + 4 > len(data):
            raise Damaged
        if marker[1] in RESTARTS:
            at += 2
            continue
        headers += marker[1] in FRAME_HEADERS
        if headers > 1:
            raise Damaged
        start, at = at + 4, at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker[1] in SEGMENTS:
            found.append((SEGMENTS[marker[1]], data[start:at]))
            if len(found) > MAX_SEGMENTS:
                raise Damaged
        if marker == b"\xff\xda":
            scans += 1
            following = _NEXT_MARKER.search(data, at)
            if following is None or scans > MAX_SCANS:
                raise Damaged
            at = following.start()


def _after(data: bytes, at: int) -> Iterator[Segment]:
    """What follows the first image: the segments of further images, and the bytes between them, up to a video."""
    for _ in range(MAX_IMAGES):
        start = data.find(b"\xff\xd8\xff", at)
        if start < 0:
            break
        try:
            segments, end = _segments(data, start)
        except Damaged:
            break
        yield "after it", data[at:start].partition(b"ftyp")[0]
        yield from segments
        at = end
    yield "after it", data[at:].partition(b"ftyp")[0]


def _blocks(header: JpegImageFile, segments: Sequence[Segment], after: Sequence[Segment], trailing: bytes) -> Blocks:
    exif: list[list[bytes]] = []  # a block may continue in further segments
    xmp: list[bytes] = []
    extended: dict[bytes, list[bytes]] = {}  # by the digest of the whole packet
    photoshop: list[bytes] = []
    texts: list[tuple[str, str]] = []
    unknown: list[tuple[str, bytes]] = []
    for name, body in (*segments, *after):
        start = next((start for start in STARTS if body.startswith(start)), b"")
        rest = body[len(start) :]
        if name == "COM":
            texts.append(("JPEG Comment", decoded(body)))
        elif start == EXIF and exif and not rest.startswith((b"II*\0", b"MM\0*")):
            exif[-1].append(rest)
        elif start == EXIF:
            exif.append([rest])
        elif start == XMP:
            xmp.append(rest)
        elif start == EXTENDED_XMP:
            extended.setdefault(rest[:32], []).append(rest)
        elif start == PHOTOSHOP:
            photoshop.append(rest)
        elif start == DUCKY:
            texts += _ducky(body)
        elif not start:
            unknown.append((f"JPEG {name}", body))
    # Each part: 32 bytes of digest, the full length, its own offset, the data (XMP specification part 3, 1.1.3.1).
    for parts in extended.values():
        xmp.append(b"".join(part[40:] for part in sorted(parts, key=lambda part: part[36:40])))
    return Blocks(
        exif=tuple(b"".join(parts) for parts in exif),
        xmp=tuple(xmp),
        photoshop=(b"".join(photoshop),),  # one block, wherever it was split
        icc=header.info.get("icc_profile"),
        texts=tuple(texts),
        unknown=tuple(unknown),
        others=_others(header, segments, trailing),
    )


def _ducky(body: bytes) -> list[tuple[str, str]]:
    """The texts of Photoshop's "save for web": tag, length, then a count of characters and UTF-16."""
    texts, at = [], 5
    while at + 4 <= len(body) and (tag := int.from_bytes(body[at : at + 2], "big")):
        size = int.from_bytes(body[at + 2 : at + 4], "big")
        if field := {2: "Ducky Comment", 3: "Ducky Copyright"}.get(tag):
            texts.append((field, body[at + 8 : at + 4 + size].decode("utf-16-be", "replace")))
        at += 4 + size
    return texts


def _others(header: JpegImageFile, segments: Sequence[Segment], trailing: bytes) -> tuple[Hint, ...]:
    hints = []
    if "mp" in header.info:
        hints.append(Hint(HintKind.SECOND_IMAGE, "MPF"))
    if "flashpix" in header.info:
        hints.append(Hint(HintKind.TEXT, "FlashPix"))
    if any(name == "APP0" and _has_thumbnail(body) for name, body in segments):
        hints.append(Hint(HintKind.THUMBNAIL, "JFIF"))
    if trailing.strip(b"\0"):
        hints.append(Hint(HintKind.TRAILING_BYTES, "after the JPEG image"))
        if b"\xff\xd8\xff" in trailing:
            hints.append(Hint(HintKind.SECOND_IMAGE, "JPEG after the JPEG image"))
        if b"ftyp" in trailing or b"MotionPhoto_Data" in trailing:
            hints.append(Hint(HintKind.VIDEO, "video after the JPEG image"))
    return tuple(hints)


def _has_thumbnail(jfif: bytes) -> bool:
    return jfif.startswith(b"JFXX") or (jfif.startswith(b"JFIF\0") and any(jfif[12:14]))
