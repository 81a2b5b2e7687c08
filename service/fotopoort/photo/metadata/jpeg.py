"""JPEG: the primary image of a file. A warning of libjpeg-turbo counts as damage.

Pillow reads the header. simplejpeg decodes, because it can do so at a reduced size and stop at the first warning:
entropy-coded data that ends early or does not fit, for which other decoders return grey or shifted blocks. It takes the
usual subsamplings alone; of a legal, unusual one the coded data are followed here, and Pillow decodes it.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import simplejpeg  # type: ignore[import-untyped]
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from fotopoort.errors import COPY_AGAIN, SAVE_AS_JPEG, Damaged, FormatNotAllowed
from fotopoort.photo.formats.jpeg_entropy import require_whole
from fotopoort.photo.formats.jpeg_structure import ADOBE_LENGTH, Frame, Segment, Structure, structure
from fotopoort.photo.metadata.exif import orientation_of
from fotopoort.photo.metadata.texts import decoded
from fotopoort.photo.source import Array, Blocks, Source
from fotopoort.vocabulary import Hint, HintKind, Text

ATTEMPTS = 3  # the decoder counts the zeros behind the last block from where it had read to
MAX_IMAGES = 10  # after the first, that are searched for texts
REDUCTIONS = (1, 2, 4, 8)
# The luminance quantization table of ITU-T T.81, annex K: libjpeg's quality 50.
LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip

# How segments of a known kind begin. The last five hold no text.
EXIF, XMP, EXTENDED_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP, DUCKY = b"Photoshop 3.0\0", b"Ducky"
STARTS = (EXIF, XMP, EXTENDED_XMP, PHOTOSHOP, DUCKY, b"JFIF\0", b"JFXX\0", b"ICC_PROFILE\0", b"MPF\0", b"Adobe\0")

LUMINANCE_FIRST = frozenset({(1, 1), (2, 1), (1, 2), (2, 2), (4, 1)})  # with both colours at (1, 1)
HUFFMAN_SEQUENTIAL, HUFFMAN = frozenset({0xC0, 0xC1}), frozenset({0xC0, 0xC1, 0xC2})
ADOBE = b"Adobe"

UNUSUAL = Text(
    nl="Deze JPEG is opgeslagen op een manier die niet elk programma goed leest.",
    en="This JPEG is stored in a way that not every program reads right.",
)
_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0xd9")


def read(data: bytes) -> Source:
    """The primary image of a JPEG or MPO file.

    Raises:
        Damaged: the segments do not lead to an end, or there are more segments or scans than any program writes, or a
            second header.
        FormatNotAllowed: readers differ in how they show it.
    """
    image = structure(data)
    frame = image.frame
    _require_agreed(frame, image.segments)
    header = JpegImageFile(io.BytesIO(image.data))
    mode = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}[header.mode]
    width, height = header.size
    usual = _is_usual(image)

    def load(reduction: int) -> Image.Image | Array:
        if not usual:
            require_whole(image.data, frame)
            header.load()
            return header
        size = math.ceil(height / reduction), math.ceil(width / reduction)
        pixels = _strictly_decoded(image, mode, size, reduction)
        if pixels.shape[:2] != size:
            raise Damaged
        if mode == "RGB":
            return pixels
        if mode == "GRAY":
            return Image.fromarray(pixels[..., 0])
        return Image.fromarray(255 - pixels, "CMYK")

    return Source(
        format="JPEG",
        width=width,
        height=height,
        blocks=_blocks(header, image.segments, tuple(_after(data, image.end)), data[image.end :]),
        load=load,
        orientation=orientation_of(header.info.get("exif")),
        reduces=REDUCTIONS if usual else (1,),
        block=(8 * max(across for across, _ in frame.sampling), 8 * max(down for _, down in frame.sampling)),
        quality=estimated_quality(header.quantization),
    )


def _require_agreed(frame: Frame, segments: Sequence[Segment]) -> None:
    """Refuse a picture that programs do not agree on: some show it, others do not, or show it differently.

    They disagree about the colours in two cases. Of four inks (CMYK) without Adobe's segment, some programs show the
    negative. Where the JFIF segment says YCbCr and Adobe's segment says RGB, some follow the one and some the other.

    Raises:
        FormatNotAllowed: it is such a picture.
    """
    adobe = [body for name, body in segments if name == "APP14" and body.startswith(ADOBE)]
    jfif = any(name == "APP0" and body.startswith(b"JFIF\0") for name, body in segments)
    contradicting = jfif and any(len(body) >= ADOBE_LENGTH and body[11] == 0 for body in adobe)
    if (
        frame.marker not in HUFFMAN  # no decoder reports that a file with arithmetic coding is cut off
        or frame.precision != 8
        or frame.height == 0  # the height comes only after the pixels
        or len(frame.components) not in (1, 3, 4)
        or (len(frame.components) == 4 and not any(len(body) >= ADOBE_LENGTH for body in adobe))
        or (len(frame.components) == 3 and contradicting)
    ):
        raise FormatNotAllowed(UNUSUAL, hint=SAVE_AS_JPEG)


def _is_usual(image: Structure) -> bool:
    """Whether libjpeg-turbo's strict interface takes this subsampling.

    Raises:
        FormatNotAllowed: it does not, and the coded data cannot be followed here.
    """
    frame = image.frame
    first, *others = frame.sampling
    if len(frame.components) == 1 or (first in LUMINANCE_FIRST and set(others[:2]) == {(1, 1)}):
        return True
    try:
        simplejpeg.decode_jpeg_header(image.data)
    except (ValueError, KeyError):  # the latter for 1x4, which it has no name for
        if frame.marker not in HUFFMAN_SEQUENTIAL or len(frame.components) != 3:
            raise FormatNotAllowed(UNUSUAL, hint=SAVE_AS_JPEG) from None
        return False
    return True


def _strictly_decoded(image: Structure, mode: str, size: tuple[int, int], reduction: int) -> Array:
    """The pixels, if libjpeg-turbo warns of nothing but surplus zero bytes behind the last of them.

    Raises:
        Damaged: it warns of something else.
    """
    data = image.data
    for _ in range(ATTEMPTS):
        try:
            return _decoded(data, image.frame, mode, size, reduction)
        except ValueError as error:
            surplus = _EXTRANEOUS.search(str(error))
        if surplus is None or any(data[-2 - int(surplus[1]) : -2]):
            break
        data = data[: -2 - int(surplus[1])] + data[-2:]
    raise Damaged(hint=None if image.closed else COPY_AGAIN)


def _decoded(data: bytes, frame: Frame, mode: str, size: tuple[int, int], reduction: int) -> Array:
    if simplejpeg.decode_jpeg_header(data)[:2] != (frame.height, frame.width):
        raise Damaged
    pixels: Array = simplejpeg.decode_jpeg(
        data, mode, min_height=size[0], min_width=size[1], min_factor=reduction, strict=True
    )
    return pixels


def estimated_quality(tables: Mapping[int, Sequence[int]]) -> int:
    """The highest of libjpeg's qualities (1 to 100) whose luminance table is no finer than the first of `tables`."""
    coarseness = sum(tables[min(tables)])
    return max((quality for quality in range(1, 101) if _coarseness(quality) >= coarseness), default=1)


@cache
def _coarseness(quality: int) -> int:
    """The sum of the luminance table that libjpeg makes for a quality (`jpeg_quality_scaling` in jcparam.c)."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return sum(min(max((step * percent + 50) // 100, 1), 255) for step in LUMINANCE)


def _after(data: bytes, at: int) -> Iterator[Segment]:
    """What follows the first image: the segments of further images, and the bytes between them, up to a video."""
    for _ in range(MAX_IMAGES):
        start = data.find(b"\xff\xd8\xff", at)
        if start < 0:
            break
        try:
            image = structure(data, start)
        except Damaged:
            break
        yield "after it", data[at:start].partition(b"ftyp")[0]
        yield from image.segments
        at = image.end
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
