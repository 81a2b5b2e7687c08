"""From the sheets of a class list to what they say: people, their groups in earlier years, and what was said."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from fotopoort.errors import BadClassList
from fotopoort.registry.consent.derivation import BIOMETRIC_MATCHING, Capacity
from fotopoort.registry.lists import columns
from fotopoort.registry.lists.class_list import CONSENTS, ROLES, YES_NO, derived_id
from fotopoort.registry.lists.sheets import Cell, Row, Sheet
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId

Value = TypeVar("Value")

MAX_PROBLEMS: Final = 20  # told at once
OLDEST: Final = 100  # years; older is a slip of the pen
DATE: Final = " datum"  # after a channel's column: the day it was said
UNTIL: Final = " tot"  # the last day it holds


@dataclass(frozen=True, slots=True)
class Options:
    """How a list is to be read.

    Attributes:
        rename: titles of columns, and what they stand for, as in {"Lln.nr": "id"}.
        ignore: titles of columns to leave out.
        year: the school year of its groups; None: this one.
        leave_on: who is in one of its groups and not on it leaves on this day; None: nobody does.
    """

    rename: Mapping[str, str] = field(default_factory=dict)
    ignore: Collection[str] = ()
    year: int | None = None
    leave_on: date | None = None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One row with a person. `fields`: only those that the list has a column for."""

    line: int
    id: PersonId
    fields: Mapping[str, Any] = field(repr=False)
    groups: tuple[str, ...] | None
    words: Mapping[str, tuple[ConsentState, date | None, date | None]]  # by purpose: word, day, last day


@dataclass(frozen=True, slots=True)
class ListedWord:
    """One row with something said."""

    line: int
    person: PersonId
    purpose: str
    word: ConsentState
    speaker: str = field(repr=False)
    capacity: Capacity
    at: date
    valid_from: date | None
    valid_until: date | None
    verified: str = field(repr=False)
    wording: str = field(repr=False)
    evidence: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedYear:
    """One row with somebody's group in a school year."""

    line: int
    person: PersonId
    year: int
    group: str


@dataclass(frozen=True, slots=True)
class ParsedList:
    people: tuple[ListedPerson, ...]
    words: tuple[ListedWord, ...]
    years: tuple[ListedYear, ...]
    ids_derived: bool  # the list has no ids: they were made of the names


def read(sheets: Collection[Sheet], channels: Collection[ChannelId], today: date, options: Options) -> ParsedList:
    """What a class list says.

    Raises:
        BadClassList: with every line and column that cannot be understood, up to a number of them; nothing that stands
            in a cell is quoted.
    """
    reader = _Reader(channels, today, options)
    for sheet in sheets:
        reader.read(sheet)
    return reader.result()


