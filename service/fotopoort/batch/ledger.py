"""What a run over a folder has seen and decided, in a database: so that it can stop at any moment and go on.

Photos are handed out in shards, each leased for a while. A lease has a token that grows each time its shard is handed
out; every write checks it, so whoever lost a lease writes nothing. Where renditions will lie is written down before
they are: whatever stops a run, what it left on the disk is known to the next.

Paths are kept as bytes: a file system does not promise UTF-8.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, insert, or_, select, update

from fotopoort.batch.entry import Entry
from fotopoort.batch.store import PAGE, Store
from fotopoort.batch.tables import photo, rendition, result, run, shard
from fotopoort.batch.walk import Seen
from fotopoort.contract import Json
from fotopoort.errors import Animated, Damaged, EmptyFile, FormatNotAllowed, NotAPhoto, TooSmallToJudge
from fotopoort.registry.store.database import Database
from fotopoort.settings import Settings

SHARDS_AT_ONCE: Final = 16  # that are planned in one transaction
SHARD: Final = 32  # photos in a lease: some ten seconds of work, so claiming costs nothing and little is done twice
# Photos that a lease lasts for at the longest, as it is renewed with each that is done: some wait for a process, one is
# in it, and one is being written.
PHOTOS_IN_A_LEASE: Final = 6
SECONDS_TO_WAIT: Final = 30.0  # for a lock or a connection
NOT_IN_FORCE: Final = ""  # the key of a result whose renditions are being replaced: no photo has it
# What is wrong with the file itself: looking again is of no use.
SETTLED: Final = frozenset(
    error.code for error in (EmptyFile, NotAPhoto, FormatNotAllowed, Animated, Damaged, TooSmallToJudge)
)


EARLIER: Final = (
    result.c.key,
    result.c.size.label("size_then"),
    result.c.modified.label("modified_then"),
    result.c.sha256,
    result.c.taken,
    result.c.likeness,
    result.c.settled,
)


def lease_seconds(settings: Settings) -> float:
    """How long a lease lasts."""
    return PHOTOS_IN_A_LEASE * settings.seconds_per_photo


class LeaseLost(Exception):
    """Another worker has this shard now: what was to be written is not."""


class RunReplaced(LeaseLost):
    """Another run was begun: this one has come to nothing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A shard that is this worker's for a while. `failures`: how many had it before and never came back."""

    run: int
    shard: int
    token: int
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of a photo from before: enough to tell whether it must be judged again.

    Attributes:
        size, modified: of the file when it was looked at, see `walk.Seen`.
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


