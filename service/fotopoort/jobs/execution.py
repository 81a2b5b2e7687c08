"""One attempt at a job, from its handler to what became of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from fotopoort.errors import FotopoortError, RegistryUnavailable
from fotopoort.jobs.handlers import GiveUp, Handler, Retry, Task
from fotopoort.jobs.job import Job
from fotopoort.jobs.queue import WORKER_LOST, Effects, LeaseLost, Queue
from fotopoort.registry.registry import Session

log = logging.getLogger(__name__)

SECONDS_BEFORE_NEXT: Final = 1.0  # attempt to write that a job is done


class Outcome(StrEnum):
    """What became of an attempt."""

    DONE = "done"
    RETRY = "retry"
    DEAD = "dead"
    LOST = "lost"  # the lease went to somebody else: nothing was written


def execute(queue: Queue, handler: Handler, lease: Job, *, chance: Callable[[], float]) -> Outcome:
    """Do a job that was taken, and record what became of it.

    Args:
        chance: from 0 to 1: how much jitter is added to the wait before another attempt.

    Raises:
        RegistryUnavailable: that could not be recorded; the job is due again when its lease has run out.
    """
    try:
        if handler.schedule.delay(lease.attempts - 1, chance=0.0) is None:
            raise GiveUp(WORKER_LOST)  # in its last attempt: one more could end this worker too
        deadline = time.monotonic() + handler.timeout
        is_lost = lease.error == WORKER_LOST
        task = Task(lease.tenant, lease.id, lease.payload, lease.version, lease.attempts, deadline, is_lost)
        _complete(queue, lease, handler.handle(task), deadline)
    except LeaseLost:
        return _lost(lease)
    except GiveUp as error:
        return _failed(queue, handler, lease, error.code, None)
    except Retry as error:
        delay = handler.schedule.delay(lease.attempts, chance=chance(), retry_after=error.after)
        return _failed(queue, handler, lease, error.code, delay)
    except Exception as error:  # whatever it is, its text may quote what nobody else should read
        code = error.code if isinstance(error, FotopoortError) else type(error).__name__
        return _failed(queue, handler, lease, code, handler.schedule.delay(lease.attempts, chance=chance()))
    return Outcome.DONE


def _complete(queue: Queue, lease: Job, effects: Effects | None, deadline: float) -> None:
    """Finish a job. Where the database cannot be had for that, do so again until the deadline: until then the lease is
    renewed, and what the handler did elsewhere need not be done twice."""
    began = False

    def beginning(session: Session) -> None:
        nonlocal began
        began = True
        if effects is not None:
            effects(session)

    while True:
        try:
            return queue.complete(lease, beginning)
        except RegistryUnavailable:
            if began or time.monotonic() + SECONDS_BEFORE_NEXT >= deadline:
                raise
            time.sleep(SECONDS_BEFORE_NEXT)


def _failed(queue: Queue, handler: Handler, lease: Job, code: str, delay: float | None) -> Outcome:
    dead = handler.dead
    effects: Effects | None = None if dead is None else lambda session: dead(session, lease.id)
    try:
        queue.fail(lease, code, delay, effects)
    except LeaseLost:
        return _lost(lease)
    if delay is None:
        log.error("job %s of kind %s is dead after %d attempts: %s", lease.id, lease.kind, lease.attempts, code)
        return Outcome.DEAD
    # What is tried for ever never becomes dead, so that nobody would be told.
    level = logging.ERROR if handler.schedule.forever and lease.attempts > 1 else logging.WARNING
    log.log(level, "job %s of kind %s failed, and is tried again: %s", lease.id, lease.kind, code)
    return Outcome.RETRY


def _lost(lease: Job) -> Outcome:
    log.warning("job %s of kind %s was lost to another worker; nothing was written", lease.id, lease.kind)
    return Outcome.LOST
