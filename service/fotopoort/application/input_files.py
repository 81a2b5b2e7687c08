"""Photo files on a disk: which ones count, how their names are shown, and their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fotopoort.errors import FileMissing, FileUnreadable, FolderUnreadable, NothingToScreen, PhotoError, TooManyBytes
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text

# The files that count in a folder; a file named by itself may have any ending. Formats that are refused are among them
# on purpose: the user must hear that such a photo was not judged.
ENDINGS = frozenset(".jpg .jpeg .jpe .jfif .mpo .png .webp .heic .heif .hif .avif .tif .tiff .gif .bmp".split())


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One photo to screen.

    Attributes:
        display_name: the photo as the user named it.
        relative: its path below the folder that the user named.
    """

    path: Path
    display_name: str
    relative: Path


def printable(path: Path | str) -> str:
    """A path that can be shown: bytes that are no UTF-8, line ends and other control characters are made visible."""
    text = os.fsencode(path).decode("utf-8", errors="backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def read(path: Path, settings: Settings) -> bytes | PhotoError:
    """The bytes of a photo, or why it cannot be read."""
    try:
        if path.stat().st_size > settings.max_bytes:
            return TooManyBytes()
        return path.read_bytes()
    except OSError:
        return FileUnreadable()


def collect(paths: Sequence[Path]) -> tuple[list[PhotoFile], int]:
    """The photos in the order given, with all those in folders below; and how many other files were passed over.

    Links that are named themselves are followed; links inside a folder are passed over, and its hidden files ignored.

    Raises:
        FileMissing: a path leads nowhere.
        FolderUnreadable: a folder cannot be listed.
        NothingToScreen: there is no photo at all.
    """
    photos: list[PhotoFile] = []
    passed_over = 0
    for path in paths:
        if os.path.isdir(path):  # unlike Path.is_dir, no error where a folder above it cannot be read
            for file in _walk(path):
                if file.suffix.lower() in ENDINGS and not file.is_symlink():
                    photos.append(PhotoFile(file, str(file), file.relative_to(path)))
                else:
                    passed_over += 1
        elif os.path.isfile(path):
            photos.append(PhotoFile(path, str(path), Path(path.name)))
        else:
            raise FileMissing(
                Text(
                    nl=f"Er is geen bestand of map {printable(path)}.",
                    en=f"There is no file or folder {printable(path)}.",
                )
            )
    if not photos:
        raise NothingToScreen
    return photos, passed_over


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        raise FolderUnreadable(
            Text(
                nl=f"De map {printable(folder)} kan niet worden gelezen.",
                en=f"The folder {printable(folder)} cannot be read.",
            )
        ) from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_symlink() or entry.is_file():
            yield Path(entry.path)
