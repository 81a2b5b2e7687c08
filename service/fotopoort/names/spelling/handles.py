"""Where handles, addresses and hashtags stand in a text: @noor.bakker, noor_b, noor.bakker@school.nl, #semennoor."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from fotopoort.names.tokens import Token

Span: TypeAlias = tuple[int, int]  # characters

MAX_REACH: Final = 64  # characters of a handle on each side of what shows that it is one
SIGN: Final = re.compile(r"[@\uff20]|(?<=[^\W_])_+(?=[^\W_])")
HANDLE_CHARACTERS: Final = re.compile(r"[\w.+\-\u2010\u2011]")
ENDS: Final = "._-+\u2010\u2011"
# What is behind these is somebody's name on another service.
SERVICES: Final = frozenset(
    "ig insta instagram snap snapchat tiktok tt twitter fb facebook youtube yt twitch discord roblox minecraft fortnite"
    " gamertag gamernaam username gebruikersnaam account accountnaam handle profiel user psn xbox steam".split()
)


def handle_spans(text: str) -> list[Span]:
    """The handles and addresses in a text, in order and without overlap, without an @ before them.

    A word with an underscore in it is one too.
    """
    spans: list[Span] = []
    for sign in SIGN.finditer(text):
        if spans and sign.start() < spans[-1][1]:
            continue
        start, end = _reach(text, sign.start(), -1), _reach(text, sign.end() - 1, 1)
        if start == sign.start():  # “@noor”
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
    """The numbers of the tokens that belong to a handle, an address or a hashtag, or that a service's name precedes."""
    if not spans and not any("#" in token.gap or "/" in token.gap or token.fold in SERVICES for token in tokens):
        return frozenset()
    return frozenset(_in_handles(tokens, spans))


def _in_handles(tokens: Sequence[Token], spans: Sequence[Span]) -> Iterator[int]:
    at, domain_of, tagged = 0, -1, False
    for number, token in enumerate(tokens):
        while at < len(spans) and spans[at][1] <= token.start:
            at += 1
        domain = token.gap == "@" and number > 0  # “info@school.nl”
        hashtag = token.gap.endswith("#") or (tagged and token.gap == "")
        web = token.gap == "/" or token.gap.endswith("://")
        service = number > 0 and tokens[number - 1].fold in SERVICES and len(token.gap.strip(" :=-(")) == 0
        tagged = hashtag
        if domain:
            domain_of = at
        handle = at < len(spans) and spans[at][0] <= token.start and domain_of != at
        if hashtag or web or service or handle:
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
