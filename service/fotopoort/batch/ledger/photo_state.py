"""What is known of a photo before it is judged: the file in the folder, and what was decided of it earlier."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, select

from fotopoort.batch.ledger.tables import photo, result
from fotopoort.batch.storage.walk import FoundFile


@dataclass(frozen=True, slots=True)
class PhotoState:
    """What an earlier run recorded of a photo: enough to tell whether it must be judged again.

    Attributes:
        key: the validity key, a digest of everything that the verdicts rest on beside the photo.
        size, modified: of the file when it was judged, see `walk.FoundFile`.
        captured_at: ISO 8601 without zone; None: nothing tells.
        perceptual_hash: as in an entry.
        settled: False: another try may end otherwise.
    """

    key: str
    size: int
    modified: int
    sha256: str
    captured_at: str | None
    perceptual_hash: str
    settled: bool


PHOTOS_WITH_STATE: Final[Select[Any]] = select(
    photo,
    result.c.key,
    result.c.size.label("size_then"),
    result.c.modified.label("modified_then"),
    result.c.sha256,
    result.c.taken,
    result.c.likeness,
    result.c.settled,
).join_from(photo, result, photo.c.path == result.c.path, isouter=True)


def photo_with_state(row: Row[Any]) -> tuple[FoundFile, PhotoState | None]:
    """A row of `PHOTOS_WITH_STATE`; None where the photo was never judged."""
    file = FoundFile(os.fsdecode(row.path), row.size, row.modified, os.fsdecode(row.stem))
    if row.key is None:
        return file, None
    state = PhotoState(row.key, row.size_then, row.modified_then, row.sha256, row.taken, row.likeness, row.settled)
    return file, state
