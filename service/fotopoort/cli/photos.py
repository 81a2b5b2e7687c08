"""Which photos a command line means, and where their renditions go."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fotopoort.errors import FileMissing, FolderUnreadable, NothingToScreen
from fotopoort.vocabulary import ChannelId, Verdict

# What a folder is searched for; a file named by itself may have any ending. Formats we refuse are in it on purpose:
# the user must hear that such a photo was not judged.
ENDINGS = frozenset(".jpg .jpeg .jpe .jfif .mpo .png .webp .heic .heif .hif .avif .tif .tiff .gif .bmp".split())


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One photo to screen. `shown`: as the user named it; `relative`: its place below the folder the user named."""

    path: Path
    shown: str
    relative: Path


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


def printable(path: Path | str) -> str:
    """A path as it can be shown: bytes that are no UTF-8, line ends and other control characters made visible."""
    text = os.fsencode(path).decode("utf-8", errors="backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class Destinations:
    """Where renditions go: `DIR/<channel>/<same name>.jpg`, or a neutral name where the verdict wants one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[Path] = set()

    def place(self, photo: PhotoFile, sha256: str, verdict: Verdict) -> Path:
        """A place of its own for this rendition; two photos never share one in the same run."""
        plain, neutral = _stems(photo, sha256)
        stem = neutral if verdict.neutral_name and not _from_camera(photo.relative) else plain
        number, path = 1, self._path(verdict.channel, stem)
        while path in self._taken:
            number += 1
            path = self._path(verdict.channel, stem.with_name(f"{stem.name}-{number}"))
        self._taken.add(path)
        return path

    def others(self, photo: PhotoFile, sha256: str, channel: ChannelId) -> Iterator[Path]:
        """Where an earlier run, naming it otherwise, may have put this photo; no place that this run has taken."""
        for stem in _stems(photo, sha256):
            path = self._path(channel, stem)
            if path not in self._taken:
                yield path

    def _path(self, channel: ChannelId, stem: Path) -> Path:
        return self._folder / channel / stem.with_name(stem.name + ".jpg")


def _stems(photo: PhotoFile, sha256: str) -> tuple[Path, Path]:
    """The photo's own name and a neutral one, without ending."""
    return photo.relative.with_suffix(""), Path(f"foto-{sha256[:12]}")


# Names that cameras and phones give: a prefix of theirs and digits, nothing a person typed. Samsung's SAM_ is not among
# them: "Sam 3.jpg" is a child.
CAMERA_NAME = re.compile(
    r"(?:_?(?:img|dsc[nf]?|dscf|pxl|mvimg|p|imgp|image|photo|gopr|dji|wp|cimg|sany|pict|kimg)[-_ ]?)?[-_ ()\d]*\d"
    r"(?:[-_](?:wa\d+|edited|burst\d*|hdr|portrait|pano|mp|cover|e\d*|\d+))*",
    re.IGNORECASE,
)


def _from_camera(relative: Path) -> bool:
    return len(relative.parts) == 1 and CAMERA_NAME.fullmatch(relative.stem) is not None


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
