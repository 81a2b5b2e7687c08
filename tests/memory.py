"""Where tests keep their files: in memory, where this machine has room there.

Registries and folders of results are made by the thousand, and making and syncing files on a disk takes more time than
all that is done with them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - of Linux
ROOM: Final = 2 * 2**30  # bytes that must be free there


def use_memory() -> None:
    """Have temporary files made in memory from now on, unless whoever runs the tests says where they go."""
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is looked up again


def short_folder() -> str:
    """Where a Unix socket's path is short enough: below ordinary temporary folders it may be too long."""
    return str(MEMORY) if tempfile.gettempdir() == str(MEMORY) else "/tmp"  # noqa: S108


def _has_room() -> bool:
    """Whether the tests fit, and may start programs there."""
    if not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    there = os.statvfs(MEMORY)
    return there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC
