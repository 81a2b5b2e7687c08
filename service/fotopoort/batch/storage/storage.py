"""Where photos lie and where results go: files below one address, in a folder on a disk or in a bucket."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum
from typing import IO, Final, Protocol

from fotopoort.errors import FolderUnreadable, PhotoError
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text

BUCKET_SCHEME: Final = "s3://"  # how the address of a bucket begins


class Kind(Enum):
    """What a name in a listing stands for."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One name in a folder. `size` in bytes, `modified` in nanoseconds since 1970; both are of files only."""

    name: str = field(repr=False)
    kind: Kind
    size: int = 0
    modified: int = 0


class Storage(Protocol):
    """Files below one address. Paths are relative to it, with / between; "" is the address itself.

    Writing and removing raise OutputUnwritable where they fail.
    """

    @property
    def address(self) -> str:
        """The address by which every machine finds it."""

    @property
    def name(self) -> str:
        """The name of its last folder, which may be that of a group at school."""

    def shown(self, path: str = "") -> str:
        """A path as people can read it."""

    def identity(self, path: str) -> Hashable | None:
        """Equal for two paths that lead to one folder, whatever they are called; None: there is no such folder."""

    def takes(self, path: str) -> bool:
        """Whether a file can have this path."""

    def listing(self, path: str) -> list[DirectoryEntry]:
        """The names in one folder.

        Raises:
            OSError: it cannot be listed.
        """

    def read(self, path: str, settings: Settings) -> bytes | PhotoError:
        """The bytes of a photo, or why it cannot be had."""

    def head(self, path: str) -> bytes:
        """The first bytes of a file; none where they cannot be read."""

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, whole or not at all, in place of an earlier one."""

    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """`write` for content too large for memory: a file to write to, which is in its place when the block ends."""

    def remove(self, path: str) -> None:
        """Remove a file where there is one."""

    def sweep(self) -> None:
        """Remove what a program left that was killed while it wrote."""


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
    raise FolderUnreadable(
        hint=Text(
            nl="Controleer de verbinding, en wie de map mag lezen.", en="Check the connection, and who may read it."
        )
    )
