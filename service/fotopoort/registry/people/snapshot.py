"""The people of the school as a verdict needs them: with what may be shown at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import select

from fotopoort.policy.candidates import may_be_shown
from fotopoort.registry import school_settings
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import DerivedConsent
from fotopoort.registry.people.former import Composition, compositions, stand_ins
from fotopoort.registry.people.groups import (
    Years,
    by_person,
    in_groups,
    in_years,
    school_year,
    spelled,
    this_year,
    within_reach,
)
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import person
from fotopoort.vocabulary import ChannelId, NameEntry, People, Person, PersonId, Role

NOW: Final = frozenset[int]()  # in the place of school years: as things are now


def snapshot(
    session: Session, years: Years = NOW, *, group: str | None = None, channel: ChannelId | None = None
) -> People:
    """Everyone within reach, with what may be shown as of now.

    Args:
        years: the school years that a photo can be of: everyone is in the groups they were in at any time of these, and
            whoever cannot be named is there without a name, see `former`. None: any. NOW: the groups of today, and
            nobody without a name.
        group: only who is in it now.
        channel: only consents for this channel.

    Raises:
        UnknownGroup: there is no such group.
    """
    query = select(person).where(within_reach(session))
    if group is not None:
        query = query.where(in_groups(session, {spelled(session, group)}, this_year(session, None)))
    rows = session.connection.execute(query).all()
    refs = [row.ref for row in rows] if group is not None else None
    groups = groups_in(session, years)
    only = None if channel is None else [known for known in session.channels if known.id == channel]
    derived = consent_log.derived_consents(session, refs, channels=only)
    persons = {}
    for row in rows:
        persons[row.id] = Person(
            id=row.id,
            name=row.name,
            role=Role(row.role),
            groups=frozenset(groups.get(row.ref, ())),
            consents=consent_log.states_of(row.ref, derived, session.channels),
            never_locatable=row.never_locatable,
            has_left=has_left(session, row.leaves, years),
        )
    if years != NOW:
        nameless = stand_ins(_nameless(session, years, {row.ref for row in rows}, derived), session.channels)
        persons |= {person.id: person for person in nameless}
    return People(persons, f"{session.revision()}@{session.today.isoformat()}")


def groups_in(session: Session, years: Years) -> dict[str, set[str]]:
    """The groups that people were in at any time of these school years, by ref, as far as groups are within reach."""
    if years == NOW:
        return by_person(session)
    found: dict[str, set[str]] = {}
    for ref, _, group in in_years(session, years):
        found.setdefault(ref, set()).add(group)
    return found


def has_left(session: Session, leaves: date | None, years: Years) -> bool:
    """Whether somebody had left before all of these school years."""
    if leaves is None or years is None:
        return False
    return leaves < session.today if years == NOW else school_year(leaves) < min(years)


def _nameless(
    session: Session, years: Years, named: set[str], derived: Mapping[tuple[str, str], DerivedConsent]
) -> dict[tuple[int, str], Composition]:
    """Who can be in the photo and must not be named: who was erased, and who is beyond a teacher's reach now."""
    found = compositions(session, years)
    if not session.caller.own_groups_only:
        return found
    others = {(ref, year, group) for ref, year, group in in_years(session, years) if ref not in named}
    query = select(person).where(person.c.tenant == session.tenant, person.c.ref.in_({ref for ref, _, _ in others}))
    rows = {row.ref: row for row in session.connection.execute(query)}
    for ref, year, group in sorted(others):
        if not has_left(session, rows[ref].leaves, frozenset({year})):
            states = consent_log.states_of(ref, derived, session.channels)
            composition = found.setdefault((year, group), Composition())
            composition.add(states, never_locatable=rows[ref].never_locatable, ref=ref)
    return found


def name_entries(session: Session, years: Years = NOW) -> tuple[NameEntry, ...]:
    """The names of everyone at the school, including those who left: texts and pictures are searched for them.

    People beyond the caller's reach have no id and no group here.

    Args:
        years: the school years that a photo can be of, see `snapshot`.
    """
    rows = session.connection.execute(select(person).where(person.c.tenant == session.tenant)).all()
    query = select(person.c.ref).where(within_reach(session))
    reach = set(session.connection.execute(query).scalars())
    groups = groups_in(session, years)
    return tuple(
        NameEntry(
            name=row.name,
            person=row.id if row.ref in reach else None,
            call_name=row.call_name,
            given_names=row.given_names,
            prefix=row.prefix,
            surname=row.surname,
            nicknames=tuple(row.nicknames or ()),
            role=Role(row.role),
            groups=frozenset(groups.get(row.ref, ())) if row.ref in reach else frozenset(),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class MayBeShown:
    """What to do about one person on one channel; not why."""

    id: PersonId
    name: str = field(repr=False)
    may_be_shown: bool


def group_on_channel(session: Session, group: str, channel: ChannelId) -> list[MayBeShown]:
    """Who in a group may be shown on a channel now, sorted by name.

    Raises:
        UnknownGroup: there is no such group within reach.
        UnknownChannel: there is no such channel.
    """
    with_ground = school_settings.channel(session, channel)
    members = snapshot(session, group=group, channel=channel).persons.values()
    return [
        MayBeShown(person.id, person.name, may_be_shown(person, with_ground))
        for person in sorted(members, key=lambda person: (person.name, person.id))
        if not person.has_left
    ]
