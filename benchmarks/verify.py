"""Looking at renditions again: at the places that were changed, against the whole of them.

Of every other photo each face is to be hidden, of the others every second one. In one rendition the covers are as they
should be; in another they fail, face by face in turn. What a whole look finds where something was to be hidden must be
found at the places too. Each size is looked at itself: of the faces that show beside covers that fail, one in ten shows
in the smaller rendition alone.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from benchmarks.table import markdown, none
from fotopoort.errors import FotopoortError
from fotopoort.photo.decode import Limits, Photo, decode
from fotopoort.photo.render import encode
from fotopoort.photo.verify import centre_is_covered, found_again
from fotopoort.policy.measures import face_cover, is_recognisable, seen_side
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.screening.look import look
from fotopoort.screening.verification import look_again, outermost, whole
from fotopoort.settings import load_settings
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Box, Face, Findings, Rendition

Array = np.ndarray[Any, np.dtype[Any]]

FOLDERS: Final = ("faces", "people", "pose")  # of the evaluation photos
SIDE: Final = 1600  # pixels, as public channels publish
SMALLER: Final = 1600 / 2048  # of that, as one channel publishes over another
TOO_SMALL: Final = 0.35  # of a cover's sides
GOOD: Final = "as it should be"
SPARSE: Final = 8  # in f32 every so many photos are looked at

# From a cover and the face in it to a cover that fails; None: there is none.
FAILURES: Final[dict[str, Callable[[Box, Box], Box | None]]] = {
    "missing": lambda cover, face: None,
    "too small": lambda cover, face: Box(
        cover.x + (1 - TOO_SMALL) / 2 * cover.w,
        cover.y + (1 - TOO_SMALL) / 2 * cover.h,
        TOO_SMALL * cover.w,
        TOO_SMALL * cover.h,
    ),
    "half a face to the right": lambda cover, face: Box(face.x + face.w / 2, cover.y, cover.w, cover.h),
    "half a face too low": lambda cover, face: Box(cover.x, face.y + face.h / 2, cover.w, cover.h),
    "half a face to the left": lambda cover, face: Box(face.x + face.w / 2 - cover.w, cover.y, cover.w, cover.h),
    "half a face too high": lambda cover, face: Box(cover.x, face.y + face.h / 2 - cover.h, cover.w, cover.h),
    "beside it": lambda cover, face: Box(face.x + 1.2 * face.w, face.y, face.w, face.h),
    "on a quarter of it": lambda cover, face: Box(face.x, face.y, face.w / 2, face.h / 2),
}


@dataclass
class Tally:
    """What was to be hidden, and where a look finds a face that it should not."""

    hidden: int = 0
    whole: int = 0
    places: int = 0
    lost: list[str] = field(default_factory=list)  # found by the whole look alone: photo, score and height


@dataclass
class Cost:
    photos: int = 0
    renditions: int = 0
    stayed_whole: int = 0
    elsewhere: list[str] = field(default_factory=list)  # faces that the whole look finds away from everything covered
    whole: float = 0.0  # processor seconds
    places: float = 0.0


@dataclass(frozen=True)
class Case:
    """A rendition of a photo, with what is to be hidden in it: faces, and the covers that they should have."""

    findings: Findings
    hidden: Sequence[tuple[Box, Box]]
    shown: Sequence[Box]
    rendition: Rendition

    @property
    def scale(self) -> float:
        return self.rendition.width / self.findings.width

    @property
    def known(self) -> list[Box]:
        return [box for box in self.shown if not centre_is_covered(box, self.rendition.covered)]

    @property
    def places(self) -> tuple[Box, ...]:
        return outermost([*self.rendition.covered, *itertools.chain(*self.hidden)])

    def pixels(self) -> Array:
        return np.asarray(Image.open(io.BytesIO(self.rendition.jpeg)))

    def showing(self, found: Sequence[Face]) -> list[Face]:
        """Those of the found faces that the rendition should not show."""
        boxes = found_again(found, self.rendition.covered, self.shown, self.findings.faces)
        return [face for face in found if face.box in boxes]


def report(folder: Path, sample: int | None = None) -> str:
    """The chapter of RESULTS.md; of `sample` photos only, of all kinds, if that is given."""
    paths = photos(folder)
    paths = paths[:: max(1, len(paths) // sample)] if sample else paths
    chapters = ["## Renditions, looked at again\n"]
    for precision, step in (("auto", 1), ("f32", SPARSE)):
        finder = FaceDetector.load(Catalogue(load_settings().models_folder), threads=1, precision=precision)
        tallies, cost = measured(finder, load_policy(), paths[::step])
        chapters.append(_chapter(finder.precision, tallies, cost))
    return "\n".join(chapters)


def photos(folder: Path) -> list[Path]:
    """The evaluation photos of all kinds with people in them, by turns."""
    kinds = [sorted((folder / name).iterdir()) for name in FOLDERS if (folder / name).is_dir()]
    return [path for row in itertools.zip_longest(*kinds) for path in row if path]


def measured(finder: FaceDetector, policy: Policy, paths: Sequence[Path]) -> tuple[dict[str, Tally], Cost]:
    """What both looks find in renditions of these photos, by how the covers fail."""
    tallies, cost = {kind: Tally() for kind in (GOOD, *FAILURES)}, Cost()
    for number, path in enumerate(paths):
        try:
            photo = decode(path.read_bytes(), Limits(), seen_side(policy))
            faces, pattern = look(finder, photo.pixels, photo.scale)
        except FotopoortError:
            continue
        if not faces:
            continue
        cost.photos += 1
        findings = Findings(photo.sha256, photo.width, photo.height, photo.format, faces, pattern=pattern)
        for kinds, case in _cases(photo, findings, policy, number):
            _compare(finder, case, [tallies[kind] for kind in kinds], cost, path.name, policy)
    return tallies, cost


def _cases(photo: Photo, findings: Findings, policy: Policy, number: int) -> Iterator[tuple[list[str], Case]]:
    """Renditions of a photo, each with how its covers are."""
    every = 1 if number % 2 else 2
    hidden = [(face.box, face_cover(face, photo.width, photo.height, policy)) for face in findings.faces[::every]]
    shown = [face.box for at, face in enumerate(findings.faces) if at % every]
    side = min(SIDE, max(photo.pixels.shape[:2]))
    good, as_they_should = [cover for _, cover in hidden], [GOOD] * len(hidden)
    kinds = [list(FAILURES)[(number + at) % len(FAILURES)] for at in range(len(hidden))]
    failed = [FAILURES[kind](cover, face) for kind, (face, cover) in zip(kinds, hidden, strict=True)]
    bad = [cover for cover in failed if cover]
    for named, covers, pixels in (
        (as_they_should, good, side),
        (kinds, bad, side),
        (kinds, bad, round(SMALLER * side)),
    ):
        yield named, Case(findings, hidden, shown, encode(photo, covers, pixels))


def _compare(finder: FaceDetector, case: Case, tallies: Sequence[Tally], cost: Cost, name: str, policy: Policy) -> None:
    pixels = case.pixels()
    covers, faces = [cover for _, cover in case.hidden], [face for face, _ in case.hidden]
    stays = whole(case.findings, covers, case.rendition.covered, faces)
    start = time.process_time()
    by_whole = look(finder, pixels, case.scale, case.known)[0]
    middle = time.process_time()
    at_places = by_whole if stays else look_again(finder, pixels, case.scale, case.places, case.known)
    cost.whole += middle - start
    cost.places += middle - start if stays else time.process_time() - middle
    cost.renditions += 1
    cost.stayed_whole += stays

    first, second = case.showing(by_whole), case.showing(at_places)
    cost.elsewhere += [
        f"{name}: {_said(face, case)}"
        for face in first
        if not any(face.box.overlap(place) > 0 for place in case.places)
    ]
    for (_, cover), tally in zip(case.hidden, tallies, strict=True):
        there, also = ([face for face in found if face.box.overlap(cover) > 0] for found in (first, second))
        tally.hidden += 1
        tally.whole += bool(there)
        tally.places += bool(also)
        known_by = [face for face in there if _can_be_recognised(face, case, policy)]
        if known_by and not also:
            tally.lost.append(f"{name}: {', '.join(_said(face, case) for face in known_by)}")


def _can_be_recognised(face: Face, case: Case, policy: Policy) -> bool:
    """Whether anybody can be known by this face in the rendition; smaller ones may be seen."""
    side = max(case.rendition.width, case.rendition.height)
    return is_recognisable(face, case.findings.width, case.findings.height, side, policy)


def _said(face: Face, case: Case) -> str:
    return f"{face.score:.2f} at {face.box.h * case.scale:.0f} px"


def _chapter(precision: str, tallies: dict[str, Tally], cost: Cost) -> str:
    rows = [
        [kind, str(tally.hidden), str(tally.whole), str(tally.places), none(len(tally.lost))]
        for kind, tally in tallies.items()
    ]
    lost = [f"- lost, {kind}: {face}" for kind, tally in tallies.items() for face in tally.lost]
    return "\n".join([
        markdown(["Covers", "to hide", "found by the whole", "at the places", "recognisable, by it alone"], rows),
        f"{precision}: {cost.renditions} renditions of {cost.photos} photos, of which {cost.stayed_whole} are looked at"
        f" whole all the same. Processor seconds a rendition: {cost.whole / max(cost.renditions, 1):.2f} for the whole,"
        f" {cost.places / max(cost.renditions, 1):.2f} at the places. Away from everything that was to be hidden the"
        f" whole look finds {len(cost.elsewhere)} faces that the photo did not show.\n",
        *lost,
        *(f"- elsewhere: {face}" for face in cost.elsewhere),
    ])  # fmt: skip