class _Reader:
    def __init__(self, channels: Collection[ChannelId], today: date, options: Options) -> None:
        self._purposes = (*channels, BIOMETRIC_MATCHING)
        self._today, self._options = today, options
        self._renamed = {columns.key(title): to for title, to in options.rename.items()}
        self._ignored = {columns.key(title) for title in options.ignore}
        self._problems: list[str] = []
        self._people: list[ListedPerson] = []
        self._words: list[ListedWord] = []
        self._years: list[ListedYear] = []
        self._line_of: dict[PersonId, str] = {}
        self._derived = False

    def read(self, sheet: Sheet) -> None:
        header, *rows = sheet.rows
        keys = [columns.key(title) for title in header.cells]
        known = self._known(keys)
        # Before this is known to be a row of titles, it may be a row with a person: quote nothing from it.
        if sum(key in known for key in keys if key) < 2 and not {"naam", "name"} & set(keys):
            raise BadClassList(
                f"The first line{_of(sheet)} must name the columns.",
                hint=f"For example: id;naam;rol;groep;{';'.join(self._purposes[:-1])}",
            )
        fields = self._fields(sheet, header, known)
        kinds = set(filter(None, fields))
        for row in rows:
            line = _Line(self, sheet, row, fields, header)
            if {"channel", "word"} <= kinds:
                self._word(line)
            elif {"year", "groups"} <= kinds and "name" not in kinds:
                self._year(line)
            else:
                self._person(line)

    def result(self) -> ParsedList:
        if self._problems:
            more = len(self._problems) - MAX_PROBLEMS
            told = self._problems[:MAX_PROBLEMS] + ([f"And {more} more."] if more > 0 else [])
            raise BadClassList("\n".join(told), hint="Correct this and import the list again; nothing was changed.")
        if not (self._people or self._words or self._years):
            raise BadClassList("The class list names nobody.", hint="Put one person on each line below the titles.")
        return ParsedList(tuple(self._people), tuple(self._words), tuple(self._years), self._derived)

    def problem(self, text: str) -> None:
        self._problems.append(text)

    # --- titles ---

    def _known(self, keys: Collection[str]) -> Mapping[str, str]:
        channels = {columns.key(purpose): purpose for purpose in self._purposes}
        channels |= {key + after: purpose + after for key, purpose in channels.items() for after in (DATE, UNTIL)}
        if {"kanaal", "channel", "doel"} & set(keys):
            return {**columns.PEOPLE, **columns.EVENTS}
        return {**columns.PEOPLE, **columns.YEARS, **channels}

    def _fields(self, sheet: Sheet, header: Row, known: Mapping[str, str]) -> list[str | None]:
        fields: list[str | None] = []
        for number, title in enumerate(header.cells, 1):
            key = columns.key(title)
            wanted = columns.key(self._renamed.get(key, key))
            if not key or key in self._ignored:
                fields.append(None)
                continue
            found = known.get(wanted) or (wanted if wanted in known.values() else None)
            if found is None:
                near = difflib.get_close_matches(key, known, 1)
                way_out = f"did you mean {near[0]}? Else" if near else "then"
                self.problem(
                    f"Column {number}{_of(sheet)}, “{title}”, is unknown: {way_out} map or ignore that column."
                )
            elif found in fields:
                first = fields.index(found) + 1
                self.problem(f"Column {number}{_of(sheet)} holds the same as column {first}: ignore one of them.")
            fields.append(found)
        return fields

    # --- rows ---

    def _person(self, line: _Line) -> None:
        values: dict[str, Any] = {
            name: line.text(name)
            for name in ("name", "call_name", "given_names", "prefix", "surname")
            if name in line.fields
        }
        if "nicknames" in line.fields:
            values["nicknames"] = tuple(filter(None, (one.strip() for one in line.text("nicknames").split("|"))))
        if "role" in line.fields:
            values["role"] = line.one_of("role", ROLES)
        if line.text("never_locatable"):  # left empty it changes nothing
            values["never_locatable"] = line.one_of("never_locatable", YES_NO)
        if "born" in line.fields and (born := line.day("born")) is not None:
            if not self._today.year - OLDEST <= born.year or born > self._today:
                line.wrong("born", "nobody at school was born then")
            else:
                values["own_from"] = columns.sixteenth_birthday(born)
        for name in ("own_from", "leaves"):
            if name in line.fields and (found := line.day(name)) is not None:
                values[name] = found
        name = values.get("name") or " ".join(
            filter(
                None,
                (values.get("call_name") or values.get("given_names"), values.get("prefix"), values.get("surname")),
            )
        )
        person = line.text("id")
        if not person and name:
            person, self._derived = derived_id(name), True
        if not name:
            line.wrong("name", "there is no name")
        if person and (first := self._line_of.setdefault(person, line.place)) != line.place:
            line.wrong("id", f"the same person is on {first[0].lower()}{first[1:]}")
        groups = None
        if "groups" in line.fields:
            groups = tuple(" ".join(one.split()) for one in line.text("groups").split("|") if one.strip())
        words = {
            purpose: (word, line.day(purpose + DATE), line.day(purpose + UNTIL))
            for purpose in self._purposes
            if purpose in line.fields and (word := line.one_of(purpose, CONSENTS)) not in (None, ConsentState.NOT_ASKED)
        }
        self._people.append(ListedPerson(line.number, person, values, groups, words))

    def _word(self, line: _Line) -> None:
        person, word, at = line.wanted("id"), line.one_of("word", CONSENTS), line.day("at")
        capacity = line.one_of("capacity", columns.CAPACITIES) or Capacity.GUARDIAN
        purposes = {columns.key(purpose): purpose for purpose in self._purposes}
        purpose = line.one_of("channel", purposes)
        if at is None:
            line.wrong("at", "the day it was said is missing")
        elif at > self._today:
            line.wrong("at", "that day is not yet there")
        if purpose is None or word is None or at is None:
            return
        speaker = person if capacity is Capacity.OWN else line.text("speaker")
        days = line.day("valid_from"), line.day("valid_until")
        told = line.text("verified"), line.text("wording"), line.text("evidence")
        self._words.append(ListedWord(line.number, person, purpose, word, speaker, capacity, at, *days, *told))

    def _year(self, line: _Line) -> None:
        person, group = line.wanted("id"), line.wanted("groups")
        year = line.parsed("year", columns.school_year, "it is no school year, as in 2024-2025")
        if year is not None:
            self._years.append(ListedYear(line.number, person, year, " ".join(group.split())))


class _Line:
    """One row, with what is wrong about it told to the reader."""

    def __init__(self, reader: _Reader, sheet: Sheet, row: Row, fields: list[str | None], header: Row) -> None:
        self._reader, self._sheet, self._header = reader, sheet, header
        self._cells = {name: cell for name, cell in zip(fields, row.cells, strict=False) if name}
        self._numbers = {name: number for number, name in enumerate(fields, 1) if name}
        self.number, self.fields = row.line, self._numbers.keys()

    @property
    def place(self) -> str:
        return f"Line {self.number}{_of(self._sheet)}"

    def wrong(self, name: str, problem: str) -> None:
        place = self.place
        if (number := self._numbers.get(name)) is not None:
            place += f", column {number} (“{self._header.cells[number - 1]}”)"
        self._reader.problem(f"{place}: {problem}.")

    def text(self, name: str) -> str:
        cell: Cell = self._cells.get(name, "")
        return " ".join(str(cell).split())

    def wanted(self, name: str) -> str:
        text = self.text(name)
        if not text:
            self.wrong(name, "it is empty")
        return text

    def one_of(self, name: str, words: Mapping[str, Value]) -> Value | None:
        found = columns.word(self._cells.get(name, ""))
        if found not in words:
            self.wrong(name, f"not a word known there; write one of {', '.join(filter(None, words))}")
            return None
        return words[found]

    def day(self, name: str) -> date | None:
        return self.parsed(name, columns.day, "it is no day on the calendar, as in 31-12-2026")

    def parsed(self, name: str, read: Callable[[Cell], Value | None], problem: str) -> Value | None:
        try:
            return read(self._cells.get(name, ""))
        except ValueError:
            self.wrong(name, problem)
            return None


def _of(sheet: Sheet) -> str:
    return f" of sheet “{sheet.name}”" if sheet.name else ""
