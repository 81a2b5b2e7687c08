"""RESULTS.md: what is measured stands between markers and is replaced by them; what is written by hand stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks import machine
from benchmarks.processes import ROOT

RESULTS: Final = ROOT / "benchmarks" / "RESULTS.md"
PLACE: Final = re.compile(r"(<!-- measured: ([\w -]+) -->\n)(.*?)(<!-- end of \2 -->)", re.DOTALL)
IN_SHORT: Final = "in short"  # how the place of a part's few figures on the first screen is called, after its name


def places(page: str) -> list[str]:
    """Where something that was measured stands in the page, in order."""
    return [found[2] for found in PLACE.finditer(page)]


def replaced(page: str, place: str, measured: str) -> str:
    """The page with `measured` at that place instead of what was there.

    Raises:
        ValueError: the page has no such place, or has it more than once.
    """
    if places(page).count(place) != 1:
        raise ValueError(f"RESULTS.md wants one place for {place}")
    return PLACE.sub(lambda found: f"{found[1]}{measured.strip()}\n{found[4]}" if found[2] == place else found[0], page)


def stamped(chapter: str, command: str) -> str:
    """The chapter below the day, the command and the machine, without its heading: that is the page's own."""
    text = re.sub(r"\A## .*\n", "", chapter.lstrip())
    return f"{date.today()}, `{command}`, {machine.in_short()}.\n\n{text.strip()}"


def write(part: str, found: str | Mapping[str, str], page: Path = RESULTS) -> None:
    """Put what was measured into its places, stamped.

    Args:
        found: the chapter of this part; or several texts, by place.

    Raises:
        ValueError: as `replaced`; nothing is written then.
    """
    text = page.read_text(encoding="utf-8")
    for place, measured in ({part: found} if isinstance(found, str) else found).items():
        text = replaced(text, place, stamped(measured, f"python -m benchmarks {part}"))
    page.write_text(text, encoding="utf-8")
