"""One program at a time opens an SQLite registry: the others wait for their turn, however busy the machine is."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SUFFIX: Final = ".lock"  # after the name of the database
SECONDS_BETWEEN_TRIES: Final = 0.05


@contextmanager
def opening_lock(database: Path, max_seconds: float) -> Iterator[None]:
    """Wait until no other thread or process is in such a block for the same database.

    The lock is on a file of its own, because closing any descriptor of the database would drop the locks that SQLite
    has on it. That file stays: if it were removed, two programs could each lock a file of that name. The operating
    system releases the lock when a process ends, whatever ended it.

    Args:
        database: the SQLite file; its folder is made if needed.
        max_seconds: how long to wait.

    Raises:
        sqlite3.OperationalError: the lock file cannot be used, or others keep the lock for too long.
    """
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(database.with_name(database.name + SUFFIX), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise sqlite3.OperationalError("the lock file cannot be opened") from error
    try:
        _wait_for(descriptor, time.monotonic() + max_seconds)
        try:
            yield
        finally:
            # A child process that was forked meanwhile has a copy of the descriptor: closing ours would not release it.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise sqlite3.OperationalError("others are opening the database for too long") from None
        except OSError as error:
            raise sqlite3.OperationalError("the lock file cannot be locked") from error
        time.sleep(SECONDS_BETWEEN_TRIES)
