"""Where renditions are written, and under which name."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from fotopoort.application.input_files import PhotoFile
from fotopoort.errors import OutputUnwritable
from fotopoort.files import remove, write_whole
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import ChannelId, Text, Verdict


class OutputPaths:
    """The paths of renditions: `DIR/<channel>/<same name>.jpg`, or a neutral name where the verdict asks for one.

    One object serves one run, in which no two photos share a path.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()
        self._possible: set[Path] = set()  # those that the photos so far could have had, whatever their verdicts

    def reserve(self, photo: PhotoFile, sha256: str, verdict: Verdict) -> tuple[Path, list[Path]]:
        """A path for this rendition that no other photo of this run gets; and those where an earlier run may have
        written it, under its other name or number, without those of this run."""
        plain, neutral = _stems(photo, sha256)
        stem = neutral if verdict.neutral_name and not from_camera(photo.relative) else plain
        path = next(path for path in self._numbered(verdict.channel, stem) if path not in self._used)
        self._used.add(path)
        could_be = [path for stem in (plain, neutral) for path in self._up_to_free(verdict.channel, stem)]
        return path, [path for path in could_be if path not in self._used]

    def _up_to_free(self, channel: ChannelId, stem: Path) -> Iterator[Path]:
        """The paths that a photo of this name could have had after the photos so far."""
        for path in self._numbered(channel, stem):
            yield path
            if path not in self._possible:
                self._possible.add(path)
                return

    def _numbered(self, channel: ChannelId, stem: Path) -> Iterator[Path]:
        for number in itertools.count(1):
            name = stem.name if number == 1 else f"{stem.name}-{number}"
            yield self._folder / channel / stem.with_name(f"{name}.jpg")


def _stems(photo: PhotoFile, sha256: str) -> tuple[Path, Path]:
    """The photo's own name and a neutral one, without an ending."""
    return photo.relative.with_suffix(""), Path(f"foto-{sha256[:12]}")


# Names that cameras and phones give: one of their prefixes and digits, nothing that a person typed. Samsung's SAM_ is
# left out: "Sam 3.jpg" is a child.
CAMERA_NAME = re.compile(
    r"(?:_?(?:img|dsc[nf]?|dscf|pxl|mvimg|p|imgp|image|photo|gopr|dji|wp|cimg|sany|pict|kimg)[-_ ]?)?[-_ ()\d]*\d"
    r"(?:[-_](?:wa\d+|edited|burst\d*|hdr|portrait|pano|mp|cover|e\d*|\d+))*",
    re.IGNORECASE,
)


def from_camera(relative: Path) -> bool:
    """Whether a camera or phone gave the name, and no person: the photo is in no folder and has a camera's name."""
    return len(relative.parts) == 1 and CAMERA_NAME.fullmatch(relative.stem) is not None


def write_renditions(file: PhotoFile, screening: Screening, paths: OutputPaths) -> dict[ChannelId, dict[str, str]]:
    """Write the renditions in place of those that an earlier run wrote, whatever name the photo had then.

    Nothing is written before all that may no longer hold under another name is gone. Where something fails, what an
    earlier run wrote of this photo is taken away on every channel, as far as that goes: it may be looser.

    Returns:
        Per channel with a rendition: {"path": …}.

    Raises:
        OutputUnwritable: one of them cannot be written or removed.
    """
    places: dict[ChannelId, Path] = {}
    stale: list[Path] = []
    for channel, verdict in screening.verdicts.items():
        path, earlier = paths.reserve(file, screening.findings.sha256, verdict)
        stale += [path, *earlier]
        if channel in screening.renditions:
            places[channel] = path
    try:
        for path in stale:
            if path not in places.values():
                remove(path)
        for channel, path in places.items():
            write_whole(path, screening.renditions[channel].jpeg)
            stale.remove(path)
    except BaseException:
        for path in stale:
            with suppress(OutputUnwritable):
                remove(path)
        raise
    return {channel: {"path": str(path)} for channel, path in places.items()}


def remove_given(folder: Path, given: Mapping[ChannelId, Container[str]]) -> None:
    """Remove what was given of a photo earlier, whatever name and folder it was written under.

    All files of these channels are read. No time, size or name tells which are of this photo: the same rendition may
    have been written long before this screening, under another name, or by a machine whose clock is wrong.

    Args:
        given: SHA-256 of the renditions, per channel: no other file is touched.

    Raises:
        OutputUnwritable: one of them cannot be removed, or a file cannot be read so as to tell; all others are gone.
    """
    failed: list[OutputUnwritable] = []

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            failed.append(OutputUnwritable())

    for channel, digests in given.items():
        for subfolder, _, names in os.walk(folder / channel, onerror=note):
            for path in (Path(subfolder, name) for name in names if name.endswith(".jpg")):
                try:
                    if path.is_file() and _sha256(path) in digests:
                        remove(path)
                except OSError as error:
                    note(error)
                except OutputUnwritable as error:
                    failed.append(error)
    if failed:
        raise failed[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_output(out: Path, channels: Sequence[ChannelId], files: Sequence[PhotoFile]) -> None:
    """Refuse a folder that takes no files or holds the originals, before any work is done.

    Raises:
        OutputUnwritable: it is such a folder.
    """
    folders = {folder.resolve() for folder in (out, *(out / channel for channel in channels))}
    if any(not folders.isdisjoint(file.path.resolve().parents) for file in files):
        raise OutputUnwritable(
            Text(
                nl="In de map voor de uitvoer staan foto's die moeten worden beoordeeld.",
                en="The output folder holds photos that are to be screened.",
            ),
            hint=Text(
                nl="Noem een andere map met --out: originelen worden nooit overschreven.",
                en="Name another folder with --out: originals are never written over.",
            ),
        )
    write_whole(out / ".fotopoort-test", b"")
    (out / ".fotopoort-test").unlink()
