"""Work for screening processes that takes what a test wants it to take."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tests.waiting import wait_for

from fotopoort.errors import ModelCorrupt, ModelFailed
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.worker import WorkerConfig

if TYPE_CHECKING:
    from fotopoort.vision.models.runtime import Runtime

FOREVER = 600  # seconds; whoever waits that long has failed
DAMAGED, NO_MEMORY, GO = "damaged", "no memory", "go"  # files in the folder of models
kept: list[bytes] = []


def load_nothing(config: WorkerConfig) -> None:
    """A process without models, so that it is there at once."""


def load_a_thread(config: WorkerConfig) -> None:
    """As models have threads of their own."""
    threading.Thread(target=time.sleep, args=[FOREVER], daemon=True).start()


def load_slowly(config: WorkerConfig) -> None:
    """Takes more of the processor's time than a photo may."""
    use(config, b"", 0.5)


def load_in_vain(config: WorkerConfig) -> None:
    raise ModelFailed


def load_if_possible(config: WorkerConfig) -> None:
    """As long as there is no file that says otherwise."""
    if (config.models_folder / DAMAGED).exists():
        raise ModelCorrupt
    if (config.models_folder / NO_MEMORY).exists():
        os.kill(os.getpid(), signal.SIGKILL)


def use(config: WorkerConfig, data: bytes, seconds: float) -> int:
    """Use the processor for some seconds; which process did."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()


def ask_and_use(config: WorkerConfig, data: bytes, asked: tuple[float, float]) -> int:
    """Ask for so many times the ordinary time more, and use the processor for some seconds."""
    times, seconds = asked
    worker.ask_time(times)
    return use(config, data, seconds)


def wait(config: WorkerConfig, data: bytes, seconds: float) -> int:
    """Wait for some seconds without using the processor."""
    time.sleep(seconds)
    return os.getpid()


def wait_until_told(config: WorkerConfig, data: bytes, job: object) -> int:
    """Wait until there is a file that says so; which process did."""
    wait_for((config.models_folder / GO).exists)
    return os.getpid()


def niceness(config: WorkerConfig, data: bytes, job: object) -> set[int]:
    """How far the threads of this process stand behind other programs."""
    return {os.getpriority(os.PRIO_PROCESS, int(thread.name)) for thread in Path("/proc/self/task").iterdir()}


def keep(config: WorkerConfig, data: bytes, size: int) -> int:
    """Hold so much more memory from now on."""
    kept.append(os.urandom(1) * size)
    return os.getpid()


class _Calls:
    """What calls of models hold on to until they are told to give it back."""

    def release_memory(self) -> None:
        kept.clear()


def keep_for_calls(config: WorkerConfig, data: bytes, size: int) -> int:
    """Hold so much more memory until it is asked back."""
    worker.runtimes[config] = cast("Runtime", _Calls())
    return keep(config, data, size)


def allocate(config: WorkerConfig, data: bytes, size: int) -> int:
    """Ask for memory without filling it."""
    return len(bytearray(size))


def core_limit(config: WorkerConfig, data: bytes, job: None) -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CORE)


def fail(config: WorkerConfig, data: bytes, job: None) -> None:
    """Die as a decoder does."""
    os.abort()


def die_in(config: WorkerConfig, data: bytes, pid: int) -> int:
    """Be killed in this process, as a machine short of memory does, and work in another one; which process did."""
    if os.getpid() == pid:
        os.kill(pid, signal.SIGKILL)
    return os.getpid()


def wait_in(config: WorkerConfig, data: bytes, pid: int) -> int:
    """Wait for ever in this process, and not at all in another one; which process did."""
    return wait(config, data, FOREVER if os.getpid() == pid else 0)
