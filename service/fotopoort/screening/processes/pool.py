"""The pool of screening processes: the front doors hand it bytes and get a `Screening` back.

Each process loads the models once and screens one photo at a time. One that dies, runs out of time or has grown too
large is replaced. A photo is rejected by rule R01 where its time is over, or two processes died at it. One thread for
each process hands it work. Where none can be started in its place, others get the work, and it is tried again from time
to time.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from fotopoort.errors import PhotoError, ScreenerCrashed
from fotopoort.policy.measures import seen_side
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Inspection, failed
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.pace import Pace
from fotopoort.screening.processes.process import Seconds
from fotopoort.screening.processes.slot import NotStarted, Slot, Task
from fotopoort.screening.processes.worker import InspectionJob, Prints, WorkerConfig
from fotopoort.screening.screen import Screening, ScreeningJob, unjudged
from fotopoort.settings import CLOCK_PER_PROCESSOR_SECOND, Settings
from fotopoort.vision.models.catalogue import Catalogue

Observe: TypeAlias = Callable[[str, float, object], None]  # what was done, in how many seconds, and what came of it
Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PoolState:
    """How a pool is doing.

    Attributes:
        waiting: photos that wait for a process.
        at_once: photos that may be looked at at once now.
        memory: bytes that each process holds, of those that are there.
        resting: processes that could not be started, and are tried again after a pause.
    """

    waiting: int
    at_once: int
    memory: tuple[int, ...]
    resting: int = 0


class ScreeningPool:
    """A pool of screening processes.

    Args:
        config: what every process is given.
        policy: the school's rules.
        count: how many processes.
        seconds: how much of the processor's time one photo may take.
        clock: how many seconds it may take on the clock; left out: a multiple of `seconds`.
        load: what a process does before it takes work.

    Attributes:
        config: what every process is given.
        count: how many processes.
        observe: told of each photo that a process is done with; it must not fail.
    """

    def __init__(
        self,
        config: WorkerConfig,
        policy: Policy,
        *,
        count: int,
        seconds: float,
        clock: float | None = None,
        load: Callable[[WorkerConfig], None] = worker.load_models,
    ) -> None:
        self.config, self.count, self._policy = config, count, policy
        self.observe: Observe = lambda work, seconds, result: None
        limit = Seconds(seconds, CLOCK_PER_PROCESSOR_SECOND * seconds if clock is None else clock)
        self._pace = Pace(count)
        self._slots = [Slot(config, load, limit, self._pace) for _ in range(count)]
        self._tasks: deque[Task] = deque()
        self._to_load: list[list[Future[None]]] = [[] for _ in range(count)]
        self._closed = False
        self._changed = threading.Condition()  # guards the three above
        self._threads = [
            threading.Thread(target=self._serve, args=[place], name=f"screening {place}", daemon=True)
            for place in range(count)
        ]
        for thread in self._threads:
            thread.start()

    @classmethod
    def open(
        cls, settings: Settings, policy: Policy, *, max_processes: int | None = None, gives_way: bool = False
    ) -> Self:
        """Start as many processes as the settings say, at most `max_processes`, and load the models.

        Args:
            gives_way: nobody waits for the photos, so whatever else the machine does goes first.

        Raises:
            ModelMissing, ModelCorrupt: a model is not here, or is not the one the manifest names.
        """
        Catalogue(settings.models_folder).pull()
        count = min(settings.screeners, max_processes or settings.screeners)
        config = WorkerConfig.of(settings, count, settings.batch_niceness if gives_way else 0)
        pool = cls(config, policy, count=count, seconds=settings.seconds_per_photo)
        try:
            pool.warm_up()
        except BaseException:
            pool.close()
            raise
        return pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop at once: what is being screened is cancelled, and nothing half-done remains."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for slot in self._slots:
            slot.close()
        for thread in self._threads:
            thread.join()
        for task in self._tasks:
            task.outcome.set_exception(CancelledError())
        self._tasks.clear()

    def warm_up(self) -> None:
        """Load the models in every process.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as the process reported.
        """
        loaded = [Future[None]() for _ in range(self.count)]
        with self._changed:
            for waiting, future in zip(self._to_load, loaded, strict=True):
                waiting.append(future)
            self._changed.notify_all()
        for future in loaded:
            future.result()

    def state(self) -> PoolState:
        """How it is doing now."""
        sizes = (slot.memory for slot in self._slots)
        resting = sum(slot.is_resting for slot in self._slots)
        return PoolState(len(self._tasks), len(self._working()), tuple(size for size in sizes if size), resting)

    def submit(self, data: bytes | PhotoError, job: ScreeningJob) -> Future[Screening]:
        """Screen one photo as soon as a process is free. The future never fails for anything about the photo.

        Args:
            data: the file's bytes, or what kept it from being read.
        """

        def on_error(error: Exception) -> Screening:
            photo = data if isinstance(data, bytes) else b""
            return unjudged(photo, job.request, error, policy=job.policy, people=job.people)

        return self._run(worker.screen_photo, data, job, on_error)

    def inspect(self, data: bytes | PhotoError, long_side: int, *, text: bool = True) -> Future[Inspection]:
        """Look at one photo without judging it, as soon as a process is free. The future never fails.

        Args:
            long_side: pixels that are enough to see by.
            text: text in the photo is read too.
        """

        def on_error(error: Exception) -> Inspection:
            return failed(data if isinstance(data, bytes) else b"", error), {}

        return self._run(worker.inspect_photo, data, InspectionJob(long_side, text), on_error)

    def prints(self, data: bytes) -> Future[Prints | PhotoError]:
        """A photo's SHA-256 and its `photo.perceptual_hash.perceptual_hashes`, or why there are none."""

        def on_error(error: Exception) -> Prints | PhotoError:
            return error if isinstance(error, PhotoError) else ScreenerCrashed()

        return self._run(worker.prints_of_photo, data, seen_side(self._policy), on_error)

    def in_order(self, futures: Iterable[Future[Result]]) -> Iterator[Result]:
        """The results of lazily submitted work, in order; only a few photos are in memory at a time."""
        waiting: deque[Future[Result]] = deque()
        for future in futures:
            waiting.append(future)
            if len(waiting) > 2 * self.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _run(
        self,
        work: Callable[[WorkerConfig, bytes | PhotoError, Job], Result],
        data: bytes | PhotoError,
        job: Job,
        on_error: Callable[[Exception], Result],
    ) -> Future[Result]:
        """Do `work` in a process; where the process fails, the result is what `on_error` makes of that."""
        outcome: Future[Result] = Future()
        outcome.set_running_or_notify_cancel()  # from here on nobody cancels it: its process is busy until it ends
        with self._changed:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._tasks.append(Task(work, data, job, on_error, outcome))
            self._changed.notify_all()
        return outcome

    # --- one thread for each slot ----------------------------------------------------------------------

    def _serve(self, place: int) -> None:
        """Give one process work until the pool is closed, and put another in its place where need be."""
        slot = self._slots[place]
        while (work := self._next(place)) is not None:
            if isinstance(work, Task):
                self._do(slot, work)
            else:
                _settle(work, partial(_load, slot))
            with self._changed:
                self._changed.notify_all()  # the pace may have changed, and which slots can work
        slot.empty()

    def _next(self, place: int) -> Task | Future[None] | None:
        """What the slot at this place must do next: screen a photo, load models, or stop (None)."""
        slot = self._slots[place]
        with self._changed:
            while not self._closed:
                if self._to_load[place]:
                    return self._to_load[place].pop()
                seconds = slot.seconds_to_start
                if seconds == 0:  # other slots go on meanwhile; nobody waits for it
                    return Future()
                if self._tasks and slot in self._working():
                    return self._tasks.popleft()
                self._changed.wait(seconds)
            for future in self._to_load[place]:
                future.set_exception(CancelledError())
            return None

    def _working(self) -> list[Slot]:
        """The slots that may take photos now: those that can have a process. Where none can, each photo has that tried
        again."""
        able = [slot for slot in self._slots if not slot.is_resting]
        return (able or self._slots)[: self._pace.at_once]

    def _do(self, slot: Slot, task: Task) -> None:
        """Have a photo looked at; where there is no process for it, in another slot that can have one."""
        begin = time.monotonic()
        try:
            result = slot.do(task)
        except NotStarted as error:
            with self._changed:
                if any(not other.is_resting for other in self._slots):
                    self._tasks.appendleft(task)
                    return
            _settle(task.outcome, partial(task.on_error, error.why))
        except BaseException as error:
            task.outcome.set_exception(error)
        else:
            task.outcome.set_result(result)
        result = None if task.outcome.exception() else task.outcome.result()
        self.observe(task.work.__name__, time.monotonic() - begin, result)


def _load(slot: Slot) -> None:
    slot.fill()


def _settle(outcome: Future[Result], result: Callable[[], Result]) -> None:
    """Give a future its result, or the error that there is instead."""
    try:
        value = result()
    except BaseException as error:
        outcome.set_exception(error)
    else:
        outcome.set_result(value)
