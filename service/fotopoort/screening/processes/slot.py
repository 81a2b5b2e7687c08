"""One slot of the pool: its process, another in its place where need be, and one photo at a time."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, Final

from fotopoort.errors import FotopoortError, PhotoError, ScreenerCrashed, ScreeningTimeout, UseError
from fotopoort.screening.processes.messages import Answer
from fotopoort.screening.processes.pace import Pace
from fotopoort.screening.processes.process import Crashed, OutOfTime, ScreeningProcess, Seconds
from fotopoort.screening.processes.worker import WorkerConfig

log = logging.getLogger(__name__)

FIRST_REST: Final = 2.0  # seconds after a process that could not start; twice as long after each that follows
MAX_REST: Final = 300.0
LITTLE: Final = 0.5  # of its processor time: a photo that used less when its time was over had to wait for it


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A photo that waits for a process.

    Attributes:
        work: what a process does, with its configuration, `data` and `job`.
        on_error: what the result is where the process fails.
        excused: codes of the errors that it had once and that may not have been the photo's.
    """

    work: Callable[..., Any]
    data: object
    job: object
    on_error: Callable[[Exception], Any]
    outcome: Future[Any]
    excused: set[str] = field(default_factory=set)

    @property
    def photo(self) -> str:
        """As the log calls it: the beginning of its SHA-256."""
        return hashlib.sha256(self.data).hexdigest()[:12] if isinstance(self.data, bytes) else ""


class NotStarted(Exception):
    """There is no process to do a task, so that nothing is known of its photo. `why`: what kept it from starting."""

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.why = why


class Slot:
    """A process that is always there. One thread uses it; any thread may close it.

    Args:
        config: what each process is given.
        load: what each does first.
        limit: how long a photo may take when all is well.
        pace: how much longer it may take now.

    Attributes:
        is_resting: no process could be started when that was last tried.
    """

    def __init__(self, config: WorkerConfig, load: Callable[[WorkerConfig], None], limit: Seconds, pace: Pace) -> None:
        self._config, self._load, self._limit, self._pace = config, load, limit, pace
        self.is_resting = False
        self._rest = 0.0  # seconds, the latest
        self._starts_at: float | None = None  # on the monotonic clock
        self._process: ScreeningProcess | None = None
        self._closed = False
        self._lock = threading.Lock()  # guards the two above

    @property
    def seconds_to_start(self) -> float | None:
        """After how long it should be filled again, whether there is work or not; None: it need not be."""
        return None if self._starts_at is None else max(0.0, self._starts_at - time.monotonic())

    @property
    def memory(self) -> int:
        """Bytes that its process holds; 0: there is none."""
        process = self._process
        return process.memory if process is not None else 0

    def close(self) -> None:
        """Stop what it does, and start nothing any more."""
        with self._lock:
            self._closed = True
            process = self._process  # its own thread may be ending it
        if process is not None:
            process.kill()

    def fill(self) -> ScreeningProcess:
        """The process, with its models loaded.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as the process reported.
            CancelledError: it is closed.
        """
        process = self._process
        if process is not None:
            if process.is_alive:
                return process
            if not self._closed:
                log.warning("a screening process died while it had nothing to do: %s", process.death())
        self.empty()
        try:
            process = self._started()
        except Exception as error:
            self.empty()
            if self._closed:
                raise CancelledError from None
            self._rest_after(error)
            raise
        if self.is_resting:
            log.warning("a screening process that could not be started is there again")
        self.is_resting, self._rest, self._starts_at = False, 0.0, None
        return process

    def empty(self) -> None:
        """End the process, if there is one; another is to take its place."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()
            self._starts_at = time.monotonic()

    def _started(self) -> ScreeningProcess:
        with self._lock:
            if self._closed:
                raise CancelledError
            process = self._process = ScreeningProcess(self._config, self._load)
        process.wait_until_loaded()
        return process

    def _rest_after(self, error: Exception) -> None:
        if not self.is_resting:  # what follows is told when it is over
            told = str(error) if isinstance(error, FotopoortError) else type(error).__name__  # which may quote anything
            if isinstance(error.__cause__, (Crashed, OutOfTime)):
                told += f" ({error.__cause__})"
            log.error("a screening process cannot be started, and is tried again from time to time: %s", told)
        self._rest = min(max(FIRST_REST, 2 * self._rest), MAX_REST)
        self.is_resting, self._starts_at = True, time.monotonic() + self._rest

    def do(self, task: Task) -> Any:  # noqa: ANN401 - whatever the work returns
        """The task's result.

        Raises:
            UseError: the request itself cannot be.
            CancelledError: nothing is known of the photo, as this was closed.
            NotStarted: nor is it then.
        """
        try:
            return self._done(task)
        except (UseError, CancelledError, NotStarted):
            raise
        except Exception as error:
            if self._closed:
                raise CancelledError from None
            return task.on_error(error)

    def _done(self, task: Task) -> Any:  # noqa: ANN401 - whatever the work returns
        while True:
            try:
                answer = self._tried(task)
                break
            except _InDoubt as doubt:  # perhaps nothing is wrong with the photo: once more, in another process
                if doubt.error.code in task.excused:
                    raise doubt.error from None
                task.excused.add(doubt.error.code)
        if answer.swollen:
            self.empty()
        if answer.error is not None:
            raise answer.error
        return answer.value

    def _tried(self, task: Task) -> Answer:
        try:
            process, begin = self.fill(), time.monotonic()
        except CancelledError:
            raise
        except Exception as error:
            raise NotStarted(error) from None
        limit = Seconds(self._limit.processor, self._limit.clock * self._pace.patience)
        try:
            answer = process.run(task.work, task.data, task.job, limit)
        except Crashed as death:  # as a decoder does, or where the machine is short of memory
            self.empty()
            if not self._closed:
                log.warning("a screening process died at photo %s: %s", task.photo, death)
            raise _InDoubt(ScreenerCrashed()) from None
        except OutOfTime as late:
            self.empty()
            if late.used >= LITTLE * limit.processor:
                raise ScreeningTimeout from None
            self._pace.starved()  # the next try has more time
            raise _InDoubt(ScreeningTimeout()) from None
        self._pace.went_well(time.monotonic() - begin, self._limit.clock)
        return answer


class _InDoubt(Exception):
    """A photo's process died, or its time was over and it had used little of the processor. `error`: what the photo is
    told if that happens again."""

    def __init__(self, error: PhotoError) -> None:
        super().__init__()
        self.error = error
