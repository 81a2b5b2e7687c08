"""Jobs that wait for one website are held back while it does not answer, so that those for others get their turn."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, func, select, update

from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import job

Ids: TypeAlias = Select[tuple[str]]  # of the jobs for one website, whatever became of them


def hold_back(session: Session, its: Ids, until: datetime) -> None:
    """Have none of its jobs that wait tried before a moment."""
    session.connection.execute(update(job).where(*_untaken(session, its), job.c.due < until).values(due=until))


def first_due(session: Session, its: Ids, by: datetime) -> str | None:
    """The oldest of its jobs that would be tried by then."""
    query = select(job.c.id).where(*_untaken(session, its), job.c.due <= by).order_by(job.c.made, job.c.id)
    return session.connection.execute(query.limit(1)).scalar_one_or_none()


def try_at(session: Session, job_id: str, moment: datetime) -> None:
    """Have one job tried at a moment."""
    session.connection.execute(update(job).where(job.c.tenant == session.tenant, job.c.id == job_id).values(due=moment))


def count(session: Session, its: Ids) -> int:
    """How many of its jobs wait."""
    query = select(func.count()).select_from(job).where(*_waiting(session, its))
    return session.connection.execute(query).scalar_one()


def most_attempts(session: Session, its: Ids) -> int:
    """How often the one that was tried most was, of all that wait."""
    of_all = select(func.max(job.c.attempts)).where(*_waiting(session, its))
    return session.connection.execute(of_all).scalar_one() or 0


def held_until(session: Session, its: Ids) -> datetime | None:
    """Until when those are held back that were never tried; None: they are not."""
    query = select(func.max(job.c.due)).where(*_untaken(session, its), job.c.attempts == 0)
    due = session.connection.execute(query).scalar_one()
    return due if due is not None and due > database_clock(session.connection) else None


def _waiting(session: Session, its: Ids) -> tuple[ColumnElement[bool], ...]:
    return job.c.tenant == session.tenant, job.c.state == "waiting", job.c.id.in_(its)


def _untaken(session: Session, its: Ids) -> tuple[ColumnElement[bool], ...]:
    """Of those that wait, the ones that no worker has."""
    return *_waiting(session, its), job.c.worker.is_(None)
