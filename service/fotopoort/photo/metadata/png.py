"""PNG: only the chunks of the picture itself reach the decoder; metadata chunks are read separately, within limits."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from fotopoort.errors import Animated, Damaged
from fotopoort.photo.formats import hdr
from fotopoort.photo.metadata.exif import orientation_of
from fotopoort.photo.metadata.texts import decoded
from fotopoort.photo.source import Blocks, Source
from fotopoort.vocabulary import Hint, HintKind

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PICTURE_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
FRAME_CHUNKS = frozenset({b"acTL", b"fcTL", b"fdAT"})
TEXT_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
MAX_CHUNKS = 100_000
MAX_INFLATED = 1_000_000  # bytes of one metadata chunk after decompression; the rest is not read
MAX_TEXTS = 10_000_000  # bytes of all text chunks together; after that, no more are decompressed


def read(data: bytes) -> Source:
    """A PNG file with one frame.

    Raises:
        Animated: an animation control chunk names several frames.
        Damaged: the file does not begin with its header, has a second one, has no end chunk, or has more
            chunks than any program writes.
    """
    picture_chunks = [SIGNATURE]
    exif: list[bytes] = []
    fields: list[tuple[str, bytes]] = []
    unknown: list[tuple[str, bytes]] = []
    icc, bright = None, None
    end, remaining = 0, MAX_TEXTS
    headers = 0
    for kind, body, start, end in _chunks(data):
        headers += kind == b"IHDR"
        critical = not kind[0] & 0x20
        if kind in PICTURE_CHUNKS or critical:
            picture_chunks.append(data[start:end])
        elif kind == b"acTL" and int.from_bytes(body[:4], "big") > 1:
            raise Animated
        elif kind == b"eXIf":
            exif.append(body)
        elif kind == b"cICP":
            bright = hdr.coding(*body[:2]) if len(body) == 4 else None
        elif kind == b"iCCP":
            icc = _inflated(body.partition(b"\0")[2][1:])
        elif kind in TEXT_CHUNKS:
            fields.append(_text(kind, body, min(remaining, MAX_INFLATED)))
            remaining -= len(fields[-1][1])
        elif kind not in FRAME_CHUNKS:
            unknown.append((f"PNG {kind.decode('latin-1')}", body))
    if headers > 1:  # the decoder would make room by the last
        raise Damaged
    width, height = struct.unpack(">II", data[16:24])
    trailing = data[end:]
    picture = b"".join(picture_chunks)

    def load(_: int) -> Image.Image:
        image = PngImageFile(io.BytesIO(picture))
        if image.size != (width, height):
            raise Damaged
        image.load()
        return image

    blocks = _blocks(exif, fields, unknown, icc, trailing)
    return Source(
        format="PNG",
        width=width,
        height=height,
        blocks=blocks,
        load=load,
        bright=bright,
        orientation=orientation_of(blocks.exif[0] if blocks.exif else None),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Type, body, start and end of each chunk, up to and including IEND."""
    at = len(SIGNATURE)
    if data[at + 4 : at + 8] != b"IHDR":
        raise Damaged
    for _ in range(MAX_CHUNKS):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise Damaged
        yield kind, data[at + 8 : end - 4], at, end
        if kind == b"IEND":
            return
        at = end
    raise Damaged


def _inflated(body: bytes, max_bytes: int = MAX_INFLATED) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, max_bytes) if max_bytes > 0 else b""
    except zlib.error:
        return b""


def _text(kind: bytes, body: bytes, max_bytes: int) -> tuple[str, bytes]:
    """Keyword and text of a text chunk; of a compressed text at most `max_bytes`."""
    keyword, _, rest = body.partition(b"\0")
    compressed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        rest = rest[2:].split(b"\0", 2)[-1]
    return keyword.decode("latin-1"), _inflated(rest, max_bytes) if compressed else rest[:MAX_INFLATED]


def _blocks(
    exif: Sequence[bytes],
    fields: Sequence[tuple[str, bytes]],
    unknown: Sequence[tuple[str, bytes]],
    icc: bytes | None,
    trailing: bytes,
) -> Blocks:
    texts: list[tuple[str, str]] = []
    by_kind: dict[str, list[bytes]] = {"exif": [*exif], "xmp": [], "iptc": [], "photoshop": []}
    for keyword, value in fields:
        if keyword == "XML:com.adobe.xmp":
            by_kind["xmp"].append(value)
        elif keyword.startswith("Raw profile type") and (block := _raw_profile(value)):
            kind = _kind(block)
            by_kind[kind].append(block[block.find(b"<") :] if kind == "xmp" else block)
        else:
            texts.append((f"PNG {keyword}", decoded(value)))
    return Blocks(
        exif=tuple(by_kind["exif"]),
        xmp=tuple(by_kind["xmp"]),
        iptc=tuple(by_kind["iptc"]),
        photoshop=tuple(by_kind["photoshop"]),
        icc=icc,
        texts=tuple(texts),
        unknown=(*unknown, ("PNG after its end", trailing)),
        others=(Hint(HintKind.TRAILING_BYTES, "after the PNG image"),) if trailing.strip(b"\0") else (),
    )


def _raw_profile(text: bytes) -> bytes:
    """A block that ImageMagick put in a text chunk: lines with a name, a length, and hexadecimal digits."""
    try:
        _, _, digits = text.lstrip().split(b"\n", 2)
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""


def _kind(block: bytes) -> str:
    if block.startswith(b"\x1c"):
        return "iptc"
    if b"8BIM" in block[:40]:
        return "photoshop"
    return "xmp" if b"<" in block[:4] or block.startswith(b"http://ns.adobe.com/xap/") else "exif"
