"""Which files are accepted: still pictures of the formats listed here, within limits on size.

The format is recognised by the file's content, and the size is read from its header. File names and claimed content
types are never used.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

from fotopoort.errors import (
    Damaged,
    EmptyFile,
    FormatNotAllowed,
    NotAPhoto,
    NotHereYet,
    PhotoError,
    TooManyBytes,
    TooManyPixels,
    TooSmallToJudge,
)
from fotopoort.photo.formats import raw, tiff
from fotopoort.photo.formats.other import HEAD, HOLLOW, RAW, named, recognise
from fotopoort.photo.metadata import containers, iso, jpeg, png
from fotopoort.photo.source import Source

EXIF_SEGMENT_SIZE = 65_536  # bytes that a block in a JPEG has at most
MIN_SIDE = 16  # pixels; in a smaller picture no face can be distinguished from anything else

HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})

# How files of other picture formats begin, so that the user is told "format not allowed" rather than "not a photo".
OTHER_PICTURES = (
    b"GIF8", b"BM", b"\0\0\1\0", b"\0\0\2\0", b"<?xml", b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"P7", b"qoif",
    b"\x76\x2f\x31\x01", b"\x0a\x05\x01\x08", b"BLP1", b"BLP2", b"DDS ", b"II\x2b\0", b"MM\0\x2b",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a photo may be."""

    max_bytes: int = 60_000_000
    max_pixels: int = 100_000_000  # of all pictures in the file together


def admit(data: bytes, limits: Limits) -> Source:
    """Open a file without decoding its pixels.

    Raises:
        EmptyFile, TooManyBytes: decided before any content is read.
        NotAPhoto, FormatNotAllowed: decided by the first bytes, or the container holds no picture of an accepted kind.
        Animated: there is more than one frame or page.
        TooManyPixels, TooSmallToJudge: decided by the header.
        Damaged: the header cannot be read.
    """
    if not data:
        raise EmptyFile
    if len(data) > limits.max_bytes:
        raise TooManyBytes
    read = _reader(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata; what is wrong with the pixels is an error
            source = read(data)
    except PhotoError:
        raise
    except Exception:  # the readers' exceptions on hostile input have no common type
        raise Damaged from None
    if source.width * source.height + source.further_pixels > limits.max_pixels:
        raise TooManyPixels
    if min(source.width, source.height) < MIN_SIDE:
        raise TooSmallToJudge
    return source


def is_taken(head: bytes) -> bool:
    """Whether a file begins as those of a format do that we take."""
    try:
        _reader(head)
    except PhotoError:
        return False
    return True


def error_by_name(head: bytes, name: str) -> PhotoError | None:
    """What the name of a file tells that is refused without its content saying what it is; None: nothing.

    Args:
        head: its first bytes, see `formats.other.HEAD`, or all of it.
    """
    try:
        if head:
            _reader(head)
            return None
        refusal: PhotoError = EmptyFile()
    except PhotoError as error:
        refusal = error
    other = named(name)
    says_nothing = {EmptyFile.text: NotHereYet, NotAPhoto.text: PhotoError, FormatNotAllowed.text: FormatNotAllowed}
    vague = says_nothing.get(refusal.message)
    return other.error() if other and vague and issubclass(other.kind, vague) else None


def error_by_content(head: bytes) -> PhotoError | None:
    """What a large file is by its first bytes, where that is no format that we take; None: they tell nothing."""
    other = None if is_taken(head) else recognise(head)
    return other.error() if other not in (None, HOLLOW) else None


def exif_blocks(data: bytes) -> tuple[bytes, ...] | None:
    """The EXIF of a file in an accepted format, without decoding anything; of any other file there is none.

    Returns:
        Each block, perhaps after a few bytes of its container; None: the file is too broken to find them.
    """
    try:
        read = _reader(data)
    except PhotoError:
        return ()
    try:
        if read is jpeg.read:
            start = data.find(jpeg.EXIF)
            return () if start < 0 else (data[start : start + EXIF_SEGMENT_SIZE],)
        if read is tiff.read:
            return (data,)
        blocks = iso.read(data, None) if read in (containers.avif, containers.heif) else read(data).blocks
    except Exception:  # as above
        return None
    return blocks.exif


def _reader(data: bytes) -> Callable[[bytes], Source]:
    if data.startswith(b"\xff\xd8\xff"):
        return jpeg.read
    if data.startswith(png.SIGNATURE):
        return png.read
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return containers.webp
    if data.startswith(raw.TIFF):
        return tiff.read
    if raw.is_raw(data):
        raise RAW.error()
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
        if brands & AVIF_BRANDS:
            return containers.avif
        if brands & HEIF_BRANDS:
            return containers.heif
        raise _refused(data)
    raise _refused(data)


def _refused(data: bytes) -> PhotoError:
    if other := recognise(data):
        return other.error()
    if data[: 2 * HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:16].startswith(OTHER_PICTURES):
        return FormatNotAllowed()
    return NotAPhoto()
