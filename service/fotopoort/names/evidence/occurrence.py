"""A form of a name at one place in a text, and what the text around it shows."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from fotopoort.names.forms import PREFIXES, FormKind
from fotopoort.names.lexicon import (
    ARTICLES,
    NO_SURNAME_BEGINS,
    NO_THINGS,
    OWN_CAPITALS,
    PERSONAL_VERBS,
)
from fotopoort.names.tokens import Token

QUOTES = frozenset("\"'\u2018’“”„")


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A text as tokens, and what its capitals are worth.

    Attributes:
        shouted: it is all capitals: they say nothing.
        headline: nearly every word has a capital: they say little.
        titled: every word has one, save prefixes of surnames: of a few words they say no more.
        label: a few words that need not be a sentence, such as a name tag or writing in a picture.
        lower_case: it was typed without any capital.
        tagged: the tokens of hashtags, handles and addresses, which are no part of a sentence.
    """

    tokens: Sequence[Token] = field(repr=False)
    shouted: bool
    headline: bool
    titled: bool
    label: bool
    lower_case: bool
    tagged: Set[int] = frozenset()

    @classmethod
    def of(cls, tokens: Sequence[Token], *, label: bool, tagged: Set[int] = frozenset()) -> TokenizedText:
        words = [token for token in tokens if token.text[:1].isalpha()]
        long_words = [token for token in words if len(token.fold) > 1]
        shouted = bool(long_words) and all(token.shouted for token in long_words)
        capitals = sum(token.capital for token in words if token.fold not in PREFIXES)
        countable = sum(token.fold not in PREFIXES for token in words)
        headline = countable >= 5 and capitals > 0.7 * countable
        lower_case = len(words) > 2 and not any(token.capital for token in words)
        return cls(tokens, shouted, headline, 0 < countable == capitals, label, lower_case, tagged)


