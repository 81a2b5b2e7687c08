"""Finds names that a text writes otherwise than the list does: drawn out, letter by letter, run together with other
words, or in another spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import Final

from fotopoort.names.evidence.occurrence import TokenizedText
from fotopoort.names.forms import SHORTENED, FormKind, parts_of
from fotopoort.names.found import FoundForm, JudgedForm, Owners
from fotopoort.names.index import NameIndex, ending
from fotopoort.names.spelling.joined import NameInRun, RunSplitter
from fotopoort.names.spelling.stretched import short_forms, spelled
from fotopoort.names.spelling.variants import spelling_key
from fotopoort.names.tokens import LONG_DASH, Token

WHOLE_NAMES: Final = (FormKind.FULL, FormKind.GIVEN)
DIMINUTIVE: Final = re.compile("(...+)[tp]je")  # in a run: “saartjejarig”
MIN_SLIP: Final = 5  # letters of a name in which two may have changed places
MIN_SURNAME: Final = 4  # letters, behind an initial: “nbakker”


class UnusualForms:
    """The names of the photo's own group, ready to be found where they are written in an unusual way."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._alike: dict[str, list[str]] = {}  # the names on the list, by their key
        for form, owners in index.forms.items():
            if len(form) == 1 and owners.get(FormKind.GIVEN, frozenset()) & index.in_group:
                self._alike.setdefault(spelling_key(form[0]), []).append(form[0])
        self._alike.pop("", None)
        self._slips = {slip: name for names in self._alike.values() for name in names for slip in _slips(name)}
        self._runs = RunSplitter(
            set(self._names_in_runs()),
            dict(self._aliases()),
            set(self._surnames()),
            index.is_word,
            index.ordinary_words,
            self._spelling_of,
        )

    def may_be_at(self, text: TokenizedText, at: int) -> bool:
        """A quick check whether there can be such a name at token `at`; for most words there cannot."""
        token = text.tokens[at]
        letters = len(token.fold)
        if letters == 1:
            return at + 1 < len(text.tokens) and len(text.tokens[at + 1].fold) == 1
        if letters < 3 or token.fold.isdigit():
            return False
        return token.capital or token.fold not in self._index.ordinary_words

    def forms_at(self, text: TokenizedText, at: int) -> Iterator[FoundForm]:
        """The forms at token `at` that are judged by what stands around them, as if they were written as usual."""
        tokens, index = text.tokens, self._index
        fold = tokens[at].fold
        if (word := spelled(tokens, at)) is not None and (form := self._owned(word[0])):
            yield FoundForm(at, word[1], form, *ending(tokens, word[1]), is_word=index.is_word(word[0]))
        if len(fold) < 3:
            return
        shorter = list(short_forms(fold))
        words = any(index.is_word(short) for short in shorter)
        for short in shorter:
            name = short if self._owned(short) else self._spelling_of(short)
            if name and (owners := self._owned(name)):
                is_word = index.is_word(name) or (words and not tokens[at].capital)
                cheered = tokens[at].capital and not text.shouted  # “Boooo”, and not “GROOOOT”
                yield FoundForm(at, at + 1, owners, *ending(tokens, at + 1), is_word=is_word, doubtful=cheered)
        if shorter:
            return
        if (
            at + 1 < len(tokens)
            and tokens[at + 1].gap in ("-", LONG_DASH, " ")
            and FormKind.PART in self._kinds_of(fold)
        ):
            if name := self._spelling_of(fold + tokens[at + 1].fold):  # “Anne Sofie” of Anne-Sophie
                yield FoundForm(at, at + 2, self._spelled_like(name), *ending(tokens, at + 2), is_word=False)
        is_word = index.is_word(fold)
        if is_word and (text.label or text.shouted or at in text.tagged or not tokens[at].capital):
            return  # “jasmijn” of Yasmine needs a capital
        possessive, end = ending(tokens, at + 1)
        if name := self._spelling_of(fold):
            is_word = is_word or index.is_word(name)
            yield FoundForm(at, at + 1, self._spelled_like(name), possessive, end, is_word=is_word)
        elif fold.endswith("s") and not is_word and (name := self._spelling_of(fold[:-1])):
            yield FoundForm(at, at + 1, self._spelled_like(name), True, tokens[at].end, is_word=index.is_word(name))

    def runs_at(self, text: TokenizedText, at: int, *, together: bool) -> list[JudgedForm]:
        """The names that are run together with something at token `at`; of several, each with its own part of it.

        Args:
            together: in this text words are run together on purpose, as in a file name.
        """
        tokens = text.tokens
        spelling = spelled(tokens, at)
        if spelling is not None:
            word, after = spelling
            return self._as_one(tokens, at, after, self._runs.names_in(word, tagged=True))
        token = tokens[at]
        if len(token.fold) < 4:
            return []
        names = self._runs.names_in(token.fold, tagged=together or at in text.tagged)
        if len(names) < 2 or len(token.fold) != len(token.text):
            return self._as_one(tokens, at, at + 1, names)
        starts = [token.start, *(token.start + name.start for name in names[1:])]
        ends = [*(token.start + name.end for name in names[:-1]), token.end]
        return [
            self._judged(FoundForm(at, at + 1, {}, False, end, start=start), [name])
            for name, start, end in zip(names, starts, ends, strict=True)
        ]

    def _as_one(self, tokens: Sequence[Token], at: int, after: int, names: Sequence[NameInRun]) -> list[JudgedForm]:
        return [self._judged(FoundForm(at, after, {}, *ending(tokens, after)), names)] if names else []

    def _judged(self, found: FoundForm, names: Sequence[NameInRun]) -> JudgedForm:
        owners = [
            number for name in names for numbers in self._index.forms[(name.form,)].values() for number in numbers
        ]
        entries = frozenset(owners) & self._index.in_group
        return JudgedForm(found, max(name.certainty for name in names), entries)

    def _owned(self, word: str) -> Owners | None:
        """The people whose first name or whole name this is; None: nobody in the photo's own group."""
        owners = self._index.forms.get((word,), {})
        kept = {
            kind: owners[kind]
            for kind in (*WHOLE_NAMES, FormKind.DIMINUTIVE)
            if owners.get(kind, frozenset()) & self._index.in_group
        }
        return kept or None

    def _spelled_like(self, name: str) -> Owners:
        """The people whose first name may be meant by this spelling: with a Mohamed and a Muhammed on the list,
        “Mohammed” is either."""
        owners: dict[FormKind, set[int]] = {}
        for other in self._alike.get(spelling_key(name), [name]):
            for kind, numbers in self._index.forms[(other,)].items():
                owners.setdefault(kind, set()).update(numbers)
        return owners

    def _kinds_of(self, word: str) -> Set[FormKind]:
        return self._index.forms.get((word,), {}).keys()

    def _spelling_of(self, fold: str) -> str:
        """The name on the list of which this is another spelling; "" if there is none."""
        if len(fold) < 3 or not self._kinds_of(fold).isdisjoint(WHOLE_NAMES):
            return ""
        if fold in self._slips:
            return self._slips[fold]
        return self._alike.get(spelling_key(fold), [""])[0]

    def _names_in_runs(self) -> Iterator[str]:
        for form, owners in self._index.forms.items():
            kinds = {kind for kind, numbers in owners.items() if numbers & self._index.in_group}
            diminutive = FormKind.DIMINUTIVE in kinds and DIMINUTIVE.fullmatch(form[0])
            of_word = diminutive and any(map(self._index.is_word, (form[0], diminutive[1], diminutive[1][:-1])))
            if len(form) == 1 and (kinds.intersection(WHOLE_NAMES) or (diminutive and not of_word)):
                yield form[0]

    def _aliases(self) -> Iterator[tuple[str, str]]:
        """Runs with part of a name cut down to initials (“nbakker”), each with the form of the name it stands for."""
        for number in self._index.in_group:
            name = parts_of(self._index.entries[number])
            call, surname = "".join(name.given), "".join(name.surname)
            if not call or not surname:
                continue
            prefix = "".join(SHORTENED.get(word, word[0]) for word in name.prefix)
            if len(call) >= 3:
                yield from ((call + letters + surname[0], call) for letters in {"", prefix})
            if len(surname) >= MIN_SURNAME:
                whole = call + "".join(name.prefix) + surname
                between = {"", prefix, "".join(name.prefix)}
                before = (call[0], "fam", "familie")
                yield from ((first + middle + surname, whole) for first in before for middle in between)
                yield from ((middle + surname + call, whole) for middle in between)

    def _surnames(self) -> Iterator[str]:
        for form, owners in self._index.forms.items():
            if owners.get(FormKind.SURNAME, frozenset()) & self._index.in_group:
                yield "".join(form)


def _slips(name: str) -> Iterator[str]:
    """What a first name becomes when two letters inside it change places: “Fluer”."""
    for at in range(1, len(name) - 1) if len(name) >= MIN_SLIP else ():
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]
