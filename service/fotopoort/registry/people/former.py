"""People whom no row tells of any more: how many of a group were erased, and what held for them. No names, no ids.

Erasing somebody must not clear the photos they are in. So for each group and school year they were in, and for the
school as a whole, there is a count of people and of what they had said. For a verdict, all of one group and year are
one person without a name, see `stand_in`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Table, insert, select, update

from fotopoort.canonical_json import digest
from fotopoort.policy.candidates import REFUSALS
from fotopoort.policy.policy import Channel
from fotopoort.registry.people.groups import Years, groups_of, is_own, school_year
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import former, former_consent
from fotopoort.vocabulary import NAMELESS, ChannelId, ConsentState, Person

PREFIX: Final = "former-"  # of the ids of stand-ins
SCHOOL: Final = ""  # in the place of a group: the school as a whole
NO_LAST_YEAR: Final = 9999  # stands for the last school year of people without a last day: far in the future
DIGITS: Final = 12  # of a digest, in an id

REFUSED, SILENT, GRANTED = "refused", "silent", "granted"  # the columns
COLUMNS: Final = (REFUSED, SILENT, GRANTED)


@dataclass
class Composition:
    """The people for whom one person without a name stands, counted.

    Attributes:
        persons: how many there are.
        never_locatable: how many of them must never be located; `counts` has these as refused everywhere.
        counts: how many people there are by channel (or purpose) and by what holds for them: one of `COLUMNS`.
        refs: the refs of those who are still in the registry, but whom the caller may not know.
    """

    persons: int = 0
    never_locatable: int = 0
    counts: Counter[tuple[ChannelId, str]] = field(default_factory=Counter)
    refs: list[str] = field(default_factory=list)

    def add(self, states: Mapping[ChannelId, ConsentState], *, never_locatable: bool, ref: str | None = None) -> None:
        """Count one more person.

        Args:
            states: what holds for them on every channel.
            ref: theirs, if they are still in the registry.
        """
        self.persons += 1
        self.never_locatable += never_locatable
        self.counts.update((channel, _column(state, never_locatable)) for channel, state in states.items())
        self.refs += [ref] if ref else []

    def state(self, channel: Channel) -> ConsentState:
        """The strictest state of anybody, on the channel or for its purpose: refused, not asked, granted."""
        if self.never_locatable or self.counts[channel.id, REFUSED] or self.counts[channel.purpose, REFUSED]:
            return ConsentState.REFUSED
        asked = self.counts[channel.id, GRANTED] == self.persons
        return ConsentState.GRANTED if asked else ConsentState.NOT_ASKED


def _column(state: ConsentState, never_locatable: bool) -> str:
    if never_locatable or state in REFUSALS:
        return REFUSED
    return GRANTED if state is ConsentState.GRANTED else SILENT


def remember(
    session: Session,
    ref: str,
    states: Mapping[ChannelId, ConsentState],
    *,
    leaves: date | None,
    never_locatable: bool,
) -> None:
    """Count somebody who is about to be erased: in every group they were in, by school year, and in the school.

    Args:
        states: what holds without anything that was granted, for every channel, and for every purpose that is called
            otherwise.
        leaves: their last day; None: they may stay for ever.
    """
    places = [(year, group) for year, names in groups_of(session, ref, ended=True).items() for group in names]
    for year, group in [*places, (school_year(leaves) if leaves else NO_LAST_YEAR, SCHOOL)]:
        key = {"school_year": year, "group": group}
        _count(session, former, key, {"persons": 1, "never_locatable": int(never_locatable)})
        for channel, state in states.items():
            of_state = {column: int(column == _column(state, never_locatable)) for column in COLUMNS}
            _count(session, former_consent, key | {"purpose": channel}, of_state)


def _count(session: Session, table: Table, key: Mapping[str, Any], numbers: Mapping[str, int]) -> None:
    key = {"tenant": session.tenant, **key}
    more = {column: table.c[column] + number for column, number in numbers.items()}
    is_row = [table.c[column] == value for column, value in key.items()]
    if not session.connection.execute(update(table).where(*is_row).values(more)).rowcount:
        session.connection.execute(insert(table).values({**key, **numbers}))


def compositions(session: Session, years: Years) -> dict[tuple[int, str], Composition]:
    """The erased people who can be in photos of these school years, by year and group, as far as groups are within
    reach; those of the school as a whole by their last year, with the group SCHOOL."""
    found: dict[tuple[int, str], Composition] = {}
    for row in session.connection.execute(select(former).where(former.c.tenant == session.tenant)):
        if _counts(session, row.school_year, row.group, years):
            found[row.school_year, row.group] = Composition(row.persons, row.never_locatable)
    for row in session.connection.execute(select(former_consent).where(former_consent.c.tenant == session.tenant)):
        if (composition := found.get((row.school_year, row.group))) is not None:
            for column in COLUMNS:
                composition.counts[row.purpose, column] += getattr(row, column)
    return found


def _counts(session: Session, year: int, group: str, years: Years) -> bool:
    if group == SCHOOL:  # a teacher names groups, so the school as a whole does not matter
        return not session.caller.own_groups_only and (years is None or year >= min(years, default=year))
    return is_own(session, group) and (years is None or year in years)


def stand_ins(compositions: Mapping[tuple[int, str], Composition], channels: Iterable[Channel]) -> list[Person]:
    """A person without a name for each group and year. Where everybody may be shown everywhere there is none."""
    channels = list(channels)
    persons = (stand_in(*key, composition, channels) for key, composition in sorted(compositions.items()))
    ids = [channel.id for channel in channels]
    return [person for person in persons if any(person.consent(id) is not ConsentState.GRANTED for id in ids)]


def stand_in(year: int, group: str, composition: Composition, channels: Iterable[Channel]) -> Person:
    """The person without a name. Their id changes when anybody is added, so that no earlier answer is about them; and
    it does not tell who is never locatable."""
    counts = sorted([channel, column, number] for (channel, column), number in composition.counts.items() if number)
    content = digest([group, year, composition.persons, counts, sorted(composition.refs)], sort_keys=False)
    return Person(
        id=PREFIX + content[:DIGITS],
        name=NAMELESS.nl,
        groups=frozenset({group} - {SCHOOL}),
        consents={channel.id: composition.state(channel) for channel in channels},
        never_locatable=composition.never_locatable > 0,
        nameless=True,
        count=composition.persons,
    )
