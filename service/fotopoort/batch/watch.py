"""Watching a folder: which of its photos nobody is writing, and whether there is something to do.

By looking again and again: a network drive tells nobody what another machine writes to it. Times of files are held
against each other only, never against the clock: other machines have other clocks, and copies keep old times.
"""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EAGAIN
from pathlib import Path
from typing import Final, TypeAlias

from fotopoort.batch.storage.storage import Folder
from fotopoort.batch.storage.walk import FoundFile, PassedOver, walk
from fotopoort.errors import FolderUnreadable, NothingToScreen

States: TypeAlias = list[tuple[int, int] | None]  # of files: size and modified time

# Before photos are tried again that another try may help, and before one is judged that somebody has open for writing
# and does not write: some network drives say so of all. Some five minutes.
MAX_LOOKS: Final = 32


@dataclass(slots=True)
class _Photo:
    """A photo as it lay there at the last look. `still`: also at the one before; `done`: a run had it so."""

    size: int
    modified: int
    still: bool = False
    done: bool = False
    written: int = 0  # times that somebody had it open for writing, and it stayed as it was


class Watch:
    """What looks at a folder have shown. Nothing is written down: the ledger knows what was done.

    Args:
        photos: where they lie.
        leave_out: is not looked into.
    """

    def __init__(self, photos: Folder, leave_out: Folder) -> None:
        self._folder, self._leave_out = photos, leave_out
        self._photos: dict[str, _Photo] = {}
        self._left: set[str] = set()  # since the last run was begun: somebody was writing them
        self._gone = False
        self._tries, self._looks_to_wait = 0, 0
        self.unreadable = 0  # folders, at the last look

    def look(self) -> None:
        """See what lies there now.

        Raises:
            FolderUnreadable, NothingToScreen: as when a drive is not there. What was known before stays so.
        """
        passed_over, now = PassedOver(), dict[str, _Photo]()
        for seen in walk(self._folder, self._leave_out, passed_over):
            before = self._photos.get(seen.path)
            if before is not None and (before.size, before.modified) == (seen.size, seen.modified):
                before.still = True
                now[seen.path] = before
            else:
                now[seen.path] = _Photo(seen.size, seen.modified)
        if not now:
            raise (
                FolderUnreadable() if passed_over.unreadable else NothingToScreen(hint="Photos that come will be seen.")
            )
        for path, photo in self._photos.items():
            if path not in now:
                if passed_over.hides(path):
                    now[path] = photo
                else:
                    self._gone = True
        self._photos, self.unreadable = now, len(passed_over.unreadable)
        self._looks_to_wait = max(0, self._looks_to_wait - 1)

    def is_due(self) -> bool:
        """Whether a run would find something: photos that are still and were not done so, or that are gone."""
        if self._gone or (self._tries and not self._looks_to_wait):
            return True
        new = (path for path, photo in self._photos.items() if photo.still and not photo.done)
        return any(self._rests(path, self._photos[path]) for path in new)

    def is_still(self, seen: FoundFile) -> bool:
        """Whether a photo is as it was at two looks one after the other, and nobody is writing it now."""
        photo = self._photos.get(seen.path)
        as_then = photo is not None and photo.still and (photo.size, photo.modified) == (seen.size, seen.modified)
        if as_then and photo is not None and self._rests(seen.path, photo):
            return True
        self._left.add(seen.path)
        return False

    def begin(self) -> None:
        """A run begins."""
        self._left.clear()

    def end(self, *, again: bool) -> None:
        """A run has ended, and had every photo that was still.

        Args:
            again: another try may help some of them. It comes after more looks each time.
        """
        for path, photo in self._photos.items():
            photo.done = photo.still and path not in self._left
        self._gone = False
        self._tries = self._tries + 1 if again else 0
        self._looks_to_wait = min(2**self._tries, MAX_LOOKS)

    def _rests(self, path: str, photo: _Photo) -> bool:
        """Whether a file is as it was, and not open for writing. One that may not be read is: so that it is told."""
        try:  # opening makes a network drive tell the size of now; waiting for whoever has it is of no use
            descriptor = os.open(self._folder.path / path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError:
            return True
        except OSError:  # it went, or its drive did
            return False
        try:
            stat = os.fstat(descriptor)
            if (stat.st_size, stat.st_mtime_ns) != (photo.size, photo.modified):
                return False
            if not _is_written(descriptor) or photo.written >= MAX_LOOKS:
                return True
            photo.written += 1
            return False
        finally:
            os.close(descriptor)


def _is_written(descriptor: int) -> bool:
    """Whether somebody on this machine has a file open for writing; also False where that cannot be told.

    A lease for reading is given where nobody has. It takes that the file is ours, on a disk of this machine.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == EAGAIN
    return False


@contextmanager
def ignoring_lease_breaks() -> Iterator[None]:
    """Whoever opens a file for writing in the moment that we have a lease on it makes a signal that would end us."""
    earlier = signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGIO, earlier)


def state_of(files: list[Path]) -> States:
    """Size and modified time of each file, to tell whether it changed. None: it is not there."""
    return [_state(file) for file in files]


def _state(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
