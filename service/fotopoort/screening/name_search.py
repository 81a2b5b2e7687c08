"""Searching texts for names: the list made ready once and kept, and a limit on how long a text may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from fotopoort.errors import TextTooLong
from fotopoort.names import places
from fotopoort.names.name_list import NameList
from fotopoort.names.places import MAX_CHARACTERS
from fotopoort.resources import dutch_words
from fotopoort.vocabulary import NameEntry, NameHit, PersonId


@lru_cache(maxsize=16)
def name_list(
    entries: tuple[NameEntry, ...],
    groups: frozenset[str] = frozenset(),
    persons: frozenset[PersonId] = frozenset(),
    staff_counts: bool = False,
) -> NameList:
    """The names to look for; made once for the same entries, groups and persons."""
    return NameList(entries, groups, dutch_words(), persons=persons, staff_counts=staff_counts)


def find(names: NameList, text: str) -> tuple[tuple[NameHit, ...], str]:
    """The names in one text, and the text without them.

    Raises:
        TextTooLong: it has more than a million characters.
    """
    require_searchable(text)
    return places.find(names, text)


@dataclass(frozen=True, slots=True)
class NamesToFind:
    """What makes a list of names, in a form that another process can be given.

    Attributes:
        groups: whom a text is about.
        staff_counts: names of staff count as a child's.
    """

    entries: tuple[NameEntry, ...] = field(repr=False)
    groups: frozenset[str]
    staff_counts: bool

    def find(self, text: str) -> tuple[tuple[NameHit, ...], str]:
        """As `find`, in the list that is made of this."""
        return find(name_list(self.entries, self.groups, staff_counts=self.staff_counts), text)


def require_searchable(text: str | None) -> None:
    """Raises TextTooLong for a text of more than a million characters."""
    if text is not None and len(text) > MAX_CHARACTERS:
        raise TextTooLong
