"""Importing a class list: first what it would change, line by line; then all of it, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from fotopoort.errors import BadClassList, Forbidden
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import NO_BIOMETRICS, Statement
from fotopoort.registry.lists.list_reader import read
from fotopoort.registry.lists.parsed_list import ImportOptions, ListedPerson, ParsedList, ReadTitle
from fotopoort.registry.lists.sheets import Sheet, read_sheets
from fotopoort.registry.lists.statement_plan import StatementPlanner
from fotopoort.registry.people import groups, leaving, people
from fotopoort.registry.people.people import PersonRecord, complete
from fotopoort.registry.registry import Session
from fotopoort.registry.store import tables
from fotopoort.vocabulary import PersonId, Role, Text, group_key

IDS_DERIVED: Final = Text(
    nl="De lijst heeft geen id's: ze zijn gemaakt van de namen, en veranderen mee. Beter is een kolom id.",
    en="The list has no ids: they are made of the names, and change with them. Better add a column id.",
)
BIOMETRIC_ROWS: Final = Text(
    nl=f"Rijen over biometrie zijn overgeslagen. {NO_BIOMETRICS.nl}",
    en=f"Rows about biometrics are left out. {NO_BIOMETRICS.en}",
)
MAX_UNKNOWN: Final = 20  # lines with an unknown id that are reported


@dataclass(frozen=True, slots=True)
class Change:
    """What one line of the list changes. The fields are those of the JSON document.

    Attributes:
        words: what is recorded, as purpose and decision: "website granted".
    """

    line: int
    person: PersonId
    new: bool = False
    fields: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. The public fields are those of the JSON document.

    Attributes:
        changes: line by line; lines that change nothing are left out.
        unchanged: how many of those there are.
        leaving: pupils who leave: they are in one of the list's groups, but not on the list.
        warnings: what somebody should check before importing, in English; `warnings_nl`: the same in Dutch.
        titles: how columns of consents were understood, and which columns are left out because they are not needed.
    """

    sha256: str
    changes: tuple[Change, ...]
    unchanged: int
    leaving: tuple[PersonId, ...]
    warnings: tuple[str, ...]
    warnings_nl: tuple[str, ...] = ()
    titles: tuple[ReadTitle, ...] = ()
    _new: list[tuple[PersonRecord, tuple[str, ...]]] = field(repr=False, default_factory=list)
    _changed: list[tuple[PersonId, dict[str, Any]]] = field(repr=False, default_factory=list)
    _joining: dict[int, list[tuple[PersonId, tuple[str, ...]]]] = field(repr=False, default_factory=dict)
    _statements: list[Statement] = field(repr=False, default_factory=list)
    _leave_on: date | None = None


def plan(
    session: Session,
    content: bytes,
    options: ImportOptions = ImportOptions(),  # noqa: B008 - a frozen value
    sheets: Sequence[Sheet] | None = None,
) -> Plan:
    """What importing a class list would change.

    Args:
        content: of a CSV file or a spreadsheet; `fixtures/README.md` describes its columns.
        sheets: what `read_sheets` made of the content. Read them before the session begins: other sessions wait for it.

    Raises:
        BadClassList: it cannot be understood; names lines and columns, never what is in their cells.
        Forbidden: it says who must never be locatable, and the caller may not see that.
    """
    listed = read(read_sheets(content) if sheets is None else sheets, session.channels, session.today, options)
    if not session.caller.may(Act.SEE_HIDDEN) and any("never_locatable" in person.fields for person in listed.people):
        raise Forbidden(
            Text(
                nl="De kolom nooit_vindbaar is voor de privacyfunctionaris.",
                en="The column nooit_vindbaar is for the privacy officer.",
            ),
            hint=Text(nl="Laat die kolom weg.", en="Leave that column out."),
        )
    return _Planner(session, listed, options, hashlib.sha256(content).hexdigest()).plan()


