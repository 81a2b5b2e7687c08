"""The answer about the names in one text, made where the search is: in a thread, or in a process of its own."""

from __future__ import annotations

import json
import os
import resource
from concurrent.futures import Future
from multiprocessing import get_context
from typing import Final

from pebble import ProcessPool

from fotopoort.application.contract.statements import names_document
from fotopoort.screening.name_search import NamesToFind

SECONDS_PER_TEXT: Final = 120  # a million characters take about ten seconds on an idle processor
TEXTS_PER_PROCESS: Final = 100  # then a new process starts, which frees the memory that the texts left in use


def found_names(names: NamesToFind, text: str) -> bytes:
    """The document about a text (`names_document`), as JSON in ASCII.

    Raises:
        TextTooLong: the text is too long to look through.
    """
    document = names_document(text, *names.find(text))
    return json.dumps(document, allow_nan=False, separators=(",", ":")).encode("ascii")


class TextProcess:
    """A process that searches texts one after another, started at the first text. Its priority is lower than that of
    the processes that screen photos."""

    def __init__(self) -> None:
        self._pool = _new_pool()

    def submit(self, names: NamesToFind, text: str) -> Future[bytes]:
        """Run `found_names` there. The future may fail with TimeoutError or `pebble.ProcessExpired`."""
        if not self._pool.active:  # pebble gives a pool up whose process died while idle
            self.close()
            self._pool = _new_pool()
        future: Future[bytes] = self._pool.schedule(found_names, args=[names, text], timeout=SECONDS_PER_TEXT)
        return future

    def close(self) -> None:
        """Stop at once."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _new_pool() -> ProcessPool:
    context = get_context("spawn")
    return ProcessPool(max_workers=1, max_tasks=TEXTS_PER_PROCESS, context=context, initializer=_give_way)


def _give_way() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what is in memory are names
