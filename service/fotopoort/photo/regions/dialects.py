"""Who a file says is in the picture, and where: regions in XMP, as programs and phones write them.

Four ways of writing are read: MWG regions (Lightroom, digiKam, Picasa, Apple, most NAS), Microsoft's people tags,
ACDSee's regions, and IPTC's image regions and persons; of digiKam, Lightroom and others also keywords below "People".
Facts: MWG "Guidelines for Handling Image Metadata" 2.0, chapter 5.9; Microsoft "People Tagging Overview"; IPTC Photo
Metadata Standard 2019.1, Image Region; for ACDSee the tables of ExifTool.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from fotopoort.photo.metadata import exif, iptc
from fotopoort.photo.metadata.xmp import MAX_ELEMENTS, MAX_PACKET
from fotopoort.photo.regions.rdf import ACDSEE, IPTC, ITEM, MAX_REGIONS, MICROSOFT, MWG, Node, Reader, cleaned
from fotopoort.photo.source import Blocks

Area: TypeAlias = tuple[float, float, float, float]  # x, y, width, height, from the top left

MAX_PACKETS: Final = 10

ANIMALS_AND_THINGS: Final = frozenset("pet focus barcode animal plant product building".split())
IPTC_FACE: Final = re.compile(r"\b(face|head|gezicht|hoofd)\b", re.I)
IPTC_NO_PERSON: Final = re.compile(r"\b(animal|dier|pet|plant|product|building|gebouw|barcode|object)\b", re.I)
MARKS: Final = (b"egion", b"PersonInImage", b"TagsList", b"hierarchicalSubject", b"LastKeyword", b"People")


@dataclass(frozen=True, slots=True)
class FileRegion:
    """That somebody is in the picture according to the file.

    Attributes:
        name: as it is written (personal data: never log it); None: no name is given.
        area: of the picture as the program saw it, in parts of its sides, or in pixels; None: no place is given, or one
            that cannot be.
        is_face: the place is said to be a face's, and not a whole person's.
        in_pixels: the unit of `area`.
        applied_to: width and height of the picture for which it was written; None: it does not say.
    """

    name: str | None = field(repr=False)
    area: Area | None = None
    is_face: bool = False
    in_pixels: bool = False
    applied_to: tuple[float, float] | None = None


def read(blocks: Blocks) -> tuple[FileRegion, ...]:
    """What the file says, each once, at most `MAX_REGIONS`; of a broken packet as far as it can be read."""
    found: dict[FileRegion, None] = {}
    elements = MAX_ELEMENTS
    for packet in islice(_packets(blocks), MAX_PACKETS):
        reader = Reader(elements)
        found |= dict.fromkeys(in_packet(packet, reader))
        elements = reader.remaining
    return tuple(islice(found, MAX_REGIONS))


def _packets(blocks: Blocks) -> Iterator[bytes]:
    yield from blocks.xmp
    photoshop = list(blocks.photoshop)
    for block in blocks.exif[:MAX_PACKETS]:
        for entry in exif.entries(block):
            if entry.tag == exif.XMP_TAG and isinstance(entry.value, bytes):
                yield entry.value
            elif entry.tag == exif.PHOTOSHOP_TAG and isinstance(entry.value, bytes):
                photoshop.append(entry.value)
    for block in photoshop[:MAX_PACKETS]:
        yield from (content for number, _, content in iptc.resources(block) if number == iptc.XMP_RESOURCE)


def in_packet(packet: bytes, reader: Reader | None = None) -> Iterator[FileRegion]:
    """What one XMP packet says, in its order.

    Args:
        reader: how many elements may be read; None: as many as in a file.
    """
    packet = packet[:MAX_PACKET].strip(b"\0 \r\n\t")
    if b"\0" not in packet and not any(mark in packet for mark in MARKS):
        return
    reader = reader or Reader(MAX_ELEMENTS)
    reader.read(packet)
    applied = next(filter(None, map(_dimensions, reader.dimensions)), None)
    for node in reader.regions:
        yield from _region(node, applied)
    for name in reader.names:
        yield FileRegion(name)


def _region(node: Node, applied: tuple[float, float] | None) -> Iterator[FileRegion]:
    if (IPTC, "RegionBoundary") in node.parts:
        yield from _iptc(node)
        return
    kind = node.value((MWG, "Type"), (ACDSEE, "Type")).casefold()
    if kind in ANIMALS_AND_THINGS:
        return
    denied = node.value((ACDSEE, "NameAssignType")).casefold() == "denied"
    names = ((MWG, "Name"), (ACDSEE, "Name"), (MICROSOFT, "PersonDisplayName"))
    name = None if denied else cleaned(node.value(*names))
    area, in_pixels = None, False
    if rectangle := node.value((MICROSOFT, "Rectangle")):
        area = _checked(_numbers(rectangle.split(",")[:5]), in_pixels=False)
        applied = None
    elif place := node.first((MWG, "Area"), (ACDSEE, "DLYArea"), (ACDSEE, "ALGArea")):
        in_pixels = place.local("unit").casefold() == "pixel"
        x, y, w, h = _numbers([place.local(side) for side in "xywh"])
        if math.isnan(w) and math.isnan(h):  # a circle, or a point
            w = h = _numbers([place.local("d")])[0]
        area = _checked((x - w / 2, y - h / 2, w, h), in_pixels=in_pixels)
    is_face = area is not None and kind in ("face", "")
    if name or is_face:
        yield FileRegion(name, area, is_face, in_pixels, applied)


def _iptc(node: Node) -> Iterator[FileRegion]:
    about = " ".join(_all_texts(node.parts.get((IPTC, "rCtype"), ()), node.parts.get((IPTC, "rRole"), ())))
    if IPTC_NO_PERSON.search(about):
        return
    boundary = node.parts[IPTC, "RegionBoundary"][0]
    names = [node.value((IPTC, "Name"))]
    names += [text for part in node.parts.get((IPTC, "PersonInImage"), ()) for text in part.texts()]
    in_pixels = boundary.local("rbUnit").casefold() == "pixel"
    x, y, w, h, radius = _numbers([boundary.local(f"rb{side}") for side in ("X", "Y", "W", "H", "Rx")])
    area: Sequence[float] = (x, y, w, h)
    if not math.isnan(radius):  # in parts of the width: of the height it is another part, unknown here
        area = (x - radius, y - radius, 2 * radius, 2 * radius)
    if vertices := boundary.first((IPTC, "rbVertices")):
        points = [
            _numbers([point.local("rbX"), point.local("rbY")]) for point in vertices.parts.get(ITEM, ())[:MAX_REGIONS]
        ]
        if points and all(map(math.isfinite, (value for point in points for value in point))):
            left, top = (min(point[side] for point in points) for side in (0, 1))
            right, bottom = (max(point[side] for point in points) for side in (0, 1))
            area = (left, top, right - left, bottom - top)
    checked = _checked(area, in_pixels=in_pixels)
    is_face = checked is not None and IPTC_FACE.search(about) is not None
    found = list(dict.fromkeys(filter(None, map(cleaned, names[:MAX_REGIONS]))))
    for name in found:
        yield FileRegion(name, checked, is_face, in_pixels)
    if is_face and not found:
        yield FileRegion(None, checked, is_face, in_pixels)


def _all_texts(*lists: Sequence[Node]) -> Iterator[str]:
    """Every text in these, at whatever depth."""
    nodes = [node for nodes in lists for node in nodes]
    for _ in range(MAX_ELEMENTS):
        if not nodes:
            return
        node = nodes.pop()
        yield node.text
        nodes += [part for parts in node.parts.values() for part in parts]


def _dimensions(node: Node) -> tuple[float, float] | None:
    width, height = _numbers([node.local("w"), node.local("h")])
    return (width, height) if 1 <= width <= 1e6 and 1 <= height <= 1e6 else None


def _numbers(texts: Sequence[str]) -> list[float]:
    """The numbers; not-a-number for what is none. Some programs write a comma for the point."""
    return [_number(text) for text in texts]


def _number(text: str) -> float:
    try:
        return float(text.strip()[:40].replace(",", "."))
    except ValueError:
        return math.nan


def _checked(area: Sequence[float], *, in_pixels: bool) -> Area | None:
    """The area, if it lies in a picture: its centre does, and it is not larger than the picture."""
    if len(area) != 4 or not all(map(math.isfinite, area)):
        return None
    x, y, w, h = area
    most = 1e6 if in_pixels else 1.001
    fits = 0 < w <= most and 0 < h <= most and 0 <= x + w / 2 <= most and 0 <= y + h / 2 <= most
    return (x, y, w, h) if fits else None
