"""Slowing down whoever guesses: the more attempts that failed, the longer the next one has to wait.

In memory alone, so that no address is ever stored. What counts is asked for before the password is looked at, so that
many attempts at once gain nothing.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cachetools import TTLCache

from fotopoort.errors import TooManyAttempts

MAX_REMEMBERED: Final = 100_000
SECONDS_REMEMBERED: Final = 24 * 3600


class Of(StrEnum):
    """Whose attempts are counted."""

    LOGIN = "login"  # as it was typed, whether or not there is such an account
    ADDRESS = "address"  # behind one there may be a whole school
    CODE = "code"  # the second factor of one account


@dataclass(frozen=True, slots=True)
class Pace:
    """How many attempts are free, and how long the longest wait is, in seconds."""

    free: int
    max_seconds: float


PACES: Final = {Of.LOGIN: Pace(5, 900), Of.ADDRESS: Pace(50, 60), Of.CODE: Pace(5, 900)}


def seconds_to_wait(failed: int, pace: Pace) -> float:
    """How long after the last attempt the next may be, after so many that failed: 1 second, 2, 4 and so on."""
    return 0.0 if failed < pace.free else min(2.0 ** min(failed - pace.free, 30), pace.max_seconds)


class LoginGuard:
    """Counts attempts; those that went well are taken off again.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._attempts: TTLCache[tuple[Of, str], tuple[int, float]] = TTLCache(
            MAX_REMEMBERED, SECONDS_REMEMBERED, timer=clock
        )

    def admit(self, *subjects: tuple[Of, str]) -> None:
        """Count an attempt on behalf of each of these, or of none of them.

        Raises:
            TooManyAttempts: one of them has to wait.
        """
        with self._lock:
            now = self._clock()
            counted = {subject: self._attempts.get(subject, (0, -math.inf)) for subject in subjects}
            wait = max(last + seconds_to_wait(count, PACES[of]) - now for (of, _), (count, last) in counted.items())
            if wait > 0:
                raise TooManyAttempts(math.ceil(wait))
            for subject, (count, _) in counted.items():
                self._attempts[subject] = count + 1, now

    def succeeded(self, *subjects: tuple[Of, str]) -> None:
        """The attempt that was admitted went well: an account begins anew, an address has one attempt fewer."""
        with self._lock:
            for of, name in subjects:
                count, last = self._attempts.pop((of, name), (0, 0.0))
                if of is Of.ADDRESS and count > 1:
                    self._attempts[of, name] = count - 1, last