@dataclass(frozen=True)  # without slots, so that the surname is looked for once
class Occurrence:
    """One place in a text where a form of a name stands: from token `first` up to but not including `after`.

    Attributes:
        in_group: it is a name of the photo's own group.
        is_word: it is an ordinary word as well.
        possessive: an apostrophe or 's stands behind it.
        maybe_plural: an s without an apostrophe stands behind it: a possessive, or several of a thing.
        surnames: the surnames of the children whose name it may be, folded and as one word; "" where there is none.
        ordinary_words: Dutch words, folded.
        given_names: every first name and nickname on the list, folded.
    """

    text: TokenizedText
    first: int
    after: int
    kind: FormKind
    in_group: bool
    is_word: bool
    possessive: bool
    maybe_plural: bool = False
    surnames: Collection[str] = field(default=(), repr=False)
    ordinary_words: Container[str] = field(default=frozenset(), repr=False)
    given_names: Container[str] = field(default=frozenset(), repr=False)

    # --- the words around it ---

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the whole text."""
        return self.text.tokens

    @property
    def token(self) -> Token:
        """The first token of the form."""
        return self.text.tokens[self.first]

    @property
    def before(self) -> Token | None:
        """The word before it in the same sentence."""
        tokens = self.text.tokens
        return None if tokens[self.first].opens or not self.first else tokens[self.first - 1]

    @property
    def next(self) -> Token | None:
        """The word behind it in the same sentence."""
        tokens = self.text.tokens
        return None if self.after >= len(tokens) or tokens[self.after].opens else tokens[self.after]

    @property
    def next_anywhere(self) -> Token | None:
        """The word behind it, perhaps in the next sentence."""
        tokens = self.text.tokens
        return tokens[self.after] if self.after < len(tokens) else None

    @property
    def joined_word(self) -> Token | None:
        """The uncapitalised word that “en”, “of” or a comma puts beside it: “Roos en tulp”, “Roos, mama en ik”."""
        word = self.next
        if word is None or (word.fold not in ("en", "of") and word.gap.strip() != ","):
            return None
        at = self.after + (word.fold in ("en", "of"))
        joined = self.tokens[at] if at < len(self.tokens) else None
        return None if joined is None or joined.opens or joined.capital else joined

    def word_at(self, offset: int) -> str:
        """The word `offset` words behind `next`, folded; "" where the sentence ends before it."""
        tokens = self.tokens[self.after : self.after + offset + 1]
        return "" if len(tokens) <= offset or any(token.opens for token in tokens) else tokens[offset].fold

    def follows(self, words: Container[str]) -> bool:
        """Whether the word before it is one of these."""
        before = self.before
        return before is not None and before.fold in words

    def precedes(self, words: Container[str]) -> bool:
        """Whether the word behind it is one of these."""
        word = self.next
        return word is not None and word.fold in words

    # --- capitals ---

    @property
    def has_capital(self) -> bool:
        """It has a capital that it would not have as an ordinary word."""
        if self.text.shouted or not any(token.capital for token in self.tokens[self.first : self.after]):
            return False
        opens = self.token.opens and self.token.capital
        return not opens or any(token.capital for token in self.tokens[self.first + 1 : self.after])

    @property
    def can_have_surname(self) -> bool:
        """Capitals mean something here, and what stands behind it may belong to it."""
        return not (self.possessive or self.text.headline or self.text.shouted or self.text.label)

    @cached_property
    def other_surname(self) -> str | None:
        """The surname behind it that makes it somebody else's, folded and as one word: “Emma Watson”."""
        tokens, at = self.tokens, self.after
        if not self.can_have_surname or not self.token.capital:
            return None
        while at < len(tokens) and tokens[at].fold in PREFIXES and _continues(tokens[at]):
            at += 1
        initials = at
        while (
            at + 1 < len(tokens) and _is_initial(tokens[at], first=at == initials) and tokens[at + 1].gap in (".", ". ")
        ):
            at += 1  # “Annie M.G. Schmidt”
        if at == len(tokens) or not tokens[at].capital or not (at > initials or _continues(tokens[at])):
            return None
        if len(tokens[at].fold) == 1 or tokens[at].shouted or tokens[at].fold in OWN_CAPITALS:
            return None
        if at == self.after and tokens[at].fold in self.given_names:
            return None  # “Emma Sem Noor”
        if at > self.after and not tokens[self.after].capital and tokens[self.after].fold in NO_SURNAME_BEGINS:
            return None  # “Sem op Schiphol”
        return "".join(token.fold for token in tokens[self.after : at + 1])

    # --- what stands beside it ---

    def is_noun(self, word: Token) -> bool:
        """Whether a word can only name a thing: it is no person, and no word that can stand for one."""
        return word.fold in self.ordinary_words and word.fold not in self.given_names and word.fold not in NO_THINGS

    @property
    def joined_to_noun(self) -> bool:
        """“Roos en tulp”."""
        return self.joined_word is not None and self.is_noun(self.joined_word)

    @property
    def acts(self) -> bool:
        """It does what only persons do: “Roos leest voor”."""
        return self.next is not None and self.next.fold in PERSONAL_VERBS and self.next.gap.isspace()

    @property
    def follows_article(self) -> bool:
        return self.follows(ARTICLES)

    @property
    def is_hashtag(self) -> bool:
        """It stands in a hashtag or a handle."""
        return self.token.gap.endswith("#") or self.first in self.text.tagged

    @property
    def is_line_label(self) -> bool:
        """A line begins with it and a colon: “- Linde: leesboek meenemen”."""
        return self.token.opens and self.next_anywhere is not None and self.next_anywhere.gap.startswith(":")

    @property
    def is_quoted_speaker(self) -> bool:
        """What is said stands behind it: “Roos: "Ik vond het leuk."”"""
        gap = self.next_anywhere.gap if self.next_anywhere is not None else ""
        return gap.startswith(":") and not QUOTES.isdisjoint(gap)

    @property
    def is_numbered(self) -> bool:
        """“Winnaars: 1. Roos 2. Mees”."""
        before = self.tokens[self.first - 1] if self.first else None
        return before is not None and before.fold.isdigit() and self.token.gap == ". "


def _is_initial(token: Token, *, first: bool) -> bool:
    return len(token.fold) == 1 and token.capital and (not first or _continues(token))


def _continues(token: Token) -> bool:
    """Whether nothing but a space or a hyphen separates this from the word before it."""
    return not token.opens and token.gap in (" ", "-")
