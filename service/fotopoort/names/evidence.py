"""Is this word a name here? What speaks for it and against it, around one place in a text.

Every answer is True (a name), False (perhaps: a question for the teacher) or None (no name). Names that are no ordinary
words are names wherever they stand, unless something speaks against it; names that are ordinary words (Roos, Storm, de
Groot) need something that speaks for them.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from fotopoort.names.forms import PREFIXES, Kind
from fotopoort.names.lexicon import (
    ARTICLES,
    BEFORE_NAMES,
    BEFORE_SURNAMES,
    CALLED,
    DETERMINERS,
    EXPRESSIONS,
    FAMILY,
    GREETINGS,
    LEAST,
    LONGEST_LIST,
    LOOSE,
    MONTHS,
    NO_SURNAME_BEGINS,
    NO_VERBS,
    OWN_CAPITALS,
    PERSONAL,
    PERSONS,
    PLACES,
    RELATIVES,
    ROLES,
    SEVERAL,
    THINGS,
    TITLE_ENDINGS,
    TITLES,
    TITLES_OF_MANY,
    TOWARDS,
)
from fotopoort.names.tokens import Token


@dataclass(frozen=True, slots=True)
class Text:
    """What a text as a whole says about its capitals.

    Attributes:
        shouted: all capitals: they tell nothing.
        titled: nearly every word has one: they tell little.
        label: a few words that need not be a sentence: written in a picture, a name tag.
        hasty: typed without any capital.
    """

    tokens: Sequence[Token] = field(repr=False)
    shouted: bool
    titled: bool
    label: bool
    hasty: bool

    @classmethod
    def of(cls, tokens: Sequence[Token], *, label: bool) -> Text:
        words = [token for token in tokens if token.text[:1].isalpha()]
        long = [token for token in words if len(token.fold) > 1]
        shouted = bool(long) and all(token.shouted for token in long)
        capitals = sum(token.capital for token in words if token.fold not in PREFIXES)
        others = sum(token.fold not in PREFIXES for token in words)
        titled = others >= 5 and capitals > 0.7 * others
        return cls(tokens, shouted, titled, label, len(words) > 2 and not any(token.capital for token in words))


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a text where a form of a name stands: from token `first` up to but not including `after`.

    Attributes:
        near: it is a name of the photo's own group.
        word: it is an ordinary word as well.
        owns: a possessive s or apostrophe stands behind it.
        lasts: the surnames of the children whose it may be, folded and written as one word; "" where there is none.
        words: ordinary Dutch words.
        given: every first name and nickname on the list.
    """

    text: Text
    first: int
    after: int
    kind: Kind
    near: bool
    word: bool
    owns: bool
    plural: bool = False  # an s without an apostrophe: a possessive, or several
    lasts: Collection[str] = ()
    words: Container[str] = frozenset()
    given: Container[str] = frozenset()

    @property
    def token(self) -> Token:
        return self.text.tokens[self.first]

    @property
    def before(self) -> Token | None:
        """The word before it in the same sentence."""
        return None if self.token.opens or not self.first else self.text.tokens[self.first - 1]

    @property
    def next(self) -> Token | None:
        """The word behind it in the same sentence."""
        behind = self.text.tokens[self.after] if self.after < len(self.text.tokens) else None
        return None if behind is None or behind.opens else behind

    @property
    def takes_surname(self) -> bool:
        """Capitals tell something here, and what stands behind it may go with it."""
        return not (self.owns or self.text.titled or self.text.shouted or self.text.label)

    @property
    def next_is_word(self) -> bool:
        """The word behind it is an ordinary one, with a capital all the same."""
        return self.next is not None and self.next.fold in self.words and self.next.fold not in PREFIXES

    def is_noun(self, other: Token) -> bool:
        """Whether a word can only name a thing: it is no person, and no word that can stand for one."""
        if other.fold in self.given:
            return False
        return other.fold in self.words and other.fold not in CALLED | RELATIVES | DETERMINERS | ARTICLES | PERSONS

    @property
    def speaks(self) -> bool:
        """What is said stands behind it: “Roos: "Ik vond het leuk."”"""
        gap = self.text.tokens[self.after].gap if self.after < len(self.text.tokens) else ""
        return gap.startswith(":") and bool(set(gap) & set("\"'\u2018’“”„"))

    @property
    def labels(self) -> bool:
        """A line begins with it and a colon: “- Linde: leesboek meenemen”."""
        tokens = self.text.tokens
        return self.token.opens and self.after < len(tokens) and tokens[self.after].gap.startswith(":")

    @property
    def numbered(self) -> bool:
        """“Winnaars: 1. Roos 2. Mees”."""
        before = self.text.tokens[self.first - 1] if self.first else None
        return before is not None and before.fold.isdigit() and self.token.gap == ". "

    @property
    def tagged(self) -> bool:
        return self.token.gap.endswith("#")

    @property
    def capital(self) -> bool:
        """It has a capital that it would not have as an ordinary word."""
        if self.text.shouted or not any(t.capital for t in self.text.tokens[self.first : self.after]):
            return False
        opens = self.token.opens and self.token.capital
        rest = self.text.tokens[self.first + 1 : self.after]
        return not opens or any(token.capital for token in rest)


