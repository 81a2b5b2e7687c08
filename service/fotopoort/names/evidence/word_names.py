"""Is this a child's first name here, where it is an ordinary word as well (Roos, Storm)? Something must speak for it.

Which table is read depends on what capitals say at this place.
"""

from __future__ import annotations

from typing import Final

from fotopoort.names.evidence.occurrence import Occurrence
from fotopoort.names.evidence.table import Certainty, Evidence, Table, always
from fotopoort.names.evidence.titles import is_title
from fotopoort.names.lexicon import (
    BEFORE_NAMES,
    BEHIND_NAMES,
    CHILD_NOUNS,
    DETERMINERS,
    GREETINGS,
    NAMED_THINGS,
    NO_VERBS,
    PLURAL_VERBS,
    RELATIVES,
    SCHOOL_PLACES,
    TOWARDS_PERSONS,
    WHERE,
)
from fotopoort.names.tokens import Token

NONE, ASK, NAME = Certainty

MAX_CAPTION: Final = 6  # words behind the name


def table_for_word(here: Occurrence) -> Table:
    """The table by what the word's capital says, or the lack of it."""
    if here.has_capital:
        return CAPITALISED
    if here.text.shouted:
        return SHOUTED
    return SENTENCE_OPENING if here.token.capital else LOWER_CASE


# --- wherever it stands ----------------------------------------------------------------------------------


def _is_whole_text(here: Occurrence) -> bool:
    whole = here.first == 0 and here.after == len(here.tokens)
    return whole and (here.text.label or here.token.capital)


def _has_age(here: Occurrence) -> bool:
    tokens, at = here.tokens, here.after
    return (
        at + 1 < len(tokens)
        and tokens[at].fold.isdigit()
        and tokens[at].gap in (", ", " (", " ")
        and tokens[at + 1].fold == "jaar"
    )


ANYWHERE: Final[Table] = (
    Evidence("all that is written there: “Roos”", _is_whole_text, ASK),
    Evidence("an age: “Mees, 6 jaar”, “Roos (7 jaar)”", _has_age, NAME, ASK),
)

# --- without a capital -----------------------------------------------------------------------------------


def _is_typed_without_care(here: Occurrence) -> bool:
    """No capital means nothing here, and a name could stand here: “van storm en wolf”, and not “van de wolf”."""
    if not (here.text.lower_case or here.is_hashtag) or here.joined_to_noun:
        return False
    if here.first in here.text.tagged and here.first and is_title(here.tokens[here.first - 1].fold):
        return False  # “juf.roos@school.nl”
    return here.before is None or ":" in here.token.gap or here.is_hashtag or here.follows(BEFORE_NAMES)


LOWER_CASE: Final[Table] = (
    *ANYWHERE,
    Evidence("typed without care for capitals: “we horen van storm”, “#lente”", _is_typed_without_care, ASK),
)

# --- all capitals ----------------------------------------------------------------------------------------


def _follows_article(here: Occurrence) -> bool:
    return here.follows_article


def _acts_or_is_greeted(here: Occurrence) -> bool:
    return here.acts or here.precedes(BEHIND_NAMES) or here.follows(GREETINGS)


SHOUTED: Final[Table] = (
    *ANYWHERE,
    Evidence("a thing: “DE ROOS IS ROOD”", _follows_article, NONE),
    Evidence("a person's words beside it: “ROOS LEEST VOOR”, “HOI ROOS”", _acts_or_is_greeted, ASK),
)

# --- with the capital of a sentence's first word ---------------------------------------------------------


def _is_plural(here: Occurrence) -> bool:
    return here.maybe_plural and (here.next is None or here.next.capital)


def _owns_relative(here: Occurrence) -> bool:
    return here.maybe_plural and here.precedes(RELATIVES)


def _may_own(here: Occurrence) -> bool:
    """What stands behind it can be owned: it is no plural verb, or a plural noun with such a verb behind it."""
    owned = here.next is not None and not here.next.fold.endswith("en")
    return here.maybe_plural and (owned or here.word_at(1) in PLURAL_VERBS)


def _maybe_plural(here: Occurrence) -> bool:
    return here.maybe_plural


def _joined_to_noun(here: Occurrence) -> bool:
    return here.joined_to_noun


def _speaks(here: Occurrence) -> bool:
    return here.is_quoted_speaker


def _owns(here: Occurrence) -> bool:
    return here.possessive


def _acts(here: Occurrence) -> bool:
    return here.acts


