"""Photo files on a disk: which ones count, how their names are shown, and their bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fotopoort.errors import FileUnreadable, PhotoError, TooManyBytes
from fotopoort.settings import Settings

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
