"""The jobs of a school, for people: what waits, what is dead, and having that tried again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select, update

from fotopoort.errors import NotFound
from fotopoort.jobs.job import Job, JobState, job_of
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import job
from fotopoort.vocabulary import Text

MAX_LISTED: Final = 1_000


def jobs(session: Session, states: Sequence[JobState] = tuple(JobState), *, limit: int = MAX_LISTED) -> list[Job]:
    """The jobs in these states: first the dead ones, then those that are done, then what waits, by when it is due."""
    query = select(job).where(job.c.tenant == session.tenant, job.c.state.in_([state.value for state in states]))
    return [
        job_of(row) for row in session.connection.execute(query.order_by(job.c.state, job.c.due, job.c.id).limit(limit))
    ]


def counts(session: Session) -> dict[str, dict[JobState, int]]:
    """How many jobs there are of each kind, by state."""
    query = select(job.c.kind, job.c.state, func.count()).where(job.c.tenant == session.tenant)
    found: dict[str, dict[JobState, int]] = {}
    for kind, state, count in session.connection.execute(query.group_by(job.c.kind, job.c.state)):
        found.setdefault(kind, {})[JobState(state)] = count
    return found


def retry(session: Session, job_id: str | None = None) -> int:
    """Have a dead job tried again from the beginning of its schedule, under the same id; None: all dead ones. Returns
    how many there are.

    Raises:
        NotFound: there is no dead job with this id.
    """
    dead = [job.c.tenant == session.tenant, job.c.state == JobState.DEAD.value]
    if job_id is not None:
        dead.append(job.c.id == job_id)
    waiting = {"state": JobState.WAITING.value, "due": session.now, "attempts": 0, "finished": None}
    ids = session.connection.execute(update(job).where(*dead).values(waiting).returning(job.c.id)).scalars().all()
    if job_id is not None and not ids:
        raise NotFound(
            Text(nl="Dit werk is niet opgegeven, of is er niet.", en="There is no dead job with this id."),
            hint=Text(
                nl="Kijk bij `fotopoort jobs list` wat er is opgegeven.", en="See `fotopoort jobs list` for those."
            ),
        )
    for id_ in sorted(ids):
        session.note("job.retried", job=id_)
    return len(ids)
