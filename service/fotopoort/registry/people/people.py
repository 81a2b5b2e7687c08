"""The people of the school: who they are, and until when they are there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from fotopoort.errors import AlreadyThere, BadRecord, UnknownPerson
from fotopoort.registry.audit.chain import row_digest
from fotopoort.registry.people.groups import in_groups, join_many, spelled, this_year, within_reach
from fotopoort.registry.people.hidden import check_hidden
from fotopoort.registry.people.leaving import recorded_departures
from fotopoort.registry.photos.renaming import rename
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import storable
from fotopoort.registry.store.tables import former, person
from fotopoort.vocabulary import PersonId, Role, Text


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is recorded of one person. `id` is the school's own.

    Attributes:
        name: as it is used; where it is empty, it is composed of its parts.
        own_from: the 16th birthday, from which a pupil's own statements count.
        leaves: the last day at school; informed: the day on which a pupil was told that they decide from 16 on.
        had_left: from when they had left, of somebody who came back; it follows from `leaves`, see `leaving.py`.
    """

    id: PersonId
    name: str = field(default="", repr=False)
    call_name: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)
    prefix: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    nicknames: tuple[str, ...] = field(default=(), repr=False)
    role: Role = Role.PUPIL
    own_from: date | None = None
    leaves: date | None = None
    never_locatable: bool = field(default=False, repr=False)
    informed: date | None = None
    had_left: tuple[datetime, ...] = ()


FIELDS: Final = tuple(PersonRecord.__dataclass_fields__)
MAX_ID: Final = 80  # characters
HIDDEN: Final = "person.hidden"  # the kind of audit row that tells that never_locatable changed
RESERVED: Final = ("former-", "erased-")  # how ids begin of people in verdicts and answers of whom there is no record


def complete(record: PersonRecord) -> PersonRecord:
    """The record with the name composed of its parts where it was left out.

    Raises:
        BadRecord: there is no name at all, or no id that can be stored.
    """
    name = record.name or " ".join(
        filter(None, (record.call_name or record.given_names, record.prefix, record.surname))
    )
    if not record.id.strip() or not name.strip():
        raise BadRecord(
            Text(nl="Een persoon heeft een id en een naam nodig.", en="A person needs an id and a name."),
            hint=Text(nl="Vul allebei in.", en="Fill in both."),
        )
    if len(record.id) > MAX_ID:
        raise BadRecord(
            Text(nl=f"Een id is langer dan {MAX_ID} tekens.", en=f"An id is longer than {MAX_ID} characters."),
            hint=_USE_NUMBER,
        )
    if record.id.startswith(RESERVED):
        raise BadRecord(
            Text(
                nl="Alleen het id van iemand die is gewist, begint zo.",
                en="Only the id of somebody who was erased begins like that.",
            ),
            hint=_USE_NUMBER,
        )
    if storable(record.id) != record.id:
        raise BadRecord(
            Text(
                nl="In een id staat een teken dat niet kan worden bewaard.",
                en="An id has a character in it that cannot be kept.",
            ),
            hint=_USE_NUMBER,
        )
    return replace(record, name=" ".join(name.split()))


_USE_NUMBER: Final = Text(nl="Gebruik het leerlingnummer.", en="Use the pupil number.")


def add(session: Session, record: PersonRecord, groups: Collection[str] = (), year: int | None = None) -> str:
    """Add a person, in groups of a school year (None: this one). Returns their ref.

    Raises:
        AlreadyThere: that id is in use.
        BadRecord: something is missing.
    """
    return add_many(session, [(record, groups)], year)[0]


def add_many(
    session: Session, records: Iterable[tuple[PersonRecord, Collection[str]]], year: int | None = None
) -> list[str]:
    """Add people, each with their groups; see `add`."""
    rows, joining, used_ids = [], [], set(ids(session).values())
    for record, groups in records:
        record = complete(record)
        if record.id in used_ids:
            raise _id_in_use()
        used_ids.add(record.id)
        ref = uuid.uuid4().hex
        always = {"tenant": session.tenant, "ref": ref, "added": session.now, "leaves_recorded": session.now}
        rows.append(_row(record) | always)
        joining.append((ref, groups))
        sha256 = row_digest(person, rows[-1])
        session.note("person.added", person=ref, sha256=sha256)
        if record.never_locatable:
            session.note(HIDDEN, person=ref, sha256=sha256)
    if rows:
        check_hidden(session, hidden=any(row["never_locatable"] for row in rows))
        session.connection.execute(insert(person), rows)
        join_many(session, joining, year)
        session.bump_revision()
    return [row["ref"] for row in rows]


