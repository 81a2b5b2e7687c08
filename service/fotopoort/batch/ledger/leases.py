"""Who judges which photos: a run is divided in shards, and each shard is leased to a worker for a while.

A lease has a fencing token that grows each time its shard is handed out. Every write checks it, so a worker that lost
its lease writes nothing. Where renditions will lie is recorded before they are written: whatever stops a run, the next
one knows what it left on the disk.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, or_, select, update

from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.database import LedgerDatabase
from fotopoort.batch.ledger.photo_state import PHOTOS_WITH_STATE, PhotoState, photo_with_state
from fotopoort.batch.ledger.tables import photo, rendition, result, run, shard
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.errors import SETTLED
from fotopoort.settings import CLOCK_PER_PROCESSOR_SECOND, Settings

# A lease lasts as long as this many photos may take on the clock. It is renewed with each that is done, and while there
# is one to wait for: one full of text may take far longer.
PHOTOS_IN_A_LEASE: Final = 2
NOT_IN_FORCE: Final = ""  # the key of a result whose renditions are being replaced: no photo's own key equals it

# Puts the files of a result in place: takes the paths of earlier renditions, and what to call before each new file.
PutFiles: TypeAlias = Callable[[Sequence[str], Callable[[], None]], object]


def lease_seconds(settings: Settings) -> float:
    """How long a lease lasts."""
    return PHOTOS_IN_A_LEASE * CLOCK_PER_PROCESSOR_SECOND * settings.seconds_per_photo


class LeaseLost(Exception):
    """Another worker has this shard now, so nothing was written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A shard that one worker has for a while. `failures`: how many workers had it before and never came back."""

    run: int
    shard: int
    token: int
    failures: int = 0


class Leases:
    """The shards of one output folder. Every method raises OutputUnwritable when the database cannot be used.

    Args:
        database: where they are recorded.
        seconds: how long a lease lasts.
    """

    def __init__(self, database: LedgerDatabase, seconds: float) -> None:
        self._database, self.seconds = database, seconds

    def claim(self, number: int, worker: str) -> Lease | None:
        """Lease a shard of a run that no worker has, or whose lease has run out; None: there is none now.

        A shard can be claimed however often its lease ran out: see `Lease.failures`.
        """
        with self._database.write() as connection:
            now = self._database.now(connection)
            free = (
                select(shard.c.number)
                .where(shard.c.run == number, is_free(now))
                .order_by(shard.c.number)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = connection.execute(
                update(shard)
                .where(shard.c.run == number, shard.c.number == free.scalar_subquery())
                .values(
                    worker=worker,
                    until=now + self.seconds,
                    token=shard.c.token + 1,
                    failures=shard.c.failures + case((shard.c.until.is_not(None), 1), else_=0),
                )
                .returning(shard.c.number, shard.c.token, shard.c.failures)
            ).one_or_none()
        return None if row is None else Lease(number, row.number, row.token, row.failures)

    def renew(self, lease: Lease) -> None:
        """Have a lease last longer. Does nothing where another worker has the shard now."""
        with self._database.write() as connection, suppress(LeaseLost):
            self._renew(connection, lease)

    def release(self, lease: Lease) -> None:
        """Give a shard back, for any worker to continue. Does nothing where another worker has it now."""
        with self._database.write() as connection:
            connection.execute(update(shard).where(*_is_held(lease)).values(until=None))

    def split(self, lease: Lease, files: Sequence[FoundFile]) -> None:
        """Put what remains of a shard in shards of one photo each: one of these photos may be what ends its workers.

        Raises:
            LeaseLost: another worker has the shard now.
        """
        with self._database.write() as connection:
            self._renew(connection, lease)
            # Locking the run makes splits come one after another, so that no two choose the same numbers. These are
            # below the planned ones: such shards go first.
            connection.execute(select(run.c.id).where(run.c.id == lease.run).with_for_update())
            lowest = connection.execute(select(func.min(shard.c.number)).where(shard.c.run == lease.run)).scalar_one()
            for offset, file in enumerate(files, start=1):
                number = min(lowest, 0) - offset
                connection.execute(insert(shard).values(new_shard(lease.run, number, lease.failures)))
                path = os.fsencode(file.path)
                connection.execute(update(photo).where(photo.c.path == path).values(shard=number))
            connection.execute(update(shard).where(*_is_held(lease)).values(finished=True))

    def remaining_in(self, lease: Lease) -> list[tuple[FoundFile, PhotoState | None]]:
        """The photos of a shard that are still to be done, by path."""
        query = PHOTOS_WITH_STATE.where(photo.c.run == lease.run, photo.c.shard == lease.shard).order_by(photo.c.path)
        with self._database.read() as connection:
            return [photo_with_state(row) for row in connection.execute(query).all()]

    def intend(self, lease: Lease, path: str, places: Sequence[str]) -> None:
        """Record where renditions of a photo are about to be written. From now on its result is not in force.

        Raises:
            LeaseLost: another worker has the shard now.
        """
        owner = os.fsencode(path)
        with self._database.write() as connection:
            self._renew(connection, lease)
            if places:
                self._database.upsert(
                    connection, rendition, [{"place": os.fsencode(place), "path": owner} for place in places]
                )
            connection.execute(update(result).where(result.c.path == owner).values(key=NOT_IN_FORCE))

    def record(
        self,
        lease: Lease,
        entry: Entry,
        file: FoundFile,
        key: str,
        places: Sequence[str],
        put_files: PutFiles = lambda earlier, check: None,
    ) -> None:
        """Record what was decided of a photo, in place of what was decided before, and that it is done.

        Args:
            key: its validity key.
            places: where its renditions lie.
            put_files: removes earlier renditions and writes the new ones. It runs inside the transaction, so no other
                worker can take over the shard and write too. It gets the paths of the earlier ones, and a function to
                call before each file, which raises where the lease was lost after all, as to a worker that was frozen
                here: the database has ended its transaction then.

        Raises:
            LeaseLost: another worker has the shard now.
        """
        path = os.fsencode(entry.path)
        failure = entry.failure
        row = {
            "path": path,
            "key": key,
            "size": file.size,
            "modified": file.modified,
            "sha256": entry.sha256,
            "taken": entry.captured_at,
            "groups": json.dumps(entry.groups),
            "likeness": entry.perceptual_hash,
            "document": zlib.compress(json.dumps(entry.document).encode()),
            "thumbnail": entry.thumbnail,
            "judged": failure is None,
            "settled": failure is None or failure.code in SETTLED,
        }
        current = [os.fsencode(place) for place in places]
        with self._database.write() as connection:
            self._renew(connection, lease)
            outdated = delete(rendition).where(rendition.c.path == path, rendition.c.place.not_in(current))
            earlier = connection.execute(outdated.returning(rendition.c.place)).scalars().all()
            put_files([os.fsdecode(place) for place in earlier], lambda: self._renew(connection, lease))
            self._database.upsert(connection, result, [row])
            _mark_done(connection, path)

    def record_unchanged(self, lease: Lease, file: FoundFile) -> None:
        """Record that a photo's file was touched and not changed, and that it is done.

        Raises:
            LeaseLost: another worker has the shard now.
        """
        path = os.fsencode(file.path)
        with self._database.write() as connection:
            self._renew(connection, lease)
            of_photo = update(result).where(result.c.path == path)
            connection.execute(of_photo.values(size=file.size, modified=file.modified))
            _mark_done(connection, path)

    def finish(self, lease: Lease) -> None:
        """Record that the shard is done. Does nothing where another worker has it now."""
        with self._database.write() as connection:
            connection.execute(update(shard).where(*_is_held(lease)).values(finished=True))

    def _renew(self, connection: Connection, lease: Lease) -> None:
        """Renew the lease, and hold it to the end of this transaction.

        Raises:
            LeaseLost: another worker has the shard now.
        """
        until = self._database.now(connection) + self.seconds
        if connection.execute(update(shard).where(*_is_held(lease)).values(until=until)).rowcount != 1:
            raise LeaseLost


def new_shard(run_number: int, number: int, failures: int = 0) -> dict[str, Any]:
    """The row of a shard that no worker has. `failures`: how many had its photos before and never came back."""
    return {"run": run_number, "number": number, "token": 0, "failures": failures, "finished": False}


def is_free(now: float) -> ColumnElement[bool]:
    """Whether a shard can be claimed."""
    return and_(~shard.c.finished, or_(shard.c.until.is_(None), shard.c.until < now))


def _mark_done(connection: Connection, path: bytes) -> None:
    connection.execute(update(photo).where(photo.c.path == path).values(shard=None))


def _is_held(lease: Lease) -> tuple[Any, ...]:
    return shard.c.run == lease.run, shard.c.number == lease.shard, shard.c.token == lease.token
