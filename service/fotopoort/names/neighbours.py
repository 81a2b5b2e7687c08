"""What a list of names says about the doubtful ones in it: “Roos en Sem”, “sem, noor en roos”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fotopoort.names.evidence.occurrence import TokenizedText
from fotopoort.names.evidence.table import Certainty
from fotopoort.names.evidence.titles import follows_title
from fotopoort.names.found import JudgedForm
from fotopoort.names.lexicon import ARTICLES
from fotopoort.names.tokens import Token

CONJUNCTIONS: Final = frozenset(("en", "and", "of"))
BEFORE_PAIRS: Final = frozenset("je jullie we wij ik zie zien waren zijn hebben gingen gaan".split())
SEPARATORS: Final = frozenset((",", "&", "+", "/", "\n", "•", "-", ";"))


def judge_by_neighbours(text: TokenizedText, forms: Sequence[JudgedForm]) -> list[JudgedForm]:
    """The same forms in the same order, those in lists perhaps with another certainty."""
    judged: list[JudgedForm] = []
    for names in _lists(text.tokens, forms):
        some_certain = any(form.certainty is Certainty.NAME for form in names)
        capitals = [text.tokens[form.found.first].capital for form in names]
        for form, capital in zip(names, capitals, strict=True):
            if form.certainty is not Certainty.NAME and len(names) > 1:
                form = _judge_in_list(text, form, capital, some_certain, all(capitals), len(names))
            judged.append(form)
    return judged


def _judge_in_list(
    text: TokenizedText, form: JudgedForm, capital: bool, some_certain: bool, all_capitals: bool, length: int
) -> JudgedForm:
    """A doubtful form by the list of `length` names that it stands in."""
    tokens, first = text.tokens, form.found.first
    if follows_title(tokens, first):
        return form
    telling_capital = capital and not text.shouted
    was_none = form.certainty is Certainty.NONE
    long_list = length >= 3
    if some_certain and telling_capital and not _follows_article(tokens, first):
        return replace(form, certainty=Certainty.NAME)
    if some_certain or (long_list and all_capitals):
        certain = telling_capital and not was_none
        return replace(form, certainty=Certainty.NAME if certain else Certainty.ASK)
    if long_list or (all_capitals and was_none) or (was_none and not capital and _is_pair_of_persons(text, form)):
        return replace(form, certainty=Certainty.ASK)
    return form


def _lists(tokens: Sequence[Token], forms: Sequence[JudgedForm]) -> list[list[JudgedForm]]:
    """The forms as lists: with nothing but commas and “en” between those of one list."""
    lists: list[list[JudgedForm]] = []
    for form in forms:
        if lists and _is_listed(tokens, lists[-1][-1].found.after, form.found.first):
            lists[-1].append(form)
        else:
            lists.append([form])
    return lists


def _is_listed(tokens: Sequence[Token], after: int, first: int) -> bool:
    """Whether the form at token `first` belongs to the list of the form that ends before token `after`."""
    between = tokens[after:first]
    if len(between) > 1 or any(token.fold not in CONJUNCTIONS for token in between):
        return False
    if between:
        return not (between[0].gap + tokens[first].gap).strip(" ,")
    gap = tokens[first].gap
    if gap == " ":
        return not tokens[first].capital  # “roos mees en koen”, typed in haste
    return gap.strip(" ") in SEPARATORS or "\n" in gap


def _follows_article(tokens: Sequence[Token], first: int) -> bool:
    return first > 0 and not tokens[first].opens and tokens[first - 1].fold in ARTICLES


def _is_pair_of_persons(text: TokenizedText, form: JudgedForm) -> bool:
    """A pair typed without capitals, where persons are spoken of: “zie je roos en storm samen”."""
    tokens, found = text.tokens, form.found
    first = found.first
    if first >= 2 and tokens[first - 1].fold in CONJUNCTIONS:
        first -= 2
    before = tokens[first - 1].fold if first and not tokens[first].opens else ""
    return before in BEFORE_PAIRS
