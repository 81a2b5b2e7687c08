"""Texts in metadata: out of bytes whose alphabet is seldom said, and which of them a person may have written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from fotopoort.vocabulary import Hint, HintKind

MAX_TEXT = 10_000  # characters of one field
MAX_BLOCK = 1_000_000  # bytes of a block of unknown make that are looked through
PADDING = "\0 \r\n\t"

# In a block of unknown make: printable characters in a row, in UTF-8 (Latin letters), or each with a zero before or
# after it. Few bytes of a number or a picture look like that, and fewer still with a zero after them.
_RUN = re.compile(rb"(?:[\t\r\n\x20-\x7e]|[\xc3-\xc5][\x80-\xbf]){3,}|(?:[\x20-\x7e]\0){4,}|(?:\0[\x20-\x7e]){4,}")
_LONG_RUN = 10  # bytes; a shorter one must end with a zero, as texts in such blocks do

# What no person wrote: numbers, dates and switches, an address, the id of a document or a version, and base64.
_WORD = re.compile(r"[^\W\d_]{2}")
_TECHNICAL = re.compile(
    r"true|false|[a-z][a-z0-9+.-]*://\S*|(?:[\w.]+:)*[0-9a-f-]{16,}|[a-z0-9+/=]{60,}(?:\s.*)?", re.I | re.DOTALL
)


def decoded(value: bytes) -> str:
    """UTF-8 where it is that, Windows-1252 (Latin-1 and more) otherwise: fields that should say which are absent or
    wrong more often than not."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("cp1252", "replace")
    return text.strip(PADDING).replace("\0", "\n")


def decoded_utf16(value: bytes) -> str:
    """UTF-16 in the byte order it names, or else in the one that gives more Latin letters."""
    if value.startswith((b"\xff\xfe", b"\xfe\xff")):
        return value.decode("utf-16", "replace").strip(PADDING)
    readings = [value.decode(order, "replace").strip(PADDING) for order in ("utf-16-le", "utf-16-be")]
    return max(readings, key=lambda text: sum(letter < "\u0250" for letter in text))


def inside(block: bytes) -> str:
    """The texts in a block of unknown make, one a line, as far as they can be told from its numbers."""
    return "\n".join(islice(_runs(block[:MAX_BLOCK]), MAX_TEXT // 4))  # of three characters and a new line at least


def _runs(block: bytes) -> Iterator[str]:
    for found in _RUN.finditer(block):
        run = found.group()
        if (len(run) >= _LONG_RUN or block[found.end() : found.end() + 1] in (b"", b"\0")) and _WORD.search(
            text := run.replace(b"\0", b"").decode("utf-8", "ignore").strip()
        ):
            yield text


def other(field: str, text: str) -> Iterator[Hint]:
    """A field that nobody thought of, unless what it says is plainly technical."""
    text = text[: 2 * MAX_TEXT].strip(PADDING)
    if _WORD.search(text) and not _TECHNICAL.fullmatch(text):
        yield Hint(HintKind.TEXT, field, text)
