"""Processes that screen: a photo that crashes a decoder or takes too long costs that photo, never the program.

Each process loads the models once and screens one photo at a time; the front doors hand it bytes and get a `Screening`
back. A process that dies or runs out of time is replaced, and its photo is rejected by rule R01. What runs inside a
process is in `worker.py`.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from fotopoort.errors import ModelFailed, PhotoError, ScreenerCrashed, ScreeningTimeout, UseError
from fotopoort.photo.decode import Limits
from fotopoort.policy.measures import seen_side
from fotopoort.policy.policy import Policy
from fotopoort.screening import worker
from fotopoort.screening.analysis import Inspection, failed
from fotopoort.screening.screen import Screening, ScreeningJob, unjudged
from fotopoort.screening.worker import InspectionJob, Prints, WorkerConfig
from fotopoort.settings import Settings, processors
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Text

log = logging.getLogger(__name__)

Job = TypeVar("Job")
Result = TypeVar("Result")

PIPE_BYTES: Final = 2**20  # the most that Linux gives to those who are not root
SECONDS_TO_LOAD: Final = 120  # on a slow and busy machine
SECONDS_BETWEEN_CHECKS: Final = 0.5  # of whether the pool broke with photos in it


class ScreeningPool:
    """A pool of screening processes.

    Args:
        config: what every process is given.
        policy: the school's rules.
        count: how many processes.
        seconds: how long one photo may take.

    Attributes:
        config: what every process is given.
        count: how many processes.
    """

    def __init__(self, config: WorkerConfig, policy: Policy, *, count: int, seconds: float) -> None:
        self.config, self.count, self._policy, self._seconds = config, count, policy, seconds
        self._pool = self._new_pool()
        self._replacing = threading.Lock()
        self._unsettled: dict[Future[Any], Callable[[Exception], Any]] = {}  # with what to answer on an error
        self._closed = threading.Event()
        threading.Thread(target=self._settle_what_is_lost, name="screening pool", daemon=True).start()

    @classmethod
    def open(cls, settings: Settings, policy: Policy, *, max_processes: int | None = None) -> Self:
        """Start as many processes as the settings say, at most `max_processes`, and load the models.

        Raises:
            ModelMissing, ModelCorrupt: a model is not here, or is not the one the manifest names.
        """
        Catalogue(settings.models_folder).pull()
        count = min(settings.screeners, max_processes or settings.screeners)
        limits = Limits(settings.max_bytes, settings.max_pixels)
        threads = max(1, processors() // count)
        config = WorkerConfig(settings.models_folder, limits, threads, settings.precision)
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
        with self._replacing:
            self._closed.set()
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        for outcome in tuple(self._unsettled):
            with suppress(InvalidStateError):  # settled in the meantime
                outcome.set_exception(CancelledError())

    def warm_up(self) -> None:
        """Load the models in every process.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as the process reported.
        """
        self._replace_broken_pool()
        with self._replacing:
            loading = [
                self._pool.schedule(worker.load_models, args=[self.config], timeout=SECONDS_TO_LOAD)
                for _ in range(self.count)
            ]
        for future in loading:
            try:
                future.result()
            except (ProcessExpired, BrokenProcessPool, TimeoutError):
                raise ModelFailed(
                    Text(nl="De modellen konden niet worden geladen.", en="The models could not be loaded.")
                ) from None

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

        def result_of(task: Future[Result]) -> Result:
            if self._closed.is_set():  # its process was stopped: nothing is known about the photo
                raise CancelledError
            try:
                return task.result()
            except TimeoutError:
                return on_error(ScreeningTimeout())
            except (ProcessExpired, BrokenProcessPool):
                return on_error(ScreenerCrashed())
            except (UseError, CancelledError):  # the request itself cannot be, or nothing is known
                raise
            except Exception as error:  # such as models that a process which replaced another could not load
                return on_error(error)

        def settle(task: Future[Result]) -> None:
            _settle(outcome, lambda: result_of(task))

        outcome.add_done_callback(lambda settled: self._unsettled.pop(settled, None))
        self._replace_broken_pool()
        with self._replacing:
            self._unsettled[outcome] = on_error
            task: Future[Result] = Future()
            try:
                task = self._pool.schedule(work, args=[self.config, data, job], timeout=self._seconds)
            except BaseException as error:
                if self._closed.is_set() or not isinstance(error, RuntimeError):
                    del self._unsettled[outcome]
                    raise
                task.set_exception(BrokenProcessPool())  # it is not active: it broke just now
        task.add_done_callback(settle)
        return outcome

    def _replace_broken_pool(self) -> None:
        """Replace a pool that broke, as it does once an idle process has died. What the broken pool had not yet handed
        to a process is not screened any more."""
        with self._replacing:
            if self._pool.active or self._closed.is_set():
                return
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = self._new_pool()
            lost = tuple(self._unsettled.items())
        for outcome, on_error in lost:
            _settle(outcome, lambda on_error=on_error: on_error(ScreenerCrashed()))  # type: ignore[misc]

    def _settle_what_is_lost(self) -> None:
        """Until the pool is closed: settle photos in a pool that broke, also when no other photo is submitted. A pool
        that breaks aborts what it knows of, but not a photo that is just being handed to it."""
        while not self._closed.wait(SECONDS_BETWEEN_CHECKS):
            try:
                if self._unsettled:
                    self._replace_broken_pool()
            except Exception as error:  # no process could be started: the next look tries again
                log.error("the screening processes could not be replaced: %s", type(error).__name__)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.count,
            context=_WidePipes(),
            initializer=worker.start,
            initargs=(logging.getLogger().getEffectiveLevel(),),
        )


def _settle(outcome: Future[Result], result: Callable[[], Result]) -> None:
    """Give a future its result, or the error that there is instead; it may have been settled in the meantime."""
    with suppress(InvalidStateError):
        try:
            value = result()
        except BaseException as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(value)


class _WidePipes(SpawnContext):
    """Starts processes afresh, with pipes as wide as anyone may have them: that halves the time to send a photo."""

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:
        ends = super().Pipe(duplex)
        with suppress(OSError):
            fcntl.fcntl(ends[1].fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return ends
