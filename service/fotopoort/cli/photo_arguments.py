"""Which photos a command line means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from fotopoort.application.input_files import ENDINGS, PhotoFile, printable
from fotopoort.errors import FileMissing, FolderUnreadable, NothingToScreen


def collect(named: Sequence[Path]) -> tuple[list[PhotoFile], int]:
    """The photos meant, in the order given, folders searched to the bottom; and how many other files were passed over.

    Links given by name are followed, links inside a folder are passed over. Hidden files in a folder do not count.

    Raises:
        FileMissing: a name leads nowhere.
        FolderUnreadable: a folder cannot be listed.
        NothingToScreen: there is no photo at all.
    """
    photos: list[PhotoFile] = []
    passed_over = 0
    for name in named:
        if os.path.isdir(name):  # unlike Path.is_dir, no error where a folder above it cannot be read
            for path in _walk(name):
                if path.suffix.lower() in ENDINGS and not path.is_symlink():
                    photos.append(PhotoFile(path, str(path), path.relative_to(name)))
                else:
                    passed_over += 1
        elif os.path.isfile(name):
            photos.append(PhotoFile(name, str(name), Path(name.name)))
        else:
            raise FileMissing(f"There is no file or folder {printable(name)}.")
    if not photos:
        raise NothingToScreen
    return photos, passed_over


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        raise FolderUnreadable(f"The folder {printable(folder)} cannot be read.") from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_symlink() or entry.is_file():
            yield Path(entry.path)