def change(
    session: Session,
    person_id: PersonId,
    *,
    corrected: bool = False,
    **changes: Any,  # noqa: ANN401 - fields of a PersonRecord
) -> PersonRecord:
    """Change what is recorded of somebody: fields of `PersonRecord`. What was said of them in photos follows a new id.

    Args:
        corrected: the last day that was recorded was wrong, see `leaving.py`.

    Raises:
        UnknownPerson: there is nobody with that id.
        AlreadyThere: the new id is in use.
        BadRecord: something is missing.
    """
    ref = ref_of(session, person_id)
    before = find(session, person_id)
    record = complete(replace(before, **changes))
    days = before.had_left, before.leaves, record.leaves
    record = replace(record, had_left=recorded_departures(session, ref, *days, corrected=corrected))
    if record.id != person_id and record.id in ids(session).values():
        raise _id_in_use()
    if record == before:
        return record
    fields = {name for name in FIELDS if getattr(record, name) != getattr(before, name)}
    check_hidden(session, hidden="never_locatable" in fields and record.never_locatable)
    row = _row(record) | {"tenant": session.tenant, "ref": ref}
    if corrected or record.leaves != before.leaves:
        row |= {"leaves_recorded": None if corrected else session.now}
    session.connection.execute(update(person).where(_is(session, ref)).values(row))
    if record.id != person_id:
        rename(session, person_id, record.id)
    sha256 = row_digest(person, row)
    if "never_locatable" in fields:
        session.note(HIDDEN, person=ref, sha256=sha256)
    if visible := fields - {"never_locatable"}:
        told: dict[str, Any] = {"corrected": True} if corrected else {}
        session.note("person.changed", person=ref, fields=sorted(visible), sha256=sha256, **told)
    session.bump_revision()
    return record


def leave(session: Session, person_id: PersonId, last_day: date) -> None:
    """Record somebody's last day at school; consents end with it.

    Raises:
        UnknownPerson: there is nobody with that id.
    """
    change(session, person_id, leaves=last_day)


def knows_nobody(session: Session) -> bool:
    """Whether nobody is in the registry, and nobody was who has been erased."""
    rows = (select(table.c.tenant).where(table.c.tenant == session.tenant).limit(1) for table in (person, former))
    return not any(session.connection.execute(row).first() for row in rows)


def find(session: Session, person_id: PersonId) -> PersonRecord:
    """What is recorded of somebody.

    Raises:
        UnknownPerson: there is nobody with that id within this caller's reach.
    """
    rows = session.connection.execute(select(person).where(person.c.id == person_id, within_reach(session)))
    if (row := rows.one_or_none()) is None:
        raise _unknown()
    return _record(row)


def ref_of(session: Session, person_id: PersonId) -> str:
    """The ref of somebody within this caller's reach.

    Raises:
        UnknownPerson: there is no such person.
    """
    return refs_of(session, {person_id})[person_id]


def refs_of(session: Session, ids: Collection[PersonId]) -> dict[PersonId, str]:
    """The refs of people within this caller's reach.

    Raises:
        UnknownPerson: one of them is not.
    """
    rows = session.connection.execute(select(person.c.id, person.c.ref).where(within_reach(session)))
    refs = {row.id: row.ref for row in rows if row.id in ids}
    if len(refs) < len(set(ids)):
        raise _unknown()
    return refs


def ids(session: Session) -> dict[str, PersonId]:
    """The school's id of everyone, by ref. People who were erased have none."""
    rows = session.connection.execute(select(person.c.ref, person.c.id).where(_is_here(session)))
    return {row.ref: row.id for row in rows}


def records(session: Session, group: str | None = None, year: int | None = None) -> list[PersonRecord]:
    """Everyone within reach, or only those in a group in a school year (None: this one), sorted by name.

    Raises:
        UnknownGroup: there is no such group.
    """
    query = select(person).where(within_reach(session)).order_by(person.c.name, person.c.id)
    if group is not None:
        query = query.where(in_groups(session, {spelled(session, group, year)}, this_year(session, year)))
    return [_record(row) for row in session.connection.execute(query)]


def members(session: Session, group: str, year: int | None = None) -> list[str]:
    """The refs of everyone in a group in a school year (None: this one).

    Raises:
        UnknownGroup: there is no such group within reach.
    """
    name = spelled(session, group, year)
    query = select(person.c.ref).where(_is_here(session), in_groups(session, {name}, this_year(session, year)))
    return list(session.connection.execute(query).scalars())


def join(session: Session, person_id: PersonId, groups: Collection[str], year: int | None = None) -> None:
    """Set somebody's groups in a school year (None: this one), in place of those they had in it.

    Raises:
        UnknownPerson: there is nobody with that id.
    """
    ref = ref_of(session, person_id)
    join_many(session, [(ref, groups)], year)
    session.note("person.joined", person=ref, year=this_year(session, year))
    session.bump_revision()


def _is_here(session: Session) -> ColumnElement[bool]:
    return person.c.tenant == session.tenant


def _is(session: Session, ref: str) -> ColumnElement[bool]:
    return _is_here(session) & (person.c.ref == ref)


def _row(record: PersonRecord) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(record, name) for name in FIELDS}
    row |= {"nicknames": list(record.nicknames), "had_left": [moment.isoformat() for moment in record.had_left]}
    return row | {"role": record.role.value, "salt": uuid.uuid4().hex}


def _record(row: Row[Any]) -> PersonRecord:
    fields = {name: getattr(row, name) for name in FIELDS}
    had_left = tuple(map(datetime.fromisoformat, row.had_left or ()))
    return PersonRecord(**fields | {"nicknames": tuple(row.nicknames), "role": Role(row.role), "had_left": had_left})


def _id_in_use() -> AlreadyThere:
    return AlreadyThere(Text(nl="Er is al iemand met dat id.", en="There is a person with that id already."))


def _unknown() -> UnknownPerson:
    return UnknownPerson(
        Text(nl="Deze persoon staat niet in het register.", en="There is no such person in the registry."),
        hint=_USE_NUMBER,
    )
