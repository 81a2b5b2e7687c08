"""The C library's allocator: told to keep less of the memory that is free. Does nothing where it cannot be told."""

from __future__ import annotations

import ctypes
from typing import Final

ARENAS: Final = 2
_M_ARENA_MAX: Final = -8  # of mallopt(3)


def limit_arenas() -> None:
    """Have all threads take memory from a few places, from now on.

    By itself glibc makes eight for each processor, and what is freed in one stays there: a service whose threads hold
    photos now and then would grow for hours.
    """
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, ARENAS)


def trim() -> None:
    """Give memory that is free back to the system."""
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
