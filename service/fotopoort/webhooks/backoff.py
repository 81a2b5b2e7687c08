"""When a website that did not answer is tried again: one job shows whether it does, before all others that wait for it.

Each attempt that hangs keeps a thread for as long as it may last, and others get their turn later for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from fotopoort.jobs.retry import MINUTE, RetrySchedule
from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import database_clock

MAX_HELD: Final = 5 * MINUTE  # that the others are held back at a time
MARGIN: Final = 10.0  # seconds that the one tried meanwhile gets beside those of an attempt


def trial_and_rest(
    session: Session, schedule: RetrySchedule, attempts: int, seconds: float
) -> tuple[datetime, datetime]:
    """When one is tried, and when the others are.

    Args:
        attempts: at the one that was tried most of all that wait.
        seconds: that an attempt may last.
    """
    delay = min(schedule.delay(attempts, chance=0.0) or MAX_HELD, MAX_HELD)
    trial = database_clock(session.connection) + timedelta(seconds=delay)
    return trial, trial + timedelta(seconds=seconds + MARGIN)
