"""Who does which job: each is leased to one worker for a while.

A lease has a token. Whoever lost the lease has an old one, and then finishes nothing: what a job does in the database
is in the transaction that finishes it, so that it is done once, whoever is killed or frozen at whatever moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, false, func, not_, or_, select, update

from fotopoort.jobs.job import IS_WAITING, Job, JobState, job_of
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import job

# What a machine tried first and died of goes on within a minute: then its lease has run out, a first retry is due, and
# others have looked for jobs again.
SECONDS_LEASED: Final = 45.0
WORKER_LOST: Final = "worker_lost"  # whoever had the job never came back

Effects: TypeAlias = Callable[[Session], None]
Kinds: TypeAlias = Mapping[str, int]  # the kinds that a program knows, each with the newest version of its payload


class LeaseLost(Exception):
    """Another worker has this job now, or it is finished, so nothing was written."""


class Queue:
    """The jobs of all schools in one database. Every method raises RegistryUnavailable when that cannot be used.

    Args:
        registry: whose jobs they are; a job's effects get a session of it.
        seconds: how long a lease lasts.
        clock: this moment, in a transaction. By default the database's clock: those of machines differ.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        seconds: float = SECONDS_LEASED,
        clock: Callable[[Connection], datetime] = database_clock,
    ) -> None:
        self.registry, self.seconds, self._clock = registry, seconds, clock

    def take(self, kind: str, version: int, worker: str, schedule: RetrySchedule | None = None) -> Job | None:
        """Lease the job of a kind that has been due for longest; None: none is due.

        A job of which the lease ran out is due again, and was then taken once more.

        Args:
            version: the newest version of the payload that the worker knows.
            worker: who takes it; for people to read.
            schedule: how long a job waits of which the lease ran out; None: not at all.
        """
        with self.registry.database.write() as connection:
            now = self._clock(connection)
            first = select(job).where(*_for(kind, version), job.c.due <= now).order_by(job.c.due).limit(1)
            while row := connection.execute(first.with_for_update(skip_locked=True)).one_or_none():
                this = update(job).where(job.c.tenant == row.tenant, job.c.id == row.id)
                delay = schedule.delay(row.attempts, chance=0.0) if schedule and row.worker is not None else None
                if delay is not None and (again := row.due + timedelta(seconds=delay)) > now:
                    # With the same token: if the one who had it comes back, it may still finish the job.
                    connection.execute(this.values(due=again, worker=None, error=WORKER_LOST))
                    continue
                changes = {
                    "due": now + timedelta(seconds=self.seconds),
                    "attempts": row.attempts + 1,
                    "token": row.token + 1,
                    "worker": worker[:80],
                    "error": row.error if row.worker is None else WORKER_LOST,
                }
                connection.execute(this.values(changes))
                return job_of(row, **changes)
        return None

    def seconds_until_due(self, kinds: Kinds) -> dict[str, float]:
        """How long until the next job of each kind is due, below zero where one is; kinds without any are left out."""
        if not kinds:
            return {}
        with self.registry.database.read() as connection:
            next_due = [
                select(job.c.due).where(*_for(kind, version)).order_by(job.c.due).limit(1).scalar_subquery()
                for kind, version in kinds.items()
            ]
            row = connection.execute(select(*next_due)).one()
            now = self._clock(connection)
        return {kind: (due - now).total_seconds() for kind, due in zip(kinds, row, strict=True) if due is not None}

    def unknown(self, kinds: Kinds) -> dict[str, int]:
        """How many jobs wait that a program with these kinds leaves to others, by kind."""
        known = [and_(job.c.kind == kind, job.c.version <= version) for kind, version in kinds.items()]
        others = select(job.c.kind, func.count().label("jobs")).where(IS_WAITING, not_(or_(false(), *known)))
        with self.registry.database.read() as connection:
            return {row.kind: row.jobs for row in connection.execute(others.group_by(job.c.kind))}

    def end_stray_leases(self) -> None:
        """Have leases end now that would last far longer than any does, in other versions too: the clock was ahead when
        they began. Whoever still has such a job renews its lease soon, which then ends in time."""
        with self.registry.database.write() as connection:
            now = self._clock(connection)
            strays = IS_WAITING, job.c.worker.is_not(None), job.c.due > now + timedelta(seconds=2 * self.seconds)
            connection.execute(update(job).where(*strays).values(due=now))

    def end_leases_of(self, has_ended: Callable[[str], bool]) -> None:
        """Have leases end now of workers that are known to have ended, so that nobody waits for them.

        Args:
            has_ended: whether a worker has, see `worker_id.py`.
        """
        leased = IS_WAITING, job.c.worker.is_not(None)
        with self.registry.database.read() as connection:
            workers = connection.execute(select(job.c.worker).where(*leased).distinct()).scalars().all()
        if ended := [worker for worker in workers if has_ended(worker)]:
            with self.registry.database.write() as connection:
                now = self._clock(connection)
                theirs = *leased, job.c.worker.in_(ended), job.c.due > now
                connection.execute(update(job).where(*theirs).values(due=now))

    def renew(self, lease: Job) -> None:
        """Have a lease last longer. While its job is being finished it is left as it is: nobody else can take that job.

        Raises:
            LeaseLost: another worker has the job now.
        """
        with self.registry.database.write() as connection:
            if not _is_being_finished(connection, lease):
                until = self._clock(connection) + timedelta(seconds=self.seconds)
                _change(connection, lease, due=until, worker=lease.worker)

    def release(self, lease: Job) -> None:
        """Give a job back untried, for any worker to take at once; unless it is being finished.

        Raises:
            LeaseLost: another worker has the job now.
        """
        with self.registry.database.write() as connection:
            if _is_being_finished(connection, lease):
                return
            now = self._clock(connection)
            _change(connection, lease, due=now, worker=None, token=lease.token + 1, attempts=lease.attempts - 1)

    def complete(self, lease: Job, effects: Effects | None = None) -> None:
        """A job is done: this and its effects are written in one transaction, on behalf of whoever sits at the machine.

        Args:
            effects: what the job does in the database. When it raises, nothing is written and the job is still leased.

        Raises:
            LeaseLost: another worker has the job now; the effects were not called.
        """
        with self.registry.write(console(lease.tenant), Act.MAINTAIN) as session:
            now = self._clock(session.connection)
            # First, because this holds the row: nobody can take the job while its effects are written.
            _change(session.connection, lease, state=JobState.DONE.value, finished=now, worker=None, error=None)
            if effects is not None:
                effects(session)

    def fail(self, lease: Job, error: str, delay: float | None, effects: Effects | None = None) -> None:
        """An attempt failed.

        Args:
            error: its code; nothing that anybody wrote.
            delay: seconds until the next attempt; None: there is none, and the job is dead.
            effects: what is written in the same transaction when it is dead.

        Raises:
            LeaseLost: another worker has the job now.
        """
        code = error[:80]
        if delay is None and effects is not None:
            with self.registry.write(console(lease.tenant), Act.MAINTAIN) as session:
                self._end(session.connection, lease, code)
                effects(session)
            return
        with self.registry.database.write() as connection:
            if delay is None:
                self._end(connection, lease, code)
            else:
                due = self._clock(connection) + timedelta(seconds=delay)
                _change(connection, lease, due=due, worker=None, error=code, token=lease.token + 1)

    def _end(self, connection: Connection, lease: Job, code: str) -> None:
        dead = {"state": JobState.DEAD.value, "finished": self._clock(connection)}
        _change(connection, lease, **dead, worker=None, error=code, token=lease.token + 1)


def _for(kind: str, version: int) -> tuple[ColumnElement[bool], ...]:
    """The jobs that wait and that a program of this version can do."""
    return IS_WAITING, job.c.kind == kind, job.c.version <= version


def _held(lease: Job) -> tuple[ColumnElement[bool], ...]:
    """The row of a job while this lease of it is in force."""
    return job.c.tenant == lease.tenant, job.c.id == lease.id, IS_WAITING, job.c.token == lease.token


def _is_being_finished(connection: Connection, lease: Job) -> bool:
    """Whether another transaction has the job's row; on PostgreSQL. To wait for it would hold up all other leases."""
    row = select(job.c.id).where(*_held(lease))
    if connection.execute(row.with_for_update(skip_locked=True)).first() is not None:
        return False
    return connection.execute(row).first() is not None


def _change(connection: Connection, lease: Job, **values: Any) -> None:  # noqa: ANN401 - values of columns
    if connection.execute(update(job).where(*_held(lease)).values(values)).rowcount != 1:
        raise LeaseLost
