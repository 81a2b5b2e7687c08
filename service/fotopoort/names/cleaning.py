"""A text without the names in it, that still reads well: “Sem en Noor bouwen een toren” → “Twee kinderen bouwen een
toren”. Where no word would fit, “[naam]” stands for the name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from fotopoort.names.evidence import CALLED, DETERMINERS, GREETINGS, TITLES
from fotopoort.names.name_list import Match
from fotopoort.names.tokens import folded

NAME: Final = "[naam]"
NUMBERS: Final = ("", "een kind", "twee kinderen", "drie kinderen", "vier kinderen", "vijf kinderen", "zes kinderen",
                  "zeven kinderen", "acht kinderen", "negen kinderen", "tien kinderen")  # fmt: skip
BETWEEN: Final = re.compile(r"\s*(?:,\s*(?:en\s+)?|\s+en\s+|\s*&\s*)\Z")
LAST_WORD: Final = re.compile(r"([^\W\d_]+)[ ]\Z")
PLAIN_BEHIND: Final = re.compile(r"(?:[ ]+[^\W\d_]|[.!?]?\s*\Z|[ ]?[.!?,](?:\s|\Z))")
PLAIN_BEFORE: Final = re.compile(r"(?:\A|[.!?…]\s+|\n|[^\W_][ ])\Z")


def cleaned(text: str, matches: Sequence[Match]) -> str:
    """`text` with each name, or each list of them, put into other words."""
    parts: list[str] = []
    after = 0
    for group in _groups(text, matches):
        start, end = group[0].start, group[-1].end
        parts += [text[after:start], _instead(text, group)]
        after = end
    return "".join(parts) + text[after:]


def _groups(text: str, matches: Sequence[Match]) -> list[list[Match]]:
    """Names of one list together, as long as none owns anything."""
    groups: list[list[Match]] = []
    for match in matches:
        before = groups[-1][-1] if groups else None
        if before and not before.owns and not match.owns and BETWEEN.match(text[before.end : match.start]):
            groups[-1].append(match)
        else:
            groups.append([match])
    return groups


def _instead(text: str, group: Sequence[Match]) -> str:
    start, end = group[0].start, group[-1].end
    said = re.search(LAST_WORD, text[:start])
    before = folded(said[1]) if said else ""
    if not (PLAIN_BEFORE.search(text[:start]) and PLAIN_BEHIND.match(text[end:])):
        return NAME
    if (
        before in GREETINGS
        or before in DETERMINERS
        or before in CALLED
        or before in TITLES
        or before in ("de", "het", "een")
    ):
        return NAME
    if group[0].owns:
        words = "iemands" if text[end : end + 1] == " " else NAME
    elif len(group) == 1 and not text[:start].strip() and not text[end:].strip(" .!?"):
        return NAME
    else:
        words = NUMBERS[len(group)] if len(group) < len(NUMBERS) else f"{len(group)} kinderen"
    opens = not re.search(r"[^\W_]", text[:start]) or bool(re.search(r"(?:[.!?…]\s+|\n\s*)\Z", text[:start]))
    return words[0].upper() + words[1:] if opens and words != NAME else words
