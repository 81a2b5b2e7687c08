"""Letters that are taken for one another when text is read from a picture: l, I and 1, o and 0, rn and m."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from fotopoort.names.tokens import Token

MAX_COMPARED: Final = 2000  # names that a word is compared with one by one
MIN_SIMILAR: Final = 4  # letters; in a shorter word another letter makes another word
ALIKE: Final = str.maketrans({"1": "l", "i": "l", "|": "l", "!": "l", "j": "l", "0": "o", "5": "s", "8": "b", "2": "z",
                              "9": "g", "q": "g", "6": "b", "4": "a", "3": "e"})  # fmt: skip
SIGNS_READ: Final = ("|", "!")  # an i or l that was read as no letter, so that it is in no word: “|sa”, “M|lan”
PAIRS: Final = str.maketrans({"m": "nn", "w": "vv", "d": "cl", "u": "ll"})  # each letter as the pair it is taken for
R_BEFORE_N: Final = re.compile("r(?=r*n)")  # “rn” is an m as well


@lru_cache(maxsize=100_000)
def reading_key(fold: str) -> str:
    """The same for words that are easily read for one another; other words may have it too."""
    return R_BEFORE_N.sub("n", _alike(fold).translate(PAIRS))


@lru_cache(maxsize=100_000)
def _alike(fold: str) -> str:
    return fold.translate(ALIKE)


def similar_names(word: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """The names that are one letter away from what was read; two, in a long name.

    Args:
        names: the names to compare with, by their reading key.
    """
    if len(word) < MIN_SIMILAR or len(names) > MAX_COMPARED:
        return []
    key, alike, max_distance = reading_key(word), _alike(word), 2 if len(word) >= 8 else 1

    def is_near(one: str, other: str) -> bool:
        return DamerauLevenshtein.distance(one, other, score_cutoff=max_distance) <= max_distance

    return [
        name
        for name_key, same_key in names.items()
        for name in same_key
        if len(name) >= MIN_SIMILAR and (is_near(_alike(name), alike) or is_near(name_key, key))
    ]


def readings(tokens: Sequence[Token], at: int, *, together: bool) -> list[tuple[str, int]]:
    """What may be one word at token `at`, each with the token behind it.

    Args:
        together: a word may have been read in two or three pieces, as happens in pictures; and a letter in it as a
            sign. A first letter that was begins what is given for it.
    """
    words = [(tokens[at].fold, at + 1)]
    if together:
        for after in range(at + 2, min(at + 3, len(tokens)) + 1):
            token = tokens[after - 1]
            sign = token.gap.strip(" -.'")
            if sign and token.gap not in SIGNS_READ:
                break
            words.append((words[-1][0] + sign + token.fold, after))
        if (sign := tokens[at].gap[-1:]) in SIGNS_READ:
            words += [(sign + word, after) for word, after in words]
    return words
