"""Writes TIFF files of every layout, by TIFF 6.0 and its supplements, without a library that could share an error."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

NONE, LZW, DEFLATE, PACKBITS = 1, 5, 8, 32773
MIN_IS_WHITE, GREY, RGB, CMYK, YCBCR = 0, 1, 2, 5, 6
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
ASSOCIATED, UNASSOCIATED = 1, 2
SHORT, LONG = 3, 4


def tiff(
    pixels: Array,
    *,
    photometric: int = RGB,
    planar: int = 1,
    big_endian: bool = False,
    compression: int = NONE,
    predictor: int = 1,
    tile: tuple[int, int] | None = None,
    rows_per_strip: int | None = None,
    extra: tuple[int, ...] = (),
    tags: dict[int, tuple[int, tuple[int, ...]]] | None = None,
) -> bytes:
    """A TIFF file.

    Args:
        pixels: (H, W, samples), of the type that the samples are stored as.
        tile: width and height of the tiles; None: strips of `rows_per_strip`, or one strip.
        tags: more tags, or other values for those that are written anyhow: type and values.
    """
    order: Literal[">", "<"] = ">" if big_endian else "<"
    height, width, samples = pixels.shape
    stored = pixels.astype(pixels.dtype.newbyteorder(order))
    planes = [stored[..., n : n + 1] for n in range(samples)] if planar == 2 else [stored]
    pieces = [piece for plane in planes for piece in _pieces(plane, tile, rows_per_strip or height)]
    coded = [_compressed(_predicted(piece, predictor), compression) for piece in pieces]
    kind = {"u": UNSIGNED, "i": SIGNED, "f": FLOAT}[pixels.dtype.kind]
    offsets = [8 + sum(map(len, coded[:n])) for n in range(len(coded))]
    at, counts = (324, 325) if tile else (273, 279)
    entries = {
        256: (LONG, (width,)),
        257: (LONG, (height,)),
        258: (SHORT, (8 * pixels.dtype.itemsize,) * samples),
        259: (SHORT, (compression,)),
        262: (SHORT, (photometric,)),
        at: (LONG, tuple(offsets)),
        277: (SHORT, (samples,)),
        counts: (LONG, tuple(map(len, coded))),
        284: (SHORT, (planar,)),
        339: (SHORT, (kind,) * samples),
    }
    entries |= (
        {322: (LONG, (tile[0],)), 323: (LONG, (tile[1],))} if tile else {278: (LONG, (rows_per_strip or height,))}
    )
    entries |= {317: (SHORT, (predictor,))} if predictor > 1 else {}
    entries |= {338: (SHORT, extra)} if extra else {}
    return assembled(b"".join(coded), entries | (tags or {}), order)


def assembled(body: bytes, entries: dict[int, tuple[int, tuple[int, ...]]], order: str = "<") -> bytes:
    """A header, the pixels and one directory with these tags: type (1, 3 or 4) and values."""
    body += b"\0" * (len(body) % 2)
    start = 8 + len(body)
    table, values = struct.pack(order + "H", len(entries)), b""
    for tag, (kind, numbers) in sorted(entries.items()):
        value = struct.pack(f"{order}{len(numbers)}{' B HI'[kind]}", *numbers)
        if len(value) > 4:
            value, values = (
                struct.pack(order + "I", start + 6 + 12 * len(entries) + len(values)),
                values + value + b"\0" * (len(value) % 2),
            )
        table += struct.pack(order + "HHI", tag, kind, len(numbers)) + value.ljust(4, b"\0")
    magic = b"MM\0*" if order == ">" else b"II*\0"
    return magic + struct.pack(order + "I", start) + body + table + bytes(4) + values


def _pieces(plane: Array, tile: tuple[int, int] | None, rows: int) -> Iterator[Array]:
    height, width = plane.shape[:2]
    if tile is None:
        for top in range(0, height, rows):
            yield plane[top : top + rows]
        return
    across, down = tile
    padded = np.pad(plane, ((0, -height % down), (0, -width % across), (0, 0)))
    for top in range(0, height, down):
        for left in range(0, width, across):
            yield padded[top : top + down, left : left + across]


def _predicted(piece: Array, predictor: int) -> Array:
    if predictor == 2:
        piece = piece.copy()
        piece[:, 1:] = piece[:, 1:] - piece[:, :-1]
    elif predictor == 3:  # Adobe's Technical Note 3: the bytes of a row by their weight, then differences
        rows, width, samples = piece.shape
        numbers = np.ascontiguousarray(piece.astype(piece.dtype.newbyteorder(">")))
        weights = numbers.view(np.uint8).reshape(rows, width * samples, -1).transpose(0, 2, 1).reshape(rows, -1)
        piece = weights.copy()
        piece[:, samples:] = weights[:, samples:] - weights[:, :-samples]
    return piece


def _compressed(piece: Array, compression: int) -> bytes:
    data = piece.tobytes()
    if compression == DEFLATE:
        return zlib.compress(data)
    if compression == LZW:
        return _lzw(data)
    if compression == PACKBITS:
        length = len(data) // len(piece)
        rows = [data[at : at + length] for at in range(0, len(data), length)]
        parts = [row[at : at + 128] for row in rows for at in range(0, length, 128)]
        return b"".join(bytes([len(part) - 1]) + part for part in parts)
    return data


def _lzw(data: bytes) -> bytes:
    """Codes of nine bits alone: the table is cleared before it has grown to need a tenth."""
    codes = []
    for start in range(0, len(data), 200):
        codes += [256, *data[start : start + 200]]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")
