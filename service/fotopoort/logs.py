"""What the program's log looks like: lines for people, or JSON for machines. No line of it says who anybody is.

Our own messages hold ids, hashes and codes. What other libraries log may quote anything, so that nothing of it is
passed on but where it came from; and of an exception nothing but its type and its place, as its message may quote a
name.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Final

OURS: Final = "fotopoort"
# Of these the first line of a message is fixed text, where nothing was filled in.
FIXED_TEXT: Final = frozenset({"asyncio", "uvicorn.error"})
FRAMES: Final = 4  # of an exception's place, from where it was raised


class LogFormat(StrEnum):
    """How a line looks."""

    BARE = "bare"  # the message alone: for commands, which speak to whoever typed them
    TEXT = "text"  # with when and how bad
    JSON = "json"  # one object a line


# What all lines of one piece of work have in common, such as the id of a request. It follows the work into its tasks
# and threads of `asyncio.to_thread`, which an argument could not.
_work: Final[ContextVar[Mapping[str, str]]] = ContextVar("work", default={})  # noqa: B039 - never changed in place


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Have every line that is logged within this block carry these ids."""
    token = _work.set({**_work.get(), **ids})
    try:
        yield
    finally:
        _work.reset(token)


def fields(**values: object) -> dict[str, dict[str, object]]:
    """Numbers, ids and codes that go with a line: `log.info("…", extra=fields(ms=12))`. Text does not show them."""
    return {"fields": values}


def configure(log_format: LogFormat, level: int) -> None:
    """Log to stderr in this way from now on.

    Args:
        level: of all loggers that have none of their own.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATTERS[log_format]())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def configured() -> tuple[LogFormat, int]:
    """What `configure` was last given; for a process that is to log as this one does."""
    root = logging.getLogger()
    formatters = {type(handler.formatter): handler for handler in root.handlers}
    found = (log_format for log_format, kind in _FORMATTERS.items() if kind in formatters)
    return next(found, LogFormat.BARE), root.getEffectiveLevel()


def log_what_nobody_caught() -> None:
    """Have exceptions that end a thread or the program logged as all others are: Python itself would print what they
    say, and the source around them."""

    def caught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        logging.getLogger(OURS).critical("nobody caught %s", described(kind, trace))

    sys.excepthook = caught
    threading.excepthook = lambda told: caught(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: caught(told.exc_type, told.exc_value, told.exc_traceback)


def described(kind: type[BaseException], trace: TracebackType | None) -> str:
    """An exception as it may be logged: its type, and the functions it came through, the innermost first."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    place = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{kind.__name__} at {place}" if place else kind.__name__


class _Formatter(logging.Formatter):
    """What all formats have in common: nothing that a message or an exception should not tell."""

    def message(self, record: logging.LogRecord) -> str:
        name, _, _ = record.name.partition(".")
        if name == OURS:
            told = record.getMessage()
        elif record.name in FIXED_TEXT:
            told = str(record.msg).partition("\n")[0]
        else:
            told = f"{record.name} at {record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            told += f" ({described(record.exc_info[0], record.exc_info[2])})"
        return told

    def format(self, record: logging.LogRecord) -> str:
        return self.message(record)


class _Text(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = self.message(record)
        ids = "".join(f" {name}={id_}" for name, id_ in _work.get().items() if id_ not in message)
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        return f"{moment},{int(record.msecs):03} {record.levelname} {message}{ids}"


class _Json(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name.removeprefix(f"{OURS}."),
            "process": record.process,
            "message": self.message(record),
            **_work.get(),
        }
        return json.dumps(line | getattr(record, "fields", {}))


_FORMATTERS: Final[Mapping[LogFormat, type[_Formatter]]] = {
    LogFormat.BARE: _Formatter,
    LogFormat.TEXT: _Text,
    LogFormat.JSON: _Json,
}
