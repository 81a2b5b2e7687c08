"""Whoever guesses has to wait longer and longer, and keeps nobody else out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.seconds import Seconds

from fotopoort.errors import BadCode, BadLogin, RegistryUnavailable, TooManyAttempts
from fotopoort.registry.access.login_guard import PACES, Attempts, LoginGuard, of_account, seconds_to_wait

HERE, THERE = "192.0.2.1", "198.51.100.1"
FREE = PACES[Attempts.LOGIN_HERE].free


def wrong(guard: LoginGuard, login: str = "juf", address: str = HERE) -> None:
    """Log in with a wrong password."""
    with pytest.raises(BadLogin), guard.login("school", login, address):
        raise BadLogin


def right(guard: LoginGuard, login: str = "juf", address: str = HERE) -> None:
    with guard.login("school", login, address):
        pass


def attempts_in(seconds: float, attempt: Callable[[LoginGuard, int], None]) -> int:
    """How many passwords one who never stops can try."""
    clock, tried = Seconds(), 0
    guard = LoginGuard(clock)
    while clock.now < seconds:
        try:
            attempt(guard, tried)
            tried += 1
        except TooManyAttempts as error:
            clock.now += max(1, error.seconds)  # else this would never end
    return tried


def test_few_passwords_can_be_tried_in_a_day() -> None:
    day = 24 * 3600
    assert attempts_in(day, lambda guard, _: wrong(guard)) < 120
    assert attempts_in(day, lambda guard, n: wrong(guard, f"juf {n}")) < 1600  # of many people, from one place
    assert attempts_in(day, lambda guard, n: wrong(guard, address=f"192.0.{n // 250}.{n % 250}")) < 1600
    assert attempts_in(day, lambda guard, n: wrong(guard, f"juf {n}", f"2001:db8::{n:x}")) < 1600  # one network

    def code(guard: LoginGuard, _: int) -> None:
        with pytest.raises(BadCode), guard.attempt(of_account(Attempts.CODE, "school", "a1")):
            raise BadCode

    assert attempts_in(day, code) < 120  # of a million, of which three hold at a time


@given(st.sampled_from(Attempts), st.integers(0, 10_000))
def test_more_failures_never_wait_shorter(of: Attempts, failed: int) -> None:
    pace = PACES[of]
    assert 0 <= seconds_to_wait(failed, pace) <= seconds_to_wait(failed + 1, pace) <= pace.max_seconds


def test_whoever_keeps_guessing_keeps_the_owner_out_nowhere_else() -> None:
    """An address where the right password was given before is not slowed down by what others try."""
    clock = Seconds()
    guard = LoginGuard(clock)
    right(guard, address=THERE)
    for number in range(2000):
        clock.now += 1
        try:
            wrong(guard, address=f"203.0.113.{number % 250}")
        except TooManyAttempts:
            pass
        right(guard, address=THERE)


def test_a_refused_attempt_counts_for_nobody() -> None:
    guard = LoginGuard(Seconds())
    for _ in range(FREE):
        wrong(guard)
    for _ in range(200):
        with pytest.raises(TooManyAttempts):
            wrong(guard)
    right(guard, "another")
    right(guard, address=THERE)


def test_attempts_at_once_are_counted_before_they_are_looked_at() -> None:
    guard = LoginGuard(Seconds())
    under_way = [guard.login("school", "juf", HERE) for _ in range(100)]
    admitted = []
    for attempt in under_way:
        try:
            attempt.__enter__()
            admitted.append(attempt)
        except TooManyAttempts:
            pass
    assert len(admitted) == FREE


def test_the_right_password_begins_anew_but_clears_no_address() -> None:
    guard = LoginGuard(Seconds())
    for _ in range(FREE - 1):
        wrong(guard)
    right(guard)
    for _ in range(FREE):
        wrong(guard)
    for number in range(PACES[Attempts.ADDRESS].free - (FREE - 1)):  # what failed after it went well counts not here
        wrong(guard, f"other {number}")
    with pytest.raises(TooManyAttempts):
        right(guard, "one more")


@pytest.mark.parametrize("error", [RegistryUnavailable(), KeyboardInterrupt(), ValueError()])
def test_what_goes_wrong_on_our_side_counts_for_nobody(error: BaseException) -> None:
    guard = LoginGuard(Seconds())
    for _ in range(200):
        with pytest.raises(type(error)), guard.login("school", "juf", HERE):
            raise error
    right(guard)


def test_a_school_that_logs_in_well_never_waits() -> None:
    guard = LoginGuard(Seconds())
    for number in range(1000):
        right(guard, f"teacher {number}")


def test_schools_and_addresses_are_told_apart() -> None:
    guard = LoginGuard(Seconds())
    for _ in range(FREE):
        wrong(guard, address="::ffff:192.0.2.1")  # the same as without
    with pytest.raises(TooManyAttempts):
        right(guard)
    with guard.login("other", "juf", HERE):
        pass
    right(guard, address="no address at all")
