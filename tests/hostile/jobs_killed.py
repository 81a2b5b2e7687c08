"""What `test_jobs_killed.py` kills: writes jobs and works them off, until it is stopped from outside.

Each job's effects leave one row in the audit log, and have another job follow; what a job tells leaves one as well.
Each time it is a fork that works: nothing is imported again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeAlias

from fotopoort.jobs.handlers import Handler, Task
from fotopoort.jobs.queue import Effects, Queue
from fotopoort.jobs.retry import RetrySchedule
from fotopoort.jobs.runner import Runner
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.database import Database

Work: TypeAlias = Callable[[str, Path, str], NoReturn]  # given the URL of a registry, a folder, and a line that came

KINDS = ("first", "then")
ALWAYS = RetrySchedule((0,), forever=True)
SECONDS_LEASED = 1.0  # whoever is killed is missed soon; on a busy machine a lease may run out: that must do no harm
BEFOREHAND, AT_MOST = 200, 300  # jobs


def opened(url: str, folder: Path) -> Registry:
    return Registry(Database(url, seconds=60), data_folder=folder, keys_folder=folder / "keys")


def tell(registry: Registry, number: int) -> None:
    """Write something down, and the job that tells it."""
    with registry.write(console("school"), Act.MAINTAIN) as session:
        session.note("told", number=number)
        outbox.enqueue(session, "first", {"number": number})


def handlers() -> list[Handler]:
    def first(task: Task) -> Effects:
        def effects(session: Session) -> None:
            session.note("first", number=task.payload["number"])
            outbox.enqueue(session, "then", task.payload)

        return effects

    def then(task: Task) -> Effects:
        return lambda session: session.note("then", number=task.payload["number"])

    return [Handler("first", first, ALWAYS, concurrency=2), Handler("then", then, ALWAYS, concurrency=2)]


def work(url: str, folder: Path, first: str) -> NoReturn:
    registry = opened(url, folder)
    runner = Runner(Queue(registry, seconds=SECONDS_LEASED), handlers(), worker=str(os.getpid()))
    runner.start()
    tell_parent(f"ready {os.getpid()}")
    number = int(first)
    for further in range(number, number + AT_MOST):  # some of what it tells is lost with it, and then told by nobody
        tell(registry, further)
        time.sleep(0.01)
    while True:
        time.sleep(1)


def tell_parent(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(work: Work = work) -> None:
    """For each line that comes, a process that works until it is killed; this work begins at the number in it."""
    url, folder = sys.argv[1:]
    for line in sys.stdin:
        child = os.fork()
        if not child:
            work(url, Path(folder), line)
        os.waitpid(child, 0)
        tell_parent("ended")
