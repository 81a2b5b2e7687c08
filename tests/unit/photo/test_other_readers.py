"""PNG, WebP, AVIF and HEIF of every kind: the picture as it was drawn, as another decoder shows it, or an error."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fotopoort.photo.admission import Limits
from fotopoort.photo.decode import decode

Array = np.ndarray[Any, np.dtype[Any]]

LIMITS = Limits()
LOSSY = 6  # levels, on average


def scene(height: int = 64, width: int = 96) -> Array:
    """Slopes of colour with a red square, (H, W, 3) uint8."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 2 + 40, y * 3 + 30, 220 - x - y], axis=-1).clip(0, 255).astype(np.uint8)
    pixels[16:32, 16:48] = 200, 30, 60
    return pixels


def file_of(image: Image.Image, format: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


# --- PNG -------------------------------------------------------------------------------------------------

GREY, COLOUR, PALETTE, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
# Where each pass of an interlaced picture begins, down and across, and its steps.
PASSES = [
    (0, 0, 8, 8),
    (0, 4, 8, 8),
    (4, 0, 8, 4),
    (0, 2, 4, 4),
    (2, 0, 4, 2),
    (0, 1, 2, 2),
    (1, 0, 2, 1),
]  # y, x, steps


def png(
    values: Array, kind: int, bits: int, *, interlaced: bool = False, chunks: tuple[tuple[bytes, bytes], ...] = ()
) -> bytes:
    """A PNG of samples (H, W, channels), by the specification."""
    height, width, _ = values.shape
    passes = [values[y::down, x::across] for y, x, down, across in PASSES] if interlaced else [values]
    lines = b"".join(b"\0" + _packed(row, bits) for part in passes if part.size for row in part)
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced))
    all_chunks = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in all_chunks
    )


def _packed(row: Array, bits: int) -> bytes:
    if bits == 16:
        return row.astype(">u2").tobytes()
    if bits == 8:
        return row.astype(np.uint8).tobytes()
    return np.packbits(np.unpackbits(row.astype(np.uint8).reshape(-1, 1), axis=1)[:, 8 - bits :].ravel()).tobytes()


