"""Groups, per school year: who is in which, and which of them are within a caller's reach."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select

from fotopoort.errors import BadRecord, UnknownGroup
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import membership, person
from fotopoort.vocabulary import Text, group_key

AUGUST: Final = 8  # school years begin on 1 August
MAX_NAME: Final = 80  # characters in the name of a group


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
    for spelling in groups(session, year):
        if group_key(spelling) == group_key(group):
            return spelling
    raise UnknownGroup(
        Text(nl="Deze groep staat niet in het register.", en="There is no such group in the registry."),
        hint=Text(nl="Kijk bij `fotopoort registry groups`.", en="See `fotopoort registry groups`."),
    )


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
    """People's groups in a school year (None: this one), by ref, as far as they are within this caller's reach.

    Args:
        refs: of whom; None: of everyone.
    """
    query = select(membership.c.person, membership.c.group).where(
        membership.c.tenant == session.tenant, membership.c.school_year == this_year(session, year)
    )
    rows = session.connection.execute(query if refs is None else query.where(membership.c.person.in_(refs)))
    reach = set(groups(session, year)) if session.caller.own_groups_only else None
    found: dict[str, set[str]] = {}
    for row in rows:
        if reach is None or row.group in reach:
            found.setdefault(row.person, set()).add(row.group)
    return found


def join_many(session: Session, joining: Collection[tuple[str, Collection[str]]], year: int | None = None) -> None:
    """Set people's groups in a school year (None: this one), by ref, in place of those they had in it.

    Raises:
        BadRecord: a group has no name, or too long a one.
    """
    year = this_year(session, year)
    spelling = {group_key(group): group for group in _of_all_years(session)}
    is_in_year = (membership.c.tenant == session.tenant, membership.c.school_year == year)
    before = by_person(session, year)
    rows = []
    for ref, groups_to_join in joining:
        names = {spelling.setdefault(group_key(group), " ".join(group.split())) for group in groups_to_join}
        if any(not 0 < len(name) <= MAX_NAME for name in names):
            raise BadRecord(
                Text(
                    nl=f"De naam van een groep heeft 1 tot en met {MAX_NAME} tekens.",
                    en=f"The name of a group has 1 to {MAX_NAME} characters.",
                ),
                hint=Text(nl="Zoals groep 5.", en="As in groep 5."),
            )
        if before.get(ref):
            session.connection.execute(delete(membership).where(*is_in_year, membership.c.person == ref))
        rows += [
            {"tenant": session.tenant, "person": ref, "school_year": year, "group": group} for group in sorted(names)
        ]
    if rows:
        session.connection.execute(insert(membership), rows)


def within_reach(session: Session, year: int | None = None) -> ColumnElement[bool]:
    """The people within this caller's reach: of the school or, for a teacher, of their own groups in a school year."""
    is_here = person.c.tenant == session.tenant
    if not session.caller.own_groups_only:
        return is_here
    own = {group_key(group) for group in session.caller.groups}
    own_groups = {group for group in _of_all_years(session) if group_key(group) in own}
    return is_here & in_groups(session, own_groups, this_year(session, year))


def in_groups(session: Session, groups: Collection[str], year: int) -> ColumnElement[bool]:
    """The people who are in one of these groups, spelled as the registry does, in a school year."""
    # A query of its own: without statistics, as after an import, PostgreSQL plans the two together badly.
    refs = session.connection.execute(
        select(membership.c.person).where(
            membership.c.tenant == session.tenant,
            membership.c.school_year == year,
            membership.c.group.in_(groups),
        )
    )
    return person.c.ref.in_(set(refs.scalars()))


def this_year(session: Session, year: int | None) -> int:
    """The school year that is given; None: this one."""
    return school_year(session.today) if year is None else year


def _of_all_years(session: Session) -> list[str]:
    """Every group that ever had members."""
    query = select(membership.c.group).where(membership.c.tenant == session.tenant).distinct()
    return list(session.connection.execute(query).scalars())
