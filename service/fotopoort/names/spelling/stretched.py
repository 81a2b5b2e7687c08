"""Words that are drawn out (“Nooooor”, “Semmm”) or spelled letter by letter (“S e m”, “S-E-M”)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from fotopoort.names.tokens import Token

DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1\1")
REPEATED: Final = re.compile(r"([^\W\d_])\1+")
MAX_LETTERS: Final = 60  # of a word that is drawn out
MAX_RUNS: Final = 5  # of repeated letters
MAX_SPELLED: Final = 24  # letters that are spelled
MIN_SPELLED: Final = 3


def short_forms(fold: str) -> Iterator[str]:
    """What a drawn out word may stand for: each run of a letter as one or as two of it."""
    if not 3 <= len(fold) <= MAX_LETTERS or not DRAWN_OUT.search(fold):
        return
    parts = REPEATED.split(fold)  # text, letter, text, letter, …, text
    letters = parts[1::2]
    if len(letters) > MAX_RUNS:
        return
    for times in itertools.product((1, 2), repeat=len(letters)):
        runs = [letter * count for letter, count in zip(letters, times, strict=True)]
        yield "".join(itertools.chain.from_iterable(itertools.zip_longest(parts[::2], runs, fillvalue="")))


def spelled(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """The word that is spelled from token `at` on, and the token behind it."""
    if len(tokens[at].fold) != 1 or at + 1 == len(tokens) or len(tokens[at + 1].fold) != 1:
        return None
    gap = tokens[at + 1].gap
    if at and len(tokens[at - 1].fold) == 1 and tokens[at].gap == gap:
        return None  # in the middle of it
    if len(set(gap)) != 1 or len(gap) > 4 or gap[0] in "\n,;:":
        return None
    after = at + 1
    while after < len(tokens) and tokens[after].gap == gap and len(tokens[after].fold) == 1:
        after += 1
    if not MIN_SPELLED <= after - at <= MAX_SPELLED:
        return None
    return "".join(token.fold for token in tokens[at:after]), after