def _is_labelled_or_related(here: Occurrence) -> bool:
    related = here.joined_word is not None and here.joined_word.fold in RELATIVES
    return here.is_line_label or here.is_numbered or related


def _stands_before_verb_or_end(here: Occurrence) -> bool:
    return here.next is None or _may_be_verb(here.next)


def _may_be_verb(token: Token) -> bool:
    """Whether this can be what a person does: most verbs end in -t (present), -de or -te (past)."""
    if token.capital or token.fold in NO_VERBS:
        return False
    return token.fold in BEHIND_NAMES or (len(token.fold) > 3 and token.fold.endswith(("t", "de", "te")))


def _is_caption_of_photo(here: Occurrence) -> bool:
    """A whole sentence of a few words that begins with it and ends with a place at school, without a verb."""
    tokens = here.tokens[here.after : here.after + MAX_CAPTION + 1]
    ends = next((at for at, token in enumerate(tokens) if token.opens), len(tokens))
    words = tokens[:ends]
    return (
        2 <= ends <= MAX_CAPTION
        and words[0].fold in WHERE
        and words[-1].fold in SCHOOL_PLACES
        and all(word.gap == " " for word in words)
    )


SENTENCE_OPENING: Final[Table] = (
    *ANYWHERE,
    Evidence("several: “Storms.”", _is_plural, NONE),
    Evidence("somebody's relative: “Storms opa komt”", _owns_relative, NAME),
    Evidence("perhaps somebody's: “Storms fiets is weg”", _may_own, ASK),
    Evidence("several: “Storms komen en gaan”", _maybe_plural, NONE),
    Evidence("beside a thing: “Roos en tulp”", _joined_to_noun, NONE),
    Evidence("a speaker: “Roos: 'Ik vond het leuk.'”", _speaks, ASK),
    Evidence("an owner: “Roos' tas”", _owns, NAME, ASK),
    Evidence("it does what persons do: “Roos leest voor”", _acts, NAME, ASK),
    Evidence("in a list, or with relatives: “1. Roos”, “Roos, mama en ik”", _is_labelled_or_related, ASK),
    Evidence("the caption of a photo: “Roos in de klas”", _is_caption_of_photo, ASK),
    Evidence("before a verb, or alone: “Roos straalt op het podium”, “Roos!”", _stands_before_verb_or_end, ASK),
)

# --- with a capital of its own ---------------------------------------------------------------------------


def _names_thing(here: Occurrence) -> bool:
    return here.follows(NAMED_THINGS) and here.token.gap == " "


def _has_year(here: Occurrence) -> bool:
    return here.next is not None and here.next.fold.isdigit() and len(here.next.fold) == 4


def _follows_determiner(here: Occurrence) -> bool:
    return here.follows(DETERMINERS)


def _ends_other_name(here: Occurrence) -> bool:
    before = here.before
    return (
        before is not None
        and before.capital
        and not before.opens
        and here.token.gap == " "
        and before.fold not in CHILD_NOUNS
    )


def _is_person_in_headline(here: Occurrence) -> bool:
    return here.text.headline and _acts_or_is_addressed(here)


def _is_in_headline(here: Occurrence) -> bool:
    return here.text.headline


def _acts_or_is_addressed(here: Occurrence) -> bool:
    return here.acts or here.follows(TOWARDS_PERSONS) or here.follows(CHILD_NOUNS)


CAPITALISED: Final[Table] = (
    *ANYWHERE,
    Evidence("a thing: “de Roos”", _follows_article, NONE),
    Evidence("the name of a thing: “Project Lente”", _names_thing, NONE),
    Evidence("with a year: “Lente 2025”", _has_year, NONE),
    Evidence("behind a determiner: “onze Roos is lief”", _follows_determiner, ASK),
    Evidence("beside a thing: “Gedichten van Roos en tulp”", _joined_to_noun, ASK),
    Evidence("the second word of some other name: “Kleine Storm”", _ends_other_name, ASK),
    Evidence("a person in a headline: “Samen Spelen Op Het Plein met Roos”", _is_person_in_headline, ASK, ASK),
    Evidence("a headline: “Samen Wandelen Door Bos tijdens Storm”", _is_in_headline, ASK),
    Evidence("a person's words beside it: “met Roos”, “dat Roos leest”", _acts_or_is_addressed, NAME, ASK),
    Evidence("a capital inside a sentence: “Vandaag was Roos jarig”", always, NAME),
)
