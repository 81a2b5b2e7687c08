"""The school's list of names, made ready to be looked for in texts."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fotopoort.names.evidence.table import Certainty
from fotopoort.names.found import EntryNumbers, FoundForm
from fotopoort.names.index import NameIndex
from fotopoort.names.lexicon import TITLES
from fotopoort.names.matching import find_forms
from fotopoort.names.spelling.handles import around_handle, handle_spans
from fotopoort.names.spelling.unusual import UnusualForms
from fotopoort.names.tokens import Token, decoded
from fotopoort.vocabulary import NameEntry, NamePlace, PersonId, Role, group_key

MAX_CLASS: Final = 100  # names, of a few classes at most
IN_SENTENCES: Final = (NamePlace.CAPTION, NamePlace.METADATA)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A child's name in a text, from character `start` up to but not including `end`.

    Attributes:
        certain: False: it may be an ordinary word or somebody else, and the teacher should say.
        person: whose name it is, where it can only be one person's.
        owns: it is a possessive: “Sems tekening”.
    """

    start: int
    end: int
    certain: bool
    person: PersonId | None = None
    owns: bool = False


class NameList:
    """Names to look for.

    Args:
        entries: everyone's names; those of staff and parents are no child's.
        groups: who is in the photo: their names are looked for strictly, the rest of the school's more carefully. Where
            none is named, all are looked for strictly; but not what is merely like the names of a whole school.
        persons: whose names are looked for strictly as well, whatever their group.
        words: ordinary Dutch words, folded, of at most ten letters.
        staff_counts: names of staff count as a child's.
    """

    def __init__(
        self,
        entries: Iterable[NameEntry],
        groups: Collection[str] = (),
        words: Container[str] = frozenset(),
        *,
        persons: Collection[PersonId] = (),
        staff_counts: bool = False,
    ) -> None:
        roles = {Role.PUPIL, Role.STAFF} if staff_counts else {Role.PUPIL}
        self._entries = tuple(entries)
        counted = [entry for entry in self._entries if entry.role in roles]
        self._groups, self._persons, self._words = {group_key(group) for group in groups}, persons, words
        self._index = self._index_of(counted)
        self._unusual = UnusualForms(self._index)

    def __len__(self) -> int:
        return len(self._index.entries)

    def find(self, text: str, place: NamePlace = NamePlace.CAPTION) -> tuple[NameMatch, ...]:
        """Every name in `text`, in order; none overlaps another.

        Args:
            place: where the text stands. In a caption the whole of a handle or an address belongs to the name in it. In
                file names and pictures words may be written together, and letters may be misread; a file name has no
                capitals that mean anything.
        """
        if not self._index.entries:
            return ()
        text, places = decoded(text)
        handles = handle_spans(text)
        tokens, forms = find_forms(self._index, self._unusual, text, place, handles)
        starts = [_start(form.found, tokens) for form in forms]
        matches: list[NameMatch] = []
        ended = 0
        for form, start, following in zip(forms, starts, [*starts, len(text)][1:], strict=True):
            end = min(form.found.end, following)  # of “noor'sBakker” the s is either's
            if place in IN_SENTENCES:
                after = start if text[ended:start].isalpha() and ended else ended  # “@semennoor”: of neither is “en”
                before = end if text[end:following].isalpha() and following < len(text) else following
                start, end = around_handle(start, end, handles, after, before)
            ended = end
            matches.append(
                NameMatch(
                    start=places[start],
                    end=places[end],
                    certain=form.certainty is Certainty.NAME,
                    person=self._person(form.entries),
                    owns=form.found.possessive,
                )
            )
        return tuple(matches)

    def whose(self, name: str) -> tuple[frozenset[PersonId], bool]:
        """Who can be meant where this is said to be the name of one person in a photo, staff and parents included, and
        whether it is the name of exactly one and of nobody else."""
        index, unusual = self._everybody
        tokens, forms = find_forms(index, unusual, decoded(name)[0], NamePlace.METADATA, ())
        if forms:
            places = [(form.found.first, form.found.after, form.entries) for form in forms]
        else:  # words that are no name in a text: “Roos”
            found = [form for at in range(len(tokens)) for form in index.forms_at(tokens, at)]
            places = [(form.first, form.after, frozenset[int]().union(*form.owners.values())) for form in found]
        persons = {index.entries[number].person for _, _, numbers in places for number in numbers}
        read = {at for first, after, _ in places for at in range(first, after)}
        whole = all(at in read or token.fold in TITLES for at, token in enumerate(tokens))
        return frozenset(person for person in persons if person), whole and len(persons) == 1 and None not in persons

    @cached_property
    def _everybody(self) -> tuple[NameIndex, UnusualForms]:
        """Of everyone's names, whatever their role: made where a file names somebody, who may be one of hundreds."""
        index = self._index_of(self._entries)
        return index, UnusualForms(index)

    def _index_of(self, entries: Sequence[NameEntry]) -> NameIndex:
        in_groups = frozenset(
            number for number, entry in enumerate(entries) if not self._groups.isdisjoint(map(group_key, entry.groups))
        )
        pointed_out = {number for number, entry in enumerate(entries) if entry.person in self._persons}
        everybody = frozenset(range(len(entries)))
        few = in_groups or (everybody if len(entries) <= MAX_CLASS else frozenset())
        return NameIndex(entries, (in_groups or everybody) | pointed_out, self._words, few | pointed_out)

    def _person(self, numbers: EntryNumbers) -> PersonId | None:
        persons = {self._index.entries[number].person for number in numbers}
        return persons.pop() if len(persons) == 1 else None


def _start(found: FoundForm, tokens: Sequence[Token]) -> int:
    return tokens[found.first].start if found.start is None else found.start
