"""What a check found: one line, and what to do where it is not well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from fotopoort.settings import Settings
from fotopoort.vocabulary import Text


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  # it works, and something should be done
    FAIL = "fail"  # it does not work, or is not safe


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: what was looked at, such as "models"; programs may count on these words.
        text: what is so. It holds no secret, and nobody's name.
        advice: what to do; None: nothing.
    """

    check: str
    level: Level
    text: Text
    advice: Text | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is examined.

    Attributes:
        environment: variables, by name.
        clock: returns this moment, with a time zone.
        certificate: the file that the service speaks HTTPS with; None: there is none.
    """

    settings: Settings
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    certificate: Path | None = None


Check: TypeAlias = Callable[[Subject], Iterator[Finding]]


def ok(check: str, text: Text) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, text)


def warn(check: str, text: Text, advice: Text) -> Finding:
    """Something should be done."""
    return Finding(check, Level.WARN, text, advice)


def fail(check: str, text: Text, advice: Text) -> Finding:
    """It does not work, or is not safe."""
    return Finding(check, Level.FAIL, text, advice)
