"""Groups, per school year: who is in which, and which of them a caller may know of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select

from fotopoort.errors import BadRecord, UnknownGroup
from fotopoort.registry.lists.class_list import group_key
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import membership, person

AUGUST: Final = 8  # school years begin on 1 August
LONGEST: Final = 80  # characters in the name of a group


def school_year(day: date) -> int:
    """The year in which the school year of that day began."""
    return day.year if day.month >= AUGUST else day.year - 1


def groups(session: Session, year: int | None = None) -> list[str]:
    """The groups within reach in a school year (None: this one)."""
    rows = session.connection.execute(
        select(membership.c.group)
        .where(membership.c.tenant == session.tenant, membership.c.school_year == this_year(session, year))
        .distinct()
        .order_by(membership.c.group)
    )
    own = {group_key(group) for group in session.caller.groups}
    return [row.group for row in rows if not session.caller.own_groups_only or group_key(row.group) in own]


def spelled(session: Session, group: str, year: int | None = None) -> str:
    """A group as the registry spells it.

    Raises:
        UnknownGroup: there is no such group within this caller's reach.
    """
    for known in groups(session, year):
        if group_key(known) == group_key(group):
            return known
    raise UnknownGroup("There is no such group in the registry.", hint="See `fotopoort registry groups`.")


def groups_of(session: Session, ref: str) -> dict[int, list[str]]:
    """Somebody's groups by school year."""
    rows = session.connection.execute(
        select(membership.c.school_year, membership.c.group)
        .where(membership.c.tenant == session.tenant, membership.c.person == ref)
        .order_by(membership.c.school_year, membership.c.group)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.school_year, []).append(row.group)
    return found


def by_person(session: Session, year: int | None = None, refs: Collection[str] | None = None) -> dict[str, set[str]]:
    """People's groups in a school year (None: this one), by ref; those within this caller's reach.

    Args:
        refs: of whom; None: of everyone.
    """
    query = select(membership.c.person, membership.c.group).where(
        membership.c.tenant == session.tenant, membership.c.school_year == this_year(session, year)
    )
    rows = session.connection.execute(query if refs is None else query.where(membership.c.person.in_(refs)))
    within = set(groups(session, year)) if session.caller.own_groups_only else None
    found: dict[str, set[str]] = {}
    for row in rows:
        if within is None or row.group in within:
            found.setdefault(row.person, set()).add(row.group)
    return found


def join_many(session: Session, joining: Collection[tuple[str, Collection[str]]], year: int | None = None) -> None:
    """Set people's groups of a school year (None: this one), by ref; those they had in it end.

    Raises:
        BadRecord: a group has no name, or too long a one.
    """
    year = this_year(session, year)
    spelling = {group_key(group): group for group in _ever(session)}
    here = (membership.c.tenant == session.tenant, membership.c.school_year == year)
    before = by_person(session, year)
    rows = []
    for ref, wanted in joining:
        names = {spelling.setdefault(group_key(group), " ".join(group.split())) for group in wanted}
        if any(not 0 < len(name) <= LONGEST for name in names):
            raise BadRecord(f"The name of a group has 1 to {LONGEST} characters.", hint="As in groep 5.")
        if before.get(ref):
            session.connection.execute(delete(membership).where(*here, membership.c.person == ref))
        rows += [
            {"tenant": session.tenant, "person": ref, "school_year": year, "group": group} for group in sorted(names)
        ]
    if rows:
        session.connection.execute(insert(membership), rows)


def within_reach(session: Session, year: int | None = None) -> ColumnElement[bool]:
    """The people this caller may know of: of the own school and, for a teacher, of the own groups in a school year."""
    here = person.c.tenant == session.tenant
    if not session.caller.own_groups_only:
        return here
    own = {group_key(group) for group in session.caller.groups}
    return here & in_groups(
        session, {group for group in _ever(session) if group_key(group) in own}, this_year(session, year)
    )


def in_groups(session: Session, groups: Collection[str], year: int) -> ColumnElement[bool]:
    """The people who are in one of these groups, spelled as the registry does, in a school year."""
    # Asked first, by itself: without statistics, as after an import, PostgreSQL plans the two together badly.
    refs = session.connection.execute(
        select(membership.c.person).where(
            membership.c.tenant == session.tenant,
            membership.c.school_year == year,
            membership.c.group.in_(groups),
        )
    )
    return person.c.ref.in_(set(refs.scalars()))


def this_year(session: Session, year: int | None) -> int:
    """The school year, or this one."""
    return school_year(session.today) if year is None else year


def _ever(session: Session) -> list[str]:
    """Every group there ever was."""
    query = select(membership.c.group).where(membership.c.tenant == session.tenant).distinct()
    return list(session.connection.execute(query).scalars())
