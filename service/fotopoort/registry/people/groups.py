"""Groups, per school year: who is in which, and which of them are within a caller's reach.

Who leaves a group stays on record with the day it ended: they can be in any photo of that group and year. What is asked
here is about memberships that have not ended, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from fotopoort.errors import BadRecord, UnknownGroup
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import membership, person
from fotopoort.vocabulary import Text, group_key

AUGUST: Final = 8  # school years begin on 1 August
MAX_NAME: Final = 80  # characters in the name of a group
MAX_LISTED: Final = 1_000  # people in a query; of more, everyone is asked for
Years: TypeAlias = frozenset[int] | None  # the school years that a photo can be of; None: any


def school_year(day: date) -> int:
    """The year in which the school year of that day began."""
    return day.year if day.month >= AUGUST else day.year - 1


def groups(session: Session, year: int | None = None) -> list[str]:
    """The groups within reach in a school year (None: this one)."""
    rows = session.connection.execute(
        select(membership.c.group)
        .where(_is_current(session), membership.c.school_year == this_year(session, year))
        .distinct()
        .order_by(membership.c.group)
    )
    return [row.group for row in rows if is_own(session, row.group)]


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


def groups_of(session: Session, ref: str, *, ended: bool = False) -> dict[int, list[str]]:
    """Somebody's groups by school year.

    Args:
        ended: also those they left before the year was over.
    """
    is_theirs = membership.c.tenant == session.tenant if ended else _is_current(session)
    rows = session.connection.execute(
        select(membership.c.school_year, membership.c.group)
        .where(is_theirs, membership.c.person == ref)
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
        _is_current(session), membership.c.school_year == this_year(session, year)
    )
    rows = session.connection.execute(query if refs is None else query.where(membership.c.person.in_(refs)))
    reach = set(groups(session, year)) if session.caller.own_groups_only else None
    found: dict[str, set[str]] = {}
    for row in rows:
        if reach is None or row.group in reach:
            found.setdefault(row.person, set()).add(row.group)
    return found


def in_years(session: Session, years: Years) -> list[tuple[str, int, str]]:
    """Everyone who was in a group at any time of these school years, as ref, school year and group.

    Of a teacher, only their own groups, whoever was in them then.
    """
    query = select(membership.c.person, membership.c.school_year, membership.c.group).where(
        membership.c.tenant == session.tenant
    )
    if years is not None:
        query = query.where(membership.c.school_year.in_(years))
    rows = session.connection.execute(query)
    return [(row.person, row.school_year, row.group) for row in rows if is_own(session, row.group)]


def is_own(session: Session, group: str) -> bool:
    """Whether a group is within this caller's reach: any of the school's or, for a teacher, one of their own."""
    return not session.caller.own_groups_only or group_key(group) in {group_key(own) for own in session.caller.groups}


def join_many(session: Session, joining: Collection[tuple[str, Collection[str]]], year: int | None = None) -> None:
    """Set people's groups in a school year (None: this one), by ref, in place of those they had in it.

    What they had ends today. Of a year that has not begun it is deleted: nobody was in those groups yet.

    Raises:
        BadRecord: a group has no name, or too long a one.
    """
    year = this_year(session, year)
    spelling = {group_key(group): group for group in _of_all_years(session)}
    rows_of: dict[str, list[Row[Any]]] = {}
    for row in _rows_in_year(session, year, [ref for ref, _ in joining]):
        rows_of.setdefault(row.person, []).append(row)
    new = []
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
        before = rows_of.get(ref, ())
        _end(session, ref, year, {row.group for row in before if row.until is None} - names)
        _resume(session, ref, year, {row.group for row in before if row.until is not None} & names)
        new += [
            {"tenant": session.tenant, "person": ref, "school_year": year, "group": group, "since": session.today}
            for group in sorted(names - {row.group for row in before})
        ]
    if new:
        session.connection.execute(insert(membership), new)


def _rows_in_year(session: Session, year: int, refs: Collection[str]) -> Sequence[Row[Any]]:
    """The rows of these people in a school year. Who changes the groups of the same people waits until this ends."""
    theirs = select(person.c.ref).where(person.c.tenant == session.tenant).order_by(person.c.ref).with_for_update()
    rows = select(membership).where(membership.c.tenant == session.tenant, membership.c.school_year == year)
    if len(refs) <= MAX_LISTED:
        theirs, rows = theirs.where(person.c.ref.in_(refs)), rows.where(membership.c.person.in_(refs))
    session.connection.execute(theirs)
    return session.connection.execute(rows).all()


def _end(session: Session, ref: str, year: int, groups: Collection[str]) -> None:
    is_row = _is_membership(session, ref, year, groups)
    if groups and year > school_year(session.today):
        session.connection.execute(delete(membership).where(is_row))
    elif groups:
        session.connection.execute(update(membership).where(is_row).values(until=session.today))


def _resume(session: Session, ref: str, year: int, groups: Collection[str]) -> None:
    if groups:
        session.connection.execute(
            update(membership).where(_is_membership(session, ref, year, groups)).values(until=None)
        )


def _is_membership(session: Session, ref: str, year: int, groups: Collection[str]) -> ColumnElement[bool]:
    return (
        (membership.c.tenant == session.tenant)
        & (membership.c.person == ref)
        & (membership.c.school_year == year)
        & membership.c.group.in_(groups)
    )


def within_reach(session: Session, year: int | None = None) -> ColumnElement[bool]:
    """The people within this caller's reach: of the school or, for a teacher, of their own groups in a school year."""
    is_here = person.c.tenant == session.tenant
    if not session.caller.own_groups_only:
        return is_here
    own_groups = {group for group in _of_all_years(session) if is_own(session, group)}
    return is_here & in_groups(session, own_groups, this_year(session, year))


def in_groups(session: Session, groups: Collection[str], year: int) -> ColumnElement[bool]:
    """The people who are in one of these groups, spelled as the registry does, in a school year."""
    # A query of its own: without statistics, as after an import, PostgreSQL plans the two together badly.
    refs = session.connection.execute(
        select(membership.c.person).where(
            _is_current(session),
            membership.c.school_year == year,
            membership.c.group.in_(groups),
        )
    )
    return person.c.ref.in_(set(refs.scalars()))


def this_year(session: Session, year: int | None) -> int:
    """The school year that is given; None: this one."""
    return school_year(session.today) if year is None else year


def _is_current(session: Session) -> ColumnElement[bool]:
    return (membership.c.tenant == session.tenant) & membership.c.until.is_(None)


def _of_all_years(session: Session) -> list[str]:
    """Every group that ever had members."""
    query = select(membership.c.group).where(membership.c.tenant == session.tenant).distinct()
    return list(session.connection.execute(query).scalars())
