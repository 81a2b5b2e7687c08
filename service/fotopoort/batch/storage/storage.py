"""Where photos lie and where results go: files below one address, in a folder on a disk or in a bucket."""

from __future__ import annotations

import os
from collections.abc import Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, Final, Protocol

from fotopoort.application.input_files import printable, read
from fotopoort.errors import BadSetting, FolderUnreadable, PhotoError
from fotopoort.files import remove, remove_partial_files, write_whole, writing_whole
from fotopoort.settings import Settings

BUCKET: Final = "s3://"  # how the address of a bucket begins


class Kind(Enum):
    """What a name in a listing stands for."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One name in a folder. `size` in bytes, `modified` in nanoseconds since 1970, both of files only."""

    name: str = field(repr=False)
    kind: Kind
    size: int = 0
    modified: int = 0


class Storage(Protocol):
    """Files below one address. Paths are relative to it, with / between; "" is the address itself.

    What is written or taken away raises OutputUnwritable where that cannot be done.
    """

    @property
    def address(self) -> str:
        """By what every machine finds it."""

    @property
    def name(self) -> str:
        """Of its last folder: the name of a school's group, it may be."""

    def shown(self, path: str = "") -> str:
        """A path as people can read it."""

    def identity(self, path: str) -> Hashable | None:
        """The same for two paths that are one folder, whatever they are called; None: there is none."""

    def takes(self, path: str) -> bool:
        """Whether a file can be called so."""

    def listing(self, path: str) -> list[DirectoryEntry]:
        """What a folder has in it.

        Raises:
            OSError: it cannot be listed.
        """

    def read(self, path: str, settings: Settings) -> bytes | PhotoError:
        """The bytes of a photo, or why it cannot be had."""

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, whole or not at all, in place of an earlier one."""

    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """`write` for what is too much to hold in memory: a file to write to, in its place when the block ends."""

    def remove(self, path: str) -> None:
        """Take a file away where there is one."""

    def sweep(self) -> None:
        """Take away what a program left that was killed while it wrote."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on a disk, this machine's own or one that is shared."""

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
        return True  # photos have such names already, on such a disk

    def listing(self, path: str) -> list[DirectoryEntry]:
        with os.scandir(self.path / path) as entries:
            return [listed for listed in map(_listed, entries) if listed is not None]

    def read(self, path: str, settings: Settings) -> bytes | PhotoError:
        return read(self.path / path, settings)

    def write(self, path: str, content: bytes) -> None:
        write_whole(self.path / path, content)

    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        return writing_whole(self.path / path)

    def remove(self, path: str) -> None:
        remove(self.path / path)

    def sweep(self) -> None:
        remove_partial_files(self.path)


def require(photos: Storage) -> None:
    """Make sure that there is something where photos lie.

    Raises:
        FolderUnreadable: it cannot be listed or is empty, as where a drive is not there.
    """
    try:
        if photos.listing(""):
            return
    except OSError:
        pass
    raise FolderUnreadable(hint="Check the connection, and who may read it.")


def storage_at(address: str) -> Storage:
    """What lies at an address: a path, or `s3://BUCKET/PREFIX`.

    Raises:
        BadSetting: what buckets need is not installed, or not set.
    """
    if not address.startswith(BUCKET):
        return Folder(Path(address))
    try:
        from fotopoort.batch.storage.bucket import Bucket  # the library is only for those who have one
    except ImportError:
        raise BadSetting("Buckets need another library.", hint="Install fotopoort[s3].") from None
    return Bucket.open(address)


def _listed(entry: os.DirEntry[str]) -> DirectoryEntry | None:
    """None: it went between being listed and being looked at.

    Raises:
        OSError: it cannot be told what it is, as on a disk that fails.
    """
    try:
        if entry.is_symlink():
            return DirectoryEntry(entry.name, Kind.LINK)
        if entry.is_dir(follow_symlinks=False):
            return DirectoryEntry(entry.name, Kind.FOLDER)
        if not entry.is_file():
            return DirectoryEntry(entry.name, Kind.OTHER)
        stat = entry.stat()
    except FileNotFoundError:
        return None
    return DirectoryEntry(entry.name, Kind.FILE, stat.st_size, stat.st_mtime_ns)
