"""Slowing down whoever guesses: the more attempts that failed, the longer the next one has to wait.

In memory alone, so that no address is ever stored. An attempt is counted before the password is looked at, so that many
at once gain nothing. Who keeps guessing somebody's password from one place does not keep that person out at another:
what counts strictly is the login together with the address.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from cachetools import TTLCache

from fotopoort.errors import BadCode, BadLogin, TooManyAttempts

MAX_REMEMBERED: Final = 100_000
SECONDS_REMEMBERED: Final = 24 * 3600
IPV6_NETWORK: Final = 64  # bits that everybody has who has an address at all


class Attempts(StrEnum):
    """Whose attempts are counted together."""

    LOGIN_HERE = "login_here"  # one login from one address, whether or not there is such an account
    LOGIN = "login"  # one login, from addresses where it never went well
    ADDRESS = "address"  # behind one there may be a whole school
    CODE = "code"  # the second factor of one account
    PASSWORD = "password"  # noqa: S105 - of one account, by whoever is logged in to it


@dataclass(frozen=True, slots=True)
class Pace:
    """How many attempts are free, and how long the longest wait is, in seconds."""

    free: int
    max_seconds: float


PACES: Final = {
    Attempts.LOGIN_HERE: Pace(5, 900),
    Attempts.LOGIN: Pace(50, 60),
    Attempts.ADDRESS: Pace(50, 60),
    Attempts.CODE: Pace(5, 900),
    Attempts.PASSWORD: Pace(5, 900),
}
Subject: TypeAlias = tuple[Attempts, str]


def seconds_to_wait(failed: int, pace: Pace) -> float:
    """How long after the last attempt the next may be, after so many that failed: 1 second, 2, 4 and so on."""
    return 0.0 if failed < pace.free else min(2.0 ** min(failed - pace.free, 30), pace.max_seconds)


class LoginGuard:
    """Counts attempts that failed.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failed: TTLCache[Subject, tuple[int, float]] = TTLCache(MAX_REMEMBERED, SECONDS_REMEMBERED, timer=clock)
        self._went_well: TTLCache[Subject, bool] = TTLCache(MAX_REMEMBERED, SECONDS_REMEMBERED * 30, timer=clock)

    @contextmanager
    def login(self, tenant: str, login: str, address: str) -> Iterator[None]:
        """An attempt to log in: what is done in this block.

        Raises:
            TooManyAttempts: wait first.
        """
        place = _network(address)
        here = _subject(Attempts.LOGIN_HERE, tenant, login, place)
        subjects = [here]
        if here not in self._went_well:  # whoever was here before is held up by nobody else
            subjects += [_subject(Attempts.LOGIN, tenant, login), _subject(Attempts.ADDRESS, place)]
        with self.attempt(*subjects):
            yield
        with self._lock:
            self._went_well[here] = True

    @contextmanager
    def attempt(self, *subjects: Subject) -> Iterator[None]:
        """An attempt on behalf of each of these: what is done in this block. It failed where a login or a code was
        wrong; where anything else went wrong it counts as none.

        Raises:
            TooManyAttempts: one of them has to wait; that counts for none of them.
        """
        with self._lock:
            now = self._clock()
            counted = {subject: self._failed.get(subject, (0, -math.inf)) for subject in subjects}
            wait = max(last + seconds_to_wait(count, PACES[of]) - now for (of, _), (count, last) in counted.items())
            if wait > 0:
                raise TooManyAttempts(math.ceil(wait))
            for subject, (count, _) in counted.items():
                self._failed[subject] = count + 1, now
        try:
            yield
        except (BadLogin, BadCode):
            raise
        except BaseException:
            self._take_back(*subjects)
            raise
        with self._lock:
            for subject in subjects:  # an account begins anew; an address has one attempt fewer
                if subject[0] is not Attempts.ADDRESS:
                    self._failed.pop(subject, None)
        self._take_back(*(subject for subject in subjects if subject[0] is Attempts.ADDRESS))

    def has_failed_often(self, *subjects: Subject) -> bool:
        """Whether one of these has to wait before its next attempt."""
        with self._lock:
            return any(self._failed.get(subject, (0, 0.0))[0] >= PACES[subject[0]].free for subject in subjects)

    def _take_back(self, *subjects: Subject) -> None:
        with self._lock:
            for subject in subjects:
                count, last = self._failed.pop(subject, (0, 0.0))
                if count > 1:
                    self._failed[subject] = count - 1, last


def login_here(tenant: str, login: str, address: str) -> Subject:
    """What counts strictly of an attempt to log in."""
    return _subject(Attempts.LOGIN_HERE, tenant, login, _network(address))


def of_account(attempts: Attempts, tenant: str, account_id: str) -> Subject:
    """What is counted of one account."""
    return _subject(attempts, tenant, account_id)


def _subject(attempts: Attempts, *names: str) -> Subject:
    """A subject of a fixed size, however long the names are that somebody sends."""
    return attempts, hashlib.sha256("\n".join(names).encode(errors="surrogatepass")).hexdigest()[:32]


def _network(address: str) -> str:
    """The address; of IPv6 the network, since whoever has one address there has them all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, IPV6_NETWORK), strict=False))
