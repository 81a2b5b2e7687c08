"""Texts in metadata: decoding bytes that seldom name their encoding, and leaving out what no person wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from fotopoort.vocabulary import Hint, HintKind

MAX_TEXT = 10_000  # characters of one field
MAX_BLOCK = 1_000_000  # bytes of a block of unknown format that are searched
PADDING = "\0 \r\n\t"

# In a block of unknown format: a run of printable characters, in UTF-8 (Latin letters), or in UTF-16 of either order.
# Numbers and pictures seldom contain such runs, and even less often with a zero after them.
_RUN = re.compile(rb"(?:[\t\r\n\x20-\x7e]|[\xc3-\xc5][\x80-\xbf]){3,}|(?:[\x20-\x7e]\0){4,}|(?:\0[\x20-\x7e]){4,}")
_LONG_RUN = 10  # bytes; a shorter run must end with a zero, as texts in such blocks do

# What no person wrote: numbers, dates, switches, an address, the id of a document or a version, and base64.
_WORD = re.compile(r"[^\W\d_]{2}")
_TECHNICAL = re.compile(
    r"true|false|[a-z][a-z0-9+.-]*://\S*|(?:[\w.]+:)*[0-9a-f-]{16,}|[a-z0-9+/=]{60,}(?:\s.*)?", re.I | re.DOTALL
)


def decoded(value: bytes) -> str:
    """Decode as UTF-8 if it is that, else as Windows-1252 (Latin-1 and more).

    Fields that should name the encoding are absent or wrong more often than not.
    """
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("cp1252", "replace")
    return text.strip(PADDING).replace("\0", "\n")


def decoded_utf16(value: bytes) -> str:
    """Decode as UTF-16, in the byte order that it names, or else in the one that gives more Latin letters."""
    if value.startswith((b"\xff\xfe", b"\xfe\xff")):
        return value.decode("utf-16", "replace").strip(PADDING)
    readings = [value.decode(order, "replace").strip(PADDING) for order in ("utf-16-le", "utf-16-be")]
    return max(readings, key=lambda text: sum(letter < "\u0250" for letter in text))


def inside(block: bytes) -> str:
    """The texts in a block of unknown format, one per line, as far as they can be distinguished from numbers."""
    return "\n".join(islice(_runs(block[:MAX_BLOCK]), MAX_TEXT // 4))  # three characters and a newline each


def _runs(block: bytes) -> Iterator[str]:
    for found in _RUN.finditer(block):
        run = found.group()
        if (len(run) >= _LONG_RUN or block[found.end() : found.end() + 1] in (b"", b"\0")) and _WORD.search(
            text := run.replace(b"\0", b"").decode("utf-8", "ignore").strip()
        ):
            yield text


def other(field: str, text: str) -> Iterator[Hint]:
    """A hint for a field of no known meaning, unless its text is clearly technical."""
    text = text[: 2 * MAX_TEXT].strip(PADDING)
    if _WORD.search(text) and not _TECHNICAL.fullmatch(text):
        yield Hint(HintKind.TEXT, field, text)
