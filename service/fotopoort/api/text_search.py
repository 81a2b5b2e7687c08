"""Looking through texts beside everything else that the service does: fair between keys, outside the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from fotopoort.api.limits.concurrency import ConcurrencyLimit, settled
from fotopoort.application.found_names import TextProcess, found_names
from fotopoort.errors import TextTooLong
from fotopoort.registry.access.roles import Caller
from fotopoort.screening.name_search import NamesToFind, require_searchable

LONG_TEXT = 20_000  # characters, which take a fifth of a second
MIN_WORK = 1_000  # characters: what a request costs beside its text


class TextSearch:
    """Two queues: short texts are looked through in a thread, long ones in a process of their own. So a message never
    waits for a book, and photos and answers to others wait for neither.

    Args:
        max_waiting: how many requests may wait in each queue.
        max_seconds: how long each may wait.
    """

    def __init__(self, *, max_waiting: int, max_seconds: float) -> None:
        self._short, self._long = (
            ConcurrencyLimit(slots=1, max_waiting=max_waiting, max_seconds=max_seconds) for _ in range(2)
        )
        self._thread, self._process = ThreadPoolExecutor(1), TextProcess()

    async def found(self, caller: Caller, names: NamesToFind, text: str) -> bytes:
        """The document about a text, as JSON.

        Raises:
            TextTooLong: the text is too long to look through, or takes too long.
            Busy, Overloaded: see `ConcurrencyLimit.slot`.
        """
        require_searchable(text)
        is_long = len(text) > LONG_TEXT
        async with (self._long if is_long else self._short).slot(caller, work=MIN_WORK + len(text)):
            if not is_long:
                return await settled(self._thread.submit(found_names, names, text))
            try:
                return await asyncio.wrap_future(self._process.submit(names, text))  # cancelled, the process is stopped
            except TimeoutError:
                raise TextTooLong from None

    def close(self) -> None:
        """Stop what is being looked through."""
        self._process.close()
        self._thread.shutdown(wait=False, cancel_futures=True)
