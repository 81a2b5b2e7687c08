"""Importing a class list: first what it would change, line by line; then all of it, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from fotopoort.errors import BadClassList, Forbidden
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.consent_log import GUARDIANS, Statement
from fotopoort.registry.consent.derivation import FORBIDS, Capacity
from fotopoort.registry.lists.class_list import group_key
from fotopoort.registry.lists.list_reader import ListedPerson, ListedWord, Options, ParsedList, read
from fotopoort.registry.lists.sheets import Sheet, read_sheets
from fotopoort.registry.people import groups, people
from fotopoort.registry.people.people import PersonRecord, complete
from fotopoort.registry.registry import Session
from fotopoort.registry.store import tables
from fotopoort.vocabulary import ConsentState, PersonId, Role

DERIVED = "The list has no ids: they are made of the names, and change with them. Better add a column id."
LOOSER = (
    "Line {line}: the list says yes for {purpose}, and the registry has a no, which stays. If the yes is later, give"
    " its day in a column “{purpose} datum”, or write it down with `fotopoort registry consent`."
)
BACK = "Line {line}: this person has left according to the registry. If they are back, take their last day away."
OTHER_NAME = "Line {line}: the registry has quite another name for this id."


@dataclass(frozen=True, slots=True)
class Change:
    """What one line of the list changes."""

    line: int
    person: PersonId
    new: bool = False
    fields: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()  # purpose and word: "website granted"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do.

    Attributes:
        changes: line by line; lines that change nothing are not among them.
        unchanged: how many such lines there are.
        leaving: who is in one of the list's groups and not on it, and leaves.
        warnings: what somebody should look at first.
    """

    sha256: str
    changes: tuple[Change, ...]
    unchanged: int
    leaving: tuple[PersonId, ...]
    warnings: tuple[str, ...]
    _new: list[tuple[PersonRecord, tuple[str, ...]]] = field(repr=False, default_factory=list)
    _changed: list[tuple[PersonId, dict[str, Any]]] = field(repr=False, default_factory=list)
    _joining: dict[int, list[tuple[PersonId, tuple[str, ...]]]] = field(repr=False, default_factory=dict)
    _said: list[Statement] = field(repr=False, default_factory=list)
    _leave_on: date | None = None


def plan(
    session: Session,
    content: bytes,
    options: Options = Options(),  # noqa: B008 - a frozen value
    sheets: Sequence[Sheet] | None = None,
) -> Plan:
    """What importing a class list would change.

    Args:
        content: of a CSV file or a spreadsheet; its columns are in `fixtures/README.md`.
        sheets: what `read_sheets` made of it, where that was done before the session began: others wait for it.

    Raises:
        BadClassList: it cannot be understood; names lines and columns, never what stands in them.
        Forbidden: it says who must never be found, which is not for this caller.
    """
    channels = [channel.id for channel in session.channels]
    listed = read(read_sheets(content) if sheets is None else sheets, channels, session.today, options)
    if not session.caller.may(Act.SEE_HIDDEN) and any("never_locatable" in one.fields for one in listed.people):
        raise Forbidden("The column nooit_vindbaar is for the privacy officer.", hint="Leave that column out.")
    return _Planner(session, listed, options, hashlib.sha256(content).hexdigest()).plan()


def apply(session: Session, plan: Plan) -> None:
    """Do what was planned, in this session: all of it, or nothing."""
    people.add_many(session, plan._new)
    for who, changes in plan._changed:
        people.change(session, who, **changes)
    known = {who: ref for ref, who in people.ids(session).items()}
    for in_year, joining in plan._joining.items():
        groups.join_many(session, [(known[who], theirs) for who, theirs in joining], in_year)
    consent_log.record_many(session, plan._said)
    for who in plan.leaving:
        people.change(session, who, leaves=plan._leave_on)
    session.note(
        "import",
        file=plan.sha256,
        new=len(plan._new),
        changed=len(plan._changed),
        words=len(plan._said),
        leaving=len(plan.leaving),
    )
    session.bump_revision()
    for table in (tables.person, tables.membership, tables.consent):
        # The database then knows how much there is, and finds somebody's rows without reading all of them.
        session.connection.exec_driver_sql(f"ANALYZE {table.name}")


