"""What a line of the log looks like, and what is never in one."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from fotopoort import logs
from fotopoort.logs import LogFormat

NAME = "Sanne de Vries"
log = logging.getLogger("fotopoort.tests")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Afterwards the log is what it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    root.handlers[:], sys.excepthook, threading.excepthook, sys.unraisablehook = handlers, *hooks
    root.setLevel(level)


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_json_is_an_object_a_line_with_ids_and_numbers(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogFormat.JSON, logging.INFO)
    with logs.about(request="r1"), logs.about(job="j1"):
        log.info("done in\n%d", 12, extra=logs.fields(ms=12))
    log.warning("outside of it")
    first, second = lines(capfd)
    assert first.items() >= {
        "level": "info", "source": "tests", "message": "done in\n12", "request": "r1", "job": "j1", "ms": 12
    }.items()  # fmt: skip
    assert first["time"].endswith("+00:00")
    assert second["level"] == "warning"
    assert "request" not in second


def test_text_has_the_ids_once(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogFormat.TEXT, logging.INFO)
    with logs.about(request="r1"):
        log.info("r1 is done")
        log.info("something else")
    first, second = capfd.readouterr().err.splitlines()
    assert first.endswith(" INFO r1 is done")
    assert second.endswith(" INFO something else request=r1")


@pytest.mark.parametrize("log_format", LogFormat)
def test_an_exception_is_its_type_and_place_alone(log_format: LogFormat, capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format, logging.INFO)

    def broken() -> None:
        raise ValueError(NAME)

    try:
        broken()
    except ValueError:
        log.exception("failed")
    told = capfd.readouterr().err
    assert "failed (ValueError at broken:" in told
    assert NAME not in told


@pytest.mark.parametrize("log_format", LogFormat)
@pytest.mark.parametrize("source", ["asyncio", "uvicorn.error", "sqlalchemy.engine", "PIL"])
def test_of_other_libraries_nothing_that_was_filled_in_is_told(
    log_format: LogFormat, source: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure(log_format, logging.INFO)
    logging.getLogger(source).error("broken: %s", NAME)
    logging.getLogger(source).error(f"Task exception was never retrieved\nfuture: ValueError('{NAME}')")
    told = capfd.readouterr().err
    assert NAME not in told
    assert source in told or "broken" in told
    assert len(told.splitlines()) == 2


def test_an_exception_that_nobody_caught_ends_in_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogFormat.JSON, logging.INFO)
    logs.log_what_nobody_caught()

    def broken() -> None:
        raise ValueError(NAME)

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    (line,) = lines(capfd)
    assert line["message"].startswith("nobody caught ValueError at broken:")
    assert NAME not in json.dumps(line)


@pytest.mark.parametrize("log_format", LogFormat)
def test_another_process_logs_in_the_same_way(log_format: LogFormat) -> None:
    logs.configure(log_format, logging.WARNING)
    assert logs.configured() == (log_format, logging.WARNING)
