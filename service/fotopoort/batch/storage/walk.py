"""The photos of a folder, whatever is in it: one directory in memory at a time, and nothing that stops the walk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from errno import ENAMETOOLONG
from pathlib import Path
from typing import Final

from fotopoort.application.input_files import ENDINGS, printable
from fotopoort.batch.storage.storage import DirectoryEntry, Kind, Storage

LONGEST_NAME: Final = 255  # bytes, on every usual file system
LONGEST_FOLDER: Final = 2000  # bytes; a path with a name behind it is a key in every database that we write to
EXAMPLES: Final = 1000  # folders that are told by name; a share that is gone may have many


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A photo file as it lies in the folder.

    Attributes:
        path: below the folder; bytes that are no UTF-8 as surrogate escapes.
        size: in bytes.
        modified: in nanoseconds since 1970.
        stem: its path without ending, which no other photo of the folder has: what its renditions may be called by.
    """

    path: str = field(repr=False)
    size: int
    modified: int
    stem: str = field(repr=False)


@dataclass(slots=True)
class PassedOver:
    """What a walk has passed over so far.

    Attributes:
        unreadable: folders that could not be listed, below the folder.
    """

    hidden: int = 0
    unsupported: int = 0
    links: int = 0
    unreadable: list[str] = field(default_factory=list, repr=False)

    def hides(self, path: str) -> bool:
        """Whether a photo lies in a folder that could not be listed: nobody knows whether it is still there."""
        if len(self.unreadable) == EXAMPLES:
            return True  # there may be more of them
        return any(folder == "" or path.startswith(folder + "/") for folder in self.unreadable)


def walk(photos: Storage, leave_out: Storage, passed_over: PassedOver) -> Iterator[FoundFile]:
    """The photos of a storage, in the order of their paths' bytes. Links are not followed.

    Args:
        leave_out: is not gone into, wherever it is.
        passed_over: is added to.
    """
    away = leave_out.identity("")
    waiting: list[str | FoundFile] = [""]
    while waiting:
        here = waiting.pop()
        if isinstance(here, FoundFile):
            yield here
            continue
        if away is not None and photos.identity(here) == away:
            continue
        try:
            if len(os.fsencode(here)) > LONGEST_FOLDER:
                raise OSError(ENAMETOOLONG, "its path is too long")
            listing = photos.listing(here)
        except OSError:
            if len(passed_over.unreadable) < EXAMPLES:
                passed_over.unreadable.append(here)
            continue
        waiting += reversed(_sorted(here, listing, passed_over))


def _sorted(here: str, listing: Sequence[DirectoryEntry], passed_over: PassedOver) -> list[str | FoundFile]:
    """The photos and folders in one directory, in the order in which their paths come."""
    folders: list[str] = []
    photos: list[DirectoryEntry] = []
    for one in listing:
        if one.name.startswith("."):
            passed_over.hidden += 1
        elif one.kind is Kind.LINK:
            passed_over.links += 1
        elif one.kind is Kind.FOLDER:
            folders.append(one.name)
        elif one.kind is Kind.FILE and Path(one.name).suffix.lower() in ENDINGS:
            photos.append(one)
        else:
            passed_over.unsupported += 1
    photos.sort(key=lambda photo: os.fsencode(photo.name))
    stems = unique_stems([photo.name for photo in photos], folders)
    found: list[tuple[bytes, str | FoundFile]] = [
        (os.fsencode(name + "/"), os.path.join(here, name)) for name in folders
    ]
    for photo, stem in zip(photos, stems, strict=True):
        seen = FoundFile(os.path.join(here, photo.name), photo.size, photo.modified, os.path.join(here, stem))
        found.append((os.fsencode(photo.name), seen))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def unique_stems(names: Sequence[str], folders: Sequence[str] = ()) -> list[str]:
    """A stem for each file name of a directory, no two alike on a file system that takes small letters for capitals.

    It is the file's own, or for a second file of the same one (`IMG_1.heic` beside `IMG_1.jpg`) with a number behind it
    that no other file has. It depends on nothing but the names in that directory.

    Args:
        names: of photos, sorted.
        folders: names of folders beside them, which may end as renditions do.
    """
    own = [Path(name).stem for name in names]
    taken = {stem.casefold() for stem in own}
    given = {name.casefold().removesuffix(".jpg") for name in folders if name.casefold().endswith(".jpg")}
    stems = []
    for stem in own:
        chosen, number = stem, 1
        while chosen.casefold() in given or (number > 1 and chosen.casefold() in taken):
            number += 1
            mark = f"-{number}"
            room = LONGEST_NAME - len(".jpg") - len(mark)
            chosen = os.fsdecode(os.fsencode(stem)[:room]) + mark
        given.add(chosen.casefold())
        stems.append(chosen)
    return stems


def shown(folders: Sequence[str]) -> tuple[str, ...]:
    """Folders as they can be shown."""
    return tuple(printable(folder or ".") for folder in folders)