def titled(tokens: Sequence[Token], first: int) -> bool:
    """Whether a title (juf, meneer, oma) stands right before token `first`; or, of several, before its list."""
    at = first
    while at and at > first - LONGEST_LIST and not tokens[at].opens:
        before = tokens[at - 1]
        if before.fold in TITLES_OF_MANY:
            return not tokens[at].gap.strip()  # and not “beste ouders, Emma …”
        if at == first and tokens[at].gap.strip(" .") == "" and is_title(before.fold):
            return True
        if at < first and not before.capital and before.fold not in ("en", "of"):
            return False
        listed = tokens[at].gap.strip() in (",", "&") or before.fold == "en" or tokens[at].fold == "en"
        if not listed:
            return False
        at -= 1
    return False


def titled_surname(tokens: Sequence[Token], first: int) -> bool:
    """The same before a surname, whose prefix or initials may come between: “mevrouw E. van den Berg”."""
    while (
        first and not tokens[first].opens and (tokens[first - 1].fold in PREFIXES or len(tokens[first - 1].fold) == 1)
    ):
        first -= 1
    return titled(tokens, first) or (first > 0 and not tokens[first].opens and tokens[first - 1].fold in ROLES)


def is_title(fold: str) -> bool:
    return fold in TITLES or (len(fold) > 6 and fold.endswith(TITLE_ENDINGS))


def is_given(place: Place) -> bool | None:
    """A first name, a nickname, a diminutive or a part of a double name, with no surname of that child behind it."""
    if titled(place.text.tokens, place.first) or _is_date_or_least(place) or _in_expression(place):
        return None
    if place.before is not None and place.before.fold in ROLES and place.token.gap.isspace():
        return False if place.near and _other_surname(place) is None else None
    if place.before is not None and place.before.fold in BEFORE_SURNAMES:
        return None  # “Hotel Van der Valk”
    if place.kind is Kind.PART and not (place.near and (place.capital or place.token.capital)):
        return None
    if (other := _other_surname(place)) is not None:
        slip = any(not last or _alike(other, last) for last in place.lasts)
        return False if place.near and (slip or place.next_is_word or _verb_before(place)) else None
    if place.kind is Kind.PART:
        return None if place.word and _word(place) is None else False
    if place.word:
        return _word(place)
    if _behind_article(place) and place.before is not None and len(place.before.fold) > 1:
        return False if place.near and (place.token.capital or place.token.fold not in LEAST) else None  # “een jet”
    return place.near or place.token.capital


