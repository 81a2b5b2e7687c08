"""Which program has a lease, in such a way that another one on the same machine can tell whether it still runs.

A process is told from all others by the boot of its kernel, the namespace that its number is of, that number, and when
it began. Whoever runs elsewhere, on another machine or in another container, is never said to have ended.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Final

BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
ENDED: Final = "ZX"  # states of a process that was killed, and of which its parent has not heard


def own_id() -> str:
    """The id of this program, of 80 characters at most. Where the system does not tell enough, nobody can tell from it
    whether the program has ended."""
    pid = os.getpid()
    place, start = _place(), _start(pid)
    return f"{uuid.uuid4().hex[:8]} {pid}" if not (place and start) else f"{place} {pid} {start}"


def has_ended(worker_id: str) -> bool:
    """Whether the program with this id was on this machine, and is not there any more."""
    place, _, process = worker_id.partition(" ")
    pid, _, start = process.partition(" ")
    if place != _place() or not (pid.isdecimal() and start.isdecimal()):
        return False
    try:
        os.kill(int(pid), 0)  # tells whether it is there, also of another user's
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return _start(int(pid)) not in (start, None)


def _place() -> str:
    """The boot of this kernel, and the namespace of the numbers of processes; "": the system does not tell."""
    try:
        boot = BOOT.read_text(encoding="ascii").strip().replace("-", "")[:16]
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _start(pid: int) -> str | None:
    """When a process began, in ticks since the boot; "": it was killed. None: the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # those behind the name, which may have anything in it
    return "" if fields[0] in ENDED else fields[19]
