"""The end of a school year: everyone moves up, and the pupils of the last group leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import exists, select

from fotopoort.errors import BadRecord
from fotopoort.registry.people.groups import AUGUST, groups, in_groups, join_many
from fotopoort.registry.people.people import leave
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import membership, person
from fotopoort.vocabulary import Role, Text, group_key

LAST_GROUP: Final = 8  # of a Dutch primary school
NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a group goes at the end of the year. `to` None: its pupils leave school."""

    group: str
    to: str | None
    persons: int


def move_up(session: Session, year: int, onward: Mapping[str, str] | None = None, *, apply: bool = False) -> list[Move]:
    """Put the pupils of a school year in their groups of the next one: groep 5 becomes groep 6, groep 8 leaves.

    Pupils who already have a group in the next year do not move, and neither do those who leave before it begins.

    Args:
        year: the school year that ends.
        onward: the next group of those that have no number in their name, or go another way.
        apply: False changes nothing, and only tells what would be done.

    Raises:
        BadRecord: the next group of a group is unknown.
    """
    next_groups = {group_key(group): " ".join(to.split()) for group, to in (onward or {}).items()}
    last_day = date(year + 1, AUGUST - 1, 31)
    has_next_group = exists().where(
        membership.c.tenant == person.c.tenant,
        membership.c.person == person.c.ref,
        membership.c.school_year == year + 1,
        membership.c.until.is_(None),
    )
    moving = (person.c.role == Role.PUPIL, ~has_next_group, person.c.leaves.is_(None) | (person.c.leaves > last_day))
    moves: list[Move] = []
    joining: dict[str, set[str]] = {}
    leaving: list[str] = []
    for group in groups(session, year):
        query = select(person.c.ref, person.c.id).where(in_groups(session, {group}, year), *moving)
        rows = session.connection.execute(query.where(person.c.tenant == session.tenant)).all()
        to = next_groups[group_key(group)] if group_key(group) in next_groups else _next(group)
        moves.append(Move(group, to, len(rows)))
        for row in rows:
            if to is None:
                leaving.append(row.id)
            else:
                joining.setdefault(row.ref, set()).add(to)
    if apply:
        join_many(session, list(joining.items()), year + 1)
        for person_id in leaving:
            leave(session, person_id, last_day)
        session.note("year.moved", year=year, moved=len(joining), left=len(leaving))
        session.bump_revision()
    return moves


def _next(group: str) -> str | None:
    number = NUMBER.search(group)
    if number is None:
        raise BadRecord(
            Text(
                nl="Het is niet bekend welke groep volgt op een groep zonder nummer in de naam.",
                en="It is not known which group follows one that has no number in its name.",
            ),
            hint=Text(nl="Geef het op: --to 'kleuters=groep 3'.", en="Say it: --to 'kleuters=groep 3'."),
        )
    if int(number.group()) >= LAST_GROUP:
        return None
    return group[: number.start()] + str(int(number.group()) + 1) + group[number.end() :]
