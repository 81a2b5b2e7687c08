"""What a kind of job does. A room that has jobs to do gives the runner a handler for each kind.

    def deliver(task: Task) -> Effects | None:
        answer = post(task.payload["event"], timeout=task.seconds_left())   # outside of any transaction
        if answer.status == 429:
            raise Retry("too_many_requests", after=answer.retry_after)
        return lambda session: session.note("webhook.delivered", delivery=task.id)

What it does outside the database can happen twice, when a worker is killed right after it: whoever gets it must be able
to tell by `task.id`. What it returns happens once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from fotopoort.jobs.queue import Effects
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.registry.outbox import Payload
from fotopoort.registry.registry import Session


class Retry(Exception):
    """This attempt failed; the schedule says when the next is. `after`: not before so many seconds, if the other side
    asked for that."""

    def __init__(self, code: str, *, after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class GiveUp(Exception):
    """No further attempt will do better: the job is dead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Task:
    """One attempt at a job, as its handler gets it.

    Attributes:
        tenant: the school.
        id: the job's, the same at every attempt.
        version: of the payload's form: any up to the handler's.
        attempt: 1 at the first.
        deadline: by `time.monotonic`: from then on the lease is not renewed any more, and another worker takes the job.
        is_lost: whoever had the job last never came back: perhaps it ended them.
    """

    tenant: str
    id: str
    payload: Payload
    version: int
    attempt: int
    deadline: float
    is_lost: bool = False

    def seconds_left(self) -> float:
        """Seconds until the deadline; 0 when it has passed."""
        return max(0.0, self.deadline - time.monotonic())


Handle: TypeAlias = Callable[[Task], Effects | None]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    Attributes:
        kind: never changed once there are jobs of it: one that is not known waits for ever. A handler of the same
            function under the old kind as well does those that wait.
        handle: does what is outside the database, and returns what is to be written when the job is finished. Raises
            Retry or GiveUp; whatever else it raises is a Retry with that error's code.
        schedule: when a failed job is tried again.
        version: the newest form of the payload that it reads. It reads all earlier ones too.
        timeout: seconds that an attempt may take.
        concurrency: how many of this kind one program does at the same time.
        dead: what is written in the transaction in which a job becomes dead, by the job's id, whatever it died of: of
            the last attempt, of its worker, or because it was given up. It may not fail.
    """

    kind: str
    handle: Handle
    schedule: RetrySchedule
    version: int = 1
    timeout: float = 60.0
    concurrency: int = 1
    dead: Callable[[Session, str], None] | None = None
