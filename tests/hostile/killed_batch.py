"""What `test_batch_killed.py` runs: `fotopoort batch` over a folder, killed over and over, then left alone.

Photos are screened in this process by eyes that see one large face in dark photos, so that a run takes a second or so.
Each round is a fork: nothing is imported again.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from fotopoort import workers
from fotopoort.cli.app import main as fotopoort
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.settings import Settings
from fotopoort.vocabulary import Box, Face
from fotopoort.workers import Bench, Screeners

EACH = 3  # photos that are done in a round, and then it is killed
LONGEST = 0.1  # seconds until that
PATIENCE = 30  # seconds
DARK = 100  # levels


class Eyes:
    """One frontal face over most of a dark photo, none in a light one."""

    fingerprint = "eyes of a test"

    def find(self, pixels: np.ndarray[Any, Any], scale: float = 1.0, known: Sequence[Box] = ()) -> tuple[Face, ...]:
        if pixels.mean() > DARK:
            return ()
        height, width = pixels.shape[:2]
        box = Box(0.2 * width / scale, 0.2 * height / scale, 0.6 * width / scale, 0.6 * height / scale)
        return (Face("f1", box, (box.centre,) * 5, 0.9, 0.0, 0.0, 0.0, True),)


class Here(Screeners):
    """Screening in this very process."""

    def __init__(self, policy: Policy, settings: Settings) -> None:
        self.bench, self.count, self._policy = Bench(settings.models_folder, Limits()), 2, policy

    @classmethod
    def open(cls, settings: Settings, policy: Policy, *, most: int | None = None) -> Here:
        return cls(policy, settings)

    def close(self) -> None:
        pass

    def _run(self, work: Callable[..., Any], arguments: list[Any], refused: Callable[[Exception], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*arguments))
        return future


def started(command: Iterable[str]) -> int:
    """The id of a process that does this command."""
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    sys.argv = ["fotopoort", *command]
    try:
        fotopoort()
    except SystemExit as stopped:
        os._exit(int(stopped.code or 0))
    os._exit(0)


def done(ledger: Path) -> int:
    """How many photos have a result."""
    try:
        with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM batch_result").fetchone()[0])
    except sqlite3.Error:  # not made yet
        return 0


def main() -> None:
    rounds, *command = sys.argv[1:]
    workers.finder, workers.reader = lambda bench: Eyes(), lambda bench: None  # type: ignore[assignment]
    Screeners.open = Here.open  # type: ignore[method-assign]
    chance = random.Random(7)  # noqa: S311 - any moment will do
    ledger = Path(command[command.index("--out") + 1]) / ".fotopoort" / "ledger.sqlite"
    killed = 0
    for round_ in range(int(rounds)):
        child, end = started(command), time.monotonic() + PATIENCE
        while done(ledger) < EACH * round_ and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    status = os.waitstatus_to_exitcode(os.waitpid(started(command), 0)[1])
    sys.stdout.write(f"{killed} {status}\n")


if __name__ == "__main__":
    main()
