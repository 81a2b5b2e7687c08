"""The C library's allocator: told to keep less of the memory that is free. Does nothing where it cannot be told.

And how much memory this process holds.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

ARENAS: Final = 2
LARGE: Final = 2**20  # bytes
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of mallopt(3)


def limit_arenas() -> None:
    """Have all threads take memory from a few places, from now on.

    By itself glibc makes eight for each processor, and what is freed in one stays there: a service whose threads hold
    photos now and then would grow for hours.
    """
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, ARENAS)


def return_large_blocks() -> None:
    """Give what is LARGE back to the system as soon as it is freed, from now on.

    By itself glibc keeps blocks of up to 32 MB once one was freed, between others that are in use: of the memory that
    models and pictures took in turn a quarter was never used again.
    """
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)


def resident() -> int:
    """Bytes of memory that this process holds, as Linux tells it; 0 on another system."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def trim() -> None:
    """Give memory that is free back to the system."""
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
