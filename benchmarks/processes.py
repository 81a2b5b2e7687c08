"""Whole programs, run and watched from outside: how long they take and how much memory they hold. Linux only.

Memory is read from /proc five times a second, for the program and every process below it:

- *largest*: the highest resident set of any single process (VmHWM, which the kernel keeps: nothing between two readings
  is lost);
- *together*: the highest sum at one moment of what each process has for itself (RssAnon), and the file pages (RssFile)
  of the one that has most of them: programs and models, which the others share.

Both are counters that the kernel keeps anyway. Adding up shared pages exactly (PSS) walks all of a process's memory and
slowed down what was being timed.

Megabytes are 1,000,000 bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOTOPOORT = (sys.executable, "-m", "fotopoort")  # the command, from this checkout

INTERVAL = 0.2  # seconds between two readings


@dataclass(frozen=True)
class Run:
    """One program, from its start to its end."""

    status: int
    seconds: float
    lines: tuple[str, ...]  # of stdout
    came: tuple[float, ...]  # when each of them came, in seconds from the start
    errors: str  # all of stderr
    largest: float  # megabytes
    together: float  # megabytes
    resident: tuple[float, ...] = ()  # megabytes of the process that held most when each of the lines came


def fotopoort(*arguments: str | Path, **settings: str) -> Run:
    """Run the command `fotopoort` with these arguments and FOTOPOORT_… settings."""
    paths = [str(ROOT / "service"), os.environ.get("PYTHONPATH", "")]
    environment = {f"FOTOPOORT_{name.upper()}": value for name, value in settings.items()}
    return watch([*FOTOPOORT, *arguments], {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | environment)


def watch(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Run:
    """Run a program to its end; what it needs of the environment is added to ours."""
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        start = time.perf_counter()
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(environment or {})},
            encoding="utf-8",
            errors="surrogateescape",
        )
        with _Memory(program.pid) as memory:
            lines, came, resident = [], [], []
            assert program.stdout is not None
            for line in program.stdout:
                came.append(time.perf_counter() - start)
                resident.append(memory.resident / 1e6)
                lines.append(line)
            program.stdout.close()
            status = program.wait()
            seconds = time.perf_counter() - start
        errors.seek(0)
        return Run(
            status,
            seconds,
            tuple(lines),
            tuple(came),
            errors.read(),
            memory.largest / 1e6,
            memory.together / 1e6,
            tuple(resident),
        )


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep so many processors busy with something else."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def peak_megabytes(pid: int | None = None) -> float:
    """What one process, by default this one, held at most.

    Not `ru_maxrss`: that one begins with what the process that started it held.
    """
    return _status(pid or os.getpid())["VmHWM"] / 1e6


class _Memory:
    """Reads the memory of a process and all below it until the end of the `with` block, in bytes."""

    def __init__(self, pid: int) -> None:
        self.largest = self.together = self.resident = 0
        self._pid = pid
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> _Memory:
        self._reader.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._reader.join()

    def _read(self) -> None:
        while not self._ended.wait(INTERVAL):
            processes = [_status(pid) for pid in with_descendants(self._pid)]
            self.largest = max(self.largest, *(process.get("VmHWM", 0) for process in processes))
            self.resident = max(process.get("VmRSS", 0) for process in processes)
            own = sum(process.get("RssAnon", 0) for process in processes)
            self.together = max(self.together, own + max(process.get("RssFile", 0) for process in processes))


def with_descendants(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for task in _listed(Path(f"/proc/{pid}/task")):
        try:
            children = (task / "children").read_text().split()
        except OSError:  # ended meanwhile
            continue
        for child in children:
            yield from with_descendants(int(child))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _status(pid: int) -> dict[str, int]:
    """The memory fields of /proc/PID/status, in bytes; none of a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":") for line in lines if line.endswith(" kB"))
    return {name: int(value.removesuffix(" kB")) * 1024 for name, value in pairs}
