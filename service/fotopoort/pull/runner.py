"""A thread for each website that was paired, as long as the service runs."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from fotopoort.errors import FotopoortError
from fotopoort.pull.connection import Connection
from fotopoort.pull.hoster import HosterFailed
from fotopoort.pull.puller import LeaseLost, Puller, caller
from fotopoort.pull.verdicts import Verdicts
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.pull import pairings
from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS: Final = 5.0  # at which websites are paired
SECONDS_UNTIL_RETAKE: Final = 15.0  # at whether another program still polls
MAX_BACKOFF: Final = 300.0


def backoff(failures: int, after: float | None, chance: float) -> float:
    """Seconds to wait after so many failures one after the other.

    Args:
        failures: from 1.
        after: what the other side asked for.
        chance: from 0 to 1.
    """
    seconds: float = min(MAX_BACKOFF, 2.0 ** min(failures - 1, 20))
    return max(seconds * (0.5 + chance / 2), after or 0.0)


@dataclass(slots=True)
class _Website:
    thread: threading.Thread
    is_over: threading.Event = field(default_factory=threading.Event)


class PullRunner:
    """Fetches photos from every website that is paired, of every school.

    Args:
        verdicts: judges them.
        worker: the name of this program.
        max_bytes: of a photo.
        chance: from 0 to 1, for the jitter.
    """

    def __init__(
        self,
        registry: Registry,
        verdicts: Verdicts,
        connection: Connection,
        *,
        worker: str,
        max_bytes: int,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._registry, self._verdicts, self._worker, self._max_bytes = registry, verdicts, worker, max_bytes
        self._connection, self._chance = connection, chance
        self._websites = dict[tuple[str, str], _Website]()  # by school and pairing
        self._stopping = threading.Event()
        self._loop = threading.Thread(target=self._run, name="pull", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    def stop(self, seconds: float) -> None:
        """Begin nothing any more, wait so long for what is under way, and leave the websites to others. A long poll is
        not waited for longer than that: what it answers is not used."""
        self._stopping.set()
        if self._loop.is_alive():
            self._loop.join(seconds)
        for website in self._websites.values():
            website.is_over.set()
        for website in self._websites.values():
            website.thread.join(seconds / max(1, len(self._websites)))
        for tenant, pairing in self._websites:
            try:
                with self._registry.write(caller(tenant, pairing), Act.GATE) as session:
                    pairings.release(session, pairing, self._worker)
            except FotopoortError:
                return  # then the leases run out

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except Exception as error:  # the database may be away for a while
                log.error("websites cannot be looked up now: %s", getattr(error, "code", type(error).__name__))
            self._stopping.wait(SECONDS_BETWEEN_LOOKS)

    def _look(self) -> None:
        """Begin with websites that were paired, end with those that were removed."""
        paired = set[tuple[str, str]]()
        for tenant in self._registry.schools():
            with self._registry.read(console(tenant), Act.MANAGE_KEYS) as session:
                paired |= {(tenant, pairing.id) for pairing in pairings.pairings(session)}
        for key in [*self._websites]:
            if key not in paired:
                self._websites.pop(key).is_over.set()
        for key in paired - self._websites.keys():
            name = f"pull {key[1]}"
            is_over = threading.Event()
            thread = threading.Thread(target=self._fetch, args=(*key, is_over), name=name, daemon=True)
            self._websites[key] = _Website(thread, is_over)
            thread.start()

    def _fetch(self, tenant: str, pairing: str, is_over: threading.Event) -> None:
        puller = Puller(
            self._registry,
            caller(tenant, pairing),
            self._verdicts,
            self._connection,
            worker=self._worker,
            max_bytes=self._max_bytes,
            is_stopping=is_over.is_set,
        )
        failures = 0
        while not is_over.is_set():
            try:
                seconds, failures = puller.step(), 0
            except LeaseLost:
                seconds = SECONDS_UNTIL_RETAKE
            except Exception as error:
                failures += 1
                code = getattr(error, "code", type(error).__name__)
                after = error.after if isinstance(error, HosterFailed) else None
                seconds = backoff(failures, after, self._chance())
                self._tell(puller, code)
            is_over.wait(seconds)

    def _tell(self, puller: Puller, code: str) -> None:
        log.warning("photos of website %s cannot be fetched now: %s", puller.pairing, code)
        try:
            puller.record_failure(code)
        except FotopoortError:
            pass  # the database is away, which is what went wrong
