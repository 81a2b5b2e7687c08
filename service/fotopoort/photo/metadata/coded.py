"""How much memory the decoder of an AVIF or HEIF file will take, from the sizes that the decoder itself goes by.

A decoder takes the size of a picture from the header of its coded data (the sequence header of AV1, the sequence
parameter set of HEVC), and the size of a picture composed of others from that composition. The size that the file
states elsewhere (in `ispe` boxes) may be false.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from fotopoort.errors import Damaged
from fotopoort.photo.metadata import iso

Bytes: TypeAlias = bytes | memoryview

ONCE: Final = (b"ftyp", b"meta")  # boxes that a file may have once
ONCE_IN_META: Final = (b"pitm", b"iloc", b"iinf", b"iprp", b"idat", b"iref")
CODED: Final = frozenset({b"av01", b"hvc1", b"hev1"})
COMPOSED: Final = frozenset({b"grid", b"iovl"})
MAX_UNITS: Final = 100_000  # of coded data in one picture; a unit is a header, a slice, a tile
BLOCK: Final = 64  # a coded picture is larger than the one shown by less than one block on each side
HEADER_BYTES: Final = 512  # within which a header must be found; it takes a few dozen
AV1_SEQUENCE_HEADER: Final = 1
HEVC_SEQUENCE_PARAMETERS: Final = 33


def decoded_pixels(data: bytes) -> int:
    """How many pixels the decoder of an AVIF or HEIF file makes room for at a time.

    Returns:
        The pixels of the largest picture; or half of those of all coded pictures, if that is more. Half, because a
        picture may come with a second one for its transparency.

    Raises:
        Damaged: the file has a box twice that it may have once; it has no coded picture, or one without a header; or a
            picture is larger than every size that the file states.
    """
    meta = _once(data, 0, ONCE)[b"meta"]
    properties = _once(_once(meta, 4, ONCE_IN_META)[b"iprp"], 0, (b"ipco",))[b"ipco"]
    stated, configured = [0], [0]
    for kind, body in _boxes(properties, 0):
        if kind == b"ispe":
            stated.append(_area(*_sides(body[4:12]), margin=BLOCK))
        elif kind == b"hvcC":
            configured += [_hevc_area(unit) for unit in _configured_units(body)]
    coded, composed = [], [0]
    for kind, content in iso.items(data, meta, CODED | COMPOSED):
        if kind in COMPOSED:
            composed.append(_composed_area(kind, bytes(content[:HEADER_BYTES])))
        elif kind == b"av01":
            coded.append(max(map(_av1_area, _av1_sequence_headers(content)), default=0))
        else:  # its headers are in the configuration, and there may be more in the data
            coded.append(max([*configured, *map(_hevc_area, _hevc_units(content))]))
    largest = max([*configured, *coded, *composed])
    if not coded or not all(coded) or largest > max(stated):
        raise Damaged
    return max(largest, sum(coded) // 2)


def _once(data: Bytes, at: int, kinds: tuple[bytes, ...]) -> dict[bytes, bytes]:
    """The content of boxes of these kinds; empty for one that is not there."""
    found = dict.fromkeys(kinds, b"")
    seen = set()
    for kind, body in _boxes(data, at):
        if kind in found:
            if kind in seen:
                raise Damaged
            seen.add(kind)
            found[kind] = bytes(body)
    return found


def _boxes(data: Bytes, at: int) -> Iterator[tuple[bytes, memoryview]]:
    """Type and content of each box, whatever its name is made of: decoders go on behind names that nobody knows."""
    view = memoryview(data)
    for kind, start, end in iso.boxes(bytes(data), at, len(data), strange=True):
        yield kind, view[start:end]


def _sides(body: Bytes) -> tuple[int, int]:
    """Width and height: two numbers of equal length."""
    half = len(body) // 2
    return int.from_bytes(body[:half], "big"), int.from_bytes(body[half:], "big")


def _area(width: int, height: int, margin: int = 0) -> int:
    return (width + margin) * (height + margin)


def _composed_area(kind: bytes, content: bytes) -> int:
    """Of a mosaic or a collage (ISO/IEC 23008-12, 6.6.2): version, flags, then for a mosaic its rows and columns, for a
    collage its background; then width and height."""
    at, size = 4 if kind == b"grid" else 10, 8 if content[1:2] and content[1] & 1 else 4
    return _area(*_sides(content[at : at + size]))


class _Bits:
    """Reads numbers of some bits, from the first on; zeros behind the end."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = (
            int.from_bytes(data[:HEADER_BYTES].ljust(HEADER_BYTES, b"\0"), "big"),
            8 * HEADER_BYTES,
        )

    def number(self, bits: int) -> int:
        if bits > self._left:
            raise Damaged
        self._left -= bits
        return self._value >> self._left & ((1 << bits) - 1)

    def exp_golomb(self) -> int:
        """A number of as many bits as there are zeros before its first one."""
        zeros = 0
        while not self.number(1):
            zeros += 1
        return (1 << zeros | self.number(zeros)) - 1


