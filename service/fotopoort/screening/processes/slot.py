"""One slot of the pool: its process, another in its place where need be, and one photo at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, Final

from fotopoort.errors import ScreenerCrashed, ScreeningTimeout, UseError
from fotopoort.screening.processes.messages import Answer
from fotopoort.screening.processes.pace import Pace
from fotopoort.screening.processes.process import Crashed, OutOfTime, ScreeningProcess, Seconds
from fotopoort.screening.processes.worker import WorkerConfig

LITTLE: Final = 0.5  # of its processor time: a photo that used less when its time was over had to wait for it


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A photo that waits for a process.

    Attributes:
        work: what a process does, with its configuration, `data` and `job`.
        on_error: what the result is where the process fails.
    """

    work: Callable[..., Any]
    data: object
    job: object
    on_error: Callable[[Exception], Any]
    outcome: Future[Any]


class Slot:
    """A process that is always there. One thread uses it; any thread may close it.

    Args:
        config: what each process is given.
        load: what each does first.
        limit: how long a photo may take when all is well.
        pace: how much longer it may take now.
    """

    def __init__(self, config: WorkerConfig, load: Callable[[WorkerConfig], None], limit: Seconds, pace: Pace) -> None:
        self._config, self._load, self._limit, self._pace = config, load, limit, pace
        self._process: ScreeningProcess | None = None
        self._closed = False
        self._lock = threading.Lock()  # guards the two above

    @property
    def is_empty(self) -> bool:
        """Whether there is no process now."""
        return self._process is None

    @property
    def memory(self) -> int:
        """Bytes that its process holds; 0: there is none."""
        process = self._process
        return process.memory if process is not None else 0

    def close(self) -> None:
        """Stop what it does, and start nothing any more."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def fill(self) -> ScreeningProcess:
        """The process, with its models loaded.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as the process reported.
            CancelledError: it is closed.
        """
        process = self._process
        if process is not None and process.is_alive:
            return process
        self.empty()
        with self._lock:
            if self._closed:
                raise CancelledError
            process = self._process = ScreeningProcess(self._config, self._load)
        try:
            process.wait_until_loaded()
        except BaseException:
            self.empty()
            raise
        return process

    def empty(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def do(self, task: Task) -> Any:  # noqa: ANN401 - whatever the work returns
        """The task's result.

        Raises:
            UseError: the request itself cannot be.
            CancelledError: nothing is known of the photo, as this was closed.
        """
        try:
            return self._done(task)
        except (UseError, CancelledError):
            raise
        except Exception as error:  # such as models that a process which replaced another could not load
            if self._closed:
                raise CancelledError from None
            return task.on_error(error)

    def _done(self, task: Task) -> Any:  # noqa: ANN401 - whatever the work returns
        try:
            answer = self._tried(task)
        except _Starved:  # nothing is wrong with the photo: once more, and with more time
            try:
                answer = self._tried(task)
            except _Starved:
                raise ScreeningTimeout from None
        if answer.swollen:
            self.empty()
        if answer.error is not None:
            raise answer.error
        return answer.value

    def _tried(self, task: Task) -> Answer:
        process, begin = self.fill(), time.monotonic()
        limit = Seconds(self._limit.processor, self._limit.clock * self._pace.patience)
        try:
            answer = process.run(task.work, task.data, task.job, limit)
        except Crashed:
            self.empty()
            raise ScreenerCrashed from None
        except OutOfTime as late:
            self.empty()
            if late.used >= LITTLE * limit.processor:
                raise ScreeningTimeout from None
            self._pace.starved()
            raise _Starved from None
        self._pace.went_well(time.monotonic() - begin, self._limit.clock)
        return answer


class _Starved(Exception):
    """A photo's time was over, and it had used little of the processor."""
