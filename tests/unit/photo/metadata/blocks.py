"""Blocks of metadata, made for the tests, and parts of the hints they give."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from PIL import Image

from fotopoort.vocabulary import Hint, HintKind

Save = Callable[..., bytes]

XMP = """<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
 xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:mine='http://voorbeeld.nl/mine/'><rdf:Description>{}
</rdf:Description></rdf:RDF></x:xmpmeta>"""
IPTC = b"\x1c\x02\x19\0\x03Jet\x1c\x02\x50\0\x03Ans"
IPTC_HINTS = {(HintKind.CAPTION, "IPTC Keywords", "Jet"), (HintKind.PERSON_NAME, "IPTC By-line", "Ans")}


def titled(text: str) -> bytes:
    """XMP with one title."""
    return XMP.format(f"<dc:title>{text}</dc:title>").encode()


def exif_of(**texts: str) -> bytes:
    """EXIF with a description, an artist, or both."""
    exif = Image.Exif()
    for name, text in texts.items():
        exif[{"description": 0x010E, "artist": 0x013B}[name]] = text
    return exif.tobytes()


def resource(content: bytes, number: int = 0x0404, name: bytes = b"") -> bytes:
    """One of Photoshop's image resources."""
    name = bytes([len(name)]) + name
    name += bytes(len(name) % 2)
    return (
        b"8BIM" + struct.pack(">H", number) + name + struct.pack(">I", len(content)) + content + bytes(len(content) % 2)
    )


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """A JPEG with further segments at its beginning."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def fields_and_texts(found: Iterable[Hint]) -> set[tuple[str, str | None]]:
    """Field and text of every hint."""
    return {(hint.field, hint.text) for hint in found}


def texts(found: Iterable[Hint]) -> set[str]:
    """Only the texts."""
    return {hint.text for hint in found if hint.text}


def texts_with_kind(found: Iterable[Hint]) -> set[tuple[HintKind, str, str]]:
    """Kind, field and text of the hints that have a text."""
    return {(hint.kind, hint.field, hint.text) for hint in found if hint.text}
