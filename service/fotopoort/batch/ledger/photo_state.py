"""What is known of a photo before it is judged: what lies in the folder, and what was decided of it before."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, select

from fotopoort.batch.ledger.tables import photo, result
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.errors import Animated, Damaged, EmptyFile, FormatNotAllowed, NotAPhoto, TooSmallToJudge

# What is wrong with the file itself: looking again is of no use.
SETTLED: Final = frozenset(
    error.code for error in (EmptyFile, NotAPhoto, FormatNotAllowed, Animated, Damaged, TooSmallToJudge)
)


@dataclass(frozen=True, slots=True)
class PhotoState:
    """What is known of a photo from before: enough to tell whether it must be judged again.

    Attributes:
        size, modified: of the file when it was looked at, see `walk.FoundFile`.
        key: of everything that the verdicts rest on beside the photo.
        settled: False: another try may end otherwise.
    """

    key: str
    size: int
    modified: int
    sha256: str
    taken: str | None
    likeness: str
    settled: bool


KNOWN: Final[Select[Any]] = select(
    photo,
    result.c.key,
    result.c.size.label("size_then"),
    result.c.modified.label("modified_then"),
    result.c.sha256,
    result.c.taken,
    result.c.likeness,
    result.c.settled,
).join_from(photo, result, photo.c.path == result.c.path, isouter=True)


def known_of(row: Row[Any]) -> tuple[FoundFile, PhotoState | None]:
    """What a row of `KNOWN` says; None where the photo was never judged."""
    seen = FoundFile(os.fsdecode(row.path), row.size, row.modified, os.fsdecode(row.stem))
    if row.key is None:
        return seen, None
    earlier = PhotoState(row.key, row.size_then, row.modified_then, row.sha256, row.taken, row.likeness, row.settled)
    return seen, earlier
