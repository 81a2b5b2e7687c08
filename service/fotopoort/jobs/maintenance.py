"""The registry's daily maintenance as jobs: once a day for each school, however many programs serve it."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select, update

from fotopoort.canonical_json import digest
from fotopoort.jobs.handlers import Handler, Task
from fotopoort.jobs.job import IS_WAITING, JobState
from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import UNTIL_IT_WORKS
from fotopoort.jobs.superseding import SUPERSEDED
from fotopoort.registry import maintenance, outbox
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import job

log = logging.getLogger(__name__)

DAILY: Final = "maintenance.daily."  # followed by the policy's digest: by which it is done decides who said no
VACUUM: Final = "maintenance.vacuum"  # on the disk: a transaction cannot do it
BEFORE_VACUUM: Final = timedelta(minutes=5)  # for the maintenance of other schools, which begins at midnight as well


def daily_kind(registry: Registry) -> str:
    """The kind of the daily maintenance by this registry's policy. A program with another policy does not know it, and
    leaves it to those that do."""
    return DAILY + digest([[asdict(channel) for channel in registry.channels], registry.parents_word])[:12]


def plan(registry: Registry, *, at_start: bool = False) -> None:
    """Have each school's maintenance of today done, where it was not planned yet. A day begins at midnight there. After
    a change of the policy it is done once more: by the new one, more people may have said no.

    Args:
        at_start: this program just read its policy: where today's last one was by another, it is done once more. Later
            calls do not look at that: programs with two policies would take turns for ever.

    Raises:
        RegistryError: it could not be planned in some school; the next call does it.
    """
    kind = daily_kind(registry)

    def plan_in(school: str) -> None:
        with registry.write(console(school), Act.MAINTAIN) as session:
            planned = _planned(session)
            is_there = planned[-1:] == [kind] if at_start else kind in planned
            if not is_there:
                outbox.enqueue(session, kind, {}, key=f"{session.today}:{len(planned):03}")

    maintenance.in_each_school(registry, plan_in)


def handlers(registry: Registry) -> list[Handler]:
    """What is done of both kinds."""
    kind = daily_kind(registry)

    def daily(task: Task) -> Effects:
        try:  # in no transaction with what follows: that must be done whatever this comes to
            maintenance.tell_gone_purposes(registry, task.tenant)
        except Exception as error:
            code = getattr(error, "code", type(error).__name__)
            log.error("which purposes are gone could not be found out: %s", code)
        try:
            maintenance.before_daily(registry, task.tenant)
        except Exception:  # this job is tried again, perhaps for days: nothing else waits for that
            with registry.write(console(task.tenant), Act.MAINTAIN) as session:
                maintenance.daily_in(session)
                _have_vacuumed(session, key=str(session.today))
            raise

        def effects(session: Session) -> None:
            maintenance.daily_in(session)
            _supersede(session, kind)
            _have_vacuumed(session)

        return effects

    def vacuum(_: Task) -> None:
        registry.database.vacuum()

    return [Handler(kind, daily, UNTIL_IT_WORKS, timeout=600), Handler(VACUUM, vacuum, UNTIL_IT_WORKS, timeout=600)]


def _have_vacuumed(session: Session, key: str | None = None) -> None:
    """Have the file of the database vacuumed: once for all schools in it. One that waits, or failed and is tried again,
    comes after this transaction and does for it too.

    Args:
        key: see `outbox.enqueue`; of the same key, a school has it vacuumed once.
    """
    if session.connection.dialect.name != "sqlite":
        return
    waits = select(job.c.id).where(job.c.kind == VACUUM, IS_WAITING, job.c.worker.is_(None))
    if session.connection.execute(waits.limit(1)).first() is None:
        outbox.enqueue(session, VACUUM, {}, key=key, due=session.now + BEFORE_VACUUM)


def _planned(session: Session) -> list[str]:
    """The kinds of the maintenance that was planned for today in this school, in that order."""
    query = select(job.c.key, job.c.kind).where(
        job.c.tenant == session.tenant, job.c.kind.startswith(DAILY), job.c.key.startswith(f"{session.today}:")
    )
    return [kind for _, kind in sorted(map(tuple, session.connection.execute(query)))]


def _supersede(session: Session, kind: str) -> None:
    """Finish what waits of this school and was just done: all by the same policy, and by other ones those of days that
    are past. Programs with those policies have planned today's; where there are none, nobody would ever do them."""
    is_past = and_(job.c.kind.startswith(DAILY), job.c.key < str(session.today))
    waits = job.c.tenant == session.tenant, IS_WAITING, or_(job.c.kind == kind, is_past)
    finished = {"state": JobState.DONE.value, "finished": session.now, "worker": None, "error": SUPERSEDED}
    session.connection.execute(update(job).where(*waits).values(finished))
