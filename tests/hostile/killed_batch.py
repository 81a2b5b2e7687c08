"""What `test_batch_killed.py` runs: `fotopoort batch` over a folder, killed over and over, then left alone.
Each round is a fork: nothing is imported again.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.waiting import PATIENCE

from fotopoort.cli.app import main as fotopoort

from .played import play

EACH = 10  # photos that are done in a round, and then it is killed
LONGEST = 0.1  # seconds until that


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
    play()
    chance = random.Random(7)  # noqa: S311 - any moment will do
    ledger = Path(command[command.index("--out") + 1]) / ".fotopoort" / "ledger.sqlite"
    killed = 0
    for round_ in range(int(rounds)):
        child, end = started(command), time.monotonic() + PATIENCE
        while done(ledger) < EACH * round_ and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    status = os.waitstatus_to_exitcode(os.waitpid(started(command), 0)[1])
    sys.stdout.write(f"{killed} {status}\n")


if __name__ == "__main__":
    main()
