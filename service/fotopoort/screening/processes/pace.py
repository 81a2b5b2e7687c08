"""How many photos are looked at at once and how long they may take on the clock, on a machine that is too busy."""

from __future__ import annotations

import logging
import threading
from typing import Final

log = logging.getLogger(__name__)

MAX_PATIENCE: Final = 8  # times the ordinary time on the clock
GOOD_ONES: Final = 10  # photos in a row within the ordinary time, before we speed up a step


class Pace:
    """Slows down while photos run out of time without having used it, and speeds up when they no longer do.

    Args:
        count: how many photos may be looked at at once.

    Attributes:
        at_once: how many may be now.
        patience: how many times the ordinary time on the clock a photo may take now.
    """

    def __init__(self, count: int) -> None:
        self.at_once, self.patience, self._count = count, 1, count
        self._good = 0
        self._lock = threading.Lock()

    def starved(self) -> None:
        """A photo ran out of time on the clock and had used little of the processor's."""
        with self._lock:
            self._good = 0
            if self.patience == MAX_PATIENCE:
                return
            self.patience, self.at_once = 2 * self.patience, max(1, self.at_once // 2)
            log.warning(
                "the machine is too busy: from now on %d photos at once, each with %d times as long",
                self.at_once,
                self.patience,
            )

    def went_well(self, seconds: float, ordinary: float) -> None:
        """A photo was done in this many seconds on the clock; it may take `ordinary` when all is well."""
        with self._lock:
            self._good = self._good + 1 if seconds < ordinary else 0
            if self.patience > 1 and self._good >= GOOD_ONES:
                self._good = 0
                self.patience, self.at_once = self.patience // 2, min(self._count, 2 * self.at_once)
