"""The language of an answer: the best that `Accept-Language` allows (RFC 9110, section 12.5.4), else English."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers

from fotopoort.vocabulary import Language

# A language range and its weight: "nl", "nl-BE;q=0.8", "*;q=0.1". Only the first subtag says which language it is.
RANGE: Final = re.compile(
    r"\s*(?P<language>[a-z]{1,8}|\*)(?:-[a-z0-9]{1,8})*\s*(?:;\s*q=(?P<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)
ANY: Final = "*"


def language_of(headers: Headers) -> Language:
    """The language that a request with these headers asks for."""
    return negotiate(",".join(headers.getlist("accept-language")))


def negotiate(accept_language: str) -> Language:
    """The language with the highest weight; of equal ones the first that is named; English where none is acceptable.

    Ranges that are malformed are passed over.
    """
    weights: dict[str, float] = {}
    for item in accept_language.split(","):
        if (match := RANGE.fullmatch(item)) is not None:
            language = match["language"].lower()
            weights[language] = max(weights.get(language, 0.0), float(match["weight"] or 1))
    named = [Language(language) for language in weights if language in set(Language)]
    candidates = dict.fromkeys([*named, Language.EN, Language.NL])
    best = max(candidates, key=lambda language: weights.get(language, weights.get(ANY, 0.0)))
    return best if weights.get(best, weights.get(ANY, 0.0)) > 0 else Language.EN


def language_of_page(accept_language: str, chosen: str | None) -> Language:
    """The language of a page: the one that somebody chose before, else the one that their browser asks for, else Dutch.

    Args:
        chosen: what the cookie says, which may be anything.
    """
    if chosen in set(Language):
        return Language(chosen)
    return negotiate(accept_language) if accept_language.strip() else Language.NL
