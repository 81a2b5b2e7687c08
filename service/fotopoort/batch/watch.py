"""Watching a folder: which of its photos nobody is writing, and whether there is something to do.

It looks again and again, because a network drive reports nothing that another machine writes to it. Times of files are
compared with each other only, never with the clock: other machines have other clocks, and copies keep old times.
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

from fotopoort.application.folders.passed_over import PassedOver
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile, walk
from fotopoort.errors import FolderUnreadable, NothingToScreen
from fotopoort.vocabulary import Text

FileStates: TypeAlias = list[tuple[int, int] | None]  # size and modified time of files; None: there is no file

# How many looks pass at most before photos are tried again that another try may help, and before one is judged that
# somebody has open for writing and does not change: some network drives report every file as open. Some five minutes.
MAX_LOOKS: Final = 32


@dataclass(slots=True)
class _Photo:
    """A photo as it lay there at the last look.

    Attributes:
        is_still: it was the same at the look before.
        is_done: a run found it still.
        times_open: how often somebody had it open for writing while it did not change.
    """

    size: int
    modified: int
    is_still: bool = False
    is_done: bool = False
    times_open: int = 0

    def matches(self, size: int, modified: int) -> bool:
        return (self.size, self.modified) == (size, modified)


class Watch:
    """What looks at a folder have shown. It is in memory alone: the ledger knows what was done.

    Args:
        photos: where they lie.
        leave_out: a folder that is not entered.

    Attributes:
        unreadable: how many folders could not be read at the last look.
    """

    def __init__(self, photos: Folder, leave_out: Folder) -> None:
        self._folder, self._leave_out = photos, leave_out
        self._photos: dict[str, _Photo] = {}
        self._being_written: set[str] = set()  # that the current run left for later
        self._some_are_gone = False
        self._tries, self._looks_to_wait = 0, 0
        self.unreadable = 0

    def look(self) -> None:
        """See what lies there now.

        Raises:
            FolderUnreadable, NothingToScreen: as when a drive is not there. What was known before stays so.
        """
        passed_over, now = PassedOver(), dict[str, _Photo]()
        for file in walk(self._folder, self._leave_out, passed_over):
            before = self._photos.get(file.path)
            if before is not None and before.matches(file.size, file.modified):
                before.is_still = True
                now[file.path] = before
            else:
                now[file.path] = _Photo(file.size, file.modified)
        if not now:
            if passed_over.unreadable:
                raise FolderUnreadable
            raise NothingToScreen(
                hint=Text(nl="Foto's die nog komen, worden bekeken.", en="Photos that come will be seen.")
            )
        for path, photo in self._photos.items():
            if path not in now:
                if passed_over.hides(path):
                    now[path] = photo
                else:
                    self._some_are_gone = True
        self._photos, self.unreadable = now, len(passed_over.unreadable)
        self._looks_to_wait = max(0, self._looks_to_wait - 1)

    def is_due(self) -> bool:
        """Whether a run would find something: photos that became still, or photos that are gone."""
        if self._some_are_gone or (self._tries and not self._looks_to_wait):
            return True
        new = (path for path, photo in self._photos.items() if photo.is_still and not photo.is_done)
        return any(self._is_at_rest(path, self._photos[path]) for path in new)

    def is_still(self, file: FoundFile) -> bool:
        """Whether a photo was the same at two looks in a row, and nobody is writing it now."""
        photo = self._photos.get(file.path)
        if (
            photo is not None
            and photo.is_still
            and photo.matches(file.size, file.modified)
            and self._is_at_rest(file.path, photo)
        ):
            return True
        self._being_written.add(file.path)
        return False

    def begin(self) -> None:
        """A run begins."""
        self._being_written.clear()

    def end(self, *, again: bool) -> None:
        """A run has ended. It had every photo that was still.

        Args:
            again: another try may help some of them. Each time, more looks pass before it comes.
        """
        for path, photo in self._photos.items():
            photo.is_done = photo.is_still and path not in self._being_written
        self._some_are_gone = False
        self._tries = self._tries + 1 if again else 0
        self._looks_to_wait = min(2**self._tries, MAX_LOOKS)

    def _is_at_rest(self, path: str, photo: _Photo) -> bool:
        """Whether a file is as it was, and not open for writing. True where it may not be read: a run reports that."""
        try:  # opening makes a network drive tell the current size; O_NONBLOCK: never wait for whoever has the file
            descriptor = os.open(self._folder.path / path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError:
            return True
        except OSError:  # the file is gone, or its drive is
            return False
        try:
            stat = os.fstat(descriptor)
            if not photo.matches(stat.st_size, stat.st_mtime_ns):
                return False
            if not _is_open_for_writing(descriptor) or photo.times_open >= MAX_LOOKS:
                return True
            photo.times_open += 1
            return False
        finally:
            os.close(descriptor)


def _is_open_for_writing(descriptor: int) -> bool:
    """Whether somebody on this machine has a file open for writing; also False where that cannot be told.

    The kernel gives a read lease on a file only where nobody has it open for writing. The file must be this user's own,
    on a disk of this machine.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == EAGAIN
    return False


@contextmanager
def ignoring_lease_breaks() -> Iterator[None]:
    """Ignore SIGIO: a file opened for writing while this process has a lease on it sends that, which would end us."""
    earlier = signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGIO, earlier)


def states_of(files: list[Path]) -> FileStates:
    """Size and modified time of each file, to tell whether it changed."""
    return [_state_of(file) for file in files]


def _state_of(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
