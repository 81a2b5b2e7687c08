"""A job: one piece of work that waits, or what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, literal_column

from fotopoort.registry.outbox import Payload
from fotopoort.registry.store.tables import job


class JobState(StrEnum):
    """What became of a job."""

    WAITING = "waiting"  # for its time, for a worker, or for the worker that has it
    DONE = "done"
    DEAD = "dead"  # every attempt failed: a dead letter, which can be tried again


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as it was read.

    Attributes:
        tenant: the school.
        kind: which handler does it.
        version: of the payload's form.
        key: of a kind and key a school has one job; None: any number.
        due: when it is to be taken; while a worker has it: when that one's lease ends.
        attempts: how often it was taken.
        token: goes up each time that a lease begins or is given back: only who has the latest can finish the job.
        worker: who has the lease; None: nobody.
        error: the code of what went wrong last.
    """

    tenant: str
    id: str
    kind: str
    version: int
    payload: Payload
    key: str | None
    state: JobState
    due: datetime
    attempts: int
    token: int
    worker: str | None
    error: str | None
    made: datetime
    finished: datetime | None


def job_of(row: Row[Any], **changes: Any) -> Job:  # noqa: ANN401 - values of columns
    """The job in a row of the table, with what changed since it was read."""
    values = row._asdict() | changes
    return Job(**values | {"state": JobState(values["state"])})


# The value stands in the statement itself: a database uses the index of jobs that wait only where it can see that.
IS_WAITING: Final[ColumnElement[bool]] = job.c.state == literal_column("'waiting'")

# Since when a job could have been taken: where it takes turns with older ones, it is due with them, before it was made.
WAITING_SINCE: Final[ColumnElement[datetime]] = case((job.c.made > job.c.due, job.c.made), else_=job.c.due)
