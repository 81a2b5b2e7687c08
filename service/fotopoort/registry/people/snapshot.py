"""The people of the school as a verdict needs them: with what may be shown at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from fotopoort.policy.candidates import may_be_shown
from fotopoort.registry import school_settings
from fotopoort.registry.consent import consent_log
from fotopoort.registry.people.groups import by_person, in_groups, school_year, spelled, within_reach
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import person
from fotopoort.vocabulary import ChannelId, NameEntry, People, Person, PersonId, Role


def snapshot(
    session: Session, on: date | None = None, group: str | None = None, channel: ChannelId | None = None
) -> People:
    """Everyone within reach, with what may be shown as of now.

    Args:
        on: the day of the photo: groups are as they were then; None: today.
        group: only who is in it.
        channel: only consents for this channel.

    Raises:
        UnknownGroup: there is no such group.
    """
    day = on or session.today
    year = school_year(day)
    query = select(person).where(within_reach(session, year))
    if group is not None:
        query = query.where(in_groups(session, {spelled(session, group, year)}, year))
    rows = session.connection.execute(query).all()
    refs = [row.ref for row in rows] if group is not None or session.caller.own_groups_only else None
    groups = by_person(session, year, refs)
    derived = consent_log.derived_consents(session, refs, purpose=channel)
    persons = {}
    for row in rows:
        persons[row.id] = Person(
            id=row.id,
            name=row.name,
            role=Role(row.role),
            groups=frozenset(groups.get(row.ref, ())),
            consents={
                channel.id: derived[row.ref, channel.id].state
                for channel in session.channels
                if (row.ref, channel.id) in derived
            },
            never_locatable=row.never_locatable,
            has_left=row.leaves is not None and row.leaves < day,
        )
    return People(persons, f"{session.revision()}@{session.today.isoformat()}")


def name_entries(session: Session, on: date | None = None) -> tuple[NameEntry, ...]:
    """The names of everyone at the school, including those who left: texts and pictures are searched for them.

    People beyond the caller's reach have no id and no group here.

    Args:
        on: the day of the photo: groups are as they were then; None: today.
    """
    year = school_year(on or session.today)
    rows = session.connection.execute(select(person).where(person.c.tenant == session.tenant)).all()
    query = select(person.c.ref).where(within_reach(session, year))
    reach = set(session.connection.execute(query).scalars())
    groups = by_person(session, year, list(reach) if session.caller.own_groups_only else None)
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
