"""The forms of every name on a list, made ready to be looked up."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

from fotopoort.names.forms import PREFIXES, FormKind, Words, forms_of, initials, parts_of
from fotopoort.names.found import EntryNumbers, FoundForm
from fotopoort.names.misread import reading_key
from fotopoort.names.tokens import LONG_DASH, Token
from fotopoort.vocabulary import NameEntry

INSIDE_NAMES: Final = f" \t-{LONG_DASH}.'’\u2018`_/"  # what may stand between the words of one name
POSSESSIVE_LENGTHS: Final = (2, 3, 4)  # words of a form whose last one may have a possessive s
APOSTROPHES: Final = ("'", "’", "\u2018", "`")


class NameIndex:
    """Where the forms of names stand in a text.

    Args:
        entries: the names.
        in_group: the numbers of the entries that are looked for strictly.
        ordinary_words: Dutch words, folded.
        taken_alike: those of them for whom what is merely like their names is taken as well: they are not so many that
            every other word is.
    """

    def __init__(
        self,
        entries: Sequence[NameEntry],
        in_group: EntryNumbers,
        ordinary_words: Container[str],
        taken_alike: EntryNumbers,
    ) -> None:
        self.entries = entries
        self.in_group = in_group
        self.taken_alike = taken_alike
        self.ordinary_words = ordinary_words
        self.forms: dict[Words, dict[FormKind, set[int]]] = {}
        self.initials = [initials(entry) for entry in entries]
        parts = [parts_of(entry) for entry in entries]
        self.prefixes = [name.prefix for name in parts]
        self.surnames = ["".join(name.prefix + name.surname) for name in parts]
        self.surname_letters: list[set[str]] = [set() for _ in entries]  # with which a part of the surname begins
        self._lengths: dict[str, set[int]] = {}  # of the forms that begin with this word
        for number, entry in enumerate(entries):
            for form, kind in forms_of(entry):
                if kind is FormKind.SURNAME:
                    self.surname_letters[number].add(form[-1][0])
                self.forms.setdefault(form, {}).setdefault(kind, set()).add(number)
                self._lengths.setdefault(form[0], set()).add(len(form))
        self.given_names = {
            form[0] for form, owners in self.forms.items() if len(form) == 1 and FormKind.GIVEN in owners
        }
        self.by_reading_key = self._by_reading_key(in_group)
        self.taken_alike_by_key = self._by_reading_key(taken_alike)

    def _by_reading_key(self, entries: EntryNumbers) -> dict[str, list[str]]:
        """The forms of one word of these entries, by how they may be misread."""
        names: dict[str, list[str]] = {}
        for form, owners in self.forms.items():
            kinds = [kind for kind, numbers in owners.items() if numbers & entries]
            telling = kinds and min(kinds) < FormKind.PART and FormKind.DIMINUTIVE not in kinds
            if len(form) == 1 and len(form[0]) > 2 and telling:
                names.setdefault(reading_key(form[0]), []).append(form[0])
        return names

    def is_word(self, fold: str) -> bool:
        """Whether this is an ordinary word, or too short to be told from one."""
        return len(fold) < 3 or fold in self.ordinary_words

    def are_words(self, tokens: Sequence[Token]) -> bool:
        """Whether all of these are ordinary words, prefixes left aside; a plural of one is one too."""
        folds = [token.fold for token in tokens if token.fold not in PREFIXES] or [tokens[0].fold]
        return all(
            self.is_word(fold) or (fold[-1:] == "s" != fold[-2:-1] and self.is_word(fold[:-1])) for fold in folds
        )

    def forms_at(self, tokens: Sequence[Token], at: int) -> list[FoundForm]:
        """The forms that begin at token `at`, the longest first; those with an ending taken off come last."""
        found = []
        lengths = self._lengths.get(tokens[at].fold, ())
        for length in sorted(lengths, reverse=True):
            if (owners := self.forms.get(_folds(tokens, at, length))) and _is_one_name(tokens, at, length):
                found.append(FoundForm(at, at + length, owners, *ending(tokens, at + length)))
        for length in (1, *POSSESSIVE_LENGTHS) if lengths else (1,):  # “Sems hond”, “van den Bergs hond”
            if length == 1 or (at + length <= len(tokens) and length in lengths):
                last = tokens[at + length - 1]
                stem = _without_s(last.fold)
                if stem and (owners := self.forms.get((*_folds(tokens, at, length - 1), stem))):
                    found.append(FoundForm(at, at + length, owners, True, last.end))
        if at + 1 < len(tokens) and tokens[at + 1].gap in ("-", LONG_DASH, " "):
            found += self._joined_forms(tokens, at)
        return found

    def _joined_forms(self, tokens: Sequence[Token], at: int) -> list[FoundForm]:
        """A first name that is two words here and one on the list: “Anne-Fleur” of Annefleur."""
        first, second = tokens[at].fold, tokens[at + 1].fold
        owners = self.forms.get((first + second,))
        if owners is None or FormKind.GIVEN not in owners or (self.is_word(first) and self.is_word(second)):
            return []
        return [FoundForm(at, at + 2, owners, *ending(tokens, at + 2))]


def ending(tokens: Sequence[Token], after: int) -> tuple[bool, int]:
    """Whether an apostrophe or 's stands behind the word before token `after`, and the character where it ends."""
    last = tokens[after - 1]
    if after < len(tokens) and tokens[after].fold == "s" and tokens[after].gap in APOSTROPHES:
        return True, tokens[after].end
    if after < len(tokens) and tokens[after].gap in ("' ", "’ ") and last.fold[-1] in "sxz":
        return True, last.end + 1
    return False, last.end


def _folds(tokens: Sequence[Token], at: int, length: int) -> Words:
    return tuple(token.fold for token in tokens[at : at + length])


def _is_one_name(tokens: Sequence[Token], at: int, length: int) -> bool:
    """Whether nothing but spaces, hyphens, dots and apostrophes stands between the words."""
    return not any(token.gap.strip(INSIDE_NAMES) for token in tokens[at + 1 : at + length]) and at + length <= len(
        tokens
    )


def _without_s(fold: str) -> str:
    """“sems”: the word without a possessive s; "" where there is none to take off."""
    return fold[:-1] if len(fold) > 3 and fold.endswith("s") and not fold.endswith("ss") else ""