class Ledger:
    """The records of one output folder. Every method raises OutputUnwritable when the database cannot be used.

    Args:
        store: where they are kept.
        seconds: how long a lease lasts.
    """

    def __init__(self, store: Store, seconds: float) -> None:
        self._store, self._seconds = store, seconds

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
            store = Store(database)
            store.prepare()
            yield cls(store, seconds)
        finally:
            database.close()

    # --- a run -------------------------------------------------------------------------------------------

    def begin(self, folder: str, asked: Json | None = None) -> int:
        """A new run over `folder`; the shards of earlier ones are nobody's any more.

        Args:
            asked: what other machines must know to take part in it; None: none does.
        """
        with self._store.write() as connection:
            connection.execute(delete(shard))
            row = {"folder": os.fsencode(folder), "started": self._store.now(connection)}
            row["asked"] = None if asked is None else json.dumps(asked)
            return int(connection.execute(insert(run).values(row).returning(run.c.id)).scalar_one())

    def begun(self) -> tuple[int, Json] | None:
        """The last run, where a shard of it can be claimed by other machines, and what was asked."""
        with self._store.read() as connection:
            last = select(func.max(run.c.id)).scalar_subquery()
            free = select(shard.c.number).where(shard.c.run == run.c.id, _is_free(self._store.now(connection))).exists()
            query = select(run.c.id, run.c.asked).where(run.c.id == last, run.c.asked.is_not(None), free)
            row = connection.execute(query).one_or_none()
        return None if row is None else (row.id, json.loads(row.asked))

    def end(self, number: int) -> None:
        """A run has ended: what was asked, with answers about people, is nobody's business any more."""
        with self._store.write() as connection:
            connection.execute(update(run).where(run.c.id <= number).values(asked=None))

    def left(self, number: int) -> int:
        """How many photos of a run are still to be done.

        Raises:
            RunReplaced: another run was begun.
        """
        with self._store.read() as connection:
            _require_last(connection, number)
            photos = select(func.count()).where(photo.c.shard.is_not(None), photo.c.run == number)
            return int(connection.execute(photos).scalar_one())

    def workers(self, number: int) -> int:
        """How many workers have a shard of a run."""
        with self._store.read() as connection:
            at = self._store.now(connection)
            query = select(func.count(shard.c.worker.distinct())).where(
                shard.c.run == number, ~shard.c.finished, shard.c.until >= at
            )
            return int(connection.execute(query).scalar_one())

    def undo(self, number: int) -> None:
        """The run ends before its work: what it alone saw was not seen. Shards of earlier runs stay nobody's."""
        with self._store.write() as connection:
            known = select(result.c.path)
            connection.execute(delete(photo).where(photo.c.run == number, photo.c.path.not_in(known)))
            connection.execute(delete(run).where(run.c.id == number))

    def last_folder(self) -> str | None:
        """The folder of the last run that was begun; None: there was none."""
        with self._store.read() as connection:
            found = connection.execute(select(run.c.folder).order_by(run.c.id.desc()).limit(1)).scalar()
        return None if found is None else os.fsdecode(found)

    def see(self, number: int, photos: Iterable[Seen]) -> int:
        """Write down what lies in the folder now. Returns how many photos there are.

        Raises:
            RunReplaced: another run was begun.
        """
        seen, waiting = 0, iter(photos)
        while page := list(islice(waiting, PAGE)):
            seen += len(page)
            rows = [
                {
                    "path": os.fsencode(one.path),
                    "size": one.size,
                    "modified": one.modified,
                    "stem": os.fsencode(one.stem),
                    "run": number,
                    "shard": None,
                }
                for one in page
            ]
            with self._store.write() as connection:
                _require_last(connection, number)
                self._store.upsert(connection, photo, rows)
        return seen

    def photos(self) -> int:
        """How many photos the last runs saw, those included that are gone."""
        with self._store.read() as connection:
            return int(connection.execute(select(func.count()).select_from(photo)).scalar_one())

    def gone(self, number: int) -> Iterator[str]:
        """Photos that were there in an earlier run and were not seen in this one, by path."""
        for row in self._store.pages(select(photo.c.path).where(photo.c.run < number), photo.c.path):
            yield os.fsdecode(row.path)

    def places(self, path: str) -> list[str]:
        """Where renditions of a photo lie, or may lie: below the output folder."""
        with self._store.read() as connection:
            query = select(rendition.c.place).where(rendition.c.path == os.fsencode(path))
            return [os.fsdecode(place) for place in connection.execute(query).scalars()]

    def forget(self, number: int, paths: Sequence[str]) -> None:
        """Nothing of these photos is known any more.

        Raises:
            RunReplaced: another run was begun.
        """
        encoded = [os.fsencode(path) for path in paths]
        with self._store.write() as connection:
            _require_last(connection, number)
            for table in (rendition, result, photo):
                connection.execute(delete(table).where(table.c.path.in_(encoded)))

    def plan(self, number: int, is_wanted: Callable[[Seen, Earlier | None], bool]) -> int:
        """Put the photos that are wanted in shards, each of which can be claimed once it is there.

        Returns:
            How many they are.

        Raises:
            RunReplaced: another run was begun.
        """
        query = select(photo, *EARLIER).join_from(photo, result, photo.c.path == result.c.path, isouter=True)
        rows = self._store.pages(query.where(photo.c.run == number), photo.c.path)
        paths = (row.path for row in rows if is_wanted(_seen(row), _earlier(row)))
        wanted = 0
        while page := list(islice(paths, SHARDS_AT_ONCE * SHARD)):
            with self._store.write() as connection:
                _require_last(connection, number)
                for start in range(0, len(page), SHARD):
                    mine, one = page[start : start + SHARD], (wanted + start) // SHARD
                    connection.execute(update(photo).where(photo.c.path.in_(mine)).values(shard=one))
                    connection.execute(insert(shard).values(_shard(number, one)))
            wanted += len(page)
        return wanted

    # --- work --------------------------------------------------------------------------------------------

    def claim(self, number: int, worker: str) -> Lease | None:
        """A shard that nobody has, or that somebody has had for too long; None: there is none now.

        However often that happened to it: see `Lease.failures`.
        """
        with self._store.write() as connection:
            at = self._store.now(connection)
            free = (
                select(shard.c.number)
                .where(shard.c.run == number, _is_free(at))
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

    def split(self, lease: Lease, photos: Sequence[Seen]) -> None:
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
                connection.execute(insert(shard).values(_shard(lease.run, mine, lease.failures)))
                path = os.fsencode(one.path)
                connection.execute(update(photo).where(photo.c.path == path).values(shard=mine))
            connection.execute(update(shard).where(*_held(lease)).values(finished=True))

    def leased(self, lease: Lease) -> list[tuple[Seen, Earlier | None]]:
        """The photos of a shard that are still to be done."""
        query = select(photo, *EARLIER).join_from(photo, result, photo.c.path == result.c.path, isouter=True)
        here = (photo.c.run == lease.run, photo.c.shard == lease.shard)
        with self._store.read() as connection:
            rows = connection.execute(query.where(*here).order_by(photo.c.path)).all()
        return [(_seen(row), _earlier(row)) for row in rows]

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
        seen: Seen,
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

    def same(self, lease: Lease, seen: Seen) -> None:
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

    # --- what came of it ---------------------------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        """Every photo that is there and was decided about, by the bytes of its path; few are in memory at a time."""
        query = select(result).join_from(result, photo, photo.c.path == result.c.path)
        for row in self._store.pages(query, result.c.path):
            yield Entry(
                os.fsdecode(row.path),
                row.sha256,
                row.taken,
                tuple(json.loads(row.groups)),
                row.likeness,
                json.loads(zlib.decompress(row.document)),
                row.thumbnail,
            )

    def unjudged(self) -> int:
        """How many photos could not be judged."""
        with self._store.read() as connection:
            return int(connection.execute(select(func.count()).where(~result.c.judged)).scalar_one())

    def thumbnails(self, below: str) -> frozenset[str]:
        """The thumbnails that belong to a result, of those whose path starts with `below`."""
        with self._store.read() as connection:
            query = select(result.c.thumbnail).where(result.c.thumbnail.startswith(below, autoescape=True))
            return frozenset(connection.execute(query).scalars())

    # --- inside ------------------------------------------------------------------------------------------

    def _hold(self, connection: Connection, lease: Lease) -> None:
        """Make sure of the lease to the end of this transaction, and renew it."""
        until = self._store.now(connection) + self._seconds
        if connection.execute(update(shard).where(*_held(lease)).values(until=until)).rowcount != 1:
            raise LeaseLost


def _shard(number: int, shard_number: int, failures: int = 0) -> dict[str, Any]:
    return {"run": number, "number": shard_number, "token": 0, "failures": failures, "finished": False}


def _is_free(at: float) -> ColumnElement[bool]:
    """Whether a shard can be claimed."""
    return and_(~shard.c.finished, or_(shard.c.until.is_(None), shard.c.until < at))


def _require_last(connection: Connection, number: int) -> None:
    """Make sure that no other run was begun since.

    Raises:
        RunReplaced: one was.
    """
    if connection.execute(select(func.max(run.c.id))).scalar() != number:
        raise RunReplaced


def _done(connection: Connection, path: bytes) -> None:
    connection.execute(update(photo).where(photo.c.path == path).values(shard=None))


def _held(lease: Lease) -> tuple[Any, ...]:
    return shard.c.run == lease.run, shard.c.number == lease.shard, shard.c.token == lease.token


def _seen(row: Row[Any]) -> Seen:
    return Seen(os.fsdecode(row.path), row.size, row.modified, os.fsdecode(row.stem))


def _earlier(row: Row[Any]) -> Earlier | None:
    if row.key is None:
        return None
    return Earlier(row.key, row.size_then, row.modified_then, row.sha256, row.taken, row.likeness, row.settled)
