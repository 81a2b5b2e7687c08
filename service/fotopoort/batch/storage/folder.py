"""A folder on a disk, this machine's own or a shared one."""

from __future__ import annotations

import os
from collections.abc import Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fotopoort.application.input_files import printable, read, read_head
from fotopoort.batch.storage.storage import DirectoryEntry, Kind
from fotopoort.errors import PhotoError
from fotopoort.files import remove, remove_partial_files, write_whole, writing_whole
from fotopoort.settings import Settings


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on a disk. Its methods: see `Storage`."""

    path: Path = field(repr=False)

    @property
    def address(self) -> str:
        return str(self.path.resolve())

    @property
    def name(self) -> str:
        return self.path.resolve().name

    def shown(self, path: str = "") -> str:
        return printable(self.path / path)

    def identity(self, path: str) -> Hashable | None:
        try:
            stat = (self.path / path).stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

    def takes(self, path: str) -> bool:
        return True  # the photos lie on such a disk under such names already

    def listing(self, path: str) -> list[DirectoryEntry]:
        with os.scandir(self.path / path) as entries:
            return [entry for entry in map(_directory_entry, entries) if entry is not None]

    def read(self, path: str, settings: Settings) -> bytes | PhotoError:
        return read(self.path / path, settings)

    def head(self, path: str) -> bytes:
        return read_head(self.path / path)

    def write(self, path: str, content: bytes) -> None:
        write_whole(self.path / path, content)

    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        return writing_whole(self.path / path)

    def remove(self, path: str) -> None:
        remove(self.path / path)

    def sweep(self) -> None:
        remove_partial_files(self.path)


def _directory_entry(found: os.DirEntry[str]) -> DirectoryEntry | None:
    """What a name stands for; None: it vanished between the listing and this look.

    Raises:
        OSError: it cannot be told what it is, as on a disk that fails.
    """
    try:
        if found.is_symlink():
            return DirectoryEntry(found.name, Kind.LINK)
        if found.is_dir(follow_symlinks=False):
            return DirectoryEntry(found.name, Kind.FOLDER)
        if not found.is_file():
            return DirectoryEntry(found.name, Kind.OTHER)
        stat = found.stat()
    except FileNotFoundError:
        return None
    return DirectoryEntry(found.name, Kind.FILE, stat.st_size, stat.st_mtime_ns)
