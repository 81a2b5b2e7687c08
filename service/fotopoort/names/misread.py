"""Letters that are taken for one another when text is read from a picture: l, I and 1, o and 0, rn and m."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

MAX_TRIED: Final = 2000  # names a word is held against one by one
ALIKE: Final = str.maketrans({"1": "l", "i": "l", "|": "l", "!": "l", "j": "l", "0": "o", "5": "s", "8": "b", "2": "z",
                              "9": "g", "q": "g", "6": "b", "4": "a", "3": "e"})  # fmt: skip
PAIRS: Final = (("rn", "m"), ("vv", "w"), ("nn", "m"), ("cl", "d"), ("ii", "u"), ("lj", "u"), ("ij", "u"), ("il", "u"))


@lru_cache(maxsize=100_000)
def key(fold: str) -> str:
    """The same for words that are easily read for one another."""
    for pair, one in PAIRS:
        fold = fold.replace(pair, one)
    return fold.translate(ALIKE)


def misread(read: str, name: str) -> bool:
    """Whether `read` is `name` with letters mixed up: by a digit in a word, or a pair for one letter."""
    return read != name and key(read) == key(name)
