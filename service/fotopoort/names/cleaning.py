"""A text without the names in it, that still reads well: “Sem en Noor bouwen een toren” → “Twee kinderen bouwen een
toren”. Where no word would fit, “[naam]” stands for the name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from fotopoort.names.lexicon import CHILD_NOUNS, DETERMINERS, GREETINGS, TITLES
from fotopoort.names.name_list import NameMatch
from fotopoort.names.tokens import folded

NAME: Final = "[naam]"
NUMBERS: Final = ("", "een kind", "twee kinderen", "drie kinderen", "vier kinderen", "vijf kinderen", "zes kinderen",
                  "zeven kinderen", "acht kinderen", "negen kinderen", "tien kinderen")  # fmt: skip
# Between the names of a list; where they are run together (#semennoor), any letters.
BETWEEN: Final = re.compile(r"(?:\s*(?:,\s*(?:(?:en|and)\s+)?|\s+(?:en|and)\s+|\s*[&+]\s*)?|[^\W_]+)\Z", re.IGNORECASE)
LAST_WORD: Final = re.compile(r"([^\W\d_]+)[ ]\Z")
PLAIN_BEHIND: Final = re.compile(r"(?:[ ]+[^\W\d_]|[.!?]?\s*\Z|[ ]?[.!?,](?:\s|\Z))")
PLAIN_BEFORE: Final = re.compile(r"(?:\A|[.!?…]\s+|\n|[^\W_][ ]|[\U0001F000-\U0001FAFF\u2600-\u27BF]\uFE0F?[ ])\Z")
BEGINNING: Final = re.compile(r"(?:[.!?…\U0001F000-\U0001FAFF\u2600-\u27BF]\uFE0F?\s+|\n\s*)\Z")
HANDLE: Final = re.compile(r"[@_]")
AROUND: Final = 80  # characters on each side that tell how a name is used


def cleaned(text: str, matches: Sequence[NameMatch]) -> str:
    """`text` with each name, or each list of them, put into other words."""
    parts: list[str] = []
    after = 0
    for group in _groups(text, matches):
        start, end = group[0].start, group[-1].end
        parts += [text[after:start], _instead(text, group)]
        after = end
    return "".join(parts) + text[after:]


def _groups(text: str, matches: Sequence[NameMatch]) -> list[list[NameMatch]]:
    """Names of one list together, as long as none owns anything."""
    groups: list[list[NameMatch]] = []
    for match in matches:
        before = groups[-1][-1] if groups else None
        gap = text[before.end : match.start] if before and match.start - before.end < AROUND else "."
        if before and not before.owns and not match.owns and BETWEEN.match(gap):
            groups[-1].append(match)
        else:
            groups.append([match])
    return groups


def _instead(text: str, group: Sequence[NameMatch]) -> str:
    start, end = group[0].start, group[-1].end
    ahead, behind = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    last_word = LAST_WORD.search(ahead)
    before = folded(last_word[1]) if last_word else ""
    if HANDLE.search(text, start, end) or not (PLAIN_BEFORE.search(ahead) and PLAIN_BEHIND.match(behind)):
        return NAME
    if (
        before in GREETINGS
        or before in DETERMINERS
        or before in CHILD_NOUNS
        or before in TITLES
        or before in ("de", "het", "een")
    ):
        return NAME
    if group[0].owns:
        words = "iemands" if text[end : end + 1] == " " else NAME
    elif len(group) == 1 and not ahead.strip() and not behind.strip(" .!?"):
        return NAME
    else:
        words = NUMBERS[len(group)] if len(group) < len(NUMBERS) else f"{len(group)} kinderen"
    if words == NAME:
        return words
    if _is_shouted(text[start:end]) and _is_shouted(ahead + behind):
        return words.upper()
    opens = not re.search(r"[^\W_]", ahead) or bool(BEGINNING.search(ahead))
    return words[0].upper() + words[1:] if opens else words


def _is_shouted(text: str) -> bool:
    """Whether all of it that has letters has capitals."""
    return text.isupper()