def _word(place: Place) -> bool | None:
    """A name that is an ordinary word."""
    alone = place.first == 0 and place.after == len(place.text.tokens)
    if alone and (place.text.label or place.token.capital):
        return False if place.near else None  # all that is written there
    before, behind = place.before, place.next
    beside = _beside(place)
    personal = behind is not None and behind.fold in PERSONAL and behind.gap.isspace()
    if _has_age(place):
        return place.near
    if not place.capital:
        if not place.token.capital and not place.text.shouted:
            return False if place.near and (place.text.hasty or place.tagged) and _takes_name(place, beside) else None
        if place.text.shouted:
            greeted = before is not None and before.fold in GREETINGS
            states = behind is not None and behind.fold in LOOSE
            return False if place.near and (personal or states or greeted) and not _behind_article(place) else None
        if place.plural:  # “Storms opa”, and not “Storms komen en gaan”
            if behind is None or behind.capital or not place.near:
                return None
            owned = not behind.fold.endswith("en") or _word_at(place, 1) in SEVERAL
            return behind.fold in RELATIVES or (False if owned else None)
        if beside is not None and place.is_noun(beside):
            return None
        if place.speaks:
            return False if place.near else None
        if place.owns:
            return place.near
        if personal:
            return True if place.near else False
        related = beside is not None and beside.fold in RELATIVES
        likely = place.labels or place.numbered or (related or behind is None or _may_be_verb(behind))
        return False if place.near and likely else None
    if _behind_article(place):
        return None
    if before is not None and before.fold in THINGS and place.token.gap == " ":
        return None
    if behind is not None and behind.fold.isdigit() and len(behind.fold) == 4:
        return None  # “Lente 2025”
    if (before is not None and before.fold in DETERMINERS) or (beside is not None and place.is_noun(beside)):
        return False if place.near else None
    if (
        before is not None
        and before.capital
        and not before.opens
        and place.token.gap == " "
        and before.fold not in CALLED
    ):
        return False if place.near else None  # the second word of some other name
    if not place.near:
        return False if personal or (before is not None and before.fold in TOWARDS | CALLED) else None
    return not place.text.titled


def _has_age(place: Place) -> bool:
    """“Mees, 6 jaar”, “Roos (7 jaar)”."""
    tokens, at = place.text.tokens, place.after
    return (
        at + 1 < len(tokens)
        and tokens[at].fold.isdigit()
        and tokens[at].gap in (", ", " (", " ")
        and tokens[at + 1].fold == "jaar"
    )


def _may_be_verb(token: Token) -> bool:
    """Whether this can be what a person does: most verbs end in -t now and in -de or -te then."""
    if token.capital or token.fold in NO_VERBS:
        return False
    return token.fold in LOOSE or (len(token.fold) > 3 and token.fold.endswith(("t", "de", "te")))


def _takes_name(place: Place, beside: Token | None) -> bool:
    """Whether a name could stand here, in a text without capitals: “van storm en wolf”, and not “van de wolf”."""
    before = place.before
    if beside is not None and place.is_noun(beside):
        return False
    return before is None or ":" in place.token.gap or place.tagged or before.fold in BEFORE_NAMES


def _verb_before(place: Place) -> bool:
    """“gaf Noor Ajax een knuffel”: what stands behind it need not belong to it."""
    return place.before is not None and not place.before.capital and place.before.fold in PERSONAL | LOOSE


def _beside(place: Place) -> Token | None:
    """The word that “en”, “of” or a comma puts beside it: “Roos en tulp”, “Mink of otter”, “Roos, mama en ik”."""
    behind = place.next
    if behind is None or (behind.fold not in ("en", "of") and behind.gap.strip() != ","):
        return None
    at = place.after + (behind.fold in ("en", "of"))
    other = place.text.tokens[at] if at < len(place.text.tokens) else None
    return None if other is None or other.opens or other.capital else other


def is_surname(place: Place, *, follows_name: bool) -> bool | None:
    """A surname without the first name of a child of that name before it.

    Args:
        follows_name: the word before it looks like somebody's first name.
    """
    before, token = place.before, place.token
    tokens = place.text.tokens
    if before is not None and before.fold in FAMILY:
        return True
    if titled_surname(tokens, place.first) or (before is not None and before.fold in THINGS) or _is_firm(place):
        return None
    main = tokens[place.first : place.after]
    shouted = place.text.shouted or (place.word and before is not None and before.shouted)
    capitals = any(one.capital for one in main if one.fold not in PREFIXES) and not shouted
    if not capitals:
        return False if place.near and not place.word and place.text.label else None
    if follows_name:
        return False if place.near and not (place.word and _in_title(place)) else None
    if before is not None and (before.fold in PLACES or before.fold in ARTICLES):
        return None
    bare = len(main) == 1
    if place.word or len(main[-1].fold) < 4:
        return False if place.near and not token.opens and not (bare and place.text.titled) else None
    return not token.opens if place.near else None


