"""What a screening process says to its program. It imports nothing that takes time: see `entry.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one piece of work.

    Attributes:
        value: what it returned.
        error: what it raised instead.
        swollen: the process holds so much memory now that another should take its place.
    """

    value: Any
    error: Exception | None
    swollen: bool


@dataclass(frozen=True, slots=True)
class MoreTime:
    """Sent before the answer: the photo may take this many times the ordinary time."""

    times: float