@pytest.mark.parametrize("size", [(64, 96), (17, 33), (16, 19)])
@pytest.mark.parametrize("interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("kind", [GREY, COLOUR, GREY_ALPHA, COLOUR_ALPHA])
def test_png(kind: int, bits: int, interlaced: bool, size: tuple[int, int]) -> None:
    colours = scene(*size) if kind in (COLOUR, COLOUR_ALPHA) else scene(*size)[..., :1]
    expected = colours if colours.shape[2] == 3 else np.repeat(colours, 3, axis=2)
    values = colours.astype(np.uint32)
    if kind in (GREY_ALPHA, COLOUR_ALPHA):
        alpha = np.full((*size, 1), 255, np.uint32)
        alpha[: size[0] // 2] = 0
        values = np.concatenate([values, alpha], axis=2)
        expected = expected.copy()
        expected[: size[0] // 2] = 255
    data = png(values * (257 if bits == 16 else 1), kind, bits, interlaced=interlaced)
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize("bits", [1, 2, 4])
def test_png_of_few_greys(bits: int, interlaced: bool) -> None:
    values = scene()[..., :1] >> (8 - bits)
    expected = np.repeat((values.astype(int) * 255 // ((1 << bits) - 1)), 3, axis=2)
    data = png(values, GREY, bits, interlaced=interlaced)
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_png_with_a_palette(bits: int, interlaced: bool, transparent: bool) -> None:
    values = scene()[..., :1] >> (8 - bits)
    palette = np.random.default_rng(bits).integers(0, 256, (1 << bits, 3), np.uint8)
    chunks: tuple[tuple[bytes, bytes], ...] = ((b"PLTE", palette.tobytes()),)
    expected = palette[values[..., 0]].copy()
    if transparent:
        chunks += ((b"tRNS", b"\0"),)
        expected[values[..., 0] == 0] = 255
    data = png(values, PALETTE, bits, interlaced=interlaced, chunks=chunks)
    assert np.array_equal(decode(data, LIMITS).pixels, expected)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("kind", [GREY, COLOUR])
def test_png_with_one_transparent_colour(kind: int, bits: int) -> None:
    """Of 16 bits, readers that have made 8 of them take that colour for visible: nothing else may change."""
    colours = scene() if kind == COLOUR else scene()[..., :1]
    wide = colours.astype(np.uint32) * (257 if bits == 16 else 1)
    chosen = wide[20, 20]
    data = png(wide, kind, bits, chunks=((b"tRNS", struct.pack(f">{len(chosen)}H", *chosen.tolist())),))
    shown = decode(data, LIMITS).pixels
    same = (wide == chosen).all(axis=2)
    expected = colours if kind == COLOUR else np.repeat(colours, 3, axis=2)
    assert np.abs(shown[~same].astype(int) - expected[~same]).max() <= 1
    assert (shown[same] == 255).all() or np.abs(shown[same].astype(int) - expected[same]).max() <= 1


@pytest.mark.parametrize("gamma", [22_727, 45_455, 55_556, 100_000, 1])
def test_png_with_a_gamma_is_as_other_readers_show_it(gamma: int) -> None:
    data = png(scene(), COLOUR, 8, chunks=((b"gAMA", struct.pack(">I", gamma)),))
    theirs = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert theirs is not None
    assert np.array_equal(decode(data, LIMITS).pixels, theirs)


# --- WebP ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(64, 96), (17, 33), (100, 51)])
@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("transparent", [False, True])
def test_webp(transparent: bool, lossless: bool, size: tuple[int, int]) -> None:
    image = Image.fromarray(scene(*size))
    expected = scene(*size).astype(int)
    if transparent:
        alpha = np.full(size, 255, np.uint8)
        alpha[: size[0] // 2] = 0
        image.putalpha(Image.fromarray(alpha))
        expected[: size[0] // 2] = 255
    data = file_of(image, "WEBP", quality=95, lossless=lossless, exact=True)
    pixels = decode(data, LIMITS).pixels
    theirs = Image.open(io.BytesIO(data)).convert("RGBA")
    white = Image.new("RGBA", theirs.size, "white")
    white.alpha_composite(theirs)
    assert np.abs(pixels.astype(int) - np.asarray(white.convert("RGB"))).max() <= 3
    assert np.abs(pixels - expected).mean() <= LOSSY


# --- AVIF and HEIF ---------------------------------------------------------------------------------------


def turned(data: bytes, kind: bytes, value: int) -> bytes:
    """The file with another value in its box for rotation (irot) or mirroring (imir)."""
    at = data.index(kind) + 4
    return data[:at] + bytes([value]) + data[at + 1 :]


def exif(orientation: int) -> bytes:
    block = Image.Exif()
    block[274] = orientation
    return block.tobytes()


@pytest.mark.parametrize("said", [1, 3, 6, 8])
@pytest.mark.parametrize("quarters", range(4))
def test_avif_is_turned_as_its_container_says_whatever_exif_says(quarters: int, said: int) -> None:
    """ISO/IEC 23000-22, 7.3.6.7: the container's properties alone count. A quarter is anticlockwise."""
    block = Image.Exif()
    block[274], block[296] = 6, said  # Pillow writes the first in the container alone
    plain = turned(file_of(Image.fromarray(scene()), "AVIF", quality=95, exif=block.tobytes()), b"irot", quarters)
    data = plain
    for order in ("<", ">"):
        data = data.replace(struct.pack(order + "HHI", 296, 3, 1), struct.pack(order + "HHI", 274, 3, 1))
    assert data != plain
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - np.rot90(scene(), quarters)).mean() <= LOSSY


@pytest.mark.parametrize("said", [1, 3, 6, 8])
@pytest.mark.parametrize("quarters", range(4))
def test_heif_is_turned_as_its_container_says_whatever_exif_says(quarters: int, said: int) -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(scene())).save(out, quality=95, chroma=444, exif=exif(6))
    data = turned(out.getvalue(), b"irot", quarters)
    for order in ("<", ">"):
        head = struct.pack(order + "HHI", 274, 3, 1)
        for before in range(1, 9):
            data = data.replace(head + struct.pack(order + "H", before), head + struct.pack(order + "H", said))
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - np.rot90(scene(), quarters)).mean() <= LOSSY


@pytest.mark.parametrize("size", [(64, 96), (70, 50), (128, 130)])
@pytest.mark.parametrize("chroma", [420, 422, 444])
@pytest.mark.parametrize("deep", [False, True], ids=["8 bits", "10 bits"])
def test_heif(deep: bool, chroma: int, size: tuple[int, int]) -> None:
    pixels = scene(*size)
    if deep:
        values = pixels.astype(np.uint16) * 257
        file = pillow_heif.from_bytes("RGB;16", (size[1], size[0]), values.tobytes())
    else:
        file = pillow_heif.from_pillow(Image.fromarray(pixels))
    out = io.BytesIO()
    file.save(out, quality=95, chroma=chroma)
    assert np.abs(decode(out.getvalue(), LIMITS).pixels.astype(int) - pixels).mean() <= LOSSY


@pytest.mark.parametrize("size", [(64, 96), (70, 50), (33, 17)])
@pytest.mark.parametrize("subsampling", ["4:2:0", "4:2:2", "4:4:4", "4:0:0"])
@pytest.mark.parametrize("transparent", [False, True])
def test_avif(transparent: bool, subsampling: str, size: tuple[int, int]) -> None:
    expected = scene(*size)
    if subsampling == "4:0:0":
        expected = np.repeat(cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    image = Image.fromarray(expected)
    if transparent:
        alpha = np.full(size, 255, np.uint8)
        alpha[: size[0] // 2] = 0
        image.putalpha(Image.fromarray(alpha))
        expected = expected.copy()
        expected[: size[0] // 2] = 255
    data = file_of(image, "AVIF", quality=95, subsampling=subsampling)
    assert np.abs(decode(data, LIMITS).pixels.astype(int) - expected).mean() <= LOSSY