def _in_title(place: Place) -> bool:
    """“De Gouden Leeuw”: the name of a thing."""
    tokens, at = place.text.tokens, place.first - 1
    while at > 0 and tokens[at].capital and not tokens[at].opens and tokens[at].fold not in ARTICLES:
        at -= 1
    return at >= 0 and tokens[at].fold in ARTICLES


def _behind_article(place: Place) -> bool:
    return place.before is not None and place.before.fold in ARTICLES


def _is_date_or_least(place: Place) -> bool:
    """“20 jan”, “max. 25”."""
    token, before, behind = place.token, place.before, place.next
    tokens, at = place.text.tokens, place.after
    if token.fold in LEAST and at < len(tokens) and tokens[at].gap == ". " and tokens[at].fold.isdigit():
        return True  # “Max. 4 kinderen”
    if token.capital and not place.text.shouted:
        return False
    numbers = [one for one in (before, behind) if one is not None and one.fold.isdigit()]
    if token.fold in MONTHS:
        return bool(numbers)
    after = tokens[at].gap if at < len(tokens) else ""
    return token.fold in LEAST and (bool(numbers) or after.startswith("."))


def _other_surname(place: Place) -> str | None:
    """The surname that stands behind it and makes it somebody else's, folded, as one word: “Emma Watson”."""
    tokens, at = place.text.tokens, place.after
    if not place.takes_surname or not place.token.capital:
        return None
    while at < len(tokens) and tokens[at].fold in PREFIXES and _goes_on(tokens[at]):
        at += 1
    initials = at
    while at + 1 < len(tokens) and _is_initial(tokens[at], first=at == initials) and tokens[at + 1].gap in (".", ". "):
        at += 1  # “Annie M.G. Schmidt”
    if at == len(tokens) or not tokens[at].capital or not (at > initials or _goes_on(tokens[at])):
        return None
    if len(tokens[at].fold) == 1 or tokens[at].shouted or tokens[at].fold in OWN_CAPITALS:
        return None
    if at == place.after and tokens[at].fold in place.given:
        return None  # “Emma Sem Noor”
    if at > place.after and not tokens[place.after].capital and tokens[place.after].fold in NO_SURNAME_BEGINS:
        return None  # “Sem op Schiphol”
    return "".join(token.fold for token in tokens[place.after : at + 1])


def _alike(surname: str, other: str) -> bool:
    """Whether one may be a slip of the pen for the other."""
    most = 1 if min(len(surname), len(other)) < 6 else 2
    return DamerauLevenshtein.distance(surname, other, score_cutoff=most) <= most


def _is_firm(place: Place) -> bool:
    """“Postma Schilders”, “Van Houten-cacao”: a surname, and a word that says what is made there."""
    tokens, at = place.text.tokens, place.after
    if not place.takes_surname or at == len(tokens):
        return False
    behind = tokens[at]
    if behind.gap == "-" and not behind.capital:
        return True
    return behind.gap == " " and behind.capital and not behind.opens and len(behind.fold) > 1 and not behind.shouted


def _in_expression(place: Place) -> bool:
    tokens, first, fold = place.text.tokens, place.first, place.token.fold
    return any(
        tuple(token.fold for token in tokens[first - at : first - at + len(words)]) == words
        for words in EXPRESSIONS
        if fold in words
        for at, word in enumerate(words)
        if word == fold and first >= at
    )


def _word_at(place: Place, further: int) -> str:
    """The word that is `further` words behind the one behind it, in the same sentence; "" where it ends before."""
    tokens = place.text.tokens[place.after : place.after + further + 1]
    return "" if len(tokens) <= further or any(token.opens for token in tokens) else tokens[further].fold


def _is_initial(token: Token, *, first: bool) -> bool:
    return len(token.fold) == 1 and token.capital and (not first or _goes_on(token))


def _goes_on(token: Token) -> bool:
    return not token.opens and token.gap in (" ", "-")
