"""Who judges which photos: shards of a run are handed out, each leased for a while.

A lease has a token that grows each time its shard is handed out; every write checks it, so whoever lost a lease writes
nothing. Where renditions will lie is written down before they are: whatever stops a run, what it left on the disk is
known to the next.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, or_, select, update

from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.database import LedgerDatabase
from fotopoort.batch.ledger.photo_state import KNOWN, SETTLED, PhotoState, known_of
from fotopoort.batch.ledger.tables import photo, rendition, result, run, shard
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.settings import Settings

# Photos that a lease lasts for at the longest, as it is renewed with each that is done: some wait for a process, one is
# in it, and one is being written.
PHOTOS_IN_A_LEASE: Final = 6
NOT_IN_FORCE: Final = ""  # the key of a result whose renditions are being replaced: no photo has it


def lease_seconds(settings: Settings) -> float:
    """How long a lease lasts."""
    return PHOTOS_IN_A_LEASE * settings.seconds_per_photo


class LeaseLost(Exception):
    """Another worker has this shard now: what was to be written is not."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A shard that is this worker's for a while. `failures`: how many had it before and never came back."""

    run: int
    shard: int
    token: int
    failures: int = 0


class Leases:
    """The shards of one output folder. Every method raises OutputUnwritable when the database cannot be used.

    Args:
        store: where they are kept.
        seconds: how long a lease lasts.
    """

    def __init__(self, store: LedgerDatabase, seconds: float) -> None:
        self._store, self._seconds = store, seconds

    def claim(self, number: int, worker: str) -> Lease | None:
        """A shard that nobody has, or that somebody has had for too long; None: there is none now.

        However often that happened to it: see `Lease.failures`.
        """
        with self._store.write() as connection:
            at = self._store.now(connection)
            free = (
                select(shard.c.number)
                .where(shard.c.run == number, is_free(at))
                .order_by(shard.c.number)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = connection.execute(
                update(shard)
                .where(shard.c.run == number, shard.c.number == free.scalar_subquery())
                .values(
                    worker=worker,
                    until=at + self._seconds,
                    token=shard.c.token + 1,
                    failures=shard.c.failures + case((shard.c.until.is_not(None), 1), else_=0),
                )
                .returning(shard.c.number, shard.c.token, shard.c.failures)
            ).one_or_none()
        return None if row is None else Lease(number, row.number, row.token, row.failures)

    def release(self, lease: Lease) -> None:
        """Give a shard back, for anyone to go on with. Does nothing where it is another worker's now."""
        with self._store.write() as connection:
            connection.execute(update(shard).where(*_held(lease)).values(until=None))

    def split(self, lease: Lease, photos: Sequence[FoundFile]) -> None:
        """Put what is left of a shard in shards of one photo each: one of them may be what ends its workers.

        Raises:
            LeaseLost: the shard is another worker's now.
        """
        with self._store.write() as connection:
            self._hold(connection, lease)
            # One after another, for the numbers: below those that are planned, so that they go first.
            connection.execute(select(run.c.id).where(run.c.id == lease.run).with_for_update())
            least = connection.execute(select(func.min(shard.c.number)).where(shard.c.run == lease.run)).scalar_one()
            for number, one in enumerate(photos, start=1):
                mine = min(least, 0) - number
                connection.execute(insert(shard).values(new_shard(lease.run, mine, lease.failures)))
                path = os.fsencode(one.path)
                connection.execute(update(photo).where(photo.c.path == path).values(shard=mine))
            connection.execute(update(shard).where(*_held(lease)).values(finished=True))

    def left_in(self, lease: Lease) -> list[tuple[FoundFile, PhotoState | None]]:
        """The photos of a shard that are still to be done."""
        query = KNOWN.where(photo.c.run == lease.run, photo.c.shard == lease.shard).order_by(photo.c.path)
        with self._store.read() as connection:
            return [known_of(row) for row in connection.execute(query).all()]

    def intend(self, lease: Lease, path: str, places: Sequence[str]) -> None:
        """Say where renditions of a photo are about to be written. Its result is in force no longer.

        Raises:
            LeaseLost: the shard is another worker's now.
        """
        owner = os.fsencode(path)
        with self._store.write() as connection:
            self._hold(connection, lease)
            if places:
                self._store.upsert(
                    connection, rendition, [{"place": os.fsencode(one), "path": owner} for one in places]
                )
            connection.execute(update(result).where(result.c.path == owner).values(key=NOT_IN_FORCE))

    def record(
        self,
        lease: Lease,
        entry: Entry,
        seen: FoundFile,
        key: str,
        places: Sequence[str],
        put: Callable[[Sequence[str], Callable[[], None]], object] = lambda earlier, hold: None,
    ) -> None:
        """Write down what was decided of a photo, in place of what was before, and that it is done.

        Args:
            put: takes earlier renditions away and puts new ones in place, while nobody else can take over the shard and
                do so too. It is given where the earlier ones lie, and what to call before each file: it raises where
                the lease, and with it this transaction, was lost after all, as to a worker that was frozen here.

        Raises:
            LeaseLost: the shard is another worker's now.
        """
        path = os.fsencode(entry.path)
        failure = entry.document.get("error", {}).get("code")
        row = {
            "path": path,
            "key": key,
            "size": seen.size,
            "modified": seen.modified,
            "sha256": entry.sha256,
            "taken": entry.taken,
            "groups": json.dumps(entry.groups),
            "likeness": entry.likeness,
            "document": zlib.compress(json.dumps(entry.document).encode()),
            "thumbnail": entry.thumbnail,
            "judged": failure is None,
            "settled": failure is None or failure in SETTLED,
        }
        kept = [os.fsencode(place) for place in places]
        with self._store.write() as connection:
            self._hold(connection, lease)
            earlier = delete(rendition).where(rendition.c.path == path, rendition.c.place.not_in(kept))
            taken_away = connection.execute(earlier.returning(rendition.c.place)).scalars().all()
            put([os.fsdecode(place) for place in taken_away], lambda: self._hold(connection, lease))
            self._store.upsert(connection, result, [row])
            _done(connection, path)

    def same(self, lease: Lease, seen: FoundFile) -> None:
        """Write down that a photo's file was touched and not changed.

        Raises:
            LeaseLost: the shard is another worker's now.
        """
        path = os.fsencode(seen.path)
        with self._store.write() as connection:
            self._hold(connection, lease)
            where = update(result).where(result.c.path == path)
            connection.execute(where.values(size=seen.size, modified=seen.modified))
            _done(connection, path)

    def finish(self, lease: Lease) -> None:
        """The shard is done. Does nothing where it is another worker's now."""
        with self._store.write() as connection:
            connection.execute(update(shard).where(*_held(lease)).values(finished=True))

    def _hold(self, connection: Connection, lease: Lease) -> None:
        """Make sure of the lease to the end of this transaction, and renew it."""
        until = self._store.now(connection) + self._seconds
        if connection.execute(update(shard).where(*_held(lease)).values(until=until)).rowcount != 1:
            raise LeaseLost


def new_shard(number: int, shard_number: int, failures: int = 0) -> dict[str, Any]:
    """The row of a shard that nobody had yet, or so many in vain."""
    return {"run": number, "number": shard_number, "token": 0, "failures": failures, "finished": False}


def is_free(at: float) -> ColumnElement[bool]:
    """Whether a shard can be claimed."""
    return and_(~shard.c.finished, or_(shard.c.until.is_(None), shard.c.until < at))


def _done(connection: Connection, path: bytes) -> None:
    connection.execute(update(photo).where(photo.c.path == path).values(shard=None))


def _held(lease: Lease) -> tuple[Any, ...]:
    return shard.c.run == lease.run, shard.c.number == lease.shard, shard.c.token == lease.token
