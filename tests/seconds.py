"""A clock for tests that wait for nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Seconds:
    """Seconds that pass when the test says so, in place of `time.monotonic`."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now
