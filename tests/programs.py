"""Programs that a test starts: none outlives the test, whatever becomes of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(command: Sequence[str | Path], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A program with its stderr to read; killed where it has not ended when the block does."""
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()
