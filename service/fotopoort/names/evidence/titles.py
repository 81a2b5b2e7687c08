"""Whether a grown-up's title stands before a name: “juf Emma”, “meneer de Groot”, “de juffen Anna, Eva en Sofie”."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fotopoort.names.forms import PREFIXES
from fotopoort.names.lexicon import PLURAL_TITLES, ROLES, TITLE_ENDINGS, TITLES
from fotopoort.names.tokens import Token

MAX_WORDS_BACK: Final = 24  # from a name to the title that its list begins with


def follows_title(tokens: Sequence[Token], first: int) -> bool:
    """Whether a title (juf, meneer, oma) stands right before token `first`, or a plural one before its list."""
    at = first
    while at and at > first - MAX_WORDS_BACK and not tokens[at].opens:
        before = tokens[at - 1]
        if before.fold in PLURAL_TITLES:
            return not tokens[at].gap.strip() and tokens[at].fold not in ("en", "of")  # and not “beste ouders, Emma …”
        if at == first and tokens[at].gap.strip(" \t.") == "" and is_title(before.fold):
            return True
        if at < first and not before.capital and before.fold not in ("en", "of"):
            return False
        in_list = tokens[at].gap.strip() in (",", "&") or before.fold == "en" or tokens[at].fold == "en"
        if not in_list:
            return False
        at -= 1
    return False


def surname_follows_title(tokens: Sequence[Token], first: int) -> bool:
    """The same before a surname, whose prefix or initials may come between: “mevrouw E. van den Berg”."""
    while first and not tokens[first].opens and _is_prefix_or_initial(tokens[first - 1]):
        first -= 1
    follows_role = first > 0 and not tokens[first].opens and tokens[first - 1].fold in ROLES
    return follows_title(tokens, first) or follows_role


def is_title(fold: str) -> bool:
    """Whether this word is a grown-up's title."""
    return fold in TITLES or (len(fold) > 6 and fold.endswith(TITLE_ENDINGS))


def _is_prefix_or_initial(token: Token) -> bool:
    return token.fold in PREFIXES or len(token.fold) == 1
