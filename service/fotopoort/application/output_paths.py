"""Where renditions go, and what they are called there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fotopoort.application.input_files import PhotoFile
from fotopoort.files import remove, write_whole
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import ChannelId, Verdict


class Destinations:
    """Where renditions go: `DIR/<channel>/<same name>.jpg`, or a neutral name where the verdict wants one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[Path] = set()

    def place(self, photo: PhotoFile, sha256: str, verdict: Verdict) -> Path:
        """A place of its own for this rendition; two photos never share one in the same run."""
        plain, neutral = _stems(photo, sha256)
        stem = neutral if verdict.neutral_name and not from_camera(photo.relative) else plain
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


def from_camera(relative: Path) -> bool:
    """Whether a camera or phone gave the name: a photo in no folder, nothing a person typed."""
    return len(relative.parts) == 1 and CAMERA_NAME.fullmatch(relative.stem) is not None


def write_renditions(
    file: PhotoFile, screening: Screening, destinations: Destinations
) -> dict[ChannelId, dict[str, str]]:
    """Write the renditions; take away what an earlier run left for a photo that may no longer be published.

    Raises:
        OutputUnwritable: one of them cannot be written or taken away.
    """
    places = {}
    for channel, verdict in screening.verdicts.items():
        path = destinations.place(file, screening.findings.sha256, verdict)
        rendition = screening.renditions.get(channel)
        if rendition is None:
            remove(path)
            for earlier in destinations.others(file, screening.findings.sha256, channel):
                remove(earlier)
        else:
            write_whole(path, rendition.jpeg)
            places[channel] = {"path": str(path)}
    return places