def apply(session: Session, plan: Plan) -> None:
    """Do what was planned, in this session: all of it, or nothing."""
    people.add_many(session, plan._new)
    for person_id, changes in plan._changed:
        people.change(session, person_id, **changes)
    refs = {person_id: ref for ref, person_id in people.ids(session).items()}
    for year, joining in plan._joining.items():
        groups.join_many(session, [(refs[person_id], names) for person_id, names in joining], year)
    consent_log.record_many(session, plan._statements, is_list=True)
    for person_id in plan.leaving:
        people.change(session, person_id, leaves=plan._leave_on)
    session.note(
        "import",
        file=plan.sha256,
        new=len(plan._new),
        changed=len(plan._changed),
        words=len(plan._statements),
        leaving=len(plan.leaving),
    )
    session.bump_revision()
    for table in (tables.person, tables.membership, tables.consent):
        # With fresh statistics, the database finds a person's rows without reading all of them.
        session.connection.exec_driver_sql(f"ANALYZE {table.name}")


class _Planner:
    def __init__(self, session: Session, listed: ParsedList, options: ImportOptions, sha256: str) -> None:
        self._session, self._listed, self._options = session, listed, options
        self._year = groups.this_year(session, options.year)
        self._records = {record.id: record for record in people.records(session)}
        ids = people.ids(session)
        self._refs = {person_id: ref for ref, person_id in ids.items()}
        years = {self._year, *(row.year for row in listed.years)}
        self._groups_in_year = {year: groups.by_person(session, year) for year in years}
        self._after: dict[PersonId, PersonRecord] = {}
        self._warnings = [IDS_DERIVED] if listed.ids_derived else []
        self._warnings += [_biometric(title) for title in listed.titles if title.biometric]
        self._warnings += [BIOMETRIC_ROWS] if listed.biometric else []
        self._statements = StatementPlanner(session, self._warnings, options.wording)
        self._plan = Plan(sha256, (), 0, (), ())

    def plan(self) -> Plan:
        changes = [change for person in self._listed.people if (change := self._person(person)) is not None]
        unchanged = len(self._listed.people) - len(changes)
        self._check_ids()
        stated = self._statements.of_rows(self._listed.statements)
        changes += [Change(line, person, words=words) for line, person, words in stated]
        changes += self._earlier_years()
        lines = {row.person: row.line for row in self._listed.statements}
        lines |= {person.id: person.line for person in self._listed.people}
        self._statements.check(self._records, self._records | self._after, lines)
        self._plan._statements.extend(self._statements.planned)
        return replace(
            self._plan,
            changes=tuple(changes),
            unchanged=unchanged,
            leaving=self._leaving(),
            warnings=tuple(warning.en for warning in self._warnings),
            warnings_nl=tuple(warning.nl for warning in self._warnings),
            titles=self._listed.titles,
            _leave_on=self._options.leave_on,
        )

    def _check_ids(self) -> None:
        ids = self._records.keys() | {person.id for person in self._listed.people}
        lines = [row.line for row in self._listed.statements if row.person not in ids]
        lines += [row.line for row in self._listed.years if row.person not in ids]
        if lines:
            lines = lines[:MAX_UNKNOWN]
            raise BadClassList(
                Text(
                    nl="\n".join(f"Regel {line}: niemand heeft dat id." for line in lines),
                    en="\n".join(f"Line {line}: nobody has that id." for line in lines),
                ),
                hint=Text(
                    nl="Zet deze mensen op de lijst, of gebruik de id's van het register.",
                    en="Put these people on the list, or use the ids of the registry.",
                ),
            )

    def _person(self, listed: ListedPerson) -> Change | None:
        before = self._records.get(listed.id)
        if before is None:
            self._after[listed.id] = complete(PersonRecord(**{"id": listed.id, **listed.fields}))
            self._plan._new.append((self._after[listed.id], ()))
            if listed.groups:
                self._join(self._year, listed.id, listed.groups)
            words = self._statements.of_person(listed, self._after[listed.id])
            return Change(listed.line, listed.id, True, tuple(sorted(listed.fields)), listed.groups, words)
        fields = {name: getattr(before, name) for name in people.FIELDS}
        after = complete(PersonRecord(**fields | self._with_name(listed)))
        days = before.had_left, before.leaves, after.leaves
        had_left = leaving.recorded_departures(self._session, self._refs[listed.id], *days)
        self._after[listed.id] = replace(after, had_left=had_left)
        changes = {name: value for name in people.FIELDS if (value := getattr(after, name)) != getattr(before, name)}
        if changes:
            self._plan._changed.append((listed.id, changes))
        if after.leaves != before.leaves and leaving.is_past(before.leaves, self._session.today):
            self._warnings.append(_is_back(listed.line))
        if after.leaves is not None and after.leaves < self._session.today and "leaves" not in listed.fields:
            self._warnings.append(_has_left(listed.line))
        if "name" in changes and not set(_parts(before.name)) & set(_parts(after.name)):
            self._warnings.append(_other_name(listed.line))
        joined, words = self._joined(listed), self._statements.of_person(listed, self._after[listed.id])
        if not (changes or words or joined is not None):
            return None
        return Change(listed.line, listed.id, False, tuple(changes), joined, words)

    @staticmethod
    def _with_name(listed: ListedPerson) -> dict[str, Any]:
        """The row's fields; the name is composed again where the list has its parts and not the whole."""
        parts = {"call_name", "given_names", "surname"} & listed.fields.keys()
        return dict(listed.fields) if "name" in listed.fields or not parts else {**listed.fields, "name": ""}

    def _joined(self, listed: ListedPerson) -> tuple[str, ...] | None:
        """The groups of the list, where the registry has others."""
        if listed.groups is None or self._has_groups(self._year, listed.id, listed.groups):
            return None
        self._join(self._year, listed.id, listed.groups)
        return listed.groups

    def _has_groups(self, year: int, person_id: PersonId, names: Sequence[str]) -> bool:
        registered = self._groups_in_year[year].get(self._refs.get(person_id, ""), ())
        return {group_key(group) for group in registered} == {group_key(group) for group in names}

    def _join(self, year: int, person_id: PersonId, names: tuple[str, ...]) -> None:
        self._plan._joining.setdefault(year, []).append((person_id, names))

    def _earlier_years(self) -> list[Change]:
        names_of: dict[tuple[int, PersonId], list[str]] = {}
        line_of: dict[tuple[int, PersonId], int] = {}
        for row in self._listed.years:
            names_of.setdefault((row.year, row.person), []).append(row.group)
            line_of.setdefault((row.year, row.person), row.line)
        changes = []
        for (year, person_id), names in names_of.items():
            if not self._has_groups(year, person_id, names):
                self._join(year, person_id, tuple(names))
                changes.append(Change(line_of[year, person_id], person_id, groups=tuple(names)))
        return changes

    def _leaving(self) -> tuple[PersonId, ...]:
        if self._options.leave_on is None:
            return ()
        listed = {person.id for person in self._listed.people}
        listed_groups = {group_key(group) for person in self._listed.people for group in person.groups or ()}
        groups_of = self._groups_in_year[self._year]
        return tuple(
            record.id
            for record in self._records.values()
            if record.id not in listed
            and record.role is Role.PUPIL
            and record.leaves is None
            and listed_groups & {group_key(group) for group in groups_of.get(self._refs[record.id], ())}
        )


