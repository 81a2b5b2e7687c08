"""Works off the jobs of one database in this program, a few at a time. Other programs may do so beside it."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from fotopoort import logs
from fotopoort.errors import RegistryError
from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.handlers import Handler
from fotopoort.jobs.job import Job
from fotopoort.jobs.queue import LeaseLost, Queue
from fotopoort.jobs.worker_id import has_ended

log = logging.getLogger(__name__)

MAX_CONCURRENCY: Final = 4
POLL_INTERVAL: Final = 2.0  # seconds; for jobs of which nobody here was told. A poll takes about a millisecond
SECONDS_AFTER_FAILURE: Final = 10.0
SECONDS_BETWEEN_CHECKS: Final = 600.0  # for what is seldom wrong
RENEWALS: Final = 4  # while a lease lasts
MAX_HANGING: Final = 4  # threads past their deadline beside those that there is room for


@dataclass(slots=True)
class _Attempt:
    """A job that is being done in a thread of its own.

    Attributes:
        deadline: by `time.monotonic`.
        hangs: it is past that, and was told. Some of those make room for others, and not ever more.
    """

    lease: Job
    thread: threading.Thread
    deadline: float
    hangs: bool = False


class Runner:
    """Takes jobs when they are due, and does them in threads.

    Args:
        queue: where they are.
        handlers: what is done of each kind; jobs of other kinds are left to wait.
        worker: the name of this program in the list of jobs.
        max_concurrency: how many jobs of all kinds together.
        poll_interval: after how many seconds it looks for jobs of which it was not told.
        chance: from 0 to 1, for the jitter.
        observe: told of each attempt that ended: the kind of job, what became of it and in how many seconds.
    """

    def __init__(
        self,
        queue: Queue,
        handlers: Iterable[Handler],
        *,
        worker: str,
        max_concurrency: int = MAX_CONCURRENCY,
        poll_interval: float = POLL_INTERVAL,
        chance: Callable[[], float] = random.random,
        observe: Callable[[str, Outcome, float], None] = lambda kind, outcome, seconds: None,
    ) -> None:
        self._queue, self._worker, self._chance, self._observe = queue, worker, chance, observe
        self._handlers = {handler.kind: handler for handler in handlers}
        self._max_concurrency, self._poll_interval = max_concurrency, poll_interval
        self._attempts = dict[str, _Attempt]()  # under way, by thread; it takes itself out
        self._renewed = time.monotonic()
        self._warned, self._next_check = set[str](), time.monotonic()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._loop = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    def wake(self) -> None:
        """Look for jobs now: one was just written, or this is to stop. Any thread may call it, at any time."""
        self._wake.set()

    def take_no_more(self) -> None:
        """Take no more jobs; those under way go on. Any thread may call it; `stop` comes after it."""
        self._stopping.set()
        self.wake()

    def stop(self, seconds: float) -> None:
        """Take no more jobs, wait so long for those under way, and give the others back. Whatever a job that was given
        back still does, it finishes nothing."""
        self.take_no_more()
        deadline = time.monotonic() + seconds
        if self._loop.is_alive():
            self._loop.join(seconds)
        for attempt in list(self._attempts.values()):
            attempt.thread.join(max(0.0, deadline - time.monotonic()))
        with suppress(RegistryError):  # then leases run out; to wait for a database for each of them would take long
            for attempt in list(self._attempts.values()):
                self._release(attempt.lease)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                seconds = self._poll()
            except Exception as error:  # the database may be away for a while; this goes on for as long as the program
                log.error("jobs cannot be taken now: %s", getattr(error, "code", type(error).__name__))
                seconds = SECONDS_AFTER_FAILURE
            self._wake.wait(seconds)

    def _poll(self) -> float:
        """Take what is due and what there is room for. Returns for how many seconds there is nothing to do."""
        self._renew()
        self._warn_of_hanging()
        self._check_now_and_then()
        free = self._free()
        waits = self._queue.seconds_until_due({kind: handler.version for kind, handler in free.items()})
        for kind in sorted(waits, key=lambda kind: waits[kind]):  # what has been due for longest
            while waits[kind] <= 0 and kind in self._free() and not self._stopping.is_set():
                lease = self._queue.take(kind, free[kind].version, self._worker, free[kind].schedule)
                if lease is None:
                    break
                if self._stopping.is_set():
                    self._release(lease)
                else:
                    self._begin(free[kind], lease)
        later = [wait for wait in waits.values() if wait > 0]
        if self._attempts:
            later.append(self._queue.seconds / RENEWALS)
        return min([self._poll_interval, *later])

    def _free(self) -> dict[str, Handler]:
        """The handlers that can take another job now."""
        attempts = list(self._attempts.values())
        hanging = [attempt for attempt in attempts if attempt.hangs]
        counting = [attempt for attempt in attempts if not attempt.hangs] + hanging[MAX_HANGING:]
        if len(counting) >= self._max_concurrency:
            return {}
        busy = Counter(attempt.lease.kind for attempt in counting)
        return {kind: handler for kind, handler in self._handlers.items() if busy[kind] < handler.concurrency}

    def _begin(self, handler: Handler, lease: Job) -> None:
        # Not of a pool: the program would wait at its end for a job that never comes back.
        name = f"job {lease.id} {lease.token}"
        thread = threading.Thread(target=self._do, args=(handler, lease, name), name=name, daemon=True)
        self._attempts[name] = _Attempt(lease, thread, time.monotonic() + handler.timeout)
        try:
            thread.start()
        except BaseException:  # no memory for it, perhaps
            del self._attempts[name]
            self._release(lease)
            raise

    def _release(self, lease: Job) -> None:
        with suppress(LeaseLost):
            self._queue.release(lease)

    def _do(self, handler: Handler, lease: Job, name: str) -> None:
        begin = time.monotonic()
        try:
            with logs.about(job=lease.id):
                outcome = execute(self._queue, handler, lease, chance=self._chance)
                seconds = time.monotonic() - begin
                facts = logs.fields(kind=lease.kind, attempt=lease.attempts, outcome=outcome, ms=round(seconds * 1000))
                log.info("job %s of kind %s: %s, %.0f ms", lease.id, lease.kind, outcome, seconds * 1000, extra=facts)
            self._observe(lease.kind, outcome, seconds)
        except Exception as error:
            code = getattr(error, "code", type(error).__name__)
            log.error("what became of job %s of kind %s could not be written: %s", lease.id, lease.kind, code)
        finally:
            del self._attempts[name]
            self.wake()

    def _renew(self) -> None:
        """Renew the leases of jobs that are under way and within their time."""
        now = time.monotonic()
        if now - self._renewed < self._queue.seconds / RENEWALS:
            return
        self._renewed = now
        for attempt in list(self._attempts.values()):
            if now < attempt.deadline:
                with suppress(LeaseLost, RegistryError):  # the others are to be renewed all the same
                    self._queue.renew(attempt.lease)

    def _warn_of_hanging(self) -> None:
        """Tell once of each job that is past its deadline. Its thread cannot be ended."""
        for attempt in list(self._attempts.values()):
            if not attempt.hangs and time.monotonic() >= attempt.deadline:
                attempt.hangs = True
                log.error("job %s of kind %s is past its deadline", attempt.lease.id, attempt.lease.kind)

    def _check_now_and_then(self) -> None:
        if time.monotonic() < self._next_check:
            return
        self._next_check = time.monotonic() + SECONDS_BETWEEN_CHECKS
        self._queue.end_stray_leases()
        self._queue.end_leases_of(has_ended)  # when this begins: of the program whose place it takes
        self._warn_of_unknown_kinds()

    def _warn_of_unknown_kinds(self) -> None:
        """Warn once of each kind that nobody here can do: perhaps an older program was started than wrote the jobs."""
        unknown = self._queue.unknown({kind: handler.version for kind, handler in self._handlers.items()})
        for kind in sorted(unknown.keys() - self._warned):
            log.warning("%d jobs of kind %s wait for a program that knows this kind", unknown[kind], kind)
        self._warned |= unknown.keys()
