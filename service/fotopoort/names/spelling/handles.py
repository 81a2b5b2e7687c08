"""Finds handles, e-mail addresses and hashtags in a text: @noor.bakker, noor_b, noor.bakker@school.nl, #semennoor.

Names in them are run together or joined by dots, so they are read otherwise than the rest of the text.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from fotopoort.names.tokens import Token

Span: TypeAlias = tuple[int, int]  # characters

MAX_REACH: Final = 64  # characters of a handle, on each side of the sign (such as @) that shows it to be one
HANDLE_CHARACTERS: Final = re.compile(r"[\w.+\-\u2010\u2011]")
ENDS: Final = "._-+\u2010\u2011"
# The word behind one of these is somebody's name on that service. The others are ordinary words too: they need a colon.
SERVICES: Final = "ig|insta|instagram|tiktok|snapchat|twitch|discord|roblox|gamertag|gamernaam|gebruikersnaam|username"
OTHER_SERVICES: Final = "snap|twitter|fb|facebook|youtube|yt|minecraft|fortnite|account|profiel|user|psn|xbox|steam"
SIGN: Final = re.compile(
    rf"[@\uff20]|(?<=[^\W_])_+(?=[^\W_])|\b(?:(?:{SERVICES}|{OTHER_SERVICES}) ?[:=(] ?|(?:{SERVICES}) )(?=[^\W_])",
    re.IGNORECASE,
)
MARKS: Final = ("@", "\uff20", "_", *SERVICES.split("|"), *OTHER_SERVICES.split("|"))  # one is in every handle
DOMAINS: Final = frozenset("nl com be org eu net".split())


def handle_spans(text: str) -> list[Span]:
    """The handles and addresses in a text, in order and without overlap, without an @ before them.

    A word with an underscore in it is one too, and what stands behind the name of a service.
    """
    spans: list[Span] = []
    lower = text.lower()
    if not any(mark in lower for mark in MARKS):
        return spans
    for sign in SIGN.finditer(text):
        if spans and sign.start() < spans[-1][1]:
            continue
        start, end = _reach(text, sign.start(), -1), _reach(text, sign.end() - 1, 1)
        if start == sign.start() or sign[0][-1] not in "@\uff20_":  # “@noor”, “IG: noor”
            start = sign.end()
        if end > sign.end() - 1 and end > start:
            spans.append((max(start, spans[-1][1] if spans else 0), end))
    return spans


def _reach(text: str, at: int, step: int) -> int:
    """How far the characters of a handle reach, from the one at `at`; what only ends a sentence is left off."""
    here = at
    while abs(here - at) < MAX_REACH and 0 <= here + step < len(text) and HANDLE_CHARACTERS.match(text[here + step]):
        here += step
    while here != at and text[here] in ENDS:
        here -= step
    return here + 1 if step > 0 and here != at else here


def in_handles(tokens: Sequence[Token], spans: Sequence[Span]) -> frozenset[int]:
    """The numbers of the tokens that belong to a handle, a hashtag, or an address: the part before its @ or behind the
    name of the site."""
    if not spans and not any("#" in token.gap or "/" in token.gap for token in tokens):
        return frozenset()
    return frozenset((*_in_spans(tokens, spans), *_in_hashtags(tokens), *_in_paths(tokens)))


def _in_spans(tokens: Sequence[Token], spans: Sequence[Span]) -> Iterator[int]:
    at, domain_of = 0, -1
    for number, token in enumerate(tokens):
        while at < len(spans) and spans[at][1] <= token.start:
            at += 1
        if token.gap == "@" and number > 0:  # “info@school.nl”
            domain_of = at
        if at < len(spans) and spans[at][0] <= token.start and domain_of != at:
            yield number


def _in_hashtags(tokens: Sequence[Token]) -> Iterator[int]:
    tagged = False
    for number, token in enumerate(tokens):
        tagged = token.gap.endswith("#") or (tagged and token.gap == "")
        if tagged:
            yield number


def _in_paths(tokens: Sequence[Token]) -> Iterator[int]:
    path = False
    for number, token in enumerate(tokens):
        begins = token.gap == "/" and number > 0 and tokens[number - 1].fold in DOMAINS
        path = begins or (path and token.gap != "" and not any(map(str.isspace, token.gap)))
        if path:
            yield number


def around_handle(start: int, end: int, spans: Sequence[Span], after: int, before: int) -> Span:
    """A name with the rest of the handle it stands in.

    Args:
        start, end: the name.
        after, before: the ends of what it may not reach into: the names before and behind it.
    """
    at = bisect_right(spans, (start, sys.maxsize)) - 1
    if at < 0 or start >= spans[at][1]:
        return start, end
    return max(spans[at][0], after), max(end, min(spans[at][1], before))