def _biometric(title: ReadTitle) -> Text:
    return Text(
        nl=f"Kolom {title.column}, “{title.title}”, is overgeslagen. {NO_BIOMETRICS.nl}",
        en=f"Column {title.column}, “{title.title}”, is left out. {NO_BIOMETRICS.en}",
    )


def _has_left(line: int) -> Text:
    return Text(
        nl=f"Regel {line}: deze persoon is volgens het register van school. Is die terug? Haal dan de laatste dag weg,"
        " en vraag opnieuw wat mag.",
        en=f"Line {line}: this person has left according to the registry. If they are back, take their last day away,"
        " and ask again what is allowed.",
    )


def _is_back(line: int) -> Text:
    return Text(
        nl=f"Regel {line}: deze persoon was van school, en de lijst heeft een andere laatste dag. Een ja van eerder"
        " telt niet meer: vraag het opnieuw, en zet de dag bij het nieuwe ja. Was de laatste dag verkeerd? Zeg dat"
        " daarna met `fotopoort registry change ID --correction`.",
        en=f"Line {line}: this person had left, and the list has another last day. An earlier yes no longer counts: ask"
        " again, and give the day of the new yes. If the last day was written down wrongly, say so afterwards with"
        " `fotopoort registry change ID --correction`.",
    )


def _other_name(line: int) -> Text:
    return Text(
        nl=f"Regel {line}: het register heeft een heel andere naam bij dit id.",
        en=f"Line {line}: the registry has quite another name for this id.",
    )


def _parts(name: str) -> list[str]:
    return name.casefold().split()
