"""XMP: every text in a packet, with the field that holds it, and marks of places and further pictures.

expat reads a packet as a stream and refuses a document type, so no entity can expand or fetch anything. What comes
before a syntax error is used as read, and what follows it is one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias
from xml.parsers import expat

from fotopoort.photo.metadata import texts
from fotopoort.vocabulary import Hint, HintKind

MAX_PACKET = 4_000_000  # bytes
MAX_ELEMENTS = 50_000
SEPARATOR = "\x1f"  # that expat writes between namespace, name and prefix

Name: TypeAlias = tuple[str, str]  # namespace and local name

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
_DC = "http://purl.org/dc/elements/1.1/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_IPTC_CORE = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
_IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_MWG_REGIONS = "http://www.metadataworkinggroup.com/schemas/regions/"
_ACDSEE_REGIONS = "http://ns.acdsee.com/regions/"
_MICROSOFT_PEOPLE = "http://ns.microsoft.com/photo/1.2/t/Region#"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_PDF = "http://ns.adobe.com/pdf/1.3/"
_PDFX = "http://ns.adobe.com/pdfx/1.3/"

FIELDS = {
    (_DC, "title"): HintKind.CAPTION,
    (_DC, "description"): HintKind.CAPTION,
    (_DC, "subject"): HintKind.CAPTION,
    (_DC, "creator"): HintKind.PERSON_NAME,
    (_DC, "contributor"): HintKind.PERSON_NAME,
    (_DC, "rights"): HintKind.TEXT,
    (_PHOTOSHOP, "Headline"): HintKind.CAPTION,
    (_PHOTOSHOP, "Instructions"): HintKind.CAPTION,
    (_PHOTOSHOP, "CaptionWriter"): HintKind.PERSON_NAME,
    (_PHOTOSHOP, "AuthorsPosition"): HintKind.TEXT,
    (_PHOTOSHOP, "Credit"): HintKind.TEXT,
    (_PHOTOSHOP, "Source"): HintKind.TEXT,
    (_PHOTOSHOP, "City"): HintKind.TEXT,
    (_IPTC_CORE, "Location"): HintKind.TEXT,
    (_IPTC_CORE, "AltTextAccessibility"): HintKind.CAPTION,
    (_IPTC_CORE, "ExtDescrAccessibility"): HintKind.CAPTION,
    (_IPTC_EXT, "PersonInImage"): HintKind.PERSON_NAME,
    (_IPTC_EXT, "PersonName"): HintKind.PERSON_NAME,
    (_IPTC_EXT, "Event"): HintKind.CAPTION,
    (_MWG_REGIONS, "Name"): HintKind.PERSON_NAME,
    (_MWG_REGIONS, "Description"): HintKind.CAPTION,
    (_MICROSOFT_PEOPLE, "PersonDisplayName"): HintKind.PERSON_NAME,
    (_ACDSEE_REGIONS, "Name"): HintKind.PERSON_NAME,
    ("http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject"): HintKind.CAPTION,
    ("http://www.digikam.org/ns/1.0/", "TagsList"): HintKind.CAPTION,
    ("http://ns.microsoft.com/photo/1.0/", "LastKeywordXMP"): HintKind.CAPTION,
    ("http://ns.microsoft.com/expressionmedia/1.0/", "People"): HintKind.PERSON_NAME,
    ("http://ns.iview-multimedia.com/mediapro/1.0/", "People"): HintKind.PERSON_NAME,
    ("http://ns.adobe.com/exif/1.0/aux/", "OwnerName"): HintKind.PERSON_NAME,
    ("http://cipa.jp/exif/1.0/", "CameraOwnerName"): HintKind.PERSON_NAME,
    (_EXIF, "UserComment"): HintKind.CAPTION,
    (_TIFF, "ImageDescription"): HintKind.CAPTION,
    (_TIFF, "Artist"): HintKind.PERSON_NAME,
    (_TIFF, "Copyright"): HintKind.TEXT,
    (_PDF, "Title"): HintKind.CAPTION,
    (_PDF, "Keywords"): HintKind.CAPTION,
    (_PDF, "Author"): HintKind.PERSON_NAME,
    (_PDF, "Creator"): HintKind.PERSON_NAME,
    (_PDFX, "Author"): HintKind.PERSON_NAME,
}
_NO_WORD = re.compile(r"\S{200,}")  # a picture in base64
_PREFIXES = {
    _DC: "dc", _PHOTOSHOP: "photoshop", _IPTC_CORE: "Iptc4xmpCore", _IPTC_EXT: "Iptc4xmpExt", _MWG_REGIONS: "mwg-rs",
    _MICROSOFT_PEOPLE: "MPReg", _ACDSEE_REGIONS: "acdsee-rs", _EXIF: "exif", _TIFF: "tiff", _PDF: "pdf", _PDFX: "pdfx",
}  # fmt: skip
# Attributes of RDF and XML themselves, which say how a field is written.
SYNTAX = {(_RDF, "parseType"), (_RDF, "datatype"), (_XML, "lang"), (_XML, "space")}
# Recognised by a name or namespace anywhere in the packet, however it is written.
MARKS = (
    (b"exif:GPSLatitude", HintKind.GPS, "XMP exif:GPSLatitude"),
    (b"xmpGImg:image", HintKind.THUMBNAIL, "XMP xmp:Thumbnails"),
    (b"GDepth:", HintKind.DEPTH, "XMP GDepth"),
    (b"http://ns.google.com/photos/dd/1.0/device", HintKind.DEPTH, "XMP Device"),
    (b"GImage:", HintKind.SECOND_IMAGE, "XMP GImage"),
    (b"http://ns.adobe.com/hdr-gain-map/1.0/", HintKind.SECOND_IMAGE, "XMP gain map"),
    (b"http://ns.apple.com/HDRGainMap/1.0/", HintKind.SECOND_IMAGE, "XMP gain map"),
    (b"MotionPhoto", HintKind.VIDEO, "XMP GCamera:MotionPhoto"),
    (b"MicroVideo", HintKind.VIDEO, "XMP GCamera:MicroVideo"),
)


def read(packet: bytes) -> Iterator[Hint]:
    """The hints in one XMP packet, as far as it can be read."""
    yield Hint(HintKind.XMP, "XMP")
    packet = packet[:MAX_PACKET].strip(b"\0 \r\n\t")
    for mark, kind, field in MARKS:
        if mark in packet:
            yield Hint(kind, field)
    found, unread = _texts(packet)
    for name, prefix, text in found:
        prefix = _PREFIXES.get(name[0], prefix)
        field = f"XMP {prefix}:{name[1]}" if prefix else f"XMP {name[1]}"
        if name in FIELDS:
            yield Hint(FIELDS[name], field, text.strip())
        else:
            yield from texts.other(field, text)
    yield from texts.other("XMP", _NO_WORD.sub(" ", texts.decoded(unread)))


class _Refused(Exception):
    """A document type, which XMP never has, or more elements than any program writes."""


def _texts(packet: bytes) -> tuple[list[tuple[Name, str, str]], bytes]:
    """Name, prefix and text of each field, whether an attribute or an element at any depth; and the unread rest.

    A text belongs to the innermost element around it, with two exceptions: inside a field of `FIELDS` it belongs to
    that field rather than to the field's parts, and it never belongs to RDF's own elements.
    """
    found: list[tuple[Name, str, str]] = []
    within: list[tuple[Name, str]] = [((_RDF, "RDF"), "rdf")]  # what a text in each open element belongs to
    pieces: list[str] = []
    remaining = MAX_ELEMENTS
    read_to = 0  # the offset of the last tag, in bytes

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal remaining
        finish()
        remaining -= 1
        if remaining < 0:
            raise _Refused
        name, prefix = split_name(element)
        outer = within[-1]
        part = name[0] == _RDF or (outer[0] in FIELDS and name not in FIELDS)
        within.append(outer if part else (name, prefix))
        for attribute, text in attributes.items():
            name, prefix = split_name(attribute)
            if name not in SYNTAX:
                add(within[-1] if name[0] == _RDF else (name, prefix), text)

    def end(_: str) -> None:
        finish()
        within.pop()

    def finish() -> None:
        nonlocal read_to
        read_to = parser.CurrentByteIndex
        add(within[-1], "".join(pieces))
        pieces.clear()

    def add(field: tuple[Name, str], text: str) -> None:
        if text.strip():
            found.append((*field, text))

    def refuse(*_: object) -> None:
        raise _Refused

    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(packet, True)
    except (expat.ExpatError, _Refused, ValueError, LookupError):
        return found, packet[read_to:]
    return found, b""


def split_name(name: str) -> tuple[Name, str]:
    """Name and prefix of an element or attribute as expat writes it; without a namespace there is only a name."""
    space, local, prefix = ([*name.split(SEPARATOR), ""] if SEPARATOR in name else ["", name, ""])[:3]
    return (space, local), prefix
