"""Several things to do, of which none waits for what comes of another."""

from __future__ import annotations

from collections.abc import Callable


def do_each(*acts: Callable[[], None]) -> None:
    """Do each, whatever comes of the others; the first error is raised in the end."""
    first: Exception | None = None
    for act in acts:
        try:
            act()
        except Exception as error:
            first = first or error
    if first is not None:
        raise first
