"""A class list beside a registry: it may only tighten. Where both know somebody, the stricter of both counts.

Somebody whom the list alone knows may be in a photo and may not be shown: nobody said so to the school. The registry's
groups count, since a list can be of another year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from fotopoort.names.places import entries_of
from fotopoort.policy.candidates import REFUSALS
from fotopoort.vocabulary import ChannelId, ConsentState, NameEntry, People, Person, PersonId, Role, group_key


class ClassList:
    """The people of a class list, to be laid beside those of a registry.

    Attributes:
        people: everyone on it.
        names: their names.
    """

    def __init__(self, people: People) -> None:
        self.people: Final = people
        self.names: Final = entries_of(people)

    def within(self, groups: Collection[str]) -> People:
        """Only whoever is in these groups, as for a teacher."""
        keys = {group_key(group) for group in groups}
        persons = {
            id: person
            for id, person in self.people.persons.items()
            if not keys.isdisjoint(map(group_key, person.groups))
        }
        return replace(self.people, persons=persons)


def beside(
    registry: People, listed: People, channels: Collection[ChannelId], elsewhere: Collection[PersonId] = ()
) -> People:
    """Everyone whom the registry or the list knows. Of who is on both, the stricter consent counts, and the registry's
    role, unless the list alone says that it is a pupil.

    Args:
        channels: of the school's policy.
        elsewhere: ids of people in the registry who are beyond the caller's reach: they are not named by the list.
    """
    persons = dict(registry.persons)
    spelling = {group_key(group): group for person in persons.values() for group in person.groups}
    for id, person in listed.persons.items():
        if id in persons:
            persons[id] = _stricter(persons[id], person, channels)
        elif id not in elsewhere:
            groups = frozenset(spelling.setdefault(group_key(group), group) for group in person.groups)
            persons[id] = replace(person, groups=groups, consents=_refused(person, channels))
    return People(persons, f"{registry.revision}+{listed.revision[:12]}")


def names_beside(
    registry: tuple[NameEntry, ...], listed: tuple[NameEntry, ...], known: Collection[PersonId]
) -> tuple[NameEntry, ...]:
    """The names of both.

    Args:
        known: ids that the caller may know; whoever is not of them has no id and no group here.
    """
    there = {(entry.person, entry.name, entry.role) for entry in registry}  # names of children are looked for otherwise
    more = (
        entry if entry.person in known else replace(entry, person=None, groups=frozenset())
        for entry in listed
        if (entry.person, entry.name, entry.role) not in there
    )
    return registry + tuple(more)


def _stricter(person: Person, listed: Person, channels: Collection[ChannelId]) -> Person:
    """What the registry says, tightened by the list. Who is a pupil on the list alone is one, and is shown nowhere: one
    pupil more who may be shown would account for a face that is somebody else's."""
    consents = {channel: max(person.consent(channel), listed.consent(channel), key=_strictness) for channel in channels}
    is_pupil_there_alone = listed.role is Role.PUPIL and person.role is not Role.PUPIL
    return replace(
        person,
        role=Role.PUPIL if is_pupil_there_alone else person.role,
        consents=_refused(person, channels) if is_pupil_there_alone else consents,
        never_locatable=person.never_locatable or listed.never_locatable,
    )


def _refused(person: Person, channels: Collection[ChannelId]) -> Mapping[ChannelId, ConsentState]:
    """A no everywhere: where the basis is objection, somebody who was not asked would be shown."""
    return {channel: max(person.consent(channel), ConsentState.REFUSED, key=_strictness) for channel in channels}


def _strictness(state: ConsentState) -> int:
    return 2 if state in REFUSALS else int(state is ConsentState.NOT_ASKED)
