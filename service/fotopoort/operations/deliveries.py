"""What was to be told to others and waits, or was given up: counted from the jobs that tell it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from fotopoort.jobs.job import JobState
from fotopoort.registry.store.tables import job
from fotopoort.registry.webhooks.announcements import KIND


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many there are."""

    waiting: int
    dead: int


def count_jobs(connection: Connection, school: str | None = None) -> DeliveryCounts:
    """The deliveries of a school; None: of all of them."""
    query = select(job.c.state, func.count().label("jobs")).where(job.c.kind == KIND).group_by(job.c.state)
    if school is not None:
        query = query.where(job.c.tenant == school)
    counts = {row.state: row.jobs for row in connection.execute(query)}
    return DeliveryCounts(counts.get(JobState.WAITING.value, 0), counts.get(JobState.DEAD.value, 0))
