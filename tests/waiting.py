"""Waiting for what another process or thread does."""

from __future__ import annotations

import time
from typing import Any, Final

PATIENCE: Final = 300  # seconds until a test gives up: a bound for what hangs, ample for a machine that is busy


def wait_for(condition: Any, seconds: float = PATIENCE) -> None:  # noqa: ANN401 - anything that can be called
    """Wait until the condition holds; fail when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
