"""What a step says, and that it came out as it must."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import typer

from fotopoort.vocabulary import Language, Text

PATIENCE: Final = 300.0  # seconds for one thing to happen: a bound for what hangs, ample for a machine that is busy


class Otherwise(Exception):
    """A step came out otherwise than it must, which is said to whoever started it."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.en)
        self.what = what


def must(holds: bool, what: Text) -> None:
    """Go on only where this holds; otherwise say `what`."""
    if not holds:
        raise Otherwise(what)


def eventually(holds: Callable[[], bool], what: Text) -> None:
    """Wait until this holds; where it does not in time, say `what`."""
    until = time.monotonic() + PATIENCE
    while not holds():
        must(time.monotonic() < until, what)
        time.sleep(0.1)


class Steps:
    """Numbers what is done."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.number = 0  # of the last one that came out well

    def say(self, what: Text, *more: object) -> None:
        """One line for a step, and under it what may be looked at: addresses, files, sentences."""
        self.number += 1
        typer.echo(f"{self.number:2}. {what:{self.language}}")
        for line in more:
            typer.echo(f"    {line}")
