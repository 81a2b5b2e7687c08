"""What is found in a text before it is known to be a name."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias

from fotopoort.names.evidence.table import Certainty
from fotopoort.names.forms import FormKind

EntryNumbers: TypeAlias = frozenset[int]  # places of entries on the list
Owners: TypeAlias = Mapping[FormKind, Set[int]]  # the entries a form belongs to, by what it is of theirs


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form of a name in a text: from token `first` up to but not including `after`.

    Attributes:
        possessive: the last of its words has an s, 's or apostrophe behind it.
        end: the character where it ends, with that ending.
        start: the character where it begins; None: where its first token does.
        doubtful: it is at least doubtful, whatever stands around it.
        is_word: what it stands for is an ordinary word as well; None: as its tokens say.
    """

    first: int
    after: int
    owners: Owners
    possessive: bool
    end: int
    start: int | None = None
    is_word: bool | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class JudgedForm:
    """A found form, whether it is a name, and whose it may be."""

    found: FoundForm
    certainty: Certainty
    entries: EntryNumbers
