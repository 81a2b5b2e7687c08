"""Letters that are taken for one another when text is read from a picture: l, I and 1, o and 0, rn and m."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from fotopoort.names.tokens import Token

MAX_COMPARED: Final = 2000  # names that a word is compared with one by one
MIN_SIMILAR: Final = 4  # letters; in a shorter word another letter makes another word
ALIKE: Final = str.maketrans({"1": "l", "i": "l", "|": "l", "!": "l", "j": "l", "0": "o", "5": "s", "8": "b", "2": "z",
                              "9": "g", "q": "g", "6": "b", "4": "a", "3": "e"})  # fmt: skip
BEFORE_WORDS: Final = ("|", "!")  # an i or l that was read as no letter, so that it is in no word: “|sa”
PAIRS: Final = (("rn", "m"), ("vv", "w"), ("nn", "m"), ("cl", "d"), ("ll", "u"))


@lru_cache(maxsize=100_000)
def reading_key(fold: str) -> str:
    """The same for words that are easily read for one another."""
    fold = fold.translate(ALIKE)
    for pair, letter in PAIRS:
        fold = fold.replace(pair, letter)
    return fold


def similar_names(word: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """The names that are one letter away from what was read; two, in a long name.

    Args:
        names: the names to compare with, by their reading key.
    """
    if len(word) < MIN_SIMILAR or len(names) > MAX_COMPARED:
        return []
    key = reading_key(word)
    max_distance = 2 if len(key) >= 8 else 1
    shortest, longest = max(MIN_SIMILAR, len(key) - max_distance), len(key) + max_distance
    return [
        name
        for name_key, same_key in names.items()
        if shortest <= len(name_key) <= longest
        and DamerauLevenshtein.distance(name_key, key, score_cutoff=max_distance) <= max_distance
        for name in same_key
    ]


def readings(tokens: Sequence[Token], at: int, *, together: bool) -> list[tuple[str, int]]:
    """What may be one word at token `at`, each with the token behind it.

    Args:
        together: a word may have been read in two or three pieces, as happens in pictures; and its first letter as a
            sign, which then begins what is given for it.
    """
    words = [(tokens[at].fold, at + 1)]
    if together:
        for after in (at + 2, at + 3):
            if after <= len(tokens) and not any(token.gap.strip(" -.'") for token in tokens[at + 1 : after]):
                words.append(("".join(token.fold for token in tokens[at:after]), after))
        if (sign := tokens[at].gap[-1:]) in BEFORE_WORDS:
            words += [(sign + word, after) for word, after in words]
    return words
