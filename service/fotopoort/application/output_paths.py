"""Where renditions are written, and under which name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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

    def reserve(self, photo: PhotoFile, sha256: str, verdict: Verdict) -> Path:
        """A path for this rendition that no other photo of this run gets."""
        plain, neutral = _stems(photo, sha256)
        stem = neutral if verdict.neutral_name and not from_camera(photo.relative) else plain
        number, path = 1, self._path(verdict.channel, stem)
        while path in self._used:
            number += 1
            path = self._path(verdict.channel, stem.with_name(f"{stem.name}-{number}"))
        self._used.add(path)
        return path

    def earlier(self, photo: PhotoFile, sha256: str, channel: ChannelId) -> Iterator[Path]:
        """Paths where an earlier run may have written this photo under another name, without those of this run."""
        for stem in _stems(photo, sha256):
            path = self._path(channel, stem)
            if path not in self._used:
                yield path

    def _path(self, channel: ChannelId, stem: Path) -> Path:
        return self._folder / channel / stem.with_name(stem.name + ".jpg")


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
    """Write the renditions; remove what an earlier run left of a photo that may no longer be published.

    Returns:
        Per channel with a rendition: {"path": …}.

    Raises:
        OutputUnwritable: one of them cannot be written or removed.
    """
    places = {}
    for channel, verdict in screening.verdicts.items():
        path = paths.reserve(file, screening.findings.sha256, verdict)
        rendition = screening.renditions.get(channel)
        if rendition is None:
            remove(path)
            for earlier in paths.earlier(file, screening.findings.sha256, channel):
                remove(earlier)
        else:
            write_whole(path, rendition.jpeg)
            places[channel] = {"path": str(path)}
    return places


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
