"""Whoever guesses has to wait longer and longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.errors import TooManyAttempts
from fotopoort.registry.access.login_guard import PACES, LoginGuard, Of, seconds_to_wait

JUF, HERE, THERE = (Of.LOGIN, "juf"), (Of.ADDRESS, "192.0.2.1"), (Of.ADDRESS, "192.0.2.2")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def attempts_in(seconds: float, *, of: Of) -> int:
    """How many passwords one who never stops can try."""
    clock, tried = Seconds(), 0
    guard = LoginGuard(clock)
    while clock.now < seconds:
        try:
            guard.admit((of, "x"))
            tried += 1
        except TooManyAttempts as error:
            clock.now += max(1, error.seconds)  # else this would never end
    return tried


def test_few_passwords_can_be_tried_in_a_day() -> None:
    assert attempts_in(24 * 3600, of=Of.LOGIN) < 120
    assert attempts_in(24 * 3600, of=Of.CODE) < 120  # of a million, of which three hold at a time
    assert attempts_in(24 * 3600, of=Of.ADDRESS) < 1600


@given(st.sampled_from(Of), st.integers(0, 10_000))
def test_more_failures_never_wait_shorter(of: Of, failed: int) -> None:
    pace = PACES[of]
    assert 0 <= seconds_to_wait(failed, pace) <= seconds_to_wait(failed + 1, pace) <= pace.max_seconds


def test_a_refused_attempt_counts_for_nobody() -> None:
    clock = Seconds()
    guard = LoginGuard(clock)
    for _ in range(PACES[Of.LOGIN].free):
        guard.admit(JUF, HERE)
    for _ in range(200):
        with pytest.raises(TooManyAttempts):
            guard.admit(JUF, THERE)
    guard.admit((Of.LOGIN, "another"), THERE)  # whose address did nothing wrong


def test_attempts_at_once_are_counted_before_they_are_looked_at() -> None:
    guard = LoginGuard(Seconds())
    admitted = 0
    for _ in range(100):
        try:
            guard.admit(JUF)
            admitted += 1
        except TooManyAttempts:
            pass
    assert admitted == PACES[Of.LOGIN].free


def test_the_right_password_begins_anew_but_clears_no_address() -> None:
    guard = LoginGuard(Seconds())
    for _ in range(3):
        guard.admit(JUF, HERE)
    guard.succeeded(JUF, HERE)
    for _ in range(PACES[Of.LOGIN].free):
        guard.admit(JUF)
    own = PACES[Of.ADDRESS].free - 2
    for number in range(own):
        guard.admit((Of.LOGIN, f"other {number}"), HERE)
    with pytest.raises(TooManyAttempts):
        guard.admit((Of.LOGIN, "one more"), HERE)


def test_a_school_that_logs_in_well_never_waits() -> None:
    guard = LoginGuard(Seconds())
    for number in range(1000):
        guard.admit((Of.LOGIN, f"teacher {number}"), HERE)
        guard.succeeded((Of.LOGIN, f"teacher {number}"), HERE)
