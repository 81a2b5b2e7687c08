"""Waiting for what another process or thread does."""

from __future__ import annotations

import time
from typing import Any


def wait_for(condition: Any, seconds: float = 10) -> None:  # noqa: ANN401 - anything that can be called
    """Wait until the condition holds; fail when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
