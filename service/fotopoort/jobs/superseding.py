"""Jobs that ask for what another one has just done are finished with it, undone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, select, update

from fotopoort.jobs.job import IS_WAITING, JobState
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import job

SUPERSEDED: Final = "superseded"  # in the place of an error: another one did it


def untaken(session: Session, kind: str, key_begins: str = "") -> list[str]:
    """The ids of this school's jobs of a kind that wait and that no worker has.

    Args:
        key_begins: with keys that begin so.
    """
    query = select(job.c.id).where(*_untaken(session), job.c.kind == kind)
    if key_begins:
        query = query.where(job.c.key.startswith(key_begins, autoescape=True))
    return list(session.connection.execute(query).scalars())


def supersede(session: Session, ids: Collection[str]) -> None:
    """Finish these jobs, but those that a worker took meanwhile.

    Args:
        ids: of jobs that waited before what they ask for was begun: it saw all that they were written for.
    """
    finished = {"state": JobState.DONE.value, "finished": session.now, "error": SUPERSEDED}
    these = update(job).where(*_untaken(session), job.c.id.in_(ids))
    if ids:
        session.connection.execute(these.values(finished))


def _untaken(session: Session) -> tuple[ColumnElement[bool], ...]:
    return job.c.tenant == session.tenant, IS_WAITING, job.c.worker.is_(None)
