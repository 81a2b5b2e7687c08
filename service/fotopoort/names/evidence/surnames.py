"""Is this a child's surname here, without the first name of a child of that name before it?"""

from __future__ import annotations

from typing import Final

from fotopoort.names.evidence import titles
from fotopoort.names.evidence.occurrence import Occurrence
from fotopoort.names.evidence.table import Certainty, Evidence, Table, always, judge
from fotopoort.names.forms import PREFIXES
from fotopoort.names.lexicon import ARTICLES, FAMILY, NAMED_THINGS, PLACE_PREPOSITIONS

NONE, ASK, NAME = Certainty


def judge_surname(here: Occurrence) -> Certainty:
    return judge(here, SURNAMES)


def _follows_family(here: Occurrence) -> bool:
    in_address = here.first in here.text.tagged and here.first > 0  # “fam.bakker@school.nl”
    return here.follows(FAMILY) or (in_address and here.tokens[here.first - 1].fold in FAMILY)


def _follows_title(here: Occurrence) -> bool:
    return titles.surname_follows_title(here.tokens, here.first)


def _names_thing(here: Occurrence) -> bool:
    return here.follows(NAMED_THINGS)


def _is_firm(here: Occurrence) -> bool:
    """A surname, and a word that says what is made there."""
    following = here.next_anywhere
    if not here.can_have_surname or following is None:
        return False
    if following.gap == "-" and not following.capital:
        return True
    capitalised = following.gap == " " and following.capital and not following.opens
    return capitalised and len(following.fold) > 1 and not following.shouted


def _lacks_capital(here: Occurrence) -> bool:
    if here.text.shouted or (here.is_word and here.before is not None and here.before.shouted):
        return True  # its capitals mean nothing
    return not any(token.capital for token in here.tokens[here.first : here.after] if token.fold not in PREFIXES)


def _is_lower_case_on_label(here: Occurrence) -> bool:
    return _lacks_capital(here) and not here.is_word and here.text.label


def _follows_first_name(here: Occurrence) -> bool:
    """The word before it looks like somebody's first name or initial."""
    before = here.before
    if before is None or here.token.gap != " " or not before.capital:
        return False
    is_word = len(before.fold) < 3 or before.fold in here.ordinary_words
    return len(before.fold) == 1 or not is_word or not before.opens


def _is_name_of_thing(here: Occurrence) -> bool:
    """An article and words with capitals stand before an ordinary word."""
    if not here.is_word or not _follows_first_name(here):
        return False
    tokens, at = here.tokens, here.first - 1
    while at > 0 and tokens[at].capital and not tokens[at].opens and tokens[at].fold not in ARTICLES:
        at -= 1
    return at >= 0 and tokens[at].fold in ARTICLES


def _follows_place_or_article(here: Occurrence) -> bool:
    return here.follows(PLACE_PREPOSITIONS) or here.follows_article


def _is_common(here: Occurrence) -> bool:
    """An ordinary word, or so short that it may be anything."""
    return here.is_word or len(here.tokens[here.after - 1].fold) < 4


def _is_common_with_any_capital(here: Occurrence) -> bool:
    """An ordinary word whose capital a sentence or a headline explains."""
    bare = here.after == here.first + 1
    return _is_common(here) and (here.token.opens or (bare and here.text.headline))


def _opens_sentence(here: Occurrence) -> bool:
    return here.token.opens


SURNAMES: Final[Table] = (
    Evidence("a family: “familie De Groot”", _follows_family, NAME, NAME),
    Evidence("a grown-up: “meneer De Groot”, “mevrouw E. van den Berg”", _follows_title, NONE),
    Evidence("the name of a thing: “restaurant Dekker”", _names_thing, NONE),
    Evidence("a firm: “Postma Schilders”, “Van Houten-cacao”", _is_firm, NONE),
    Evidence("without a capital, on a label: “hoekstra”", _is_lower_case_on_label, ASK),
    Evidence("without a capital: “de groot”", _lacks_capital, NONE),
    Evidence("the name of a thing: “De Gouden Leeuw”", _is_name_of_thing, NONE),
    Evidence("somebody of that name: “Karin Hoekstra”", _follows_first_name, ASK),
    Evidence("a place or a thing: “in Hoekstra”, “de Dekker”", _follows_place_or_article, NONE),
    Evidence("an ordinary word at the beginning: “Storm op zee”", _is_common_with_any_capital, NONE),
    Evidence("an ordinary word with a capital: “daar kwam Storm”", _is_common, ASK),
    Evidence("at the beginning of a sentence: “Hoekstra”", _opens_sentence, ASK),
    Evidence("inside a sentence: “ook Hoekstra was er”", always, NAME),
)
