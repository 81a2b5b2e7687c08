"""Everyone the school knows: who they are, and until when they are there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from fotopoort.errors import AlreadyThere, BadRecord, UnknownPerson
from fotopoort.registry.people.groups import in_groups, join_many, spelled, this_year, within_reach
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import person, storable
from fotopoort.vocabulary import PersonId, Role


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is written down of one person. `id` is the school's own.

    Attributes:
        name: as it is used; left empty, it is put together from its parts.
        own_from: the 16th birthday, from which a pupil's own word counts.
        leaves: the last day at school.
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


FIELDS: Final = tuple(PersonRecord.__dataclass_fields__)


def complete(record: PersonRecord) -> PersonRecord:
    """The record with the name put together from its parts where it was left out.

    Raises:
        BadRecord: there is no id or no name at all.
    """
    name = record.name or " ".join(
        filter(None, (record.call_name or record.given_names, record.prefix, record.surname))
    )
    if not record.id.strip() or not name.strip():
        raise BadRecord("A person needs an id and a name.", hint="Fill in both.")
    if len(record.id) > 80:
        raise BadRecord("An id is longer than 80 characters.", hint="Use the pupil number.")
    if storable(record.id) != record.id:
        raise BadRecord("An id has a character in it that cannot be kept.", hint="Use the pupil number.")
    return replace(record, name=" ".join(name.split()))


def add(session: Session, record: PersonRecord, groups: Collection[str] = (), year: int | None = None) -> str:
    """Write a new person down, in groups of a school year (None: this one). Returns their ref.

    Raises:
        AlreadyThere: that id is taken.
        BadRecord: something is missing.
    """
    return add_many(session, [(record, groups)], year)[0]


def add_many(
    session: Session, records: Iterable[tuple[PersonRecord, Collection[str]]], year: int | None = None
) -> list[str]:
    """Write new people down, each with their groups; see `add`."""
    rows, groups, taken = [], [], set(ids(session).values())
    for record, their_groups in records:
        record = complete(record)
        if record.id in taken:
            raise AlreadyThere("There is a person with that id already.")
        taken.add(record.id)
        ref = uuid.uuid4().hex
        rows.append(_row(record) | {"tenant": session.tenant, "ref": ref, "added": session.now})
        groups.append((ref, their_groups))
        session.note("person.added", person=ref)
    if rows:
        session.connection.execute(insert(person), rows)
        join_many(session, groups, year)
        session.bump_revision()
    return [row["ref"] for row in rows]


def change(session: Session, person_id: PersonId, **changes: Any) -> None:  # noqa: ANN401 - fields of a PersonRecord
    """Write down what is different about somebody: fields of `PersonRecord`.

    Raises:
        UnknownPerson: there is nobody with that id.
        AlreadyThere: the new id is taken.
        BadRecord: something is missing.
    """
    ref = ref_of(session, person_id)
    before = find(session, person_id)
    record = complete(replace(before, **changes))
    if record.id != person_id and record.id in ids(session).values():
        raise AlreadyThere("There is a person with that id already.")
    if record == before:
        return
    session.connection.execute(update(person).where(_is(session, ref)).values(_row(record)))
    fields = sorted(name for name in FIELDS if getattr(record, name) != getattr(before, name))
    # That somebody became or is no longer hidden is told by no word of its own: others may read the log of a person.
    session.note("person.changed", person=ref, fields=[name for name in fields if name != "never_locatable"])
    session.bump_revision()


def leave(session: Session, person_id: PersonId, last_day: date) -> None:
    """Write down somebody's last day at school; consents end with it.

    Raises:
        UnknownPerson: there is nobody with that id.
    """
    change(session, person_id, leaves=last_day)


def find(session: Session, person_id: PersonId) -> PersonRecord:
    """What is written down of somebody. Who must never be found is so only to who may see that.

    Raises:
        UnknownPerson: there is nobody with that id within this caller's reach.
    """
    rows = session.connection.execute(select(person).where(person.c.id == person_id, within_reach(session)))
    if (row := rows.one_or_none()) is None:
        raise UnknownPerson("There is no such person in the registry.", hint="Use the school's own id, a pupil number.")
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
    known = {row.id: row.ref for row in rows if row.id in ids}
    if len(known) < len(set(ids)):
        raise UnknownPerson("There is no such person in the registry.", hint="Use the school's own id, a pupil number.")
    return known


def ids(session: Session) -> dict[str, PersonId]:
    """The school's id of everyone, by ref; who was erased is not among them."""
    rows = session.connection.execute(select(person.c.ref, person.c.id).where(_here(session)))
    return {row.ref: row.id for row in rows}


def records(session: Session, group: str | None = None, year: int | None = None) -> list[PersonRecord]:
    """Everyone within reach, or everyone in a group in a school year (None: this one), by name.

    Raises:
        UnknownGroup: there is no such group.
    """
    query = select(person).where(within_reach(session)).order_by(person.c.name, person.c.id)
    if group is not None:
        query = query.where(in_groups(session, {spelled(session, group, year)}, this_year(session, year)))
    return [_record(row) for row in session.connection.execute(query)]


def members(session: Session, group: str, year: int | None = None) -> list[str]:
    """Refs of everyone in a group in a school year (None: this one).

    Raises:
        UnknownGroup: there is no such group within reach.
    """
    name = spelled(session, group, year)
    query = select(person.c.ref).where(_here(session), in_groups(session, {name}, this_year(session, year)))
    return list(session.connection.execute(query).scalars())


def join(session: Session, person_id: PersonId, groups: Collection[str], year: int | None = None) -> None:
    """Set somebody's groups of a school year (None: this one); those they had in it end.

    Raises:
        UnknownPerson: there is nobody with that id.
    """
    ref = ref_of(session, person_id)
    join_many(session, [(ref, groups)], year)
    session.note("person.joined", person=ref, year=this_year(session, year))
    session.bump_revision()


def _here(session: Session) -> ColumnElement[bool]:
    return person.c.tenant == session.tenant


def _is(session: Session, ref: str) -> ColumnElement[bool]:
    return _here(session) & (person.c.ref == ref)


def _row(record: PersonRecord) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(record, name) for name in FIELDS}
    return row | {"nicknames": list(record.nicknames), "role": record.role.value}


def _record(row: Row[Any]) -> PersonRecord:
    known = {name: getattr(row, name) for name in FIELDS}
    return PersonRecord(**known | {"nicknames": tuple(row.nicknames), "role": Role(row.role)})
