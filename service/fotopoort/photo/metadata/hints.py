"""Hints: what a file carries besides its one picture. They are shown to the teacher and searched for names, and never
passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from fotopoort.photo.metadata import exif, iptc, texts, xmp
from fotopoort.photo.source import Blocks
from fotopoort.vocabulary import Hint, HintKind

MAX_HINTS = 2000
MAX_TEXTS = 500_000  # characters of all hints together: as much as is searched for names in a second
# Bounds on the work for one file. No honest file comes near them.
MAX_BLOCKS = 10  # of each kind
MAX_FOUND = 20_000  # hints, before duplicates are removed

# Last words of a container's own text fields: "PNG Title", "JPEG Comment".
CAPTION_KEYWORDS = frozenset({"title", "description", "comment", "caption", "subject", "keywords"})
PERSON_KEYWORDS = frozenset({"author", "artist", "creator"})


def hints(blocks: Blocks) -> tuple[Hint, ...]:
    """Every hint in these blocks, without duplicates, captions and names of people before other texts.

    There are at most `MAX_HINTS` with `MAX_TEXTS` characters. A broken block gives the hints that can be read.
    """
    unique = dict.fromkeys(_shortened(hint, texts.MAX_TEXT) for hint in islice(_all(blocks), MAX_FOUND))
    found, remaining = [], MAX_TEXTS
    for hint in sorted(unique, key=lambda hint: hint.kind is HintKind.TEXT)[:MAX_HINTS]:
        found.append(_shortened(hint, remaining))
        remaining -= len(found[-1].text or "")
    return tuple(hint for hint in found if hint.text != "")


def _shortened(hint: Hint, length: int) -> Hint:
    return Hint(hint.kind, hint.field[:100], hint.text[:length]) if hint.text is not None else hint


def _all(blocks: Blocks) -> Iterator[Hint]:
    yield from blocks.others
    if blocks.icc:
        yield Hint(HintKind.COLOUR_PROFILE, "ICC")
    for block in blocks.exif[:MAX_BLOCKS]:
        yield from _exif(block)
    for block in blocks.iptc[:MAX_BLOCKS]:
        yield from iptc.read(block)
    for block in blocks.photoshop[:MAX_BLOCKS]:
        yield from _photoshop(block)
    for block in blocks.xmp[:MAX_BLOCKS]:
        yield from xmp.read(block)
    for field, text in blocks.texts:
        yield from _text_field(field, text)
    for field, block in blocks.unknown[:MAX_BLOCKS]:
        yield from texts.other(field, texts.inside(block))


def _exif(block: bytes) -> Iterator[Hint]:
    yield from exif.read(block)
    inner = {entry.tag: entry.value for entry in exif.entries(block) if entry.tag in exif.BLOCK_TAGS}
    if packet := inner.get(exif.XMP_TAG):
        yield from xmp.read(packet)
    if records := inner.get(exif.IPTC_TAG):
        yield from iptc.read(records)
    if resources := inner.get(exif.PHOTOSHOP_TAG):
        yield from _photoshop(resources)


def _photoshop(block: bytes) -> Iterator[Hint]:
    for number, name, content in iptc.resources(block):
        if number == iptc.IPTC_RESOURCE:
            yield from iptc.read(content)
        elif number == iptc.XMP_RESOURCE:
            yield from xmp.read(content)
        elif number in iptc.THUMBNAIL_RESOURCES:
            yield Hint(HintKind.THUMBNAIL, "Photoshop")
        else:
            yield from texts.other(f"Photoshop {number:#06x}", f"{texts.decoded(name)}\n{texts.inside(content)}")


def _text_field(field: str, text: str) -> Iterator[Hint]:
    word = re.split(r"\W", field.lower())[-1]
    if word not in CAPTION_KEYWORDS | PERSON_KEYWORDS:
        yield from texts.other(field, text)
    elif text := text.strip(texts.PADDING):
        yield Hint(HintKind.CAPTION if word in CAPTION_KEYWORDS else HintKind.PERSON_NAME, field, text)
