"""What a run over a folder found and decided, in a database, so that it can stop at any moment and go on.

Paths are stored as bytes: a file system does not promise UTF-8. Who judges which photos: see `leases.py`.
"""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from fotopoort.application.contract.documents import Json
from fotopoort.application.folders.sorting import other_endings
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.database import PAGE, LedgerDatabase
from fotopoort.batch.ledger.leases import LeaseLost, Leases, is_free, new_shard
from fotopoort.batch.ledger.photo_state import PHOTOS_WITH_STATE, PhotoState, photo_with_state
from fotopoort.batch.ledger.tables import photo, rendition, result, run, shard
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.registry.store.database import Database

SHARDS_AT_ONCE: Final = 16  # that are planned in one transaction
SHARD: Final = 32  # photos in a lease: some ten seconds of work, so claiming costs nothing and little is done twice
SECONDS_TO_WAIT: Final = 30.0  # for a lock or a connection


class RunReplaced(LeaseLost):
    """Another run was begun, which ends this one."""


class Ledger:
    """The records of one output folder. Every method raises OutputUnwritable when the database cannot be used.

    Runs go by their number, which is never given again.

    Args:
        database: where they are stored.
        seconds: how long a lease lasts.

    Attributes:
        leases: who judges which photos.
    """

    def __init__(self, database: LedgerDatabase, seconds: float) -> None:
        self._database = database
        self.leases = Leases(database, seconds)

    @classmethod
    @contextmanager
    def open(cls, url: str, seconds: float) -> Iterator[Ledger]:
        """The ledger at a database URL, made where there is none.

        Args:
            seconds: how long a lease lasts.

        Raises:
            OutputUnwritable: another version of this program made it, or it cannot be used.
        """
        database = Database(url, seconds=SECONDS_TO_WAIT)
        try:
            tables = LedgerDatabase(database)
            tables.prepare()
            yield cls(tables, seconds)
        finally:
            database.close()

    # --- a run -------------------------------------------------------------------------------------------

    def begin(self, folder: str, request: Json | None = None) -> int:
        """Begin a run over `folder`. From now on nobody has the shards of earlier runs.

        Args:
            request: what other machines must know to take part in it; None: none does.

        Returns:
            The run's number.
        """
        with self._database.write() as connection:
            connection.execute(delete(shard))
            row = {"folder": os.fsencode(folder), "started": self._database.now(connection)}
            row["asked"] = None if request is None else json.dumps(request)
            return int(connection.execute(insert(run).values(row).returning(run.c.id)).scalar_one())

    def claimable_run(self) -> tuple[int, Json] | None:
        """The last run and its request, where other machines can claim a shard of it."""
        with self._database.read() as connection:
            last = select(func.max(run.c.id)).scalar_subquery()
            now = self._database.now(connection)
            free = select(shard.c.number).where(shard.c.run == run.c.id, is_free(now)).exists()
            query = select(run.c.id, run.c.asked).where(run.c.id == last, run.c.asked.is_not(None), free)
            row = connection.execute(query).one_or_none()
        return None if row is None else (row.id, json.loads(row.asked))

    def end(self, number: int) -> None:
        """End a run: its request, which holds answers about people, is removed."""
        with self._database.write() as connection:
            connection.execute(update(run).where(run.c.id <= number).values(asked=None))

    def remaining(self, number: int) -> int:
        """How many photos of a run are still to be done.

        Raises:
            RunReplaced: another run was begun.
        """
        with self._database.read() as connection:
            _require_last(connection, number)
            photos = select(func.count()).where(photo.c.shard.is_not(None), photo.c.run == number)
            return int(connection.execute(photos).scalar_one())

    def workers(self, number: int) -> int:
        """How many workers have a shard of a run."""
        with self._database.read() as connection:
            now = self._database.now(connection)
            query = select(func.count(shard.c.worker.distinct())).where(
                shard.c.run == number, ~shard.c.finished, shard.c.until >= now
            )
            return int(connection.execute(query).scalar_one())

    def undo(self, number: int) -> None:
        """Remove a run before its work began, with the photos that only it found. Earlier runs keep no shards."""
        with self._database.write() as connection:
            has_result = select(result.c.path)
            connection.execute(delete(photo).where(photo.c.run == number, photo.c.path.not_in(has_result)))
            connection.execute(delete(run).where(run.c.id == number))

    def last_folder(self) -> str | None:
        """The folder of the last run that was begun; None: there was none."""
        with self._database.read() as connection:
            folder = connection.execute(select(run.c.folder).order_by(run.c.id.desc()).limit(1)).scalar()
        return None if folder is None else os.fsdecode(folder)

    def record_found(self, number: int, files: Iterable[FoundFile]) -> int:
        """Record what lies in the folder now. Returns how many photos there are.

        Raises:
            RunReplaced: another run was begun.
        """
        count, unwritten = 0, iter(files)
        while page := list(islice(unwritten, PAGE)):
            count += len(page)
            rows = [
                {
                    "path": os.fsencode(file.path),
                    "size": file.size,
                    "modified": file.modified,
                    "stem": os.fsencode(file.stem),
                    "run": number,
                    "shard": None,
                }
                for file in page
            ]
            with self._database.write() as connection:
                _require_last(connection, number)
                self._database.upsert(connection, photo, rows)
        return count

    def photo_count(self) -> int:
        """How many photos are recorded, those included that are gone from the folder."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(photo)).scalar_one())

    def gone(self, number: int) -> Iterator[str]:
        """Photos that an earlier run found and this one did not, by path."""
        for row in self._database.pages(select(photo.c.path).where(photo.c.run < number), photo.c.path):
            yield os.fsdecode(row.path)

    def places(self, path: str) -> list[str]:
        """Where renditions of a photo lie, or may lie: below the output folder."""
        with self._database.read() as connection:
            query = select(rendition.c.place).where(rendition.c.path == os.fsencode(path))
            return [os.fsdecode(place) for place in connection.execute(query).scalars()]

    def forget(self, number: int, paths: Sequence[str]) -> None:
        """Remove all that is recorded of these photos.

        Raises:
            RunReplaced: another run was begun.
        """
        encoded = [os.fsencode(path) for path in paths]
        with self._database.write() as connection:
            _require_last(connection, number)
            for table in (rendition, result, photo):
                connection.execute(delete(table).where(table.c.path.in_(encoded)))

    def plan(self, number: int, is_wanted: Callable[[FoundFile, PhotoState | None], bool]) -> int:
        """Put the photos that are wanted in shards. Each shard can be claimed as soon as it is there.

        Returns:
            How many photos are wanted.

        Raises:
            RunReplaced: another run was begun.
        """
        rows = self._database.pages(PHOTOS_WITH_STATE.where(photo.c.run == number), photo.c.path)
        paths = (row.path for row in rows if is_wanted(*photo_with_state(row)))
        wanted = 0
        while page := list(islice(paths, SHARDS_AT_ONCE * SHARD)):
            with self._database.write() as connection:
                _require_last(connection, number)
                for start in range(0, len(page), SHARD):
                    in_shard, shard_number = page[start : start + SHARD], (wanted + start) // SHARD
                    connection.execute(update(photo).where(photo.c.path.in_(in_shard)).values(shard=shard_number))
                    connection.execute(insert(shard).values(new_shard(number, shard_number)))
            wanted += len(page)
        return wanted

    # --- its results -------------------------------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        """Every photo in the folder that has a result, by the bytes of its path; few are in memory at a time."""
        query = select(result).join_from(result, photo, photo.c.path == result.c.path)
        for row in self._database.pages(query, result.c.path):
            yield Entry(
                os.fsdecode(row.path),
                row.sha256,
                row.taken,
                tuple(json.loads(row.groups)),
                row.likeness,
                json.loads(zlib.decompress(row.document)),
                row.thumbnail,
            )

    def unjudged_count(self) -> int:
        """How many photos could not be judged."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).where(~result.c.judged)).scalar_one())

    def unjudged_endings(self) -> Counter[str]:
        """How many photos could not be judged, by the ending of their names; without those that end as photos do."""
        with self._database.read() as connection:
            paths = connection.execute(select(result.c.path).where(~result.c.judged)).scalars()
            return other_endings(map(os.fsdecode, paths))

    def thumbnails(self, below: str) -> frozenset[str]:
        """The thumbnails that belong to a result, of those whose path starts with `below`."""
        with self._database.read() as connection:
            query = select(result.c.thumbnail).where(result.c.thumbnail.startswith(below, autoescape=True))
            return frozenset(connection.execute(query).scalars())


def _require_last(connection: Connection, number: int) -> None:
    """Make sure that no other run was begun since.

    Raises:
        RunReplaced: one was.
    """
    if connection.execute(select(func.max(run.c.id))).scalar() != number:
        raise RunReplaced
