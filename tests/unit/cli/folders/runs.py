"""What tests of the commands for whole folders share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.results import documents

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done

Run = Callable[..., "Done"]
Step = Callable[[], object]
SERVICE = Path(__file__).parents[4] / "service"
CHANNELS = ("--channel", "website", "--channel", "social_schools")


def nothing() -> None:
    """What happens between most looks."""


def renditions(out: Path) -> set[str]:
    """The paths of all of them, below the output folder."""
    return {
        path.relative_to(out).as_posix()
        for channel in ("website", "social_schools", "facebook")
        for path in (out / channel).rglob("*.jpg")
    }


def outcome(out: Path, file: str) -> str:
    """Of a photo, for Social Schools."""
    return str(documents(out)[file]["verdicts"]["social_schools"]["outcome"])


def names_of_renditions(out: Path) -> set[str]:
    """Of those for Social Schools."""
    return {path.name for path in (out / "social_schools").glob("*.jpg")}
