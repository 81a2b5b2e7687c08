"""Photo files on a disk: which ones count, how their names are shown, and their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fotopoort.application.folders.passed_over import PassedOver
from fotopoort.application.folders.sorting import Sort, sort
from fotopoort.application.folders.system_folders import system_folder
from fotopoort.errors import FileMissing, FileUnreadable, FolderUnreadable, NothingToScreen, PhotoError, TooManyBytes
from fotopoort.photo.admission import error_by_content, error_by_name
from fotopoort.photo.formats.other import HEAD
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text


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
            return too_large(read_head(path), path.name)
        return content_or_error(path.read_bytes(), path.name)
    except OSError:
        return FileUnreadable()


def read_head(path: Path) -> bytes:
    """The first bytes of a file; none where they cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def content_or_error(content: bytes, name: str) -> bytes | PhotoError:
    """The content of a file; or why it is refused, where its name tells that and its content tells nothing."""
    return error_by_name(content, name) or content


def too_large(head: bytes, name: str) -> PhotoError:
    """Why a file is refused that has too many bytes: a smaller film or archive would be refused as well."""
    return error_by_content(head) or error_by_name(head, name) or TooManyBytes()


def collect(paths: Sequence[Path]) -> tuple[list[PhotoFile], PassedOver]:
    """The photos in the order given, with all those in folders below; and what was passed over.

    Links that are named themselves are followed; links inside a folder are passed over, and its hidden files ignored.
    Folders that the system keeps for itself are passed over, also where they are named beside others, as `*` does in a
    shell. Where nothing else is named, they are what the user means.

    Raises:
        FileMissing: a path leads nowhere.
        FolderUnreadable: a folder cannot be listed.
        NothingToScreen: there is no photo at all.
    """
    photos: list[PhotoFile] = []
    passed_over = PassedOver()
    systems = [system_folder(path.name) if os.path.isdir(path) else None for path in paths]
    are_meant = all(systems)
    for path, system in zip(paths, systems, strict=True):
        if system and not are_meant:
            passed_over.system_folders[system] += 1
            continue
        if system:
            passed_over.named_system_folders.append(system)
        if os.path.isdir(path):  # unlike Path.is_dir, no error where a folder above it cannot be read
            photos += (PhotoFile(file, str(file), file.relative_to(path)) for file in _walk(path, passed_over))
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
        raise nothing_to_screen(passed_over)
    return photos, passed_over


def nothing_to_screen(passed_over: PassedOver) -> NothingToScreen:
    """The error where there is no photo, which tells of folders that are not looked into."""
    if not passed_over.system_folders:
        return NothingToScreen()
    folders = ", ".join(sorted(passed_over.system_folders))
    return NothingToScreen(
        hint=Text(
            nl=f"Systeemmappen van de NAS of computer zijn overgeslagen ({folders}). Noem alleen zo'n map als je"
            " daar toch in wilt kijken.",
            en=f"System folders of the NAS or computer were passed over ({folders}). Name only such a folder to look"
            " into it all the same.",
        )
    )


def _head_of(entry: os.DirEntry[str]) -> bytes:
    return read_head(Path(entry.path)) if entry.is_file(follow_symlinks=False) else b""


def _walk(folder: Path, passed_over: PassedOver) -> Iterator[Path]:
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
        if entry.is_dir(follow_symlinks=False):
            if system := system_folder(entry.name):
                passed_over.system_folders[system] += 1
            elif not entry.name.startswith("."):
                yield from _walk(Path(entry.path), passed_over)
            continue
        kind = sort(entry.name, partial(_head_of, entry))
        if kind is Sort.HIDDEN:
            passed_over.hidden += 1
        elif entry.is_symlink():
            passed_over.links += 1
        elif entry.is_file():
            if kind is Sort.TAKEN:
                yield Path(entry.path)
            else:
                passed_over.note_unsupported(entry.name)
