"""Writes JPEG files of every legal layout, by ITU-T T.81, without a library: with any sampling, scans and restarts."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Sampling: TypeAlias = Sequence[tuple[int, int]]

STEP = 4  # of quantization, for every coefficient
ZIGZAG = sorted(range(64), key=lambda n: (n // 8 + n % 8, (n // 8 if (n // 8 + n % 8) % 2 else n % 8)))
AC_SYMBOLS = [0x00, 0xF0, *(run << 4 | size for run in range(16) for size in range(1, 11))]
JFIF = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"


def jpeg(
    planes: Sequence[Array],
    sampling: Sampling,
    *,
    restart: int = 0,
    interleaved: bool = True,
    numbers: Sequence[int] = (1, 2, 3, 4),
    header: bytes = JFIF,
    spectrum: bytes = b"\0\x3f\0",
    height: int | None = None,
    frame_marker: int = 0xC0,
) -> bytes:
    """A sequential JPEG with Huffman coding.

    Args:
        planes: of each component (H, W) uint8, all at full size; they are averaged as `sampling` says.
        sampling: of each component, across and down.
        restart: units between restart markers; 0: none.
        interleaved: all components in one scan.
        spectrum: the last three bytes of the scan headers.
        height: what the frame header says; None: the truth.
    """
    rows, columns = planes[0].shape
    widest, highest = (max(factors) for factors in zip(*sampling, strict=True))
    blocks = [_blocks(plane, factors, (widest, highest)) for plane, factors in zip(planes, sampling, strict=True)]
    frame = struct.pack(">BHHB", 8, rows if height is None else height, columns, len(planes))
    for number, (across, down) in zip(numbers, sampling, strict=False):
        frame += bytes([number, across << 4 | down, 0])
    parts = [b"\xff\xd8", header, segment(0xDB, b"\0" + bytes([STEP]) * 64), segment(frame_marker, frame)]
    parts.append(segment(0xC4, b"\0" + bytes([0, 0, 0, 12, *[0] * 12]) + bytes(range(12))))
    parts.append(segment(0xC4, b"\x10" + bytes([*[0] * 7, len(AC_SYMBOLS), *[0] * 8]) + bytes(AC_SYMBOLS)))
    if restart:
        parts.append(segment(0xDD, struct.pack(">H", restart)))
    groups = [list(range(len(planes)))] if interleaved else [[n] for n in range(len(planes))]
    for group in groups:
        selected = b"".join(bytes([numbers[n], 0]) for n in group)
        parts.append(segment(0xDA, bytes([len(group)]) + selected + spectrum))
        if len(group) == 1 and len(planes) > 1:
            across, down = sampling[group[0]]
            size = math.ceil(rows * down / highest), math.ceil(columns * across / widest)
            units = _own_units(blocks[group[0]], size, group[0])
        else:
            units = _interleaved_units(blocks, sampling, (rows, columns), (highest, widest))
        parts.append(_coded(list(units), restart, len(planes)))
    return b"".join([*parts, b"\xff\xd9"])


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def _blocks(plane: Array, factors: tuple[int, int], most: tuple[int, int]) -> Array:
    """Quantized coefficients in zigzag order (rows, columns, 64) of the plane, averaged and filled up."""
    across, down = most[0] // factors[0], most[1] // factors[1]
    height, width = plane.shape
    unit_h, unit_w = 8 * most[1], 8 * most[0]
    padded = np.pad(plane, ((0, -height % unit_h), (0, -width % unit_w)), mode="edge").astype(float)
    small = padded.reshape(padded.shape[0] // down, down, padded.shape[1] // across, across).mean(axis=(1, 3))
    n = np.arange(8)
    basis = np.where(n[:, None] == 0, math.sqrt(1 / 8), 0.5 * np.cos((2 * n[None] + 1) * n[:, None] * math.pi / 16))
    tiles = small.reshape(small.shape[0] // 8, 8, small.shape[1] // 8, 8).transpose(0, 2, 1, 3) - 128
    coefficients = np.rint(basis @ tiles @ basis.T / STEP).astype(int)
    ordered: Array = coefficients.reshape(*coefficients.shape[:2], 64)[..., ZIGZAG]
    return ordered


Unit: TypeAlias = list[tuple[int, Array]]  # which component, and its block


def _own_units(blocks: Array, size: tuple[int, int], component: int) -> Iterator[Unit]:
    for y in range(math.ceil(size[0] / 8)):
        for x in range(math.ceil(size[1] / 8)):
            yield [(component, blocks[y, x])]


def _interleaved_units(
    blocks: Sequence[Array], sampling: Sampling, size: tuple[int, int], most: tuple[int, int]
) -> Iterator[Unit]:
    if len(blocks) == 1:
        yield from _own_units(blocks[0], size, 0)
        return
    for y in range(math.ceil(size[0] / (8 * most[0]))):
        for x in range(math.ceil(size[1] / (8 * most[1]))):
            yield [
                (component, blocks[component][y * down + v, x * across + h])
                for component, (across, down) in enumerate(sampling)
                for v in range(down)
                for h in range(across)
            ]


def _coded(units: Sequence[Unit], restart: int, components: int) -> bytes:
    step = restart or len(units)
    pieces = [units[at : at + step] for at in range(0, len(units), step)]
    coded = [_stuffed("".join(_bits(piece, components))) for piece in pieces]
    return b"".join(
        piece + (bytes([0xFF, 0xD0 + number % 8]) if number < len(coded) - 1 else b"")
        for number, piece in enumerate(coded)
    )


def _bits(units: Sequence[Unit], components: int) -> Iterator[str]:
    before = [0] * components
    for unit in units:
        for component, block in unit:
            difference = int(block[0]) - before[component]
            before[component] = int(block[0])
            size = abs(difference).bit_length()
            yield f"{size:04b}" + _number(difference, size)
            run = 0
            for value in map(int, block[1 : max(np.flatnonzero(block), default=0) + 1]):
                if value == 0:
                    run += 1
                    continue
                while run > 15:
                    yield f"{AC_SYMBOLS.index(0xF0):08b}"
                    run -= 16
                size = abs(value).bit_length()
                yield f"{AC_SYMBOLS.index(run << 4 | size):08b}" + _number(value, size)
                run = 0
            if not block[63]:
                yield f"{AC_SYMBOLS.index(0):08b}"


def _number(value: int, size: int) -> str:
    return f"{value if value > 0 else value + (1 << size) - 1:0{size}b}" if size else ""


def _stuffed(bits: str) -> bytes:
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
