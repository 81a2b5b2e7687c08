"""A text as words: where each stands, what it is without accents and capitals, and what stands before it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from encodings.cp1252 import decoding_table
from functools import lru_cache
from typing import Final

# Invisible characters: zero-width ones, soft hyphens, marks of writing direction, variation selectors.
INVISIBLE: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
ENTITY: Final = (
    r"&(?:[A-Za-z]{2,8}|#0{0,8}[0-9]{2,6}|#[xX]0{0,8}[0-9A-Fa-f]{2,5});"
    r"|&(?:nbsp|[A-Za-z](?:acute|cedil|circ|grave|ring|slash|tilde|uml))"  # browsers read these without a semicolon
)
# Tags within a word: a place where a line may end, and the end of what makes its first letter larger.
TAG: Final = r"<wbr ?/?>|(?<=>[^\W\d_])</[A-Za-z]{1,10}>(?=[a-z\u00df-\u00ff])"
# The bytes of UTF-8 that are not ASCII, by what they are in Latin-1 and in Windows-1252, for which they may be taken.
BYTES: Final = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    sign: byte for byte, sign in enumerate(decoding_table) if byte >= 0x80
}
FOLLOWING: Final = "[" + "".join(sign for sign, byte in BYTES.items() if byte < 0xC0) + "]"
# One character, as HTML, web addresses and texts that were read in another encoding may have it.
CODED: Final = re.compile(
    rf"[\u00c2-\u00c5\u00cc]{FOLLOWING}|\u00c8[\u2122\u203a\x99\x9b]|\u00e2{FOLLOWING}{{2}}|{ENTITY}|{TAG}|"
    r"%[2-7][0-9A-Fa-f]|%[C-Dc-d][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}|"
    # Latin-1, behind a letter and not as a word may begin: “100%Fabian”, “wie%Daan”.
    r"(?<=[A-Za-z])%(?:[C-Fc-f][0-9]|[C-F][A-F](?![A-Z])|[c-f][a-f](?![a-z]))"
)
MAX_CODINGS: Final = 2  # of one text: “Zo&amp;euml;”
WORD: Final = re.compile(rf"(?:[^\W_]|[\u0300-\u036f{INVISIBLE}])+")
LONG_DASH: Final = "\u2013"  # in a name it is a hyphen, but what stands behind it may as well be something else
# Signs that are written for another: dashes, apostrophes and spaces of all kinds, and letters in circles.
SIGNS: Final = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u00b4\u02b9\u02bb\u02bc\u02bd\u201b\u2032\uff07", "'")
    | dict.fromkeys("\u00a0\u2009\u202f", " ")  # the others are hardly ever within a name
    | dict.fromkeys("\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u200a\u205f\u3000", "\t")
    | {"\u2014": LONG_DASH}
    | {sign: unicodedata.normalize("NFKC", sign) for sign in map(chr, range(0x24B6, 0x24EA))}
)
INNER: Final = re.compile(
    r"(?:IMG|DSCN?|PXL|MVIMG|VID|MOV|PIC)(?=[a-z])|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+"
)  # of a name in camel case, or with digits
VISIBLE: Final = re.compile(rf"[^{INVISIBLE}]")
MAX_WORD: Final = 200
LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i", "ŋ": "n"}
)
# Between two words of one sentence. Anything else (a full stop, an emoji, a line end) may begin another one.
WITHIN: Final = re.compile(rf"[ \t\xa0{INVISIBLE},:;/&+()'’\u2018`@#*_-]*\Z")
AFTER_ABBREVIATION: Final = re.compile(r"\.[ \t]*\Z")
ABBREVIATIONS: Final = frozenset(
    "bijv bv dhr dr drs enz evt fam gr incl ing jr max mevr min mr mw nl nr o.a resp sr st tel vgl zgn".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word.

    Attributes:
        start, end: its place in the text that was split, in characters.
        text: as it stands there, but for `SIGNS`.
        fold: without accents, capitals and invisible characters.
        gap: what stands between the word before and this one.
        opens: it may be the first word of a sentence.
    """

    start: int
    end: int
    text: str = field(repr=False)
    fold: str = field(repr=False)
    gap: str = field(repr=False)
    opens: bool

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper() or self.text[:1].istitle()

    @property
    def shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def decoded(text: str) -> tuple[str, Sequence[int]]:
    """A text without entities of HTML, codes of web addresses and bytes in place of letters, and where each of its
    characters began in the text as it was given; behind those, its length.
    """
    places: Sequence[int] = range(len(text) + 1)
    for _ in range(MAX_CODINGS):
        if not CODED.search(text):
            break
        parts: list[str] = []
        starts: list[int] = []
        at = 0
        for match in CODED.finditer(text):
            if (character := _of_code(match[0])) is not None:
                parts += text[at : match.start()], character
                starts += [*range(at, match.start()), *[match.start()] * len(character)]
                at = match.end()
        starts += range(at, len(text) + 1)
        text, places = "".join((*parts, text[at:])), [places[start] for start in starts]
    return text, places


def _of_code(code: str) -> str | None:
    """The character of “&euml;”, “%C3%AB” or “Ã«”, and nothing for a tag; None where it is none that anybody knows."""
    if code[0] == "<":
        return ""
    if code[0] == "&":
        character = html.unescape(code)
    else:
        coded = bytes.fromhex(code.replace("%", "")) if code[0] == "%" else bytes(map(BYTES.__getitem__, code))
        character = coded.decode("latin-1" if len(coded) == 1 else "utf-8", errors="replace")
    return character if len(character) == 1 else None


def tokenize(text: str, *, inner: bool = False) -> list[Token]:
    """The words of a text.

    Args:
        inner: words may be written together, in camel case or with digits, as in file names and on labels.
    """
    tokens: list[Token] = []
    after = 0
    text = text.translate(SIGNS)
    for match in WORD.finditer(text):
        for start, end in _pieces(text, match.start(), match.end(), inner or text[after : match.start()][-1:] == "#"):
            gap = text[after:start]
            fold = folded(text[start:end])
            if not fold:
                continue
            tokens.append(Token(start, end, text[start:end], fold, gap, _opens(gap, tokens)))
            after = end
    return tokens


def _pieces(text: str, start: int, end: int, inner: bool) -> list[tuple[int, int]]:
    """The words in one run of letters, invisible characters at its ends left off."""
    if not text[start:end].isascii():
        visible = [match.start() for match in VISIBLE.finditer(text, start, end)]
        if not visible:
            return []
        start, end = visible[0], visible[-1] + 1
    if inner:
        parts = [(match.start(), match.end()) for match in INNER.finditer(text, start, end)]
        if len(parts) > 1 and sum(b - a for a, b in parts) == end - start:
            return parts
    return [(start, end)]


def _opens(gap: str, before: list[Token]) -> bool:
    if not before:
        return True
    if WITHIN.match(gap):
        return False
    last = before[-1]
    short = (len(last.fold) == 1 and last.fold.isalpha()) or last.fold in ABBREVIATIONS
    return not (short and not last.shouted and AFTER_ABBREVIATION.match(gap))


def folded(word: str) -> str:
    """A word without accents, capitals and invisible characters; "" where nothing is left."""
    if word.isascii() and "&" not in word:
        return word.lower()
    return _plain(word[:MAX_WORD])  # putting accents in order takes the square of their number


@lru_cache(maxsize=10_000)
def _plain(word: str) -> str:
    plain = unicodedata.normalize("NFKD", html.unescape(word)).casefold().translate(LETTERS)
    return "".join(char for char in unicodedata.normalize("NFKD", plain) if char.isalnum())
