"""Whether the coded data of a sequential JPEG are whole: every block of every scan is there, and nothing else.

For files that libjpeg-turbo's strict interface does not take: the readers that take them keep silent about damage. Only
the lengths of the codes are followed (ITU-T T.81, annex F.2); no coefficient is worked out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from fotopoort.errors import SAVE_AS_JPEG, Damaged
from fotopoort.photo.formats.jpeg_structure import FRAME_HEADERS, RESTARTS, SCAN, Frame

MAX_CODED: Final = 6_000_000  # bytes; a million take about a second
MAX_PIECES: Final = 50_000  # between restart markers, of one scan
HUFFMAN_TABLES, RESTART_INTERVAL, END = 0xC4, 0xDD, 0xD9
END_OF_BLOCK: Final = 128  # more than a block has coefficients
AHEAD: Final = bytes(8)  # zeros behind the last byte: a code is also looked up where only its beginning is there

# By the next 16 bits: how many bits a code and its number take, and 256 times how many coefficients they are.
Table: TypeAlias = list[int]

_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def require_whole(data: bytes, frame: Frame) -> None:
    """Follow the codes of every scan.

    Args:
        data: a mended JPEG with sequential Huffman coding, and nothing after its end.

    Raises:
        Damaged: a scan ends early or late, a code is not in its table, restart markers are not in their order, or a
            component is in no scan; or there are more data than are followed.
    """
    if len(data) > MAX_CODED:
        raise Damaged(hint=SAVE_AS_JPEG)
    tables: dict[int, Table] = {}
    interval, at, waiting = 0, 2, {number for number, _, _ in frame.components}
    while data[at + 1] != END:
        marker, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : end]
        if marker == 0xFF or marker in RESTARTS:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == HUFFMAN_TABLES:
            tables |= _tables(body)
        elif marker == RESTART_INTERVAL:
            interval = int.from_bytes(body[:2], "big")
        elif marker == SCAN:
            following = _AFTER_SCAN.search(data, end)
            if following is None:
                raise Damaged
            coded = data[end : following.start()].rstrip(b"\xff")  # fill bytes
            waiting -= _follow(body, coded, frame, tables, interval)
            end = following.start()
        elif marker in FRAME_HEADERS and marker > 0xC1:
            raise Damaged
        at = end
    if waiting:
        raise Damaged


def _tables(body: bytes) -> dict[int, Table]:
    """By class and number, as they stand in the segment."""
    tables, at = {}, 0
    while at < len(body):
        counts, values = body[at + 1 : at + 17], body[at + 17 : at + 17 + sum(body[at + 1 : at + 17])]
        tables[body[at]] = _table(counts, values, ac=body[at] >= 16)
        at += 17 + sum(counts)
    return tables


def _table(counts: bytes, values: bytes, *, ac: bool) -> Table:
    table = np.zeros(1 << 16, np.int32)
    code, used = 0, 0
    for length, count in enumerate(counts, 1):
        for value in values[used : used + count]:
            run, size = value >> 4, value & 15
            steps = 1
            if ac:
                steps = END_OF_BLOCK if size == 0 and run < 15 else run + 1
            table[code << 16 - length : code + 1 << 16 - length] = length + (size if ac else value) | steps << 8
            code += 1
        used += count
        code <<= 1
    listed: Table = table.tolist()
    return listed


def _follow(header: bytes, coded: bytes, frame: Frame, tables: dict[int, Table], interval: int) -> set[int]:
    """Follow one scan; the components in it."""
    chosen = {header[at]: header[at + 1] for at in range(1, 1 + 2 * header[0], 2)}
    parts = [(across, down, chosen[number]) for number, across, down in frame.components if number in chosen]
    widest, highest = (max(factors) for factors in zip(*frame.sampling, strict=True))
    if len(parts) == 1:  # its own blocks, row by row
        across, down, _ = parts[0]
        columns = math.ceil(math.ceil(frame.width * across / widest) / 8)
        rows = math.ceil(math.ceil(frame.height * down / highest) / 8)
        parts = [(1, 1, parts[0][2])]
    else:
        columns, rows = math.ceil(frame.width / (8 * widest)), math.ceil(frame.height / (8 * highest))
    unit = [(tables[which >> 4], tables[16 | which & 15]) for a, d, which in parts for _ in range(a * d)]
    left = columns * rows
    markers = [marker[0] - RESTARTS.start for marker in _RESTART.findall(coded)]
    if markers != [number % 8 for number in range(len(markers))]:
        raise Damaged
    pieces = _RESTART.split(coded)[::2]
    if len(pieces) > MAX_PIECES:
        raise Damaged(hint=SAVE_AS_JPEG)
    if len(pieces) != math.ceil(left / (interval or left)):
        raise Damaged
    for piece in pieces:
        units = min(interval or left, left)
        _follow_units(piece.replace(b"\xff\0", b"\xff"), units, unit)
        left -= units
    return set(chosen)


def _follow_units(coded: bytes, units: int, unit: Sequence[tuple[Table, Table]]) -> None:
    """Follow this many units: in each, blocks with these tables for their first coefficient and the others."""
    padded = np.frombuffer(coded + AHEAD, np.uint8).astype(np.int32)
    windows: list[int] = (padded[:-2] << 16 | padded[1:-1] << 8 | padded[2:]).tolist()  # 24 bits from each byte on
    at = 0
    try:
        for _ in range(units):
            for first, others in unit:
                step = first[windows[at >> 3] >> 8 - (at & 7) & 0xFFFF]
                at += step & 255
                seen = 1
                while step and seen < 64:
                    step = others[windows[at >> 3] >> 8 - (at & 7) & 0xFFFF]
                    at += step & 255
                    seen += step >> 8
                if not step or 64 < seen < END_OF_BLOCK:
                    raise Damaged
    except IndexError:
        raise Damaged from None
    if not 0 <= 8 * len(coded) - at < 8:
        raise Damaged
