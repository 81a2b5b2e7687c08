"""The jobs of a school, for people: what waits, what is dead, and having that tried again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import case, or_, select, update

from fotopoort.errors import NotFound
from fotopoort.jobs.job import IS_WAITING, Job, JobState, job_of
from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import job
from fotopoort.vocabulary import Text

MAX_LISTED: Final = 1_000


def jobs(session: Session, states: Sequence[JobState] = tuple(JobState), *, limit: int = MAX_LISTED) -> list[Job]:
    """The jobs in these states: first the dead ones, then what waits, then those that are done, by when each is due."""
    query = select(job).where(job.c.tenant == session.tenant, job.c.state.in_([state.value for state in states]))
    rank = case({JobState.DEAD.value: 0, JobState.WAITING.value: 1}, value=job.c.state, else_=2)
    rows = session.connection.execute(query.order_by(rank, job.c.due, job.c.id).limit(limit))
    return [job_of(row) for row in rows]


def retry(session: Session, job_id: str | None = None) -> int:
    """Have a dead job tried again from the beginning of its schedule, under the same id; None: all dead ones. One that
    is named and waits for its time is tried now. Returns how many there are.

    Raises:
        NotFound: there is no such job with this id, or a worker has it.
    """
    now = database_clock(session.connection)
    is_dead = job.c.state == JobState.DEAD.value
    which = [is_dead] if job_id is None else [job.c.id == job_id, or_(is_dead, IS_WAITING & job.c.worker.is_(None))]
    again = {
        "state": JobState.WAITING.value,
        "due": now,
        "attempts": case((is_dead, 0), else_=job.c.attempts),
        "finished": None,
    }
    retried = update(job).where(job.c.tenant == session.tenant, *which).values(again)
    ids = session.connection.execute(retried.returning(job.c.id)).scalars().all()
    if job_id is not None and not ids:
        raise NotFound(
            Text(
                nl="Deze taak is er niet, of wordt nog geprobeerd.",
                en="There is no such job, or it is being tried now.",
            ),
            hint=Text(
                nl="Kijk bij `fotopoort jobs list` wat er is opgegeven.",
                en="See `fotopoort jobs list` for what was given up.",
            ),
        )
    for id_ in sorted(ids):
        session.note("job.retried", job=id_)
    return len(ids)