class _Planner:
    def __init__(self, session: Session, listed: ParsedList, options: Options, sha256: str) -> None:
        self._session, self._listed, self._options = session, listed, options
        self._year = groups.this_year(session, options.year)
        self._records = {record.id: record for record in people.records(session)}
        self._ids = people.ids(session)
        self._refs = {person: ref for ref, person in self._ids.items()}
        self._in_year = {listed_year: groups.by_person(session, listed_year) for listed_year in self._years()}
        self._last_words = consent_log.last_words(session)
        self._said_before = consent_log.said_before(session)
        self._holds = {
            (self._ids[ref], purpose): one.state for (ref, purpose), one in consent_log.standings(session).items()
        }
        self._warnings = [DERIVED] if listed.ids_derived else []
        self._plan = Plan(sha256, (), 0, (), ())

    def _years(self) -> set[int]:
        return {self._year, *(one.year for one in self._listed.years)}

    def plan(self) -> Plan:
        changes = [change for one in self._listed.people if (change := self._person(one)) is not None]
        unchanged = len(self._listed.people) - len(changes)
        known = self._records.keys() | {one.id for one in self._listed.people}
        unknown = [one.line for one in self._listed.words if one.person not in known]
        unknown += [one.line for one in self._listed.years if one.person not in known]
        if unknown:
            raise BadClassList(
                "\n".join(f"Line {line}: nobody has that id." for line in unknown[:20]),
                hint="Put these people on the list, or use the ids of the registry.",
            )
        changes += [change for one in self._listed.words if (change := self._word(one)) is not None]
        changes += self._earlier_years()
        return Plan(
            sha256=self._plan.sha256,
            changes=tuple(changes),
            unchanged=unchanged,
            leaving=self._leaving(),
            warnings=tuple(self._warnings),
            _new=self._plan._new,
            _changed=self._plan._changed,
            _joining=self._plan._joining,
            _said=self._plan._said,
            _leave_on=self._options.leave_on,
        )

    def _person(self, one: ListedPerson) -> Change | None:
        before = self._records.get(one.id)
        words = self._channel_words(one)
        if before is None:
            self._plan._new.append((complete(PersonRecord(**{"id": one.id, **one.fields})), ()))
            if one.groups:
                self._join(self._year, one.id, one.groups)
            return Change(one.line, one.id, True, tuple(sorted(one.fields)), one.groups, words)
        after = complete(PersonRecord(**self._fields(before) | self._named(one)))
        changes = {name: value for name in people.FIELDS if (value := getattr(after, name)) != getattr(before, name)}
        if changes:
            self._plan._changed.append((one.id, changes))
        if after.leaves is not None and after.leaves < self._session.today and "leaves" not in one.fields:
            self._warnings.append(BACK.format(line=one.line))
        if "name" in changes and not set(_parts(before.name)) & set(_parts(after.name)):
            self._warnings.append(OTHER_NAME.format(line=one.line))
        joined = self._joined(one)
        if not (changes or words or joined is not None):
            return None
        return Change(one.line, one.id, False, tuple(changes), joined, words)

    @staticmethod
    def _fields(record: PersonRecord) -> dict[str, Any]:
        return {name: getattr(record, name) for name in people.FIELDS}

    @staticmethod
    def _named(one: ListedPerson) -> dict[str, Any]:
        """The row's fields; the name is put together anew where the list has its parts and not the whole."""
        parts = {"call_name", "given_names", "surname"} & one.fields.keys()
        return dict(one.fields) if "name" in one.fields or not parts else {**one.fields, "name": ""}

    def _joined(self, one: ListedPerson) -> tuple[str, ...] | None:
        if one.groups is None:
            return None
        now = {group_key(group) for group in self._in_year[self._year].get(self._refs[one.id], ())}
        if now == {group_key(group) for group in one.groups}:
            return None
        self._join(self._year, one.id, one.groups)
        return one.groups

    def _join(self, year: int, person: PersonId, theirs: tuple[str, ...]) -> None:
        self._plan._joining.setdefault(year, []).append((person, theirs))

    def _channel_words(self, one: ListedPerson) -> tuple[str, ...]:
        """What the columns of channels say that was not said before by the same people."""
        role = one.fields.get("role") or (self._records[one.id].role if one.id in self._records else Role.PUPIL)
        grown_up = role is not Role.PUPIL
        speaker = one.id if grown_up else GUARDIANS
        told = []
        for purpose, (word, at, until) in one.words.items():
            holds = self._holds.get((one.id, purpose), ConsentState.NOT_ASKED)
            if self._last_words.get((one.id, purpose, speaker)) == (word, until) or (holds is word and until is None):
                continue
            if word is ConsentState.GRANTED and holds in FORBIDS and at is None:
                # An old list must not undo a later no; whoever means it says when it was said.
                self._warnings.append(LOOSER.format(line=one.line, purpose=purpose))
                continue
            if (one.id, purpose, word, speaker, self._moment(at) if at else None) in self._said_before:
                continue
            self._plan._said.append(
                Statement(
                    one.id,
                    purpose,
                    word,
                    speaker=speaker,
                    capacity=Capacity.OWN if grown_up else Capacity.GUARDIAN,
                    at=self._moment(at) if at else None,
                    valid_until=until,
                )
            )
            told.append(f"{purpose} {word.value}")
        return tuple(told)

    def _word(self, one: ListedWord) -> Change | None:
        said = Statement(
            one.person,
            one.purpose,
            one.word,
            speaker=one.speaker or GUARDIANS,
            capacity=one.capacity,
            at=self._moment(one.at),
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            verified=one.verified,
            wording=one.wording,
            evidence=one.evidence,
        )
        if (said.person, said.purpose, said.word, said.speaker, said.at) in self._said_before:
            return None
        self._plan._said.append(said)
        return Change(one.line, one.person, words=(f"{one.purpose} {one.word.value}",))

    def _earlier_years(self) -> list[Change]:
        theirs: dict[tuple[int, PersonId], list[str]] = {}
        line_of: dict[tuple[int, PersonId], int] = {}
        for one in self._listed.years:
            theirs.setdefault((one.year, one.person), []).append(one.group)
            line_of.setdefault((one.year, one.person), one.line)
        changes = []
        for (year, person), names in theirs.items():
            now = {group_key(group) for group in self._in_year[year].get(self._refs.get(person, ""), ())}
            if now != {group_key(group) for group in names}:
                self._join(year, person, tuple(names))
                changes.append(Change(line_of[year, person], person, groups=tuple(names)))
        return changes

    def _leaving(self) -> tuple[PersonId, ...]:
        if self._options.leave_on is None:
            return ()
        listed = {one.id for one in self._listed.people}
        on_it = {group_key(group) for one in self._listed.people for group in one.groups or ()}
        return tuple(
            record.id
            for record in self._records.values()
            if record.id not in listed
            and record.role is Role.PUPIL
            and record.leaves is None
            and on_it & {group_key(group) for group in self._in_year[self._year].get(self._refs[record.id], ())}
        )

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._session.now.tzinfo)


def _parts(name: str) -> list[str]:
    return name.casefold().split()
