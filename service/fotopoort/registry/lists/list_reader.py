"""From the sheets of a class list to what they say: people, their groups in earlier years, and statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from fotopoort.errors import BadClassList
from fotopoort.policy.policy import NO_PURPOSE, Channel
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.purposes import names
from fotopoort.registry.lists import columns
from fotopoort.registry.lists.class_list import CONSENTS, ROLES, YES_NO, derived_id
from fotopoort.registry.lists.parsed_list import (
    ImportOptions,
    ListedDecision,
    ListedPerson,
    ListedStatement,
    ListedYear,
    ParsedList,
)
from fotopoort.registry.lists.row_reader import RowReader
from fotopoort.registry.lists.sheets import Sheet
from fotopoort.registry.lists.titles.reader import DATE, UNTIL, TitleReader, is_of_statements, is_of_years
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId, Text

MAX_PROBLEMS: Final = 20  # reported at once
MAX_AGE: Final = 100  # years; older is a typing error
NAME_PARTS: Final = ("call_name", "given_names", "prefix", "surname")


def read(sheets: Collection[Sheet], channels: Sequence[Channel], today: date, options: ImportOptions) -> ParsedList:
    """What a class list says.

    Raises:
        BadClassList: with every line and column that cannot be understood, up to MAX_PROBLEMS of them; nothing that is
            in a cell is quoted.
    """
    reader = _ListReader(channels, today, options)
    for sheet in sheets:
        reader.read(sheet)
    return reader.result()


class _ListReader:
    def __init__(self, channels: Sequence[Channel], today: date, options: ImportOptions) -> None:
        self._purposes = names(channels)
        self._biometric = 0
        self._today = today
        self._problems: list[Text] = []
        self._titles = TitleReader(channels, options, self._problems.append)
        self._people: list[ListedPerson] = []
        self._statements: list[ListedStatement] = []
        self._years: list[ListedYear] = []
        self._place_of: dict[PersonId, Text] = {}
        self._ids_derived = False

    def read(self, sheet: Sheet) -> None:
        header, *rows = sheet.rows
        fields = self._titles.fields(sheet)
        kinds = set(fields)
        for row in rows:
            cells = RowReader(sheet, row, fields, header, self._problems.append)
            if is_of_statements(kinds):
                self._read_statement(cells)
            elif is_of_years(kinds):
                self._read_year(cells)
            else:
                self._read_person(cells)

    def result(self) -> ParsedList:
        self._titles.check_options(has_groups=any(person.groups is not None for person in self._people))
        if self._problems:
            problems, more = self._problems[:MAX_PROBLEMS], len(self._problems) - MAX_PROBLEMS
            if more > 0:
                problems.append(Text(nl=f"En nog {more}.", en=f"And {more} more."))
            raise BadClassList(
                Text(nl="\n".join(text.nl for text in problems), en="\n".join(text.en for text in problems)),
                hint=Text(
                    nl="Verbeter dit en importeer de lijst opnieuw; er is niets veranderd.",
                    en="Correct this and import the list again; nothing was changed.",
                ),
            )
        if not (self._people or self._statements or self._years or self._biometric):
            raise BadClassList(
                Text(nl="Op de klassenlijst staat niemand.", en="The class list names nobody."),
                hint=Text(
                    nl="Zet op elke regel onder de titels één persoon.",
                    en="Put one person on each line below the titles.",
                ),
            )
        return ParsedList(
            tuple(self._people),
            tuple(self._statements),
            tuple(self._years),
            self._ids_derived,
            tuple(self._titles.read),
            self._biometric,
        )

    # --- rows ---

    def _read_person(self, row: RowReader) -> None:
        values = self._person_fields(row)
        name = values.get("name") or " ".join(
            filter(
                None,
                (values.get("call_name") or values.get("given_names"), values.get("prefix"), values.get("surname")),
            )
        )
        person, place = row.text("id"), row.place
        if not person and name:
            person, self._ids_derived = derived_id(name), True
        if not name:
            row.wrong("name", Text(nl="er staat geen naam", en="there is no name"))
        if person and (first := self._place_of.setdefault(person, place)) is not place:
            row.wrong(
                "id",
                Text(
                    nl=f"dezelfde persoon staat op {first.nl[0].lower()}{first.nl[1:]}",
                    en=f"the same person is on {first.en[0].lower()}{first.en[1:]}",
                ),
            )
        groups = None
        if "groups" in row.fields:
            groups = tuple(" ".join(group.split()) for group in row.text("groups").split("|") if group.strip())
        decisions = {}
        for purpose in self._purposes:
            decision = row.one_of(purpose, CONSENTS) if purpose in row.fields else None
            if decision not in (None, ConsentState.NOT_ASKED):
                at = self._past(row, purpose + DATE)
                decisions[purpose] = ListedDecision(decision, at, row.day(purpose + UNTIL))
        self._people.append(ListedPerson(row.number, person, values, groups, decisions))

    def _person_fields(self, row: RowReader) -> dict[str, Any]:
        values: dict[str, Any] = {name: row.text(name) for name in ("name", *NAME_PARTS) if name in row.fields}
        if "nicknames" in row.fields:
            values["nicknames"] = tuple(filter(None, (name.strip() for name in row.text("nicknames").split("|"))))
        if "role" in row.fields:
            values["role"] = row.one_of("role", ROLES)
        if row.text("never_locatable"):  # an empty cell changes nothing
            values["never_locatable"] = row.one_of("never_locatable", YES_NO)
        if "born" in row.fields and (born := row.day("born")) is not None:
            if not self._today.year - MAX_AGE <= born.year or born > self._today:
                row.wrong("born", Text(nl="niemand op school is toen geboren", en="nobody at school was born then"))
            else:
                values["own_from"] = columns.sixteenth_birthday(born)
        for name in ("own_from", "leaves"):
            if name in row.fields and (day := row.day(name)) is not None:
                values[name] = day
        return values

    def _read_statement(self, row: RowReader) -> None:
        if columns.key(row.text("channel")) == columns.key(NO_PURPOSE):
            self._biometric += 1
            return
        person, decision, at = row.required("id"), row.one_of("word", CONSENTS), self._past(row, "at")
        capacity = row.one_of("capacity", columns.CAPACITIES) or Capacity.GUARDIAN
        purposes = {columns.key(purpose): purpose for purpose in self._purposes}
        purpose = row.one_of("channel", purposes)
        if at is None:
            row.wrong("at", Text(nl="de dag waarop het is gezegd, ontbreekt", en="the day it was said is missing"))
        if purpose is None or decision is None or at is None:
            return
        self._statements.append(
            ListedStatement(
                line=row.number,
                person=person,
                purpose=purpose,
                decision=decision,
                speaker=person if capacity is Capacity.OWN else row.text("speaker"),
                capacity=capacity,
                at=at,
                valid_from=row.day("valid_from"),
                valid_until=row.day("valid_until"),
                verified=row.text("verified"),
                wording=row.text("wording"),
                evidence=row.text("evidence"),
                statement=row.text("statement"),
                undoes=row.text("undoes"),
                purposes_then=self._purposes_then(row),
            )
        )

    @staticmethod
    def _purposes_then(row: RowReader) -> Mapping[ChannelId, str] | None:
        problem = Text(
            nl="het zijn geen kanalen met hun doel, zoals website=website|krant=pers",
            en="these are no channels with their purposes, as in website=website|paper=press",
        )
        return row.parsed("purposes_then", columns.purposes_from_text, problem)

    def _past(self, row: RowReader, name: str) -> date | None:
        """The day in the column on which something was said; None where it is empty or wrong."""
        day = row.day(name)
        if day is not None and day > self._today:
            row.wrong(name, Text(nl="die dag moet nog komen", en="that day is not yet there"))
        return day

    def _read_year(self, row: RowReader) -> None:
        person, group = row.required("id"), row.required("groups")
        problem = Text(nl="het is geen schooljaar, zoals 2024-2025", en="it is no school year, as in 2024-2025")
        year = row.parsed("year", columns.school_year, problem)
        if year is not None:
            self._years.append(ListedYear(row.number, person, year, group))