# --- AV1 (the bitstream's specification, 5.3 to 5.5) -------------------------------------------------------


def _av1_sequence_headers(content: Bytes) -> Iterator[bytes]:
    at = 0
    for _ in range(MAX_UNITS):
        if at >= len(content):
            return
        head = content[at]
        at += 2 if head & 4 else 1
        size = len(content) - at
        if head & 2:
            size, at = _leb128(content, at)
        if head >> 3 & 15 == AV1_SEQUENCE_HEADER:
            yield bytes(content[at : at + min(size, HEADER_BYTES)])
        at += size
    raise Damaged


def _leb128(content: Bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the last first; and where what follows begins."""
    value = 0
    for place, byte in enumerate(content[at : at + 8]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise Damaged


def _av1_area(header: bytes) -> int:
    bits = _Bits(header)
    _profile, _still, reduced = bits.number(3), bits.number(1), bits.number(1)
    if reduced:
        bits.number(5)
    else:
        _skip_av1_operating_points(bits)
    width_bits, height_bits = bits.number(4) + 1, bits.number(4) + 1
    return _area(bits.number(width_bits) + 1, bits.number(height_bits) + 1)


def _skip_av1_operating_points(bits: _Bits) -> None:
    delay_bits = 0  # of the decoder model; 0: there is none
    if bits.number(1):  # timing
        bits.number(64)
        if bits.number(1):
            bits.exp_golomb()
        if bits.number(1):
            delay_bits = bits.number(5) + 1
            bits.number(32 + 5 + 5)
    display_delay = bits.number(1)
    for _ in range(bits.number(5) + 1):
        bits.number(12)
        if bits.number(5) > 7:
            bits.number(1)
        if delay_bits and bits.number(1):
            bits.number(2 * delay_bits + 1)
        if display_delay and bits.number(1):
            bits.number(4)


# --- HEVC (ITU-T H.265, 7.3; ISO/IEC 14496-15, 8.3) --------------------------------------------------------


def _configured_units(body: Bytes) -> Iterator[bytes]:
    """The sequence parameter sets among the units of a configuration box: 22 bytes, then arrays of units by type."""
    at = 23
    for _ in range(body[22]):
        count, at = int.from_bytes(body[at + 1 : at + 3], "big"), at + 3
        for _ in range(count):
            size = int.from_bytes(body[at : at + 2], "big")
            yield from _sequence_parameters(body[at + 2 : at + 2 + size])
            at += 2 + size


def _hevc_units(content: Bytes) -> Iterator[bytes]:
    """The sequence parameter sets in coded data: units with their length before them."""
    at = 0
    for _ in range(MAX_UNITS):
        if at + 4 >= len(content):
            return
        size = int.from_bytes(content[at : at + 4], "big")
        yield from _sequence_parameters(content[at + 4 : at + 4 + min(size, HEADER_BYTES)])
        at += 4 + size
    raise Damaged


def _sequence_parameters(unit: Bytes) -> Iterator[bytes]:
    if len(unit) > 2 and unit[0] >> 1 & 63 == HEVC_SEQUENCE_PARAMETERS:
        yield bytes(unit[2:]).replace(b"\0\0\3", b"\0\0")  # a 3 keeps start codes out of the data


def _hevc_area(unit: bytes) -> int:
    bits = _Bits(unit)
    _set, layers, _nesting = bits.number(4), bits.number(3), bits.number(1)
    bits.number(96)  # profile, tier and level
    present = [(bits.number(1), bits.number(1)) for _ in range(layers)]
    if layers:
        bits.number(2 * (8 - layers))
    for profile, level in present:
        bits.number(88 * profile + 8 * level)
    bits.exp_golomb()
    if bits.exp_golomb() == 3:  # every colour at full size: they may be coded apart
        bits.number(1)
    return _area(bits.exp_golomb(), bits.exp_golomb())
