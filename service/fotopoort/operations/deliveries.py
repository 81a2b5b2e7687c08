"""What was to be told to others and waits, or was given up: counted from the jobs that tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import Connection, func, select

from fotopoort.jobs.job import JobState
from fotopoort.registry.store.tables import job

KINDS: Final = "webhook.deliver"  # what the kinds of these jobs begin with


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many there are."""

    waiting: int
    dead: int


CountDeliveries: TypeAlias = Callable[[Connection, str | None], DeliveryCounts]


def count_jobs(connection: Connection, school: str | None = None) -> DeliveryCounts:
    """The deliveries of a school; None: of all of them."""
    query = select(job.c.state, func.count().label("jobs")).where(job.c.kind.startswith(KINDS)).group_by(job.c.state)
    if school is not None:
        query = query.where(job.c.tenant == school)
    counts = {row.state: row.jobs for row in connection.execute(query)}
    return DeliveryCounts(counts.get(JobState.WAITING.value, 0), counts.get(JobState.DEAD.value, 0))


DELIVERIES: Final[CountDeliveries] = count_jobs
