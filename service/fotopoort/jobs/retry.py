"""When a job that failed is tried again: a pure function of how often it was tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """How long to wait before each attempt.

    Attributes:
        delays: seconds before the first attempt, before the second, and so on.
        forever: go on with the last of these delays; otherwise a job whose attempts have all failed is dead.
        jitter: up to this share of a delay is added by chance, so that what failed together is not tried together.
        max_retry_after: the most seconds that the other side can ask for. Whoever could ask for a year would have the
            job wait that long.
    """

    delays: tuple[float, ...]
    forever: bool = False
    jitter: float = 0.1
    max_retry_after: float = 24 * HOUR

    def __post_init__(self) -> None:
        if not self.delays or min(self.delays) < 0 or self.jitter < 0 or self.max_retry_after < 0:
            raise ValueError("a schedule has delays, of which none is negative")

    def delay(self, attempts: int, *, chance: float, retry_after: float | None = None) -> float | None:
        """Seconds until the next attempt; None: there is none.

        Args:
            attempts: how often it was tried.
            chance: from 0 to 1; which part of the jitter is added.
            retry_after: what the other side asked for, in seconds. It never makes the wait shorter.
        """
        if attempts >= len(self.delays) and not self.forever:
            return None
        base = self.delays[min(attempts, len(self.delays) - 1)]
        wait = base * (1 + self.jitter * chance)
        return wait if retry_after is None else max(wait, min(retry_after, self.max_retry_after))


# The attempts of the Standard Webhooks specification: three days in all.
WEBHOOK_DELIVERY: Final = RetrySchedule(
    (0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
)
UNTIL_IT_WORKS: Final = RetrySchedule((0, 10 * MINUTE), forever=True)
