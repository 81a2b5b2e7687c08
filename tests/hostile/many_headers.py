"""Small files whose headers contradict each other, so that a decoder would make room for something else than we read.

    python -m tests.hostile.many_headers FOLDER [COUNT]

writes them into a folder. The same numbers give the same files.
"""

from __future__ import annotations

import io
import random
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pillow_heif
from PIL import Image

COUNT: Final = 200
SMALL: Final = 64
# Pixels on a side: larger ones of HEIC and AVIF take minutes to make, and of WebP cannot be made with method 0.
LARGEST: Final = {"heic": 4000, "avif": 8000, "webp": 14_000}


@cache
def saved(side: int, format: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    out = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 150)).save(out, format, **options)
    return out.getvalue()


@cache
def picture(side: int, format: str) -> bytes:
    """One colour: large for the decoder, small on the disk."""
    if format == "HEIF":
        out = io.BytesIO()
        image = Image.new("RGB", (side, side), (90, 120, 150))
        pillow_heif.from_pillow(image).save(out, quality=10, enc_params={"preset": "ultrafast"})
        return out.getvalue()
    return saved(side, format, speed=10)


@cache
def zeros(count: int) -> bytes:
    """So many of them, compressed: one block of them many times."""
    blocks, rest = divmod(count, 2**20)
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(bytes(rest)) + packer.flush()
    checksum = count % 65521 << 16 | 1  # Adler-32 of zeros
    return b"\x78\xda" + block * blocks + end + struct.pack(">I", checksum)


# --- PNG ---------------------------------------------------------------------------------------------------


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(chance: random.Random, large: int) -> bytes:
    """Two headers: before or behind the pixels, the small or the large one first."""
    first, second = chance.sample([SMALL, large], 2)
    headers = [png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) for side in (first, second)]
    pixels = png_chunk(b"IDAT", zeros(large * (1 + 3 * large)))
    body = [headers[0], *chance.sample([headers[1], pixels], 2), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


# --- WebP --------------------------------------------------------------------------------------------------


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP"
    for kind, content in chunks:
        body += kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_picture(side: int, lossless: bool) -> tuple[bytes, bytes]:
    data = saved(side, "WEBP", lossless=lossless, quality=10, method=0)
    at = next(at for at in (data.find(b"VP8 "), data.find(b"VP8L")) if at >= 0)
    return data[at : at + 4], data[at + 8 : at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")]


def webp(chance: random.Random, large: int) -> bytes:
    """Two pictures, or a canvas of another size than its picture, or a picture where the chunks should begin."""
    small, big = webp_picture(SMALL, chance.random() < 0.5), webp_picture(large, chance.random() < 0.5)
    canvas = b"VP8X", bytes(4) + struct.pack("<I", SMALL - 1)[:3] + struct.pack("<I", SMALL - 1)[:3]
    bare = riff((b"EXIF", b""), small)
    made: list[Callable[[], bytes]] = [
        lambda: riff(big, small),
        lambda: riff(small, big),
        lambda: riff(canvas, big, small),
        lambda: riff(canvas, small, big),
        lambda: riff(canvas, big),
        lambda: riff(canvas, canvas, big),
        lambda: bare[:12] + big[1] + bare[12:],
    ]
    return chance.choice(made)()


# --- JPEG --------------------------------------------------------------------------------------------------


def jpeg(chance: random.Random, large: int) -> bytes:
    """Two frame headers, one of them where only some decoders look."""
    data = saved(chance.choice([SMALL, large]), "JPEG", progressive=chance.random() < 0.5)
    at = next(at for at in (data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) if at > 0)
    header = data[at : at + 19]
    side = chance.choice([SMALL, large, 60_000])
    other = header[:5] + struct.pack(">HH", side, side) + header[9:]
    hidden = chance.choice([b"", b"\xff\xd0", b"\xff\x01", b"\xff\xff", b"\xff\xd0\x00\x20", b"\xff\xd8"])
    scan = data.find(b"\xff\xda")
    where = chance.choice([2, at, at + 19, scan, len(data) - 2])
    return data[:where] + hidden + other + data[where:]


# --- TIFF --------------------------------------------------------------------------------------------------


def tiff(chance: random.Random, large: int) -> bytes:
    """Sizes that are there twice, tiles or strips far larger than the picture."""
    body = zeros(3 * large * large)
    shown = chance.choice([SMALL, large])
    tags = [
        (256, 4, shown),
        (257, 4, shown),
        (258, 3, 8),
        (259, 3, chance.choice([8, 32946])),
        (262, 3, 2),
        (277, 3, 3),
    ]
    if chance.random() < 0.5:
        tags += [(322, 4, large), (323, 4, large), (324, 4, 8), (325, 4, len(body))]
    else:
        tags += [(273, 4, 8), (278, 4, chance.choice([large, 2**32 - 1])), (279, 4, len(body))]
    if chance.random() < 0.7:
        tags += [(chance.choice([256, 257]), 4, chance.choice([SMALL, large, 2**31 - 1]))]
    chance.shuffle(tags) if chance.random() < 0.2 else tags.sort(key=lambda tag: tag[0])
    entries = b"".join(struct.pack("<HHII", number, kind, 1, value) for number, kind, value in tags)
    at = 8 + len(body)
    return b"II*\0" + struct.pack("<I", at) + body + struct.pack("<H", len(tags)) + entries + bytes(4)


# --- AVIF and HEIF -----------------------------------------------------------------------------------------


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def iso(chance: random.Random, large: int, format: str) -> bytes:
    """A size that is not the coded picture's, or boxes that may be there once there twice or under a strange name."""
    data = picture(large, format)
    size = b"ispe" + bytes(4) + struct.pack(">II", large, large)
    small = b"ispe" + bytes(4) + struct.pack(">II", SMALL, SMALL)
    start = data.index(b"meta") - 4
    meta = data[start : start + int.from_bytes(data[start : start + 4], "big")]
    claim = data.replace(size, small)
    behind = box(b"free", b"") if chance.random() < 0.5 else box(b"\xa9 x ", b"")
    made: list[Callable[[], bytes]] = [
        lambda: claim,
        lambda: data.replace(size, b"ispe" + bytes(4) + struct.pack(">II", 2**31 - 1, 2**31 - 1)),
        lambda: claim + meta,
        lambda: data + meta.replace(size, small),
        lambda: data[:start] + behind + claim[start:],
        lambda: claim + behind + data[start:],
        lambda: claim.replace(b"pitm", b"iloc", 1),
        lambda: claim.replace(b"infe", b"in\xfee", 1),
    ]
    return chance.choice(made)()


MAKERS: Final[dict[str, Callable[[random.Random, int], bytes]]] = {
    "png": png,
    "webp": webp,
    "jpg": jpeg,
    "tif": tiff,
    "avif": lambda chance, large: iso(chance, large, "AVIF"),
    "heic": lambda chance, large: iso(chance, large, "HEIF"),
}


def files(count: int, sides: tuple[int, ...]) -> Iterator[tuple[str, bytes]]:
    """Names and contents; the large size of each is one of `sides`."""
    kinds = list(MAKERS)
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - always the same
        kind = kinds[number % len(kinds)]
        large = min(chance.choice(sides), LARGEST.get(kind, sides[-1]))
        yield f"{number:03}.{kind}", MAKERS[kind](chance, large)


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files(count, sides=(4000, 9000, 16_000)):
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
