"""An XMP packet as a stream of elements, and which of them say who is in the picture.

expat refuses nothing but a document type by itself, so elements, their depth and their texts are bounded here; what was
read before a bound or a mistake counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from xml.parsers import expat

from fotopoort.photo.metadata.xmp import SEPARATOR, SYNTAX, Name, split_name

MAX_REGIONS: Final = 200  # of one file; no class photo has more people
MAX_DEPTH: Final = 100  # of elements; honest packets have a dozen
MAX_TEXT: Final = 10_000  # characters of one element
MAX_NAME: Final = 200

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MWG: Final = "http://www.metadataworkinggroup.com/schemas/regions/"
ACDSEE: Final = "http://ns.acdsee.com/regions/"
MICROSOFT: Final = "http://ns.microsoft.com/photo/1.2/t/Region#"
IPTC: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"

ITEM: Final = (RDF, "li")
LISTS: Final = {(RDF, "Bag"), (RDF, "Seq"), (RDF, "Alt")}
# Elements of RDF that say how something is written; what is in them belongs to the element around them.
TRANSPARENT: Final = LISTS | {(RDF, "RDF"), (RDF, "Description"), (RDF, "value"), ("adobe:ns:meta/", "xmpmeta")}
PERSONS: Final = (
    (IPTC, "PersonInImage"),
    ("http://ns.microsoft.com/expressionmedia/1.0/", "People"),
    ("http://ns.iview-multimedia.com/mediapro/1.0/", "People"),
)
KEYWORD_TREES: Final = (
    ("http://www.digikam.org/ns/1.0/", "TagsList"),
    ("http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject"),
    ("http://ns.microsoft.com/photo/1.0/", "LastKeywordXMP"),
    ("http://ns.microsoft.com/photo/1.0/", "LastKeywordIPTC"),
)
PEOPLE: Final = frozenset("people person persons personen persoon mensen gezichten faces".split())  # roots of a tree
NOBODY: Final = frozenset("unknown unconfirmed ignored unnamed onbekend naamloos".split()) | {"ffffffffffffffff"}
REGION_PARTS: Final = frozenset({"Area", "DLYArea", "ALGArea", "Name", "Type", "Rectangle", "PersonDisplayName"})


@dataclass(slots=True)
class Node:
    """An element or attribute, with what is in it by name."""

    name: Name
    text: str = field(default="", repr=False)
    parts: dict[Name, list[Node]] = field(default_factory=dict, repr=False)

    def add(self, node: Node) -> None:
        self.parts.setdefault(node.name, []).append(node)

    def take(self, other: Node) -> None:
        """Have what is in another element."""
        self.text += other.text
        if not self.parts:
            self.parts = other.parts
            return
        for name, nodes in other.parts.items():
            self.parts.setdefault(name, []).extend(nodes)

    def first(self, *names: Name) -> Node | None:
        return next((self.parts[name][0] for name in names if name in self.parts), None)

    def value(self, *names: Name) -> str:
        """The text of the first of these that is there, in the first of its languages."""
        node = self.first(*names)
        item = node.first(ITEM) if node else None
        return (item or node or Node(("", ""))).text.strip()

    def local(self, name: str) -> str:
        """The text of the part of that name, whatever its namespace: those of `stArea` and `stDim` differ."""
        return next((nodes[0].text.strip() for (_, local), nodes in self.parts.items() if local == name), "")

    def texts(self) -> Iterator[str]:
        """Of a list each item's text, or the element's own."""
        yield from (item.text for item in self.parts[ITEM]) if ITEM in self.parts else (self.text,)


class _Stop(Exception):
    """More elements, or deeper ones, than any program writes; or a document type, which XMP never has."""


class Reader:
    """Reads a packet as a stream, and keeps the elements that say who is in the picture."""

    def __init__(self, max_elements: int) -> None:
        self.remaining = max_elements  # elements and attributes that may still be read
        self.regions: list[Node] = []
        self.dimensions: list[Node] = []
        self.names: list[str] = []
        self._open = [Node(("", ""))]

    def read(self, packet: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        parser.namespace_prefixes = parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(packet, True)
        except (expat.ExpatError, _Stop, ValueError, LookupError):
            pass
        while len(self._open) > 1:
            self._end("")
        self._look_at(self._open[0])

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self.remaining -= 1 + len(attributes)
        if self.remaining < 0 or len(self._open) > MAX_DEPTH or len(self.regions) >= MAX_REGIONS:
            raise _Stop
        node = Node(split_name(element)[0])
        for attribute, text in attributes.items():
            name = split_name(attribute)[0]
            if name not in SYNTAX:
                node.add(Node(name, text))
        self._open.append(node)

    def _text(self, text: str) -> None:
        if len(self._open[-1].text) < MAX_TEXT:
            self._open[-1].text += text

    def _refuse(self, *_: object) -> None:
        raise _Stop

    def _end(self, _: str) -> None:
        node, outer = self._open.pop(), self._open[-1]
        if outer.name in LISTS and node.name[0] == RDF:  # some leave out the item around it
            node.name = ITEM
        elif node.name in TRANSPARENT:
            outer.take(node)
            return
        self._look_at(node)
        outer.add(node)

    def _look_at(self, node: Node) -> None:
        if any(space in (MWG, ACDSEE, MICROSOFT) and name in REGION_PARTS for space, name in node.parts):
            self.regions.append(node)
        elif (IPTC, "RegionBoundary") in node.parts:
            self.regions.append(node)
        for name in ((MWG, "AppliedToDimensions"), (ACDSEE, "AppliedToDimensions")):
            self.dimensions += node.parts.get(name, ())
        for name in PERSONS:
            if (IPTC, "RegionBoundary") not in node.parts and name in node.parts and node.name != ITEM:
                self._name(text for part in node.parts[name] for text in part.texts())
        if node.name == ITEM and (IPTC, "PersonName") in node.parts:
            self._name([node.value((IPTC, "PersonName"))])
        for name in KEYWORD_TREES:
            self._name(filter(None, (_last(text) for part in node.parts.get(name, ()) for text in part.texts())))

    def _name(self, names: Iterable[str]) -> None:
        self.names += islice(filter(None, map(cleaned, names)), MAX_REGIONS - min(len(self.names), MAX_REGIONS))


def _last(keyword: str) -> str:
    """Of "People/Groep 5/Tygo" the last part; "" where it is not about a person."""
    parts = [part.strip() for part in re.split(r"[/|]", keyword)]
    return parts[-1] if len(parts) > 1 and parts[0].casefold() in PEOPLE else ""


def cleaned(name: str) -> str | None:
    """A name on one line; None where it names nobody."""
    name = " ".join(name[: 4 * MAX_NAME].split())[:MAX_NAME]
    return name if name and name.casefold() not in NOBODY else None
