"""Is this a child's first name here, with no surname of that child behind it?

First names are call names, nicknames, diminutives and the parts of double names.
"""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from fotopoort.names.evidence import titles
from fotopoort.names.evidence.occurrence import Occurrence
from fotopoort.names.evidence.table import Certainty, Evidence, Table, always, judge
from fotopoort.names.evidence.word_names import table_for_word
from fotopoort.names.forms import PREFIXES, FormKind
from fotopoort.names.lexicon import (
    BEFORE_MONTHS,
    BEFORE_SURNAMES,
    BEHIND_NAMES,
    EXPRESSIONS,
    LIMITS,
    MONTHS,
    NAMED_THINGS,
    OCCASIONS,
    PERSONAL_VERBS,
    ROLES,
)

NONE, ASK, NAME = Certainty
DAY: Final = re.compile("(?:0?[1-9]|[12][0-9]|3[01])(?:e|de|ste)?")  # of a month


def judge_given_name(here: Occurrence) -> Certainty:
    """Whether a first name is one here. A part of a double name is never certain."""
    is_part = here.kind is FormKind.PART
    if here.is_word:
        table = table_for_word(here)
    else:
        table = PARTS if is_part else DISTINCTIVE_NAMES
    certainty = judge(here, EXCLUSIONS, table)
    return min(certainty, ASK) if is_part else certainty


def _follows_title(here: Occurrence) -> bool:
    return titles.follows_title(here.tokens, here.first)


def _is_date_or_limit(here: Occurrence) -> bool:
    token, following = here.token, here.next_anywhere
    if token.fold in LIMITS and following is not None and following.gap == ". " and following.fold.isdigit():
        return True  # “Max. 4 kinderen”
    if token.capital and not here.text.shouted:
        return False
    has_number = any(word is not None and word.fold.isdigit() for word in (here.before, here.next))
    if token.fold in MONTHS:
        return has_number
    return token.fold in LIMITS and (has_number or (following is not None and following.gap.startswith(".")))


def _may_be_date(here: Occurrence) -> bool:
    """A month with a capital, which is a common slip, behind a day or “in”: somebody's rank may stand there too."""
    token = here.token
    if token.fold not in MONTHS or not token.capital or here.text.shouted:
        return False
    if here.before is None or here.precedes(PERSONAL_VERBS):
        return False
    if token.gap.strip(" -") or (here.first > 1 and here.tokens[here.first - 2].fold in NAMED_THINGS):
        return False  # “groep 8: Mei”, “Groep 5 Jan zingt”
    return here.before.fold in BEFORE_MONTHS or bool(DAY.fullmatch(here.before.fold))


def _is_in_expression(here: Occurrence) -> bool:
    fold = here.token.fold
    return any(
        tuple(token.fold for token in here.tokens[here.first - at : here.first - at + len(expression)]) == expression
        for expression in EXPRESSIONS
        if fold in expression
        for at, word in enumerate(expression)
        if word == fold and here.first >= at
    )


def _follows_role(here: Occurrence) -> bool:
    return here.follows(ROLES) and here.token.gap.isspace()


def _is_somebody_else_in_role(here: Occurrence) -> bool:
    return _follows_role(here) and here.other_surname is not None


def _follows_surname_prefix(here: Occurrence) -> bool:
    return here.follows(BEFORE_SURNAMES)


def _is_unlikely_part(here: Occurrence) -> bool:
    capital = here.has_capital or here.token.capital
    return here.kind is FormKind.PART and not (here.in_group and capital)


def _has_other_surname(here: Occurrence) -> bool:
    return here.other_surname is not None


def _has_doubtful_surname(here: Occurrence) -> bool:
    """What looks like a surname may be a slip of the pen, an ordinary word, or not belong to the name."""
    surname = here.other_surname
    if surname is None:
        return False
    slip = any(not own or _is_slip(surname, own) for own in here.surnames)
    return slip or _next_is_word(here) or _next_is_occasion(here) or _follows_verb(here)


def _is_slip(surname: str, other: str) -> bool:
    """Whether one surname may be a slip of the pen for the other."""
    max_distance = 1 if min(len(surname), len(other)) < 6 else 2
    return DamerauLevenshtein.distance(surname, other, score_cutoff=max_distance) <= max_distance


def _next_is_word(here: Occurrence) -> bool:
    return here.next is not None and here.next.fold in here.ordinary_words and here.next.fold not in PREFIXES


def _next_is_occasion(here: Occurrence) -> bool:
    """“Thijs Spreekbeurt”: a word that is too long to be known, and ends as no surname does."""
    return here.next is not None and here.next.fold.endswith(OCCASIONS)


def _follows_verb(here: Occurrence) -> bool:
    """“gaf Noor Ajax een knuffel”: what stands behind it need not belong to it."""
    return here.before is not None and not here.before.capital and here.before.fold in PERSONAL_VERBS | BEHIND_NAMES


def _follows_whole_article(here: Occurrence) -> bool:
    """An article of more than one letter: “'t” and “d'” may be left from another word."""
    return here.follows_article and here.before is not None and len(here.before.fold) > 1


def _is_limit_behind_article(here: Occurrence) -> bool:
    return _follows_whole_article(here) and not here.token.capital and here.token.fold in LIMITS


def _begins_with_capital(here: Occurrence) -> bool:
    return here.token.capital


# What rules a first name out, or nearly so, whichever name it is.
EXCLUSIONS: Final[Table] = (
    Evidence("a grown-up: “juf Emma”", _follows_title, NONE),
    Evidence("a date or a limit: “20 jan”, “max. 25”", _is_date_or_limit, NONE),
    Evidence("an expression: “Jan en alleman”", _is_in_expression, NONE),
    Evidence("somebody else in a role: “directeur Emma Watson”", _is_somebody_else_in_role, NONE),
    Evidence("a role that children play: “koning Sem”", _follows_role, ASK),
    Evidence("a surname: “Hotel Van der Max”", _follows_surname_prefix, NONE),
    Evidence("a part of a double name, without a capital: “een anna”", _is_unlikely_part, NONE),
    Evidence("perhaps a date: “12 Mei”", _may_be_date, ASK, ASK),
    Evidence("a surname that may be none of it: “Emma Nijntje”, “Sem de Groet”", _has_doubtful_surname, ASK),
    Evidence("somebody else: “Emma Watson”", _has_other_surname, NONE),
)

PARTS: Final[Table] = (Evidence("a part of a double name: “Anna” of Anna-Sophie", always, ASK),)

# First names that are no ordinary words.
DISTINCTIVE_NAMES: Final[Table] = (
    Evidence("a word for a limit: “de max is vier”", _is_limit_behind_article, NONE),
    Evidence("perhaps a thing: “een jet”, “de Emma”", _follows_whole_article, ASK),
    Evidence("with a capital: “Sem bouwt een toren”", _begins_with_capital, NAME, NAME),
    Evidence("without one: “daar is sem”", always, NAME, ASK),
)
