"""One screening process, as the program that started it sees it. It loads the models and then does one piece of work at
a time, within a limit on processor time and one on time on the clock."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fotopoort import logs
from fotopoort.errors import ModelFailed
from fotopoort.screening.processes import entry
from fotopoort.screening.processes.messages import Answer, MoreTime
from fotopoort.vocabulary import Text

if TYPE_CHECKING:
    from fotopoort.screening.processes.worker import WorkerConfig

PIPE_BYTES: Final = 2**20  # the most that Linux gives to those who are not root
SECONDS_BETWEEN_LOOKS: Final = 0.1  # at what a process has used; its answer is taken as soon as it comes
CLOCK_TICKS: Final = os.sysconf("SC_CLK_TCK")
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long something may take: of the processor's time, of all threads together, and on the clock."""

    processor: float
    clock: float


MAX_TIMES: Final = 10.0  # the ordinary limit: what a photo full of text may take
LOADING: Final = Seconds(120, 600)  # on a slow and busy machine
SECONDS_TO_END: Final = 10.0  # of a process that no longer answers: what it ends by is its own then
LOOK_FOR_MEMORY: Final = Text(
    nl="Kijk met `fotopoort doctor` of er genoeg geheugen is. In het log staat wat er misging.",
    en="See by `fotopoort doctor` whether there is enough memory. The log says what went wrong.",
)


class Crashed(Exception):
    """The process has died. Its text says by what signal, or with what exit status."""


class OutOfTime(Exception):
    """The process has been stopped, as its work took too long. `used`: seconds of the processor."""

    def __init__(self, used: float) -> None:
        super().__init__("it took too long")
        self.used = used


class ScreeningProcess:
    """A process, started at once; `wait_until_loaded` comes before `run`.

    Args:
        config: what the process is given.
        load: what it does first.
    """

    def __init__(self, config: WorkerConfig, load: Callable[[WorkerConfig], None]) -> None:
        try:
            started = _ahead.pop()
        except IndexError:
            started = _Started(ahead=False)
        self._process, self._jobs, self._answers = started.process, started.jobs, started.answers
        with suppress(OSError):  # it has died: whoever waits for its models is told
            self._jobs.send((config, load, logs.configured()))

    @property
    def is_alive(self) -> bool:
        """Whether it can be given work."""
        return self._process.is_alive()

    @property
    def memory(self) -> int:
        """Bytes that it holds; 0 if it is no more."""
        with suppress(OSError, IndexError, ValueError):
            return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * PAGE_BYTES
        return 0

    def wait_until_loaded(self) -> None:
        """Wait for the models.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as the process reported; the last also if it died or was too slow.
        """
        try:
            answer = self._answer(LOADING, 0.0)
        except (Crashed, OutOfTime) as ended:
            raise ModelFailed(
                Text(nl="De modellen konden niet worden geladen.", en="The models could not be loaded."),
                hint=LOOK_FOR_MEMORY,
            ) from ended
        if answer.error is not None:
            raise answer.error

    def run(self, work: Callable[..., Any], data: object, job: object, limit: Seconds) -> Answer:
        """Have the process do `work`. Its time begins now: the process has nothing else to do.

        Raises:
            Crashed, OutOfTime: there is no answer, and the process is no more.
        """
        used = self._used()
        try:
            self._jobs.send((work, data, job))
        except OSError:
            raise self.death() from None
        return self._answer(limit, used)

    def death(self) -> Crashed:
        """Of a process that no longer answers: what it died by. It is no more after this."""
        self._process.join(SECONDS_TO_END)
        status = self._process.exitcode
        self.stop()
        if status is None:
            return Crashed("it no longer answered")
        return Crashed(f"signal {-status}" if status < 0 else f"exit status {status}")

    def kill(self) -> None:
        """End the process, whatever it does; whoever waits for its answer sees that it has died."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and wait until it is no more."""
        self._process.kill()
        self._process.join()
        self._jobs.close()
        self._answers.close()

    def _answer(self, limit: Seconds, used_before: float) -> Answer:
        begin, times = time.monotonic(), 1.0
        answer: Answer | MoreTime
        try:
            while True:
                while not self._answers.poll(SECONDS_BETWEEN_LOOKS):
                    used = self._used() - used_before
                    is_over = used > times * limit.processor or time.monotonic() - begin > times * limit.clock
                    if is_over and not self._answers.poll():  # it may have come while this process did not run
                        self.stop()
                        raise OutOfTime(used)
                answer = self._answers.recv()
                if not isinstance(answer, MoreTime):
                    break
                times = min(times + answer.times, MAX_TIMES)
        except (OSError, EOFError):
            raise self.death() from None
        return answer

    def _used(self) -> float:
        """Seconds of the processor that all its threads have used so far; 0 if it is no more."""
        with suppress(OSError):
            user, system = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / CLOCK_TICKS
        return 0.0


class _Started:
    """A process that imports what it needs and waits for its configuration; started ahead, it loads models first."""

    def __init__(self, *, ahead: bool) -> None:
        jobs, self.jobs = wide_pipe()
        self.answers, answers = wide_pipe()
        self.process = get_context("spawn").Process(
            target=entry.begin, args=(jobs, answers, ahead), name="screening", daemon=True
        )
        self.process.start()
        for theirs in (jobs, answers):  # only the process has these ends then, so they close when it ends
            theirs.close()


_ahead: Final[list[_Started]] = []


def start_ahead() -> None:
    """Start a process before the program imports anything else. The next `ScreeningProcess` uses it; if there never is
    one, the process ends with the program."""
    _ahead.append(_Started(ahead=True))


def wide_pipe() -> tuple[Connection, Connection]:
    """The ends of a pipe, to read and to write, with the largest buffer allowed: it halves the time to send a photo."""
    reader, writer = get_context("spawn").Pipe(duplex=False)
    with suppress(OSError):
        fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return reader, writer
