"""What a class list says, once it is understood: values only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from fotopoort.errors import BadClassList
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId, Text


def renames(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Titles and what they stand for, as a caller wrote them.

    Raises:
        BadClassList: a title is there twice; of two meanings neither can be trusted.
    """
    renamed: dict[str, str] = {}
    for title, column in pairs:
        if title in renamed:
            raise BadClassList(
                Text(
                    nl=f"De kolom “{title}” krijgt twee keer een andere naam.", en=f"Column “{title}” is renamed twice."
                ),
                hint=Text(nl="Haal er een weg.", en="Leave one of them out."),
            )
        renamed[title] = column
    return renamed


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a list is to be read.

    Attributes:
        rename: titles of columns, and what they stand for, as in {"Lln.nr": "id"}.
        ignore: titles of columns to leave out.
        year: the school year of its groups; None: this one.
        wording: which version of the question the answers in columns are to; empty: it is not known.
        leave_on: pupils who are in one of its groups and not on it leave on this day; None: nobody does.
    """

    rename: Mapping[str, str] = field(default_factory=dict)
    ignore: Collection[str] = ()
    year: int | None = None
    leave_on: date | None = None
    wording: str = ""


@dataclass(frozen=True, slots=True)
class ReadTitle:
    """How the title of a column was understood. The fields are those of the JSON document.

    Attributes:
        column: its number, from 1.
        read_as: the channel or purpose whose consents it holds; None: it is not needed, and is left out.
        biometric: it is left out because nobody can give that consent in a school.
    """

    column: int
    title: str
    read_as: str | None
    biometric: bool = False


class ListedDecision(NamedTuple):
    """A cell in a channel's column. `at`: the day of the decision; `until`: the last day it holds."""

    decision: ConsentState
    at: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row with a person.

    Attributes:
        fields: only those that the list has a column for.
        groups: None: the list has no column for them.
        decisions: by purpose; cells that are empty or say "not asked" are left out.
    """

    line: int
    id: PersonId
    fields: Mapping[str, Any] = field(repr=False)
    groups: tuple[str, ...] | None
    decisions: Mapping[str, ListedDecision]


@dataclass(frozen=True, slots=True)
class ListedStatement:
    """A row with one statement about one person.

    Attributes:
        statement: the id that the list gives it, if any.
        undoes: the id of the no that it takes back, in this list or in the registry; empty: of none.
        purposes_then: what each channel asked consent for then, of a statement from another registry; None: what they
            ask for now.
    """

    line: int
    person: PersonId
    purpose: str
    decision: ConsentState
    speaker: str = field(repr=False)
    capacity: Capacity
    at: date
    valid_from: date | None
    valid_until: date | None
    verified: str = field(repr=False)
    wording: str = field(repr=False)
    evidence: str = field(repr=False)
    statement: str = ""
    undoes: str = ""
    purposes_then: Mapping[ChannelId, str] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class ListedYear:
    """A row with a person's group in a school year."""

    line: int
    person: PersonId
    year: int
    group: str


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A whole list.

    Attributes:
        ids_derived: it has no ids, and they were derived from the names.
        titles: how columns were understood, or why they are left out.
        biometric: how many rows of statements are left out, since they are about comparing faces.
    """

    people: tuple[ListedPerson, ...]
    statements: tuple[ListedStatement, ...]
    years: tuple[ListedYear, ...]
    ids_derived: bool
    titles: tuple[ReadTitle, ...] = ()
    biometric: int = 0
