"""What the tables of evidence are made of, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from fotopoort.names.evidence.occurrence import Occurrence


class Certainty(IntEnum):
    """Whether a word is a child's name, the least certain first."""

    NONE = 0  # it is no name
    ASK = 1  # it may be one: a question for the teacher
    NAME = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row: where it holds, the occurrence has this certainty.

    Attributes:
        what: the situation in words, with an example.
        in_group: the certainty for a name of the photo's own group.
        elsewhere: the certainty for a name from the rest of the school.
    """

    what: str
    holds: Callable[[Occurrence], bool]
    in_group: Certainty
    elsewhere: Certainty = Certainty.NONE


Table: TypeAlias = tuple[Evidence, ...]


def judge(here: Occurrence, *tables: Table) -> Certainty:
    """The certainty by the first row that holds, table after table; `NONE` where no row does."""
    for table in tables:
        for row in table:
            if row.holds(here):
                return row.in_group if here.in_group else row.elsewhere
    return Certainty.NONE


def always(_: Occurrence) -> bool:
    """Holds for whatever the rows above it leave."""
    return True
