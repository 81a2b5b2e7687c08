"""The photos of a folder, whatever is in it: one directory in memory at a time, and nothing that stops the walk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from errno import ENAMETOOLONG
from functools import partial
from pathlib import Path
from typing import Final

from fotopoort.application.folders.passed_over import MAX_UNREADABLE, PassedOver
from fotopoort.application.folders.sorting import Sort, is_photo_ending, sort
from fotopoort.application.folders.system_folders import system_folder
from fotopoort.application.input_files import printable
from fotopoort.batch.storage.storage import DirectoryEntry, Kind, Storage

MAX_NAME: Final = 255  # bytes, on every usual file system
MAX_FOLDER: Final = 2000  # bytes; such a path with a name behind it is still a valid key in every database we write to


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A photo file as it lies in the folder.

    Attributes:
        path: below the folder; bytes that are no UTF-8 as surrogate escapes.
        size: in bytes.
        modified: in nanoseconds since 1970.
        stem: the path without its ending, unlike that of any other photo of the folder: its renditions are named by it.
    """

    path: str = field(repr=False)
    size: int
    modified: int
    stem: str = field(repr=False)


def walk(photos: Storage, leave_out: Storage, passed_over: PassedOver) -> Iterator[FoundFile]:
    """The photos of a storage, in the order of their paths' bytes. Links are not followed.

    Args:
        leave_out: a storage that is not entered, wherever it lies.
        passed_over: is added to.
    """
    excluded = leave_out.identity("")
    stack: list[str | FoundFile] = [""]
    while stack:
        here = stack.pop()
        if isinstance(here, FoundFile):
            yield here
            continue
        if excluded is not None and photos.identity(here) == excluded:
            continue
        try:
            if len(os.fsencode(here)) > MAX_FOLDER:
                raise OSError(ENAMETOOLONG, "its path is too long")
            listing = photos.listing(here)
        except OSError:
            if len(passed_over.unreadable) < MAX_UNREADABLE:
                passed_over.unreadable.append(here)
            continue
        stack += reversed(_sorted(photos, here, listing, passed_over))


def _sorted(
    storage: Storage, here: str, listing: Sequence[DirectoryEntry], passed_over: PassedOver
) -> list[str | FoundFile]:
    """The photos and folders in one directory, in the order in which their paths come."""
    folders: list[str] = []
    photos: list[DirectoryEntry] = []
    for entry in listing:
        if entry.kind is Kind.FOLDER:
            if system := system_folder(entry.name):
                passed_over.system_folders[system] += 1
            elif entry.name.startswith("."):
                passed_over.hidden += 1
            else:
                folders.append(entry.name)
            continue
        sorted_as = sort(entry.name, partial(_head_of, storage, here, entry))
        if sorted_as is Sort.HIDDEN:
            passed_over.hidden += 1
        elif entry.kind is Kind.LINK:
            passed_over.links += 1
        elif entry.kind is Kind.FILE and sorted_as is Sort.TAKEN:
            photos.append(entry)
        else:
            passed_over.note_unsupported(entry.name)
    photos.sort(key=lambda photo: os.fsencode(photo.name))
    stems = _stems_of([photo.name for photo in photos], folders)
    found: list[tuple[bytes, str | FoundFile]] = [
        (os.fsencode(name + "/"), os.path.join(here, name)) for name in folders
    ]
    for photo in photos:
        path, stem = os.path.join(here, photo.name), os.path.join(here, stems[photo.name])
        found.append((os.fsencode(photo.name), FoundFile(path, photo.size, photo.modified, stem)))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _head_of(storage: Storage, here: str, entry: DirectoryEntry) -> bytes:
    return storage.head(os.path.join(here, entry.name)) if entry.kind is Kind.FILE else b""


def _stems_of(names: Sequence[str], folders: Sequence[str]) -> dict[str, str]:
    """The stem of each file name. What is only told of takes none from a photo: `a.jpg` beside `a.dng` is `a`."""
    photos = [name for name in names if is_photo_ending(name)]
    others = [name for name in names if not is_photo_ending(name)]
    stems = dict(zip(photos, unique_stems(photos, folders), strict=True))
    used = [*folders, *(f"{stem}.jpg" for stem in stems.values())]
    return stems | dict(zip(others, unique_stems(others, used), strict=True))


def unique_stems(names: Sequence[str], folders: Sequence[str] = ()) -> list[str]:
    """A stem for each file name of a directory, no two alike on a file system that ignores case.

    It is the file's own stem. A second file with that stem (`IMG_1.heic` beside `IMG_1.jpg`) gets a number behind it
    that no other file has. It depends on nothing but the names in that directory.

    Args:
        names: of photos, sorted.
        folders: names of folders beside them, which may end as renditions do.
    """
    own = [Path(name).stem for name in names]
    own_keys = {stem.casefold() for stem in own}
    used = {name.casefold().removesuffix(".jpg") for name in folders if name.casefold().endswith(".jpg")}
    stems = []
    for stem in own:
        unique, number = stem, 1
        while unique.casefold() in used or (number > 1 and unique.casefold() in own_keys):
            number += 1
            suffix = f"-{number}"
            room = MAX_NAME - len(".jpg") - len(suffix)
            unique = os.fsdecode(os.fsencode(stem)[:room]) + suffix
        used.add(unique.casefold())
        stems.append(unique)
    return stems


def shown(folders: Sequence[str]) -> tuple[str, ...]:
    """Folders as they can be shown."""
    return tuple(printable(folder or ".") for folder in folders)
