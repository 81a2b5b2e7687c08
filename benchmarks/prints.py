"""What is found behind the dots of a print, dithering and nets, and how often they are seen where there are none.

What is found in a photo itself is what is to be found again in the photo drawn over. A photo that is asked about is
held: nothing of it is published until somebody said who is in it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from benchmarks import prints_drawing as drawing
from benchmarks.processes import ROOT
from benchmarks.table import markdown, marked, none
from fotopoort.errors import FotopoortError
from fotopoort.photo.decode import Limits, decode
from fotopoort.policy.measures import seen_side
from fotopoort.policy_file import load_policy
from fotopoort.screening.look import look
from fotopoort.settings import load_settings
from fotopoort.vision import patterns
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Box, Face

Array = np.ndarray[Any, np.dtype[Any]]

SAME_FACE: Final = 0.35  # IoU, as in score.py
MIN_SAFE, MAX_ASKED, MAX_TIME = 0.85, 0.01, 0.05
PITCHES, ANGLES, MESHES = (3.0, 4.0, 5.0, 7.0), (0.0, 20.0, 45.0), (14.0, 20.0, 28.0)
PHOTOS: Final = 24  # that are drawn over
PAIRS: Final = 40  # ordinary photos that are looked at in both ways, in turn; never more than are drawn over
SEED: Final = 17

Drawn = Callable[[Array], Array]


def kinds() -> dict[str, list[Drawn]]:
    """What is drawn over photos, by kind."""
    made: dict[str, list[Drawn]] = {}
    for pitch in PITCHES:
        for title, draw in (("Halftone", drawing.halftone), ("Four inks", drawing.colour_halftone)):
            made[f"{title}, {pitch:g} px"] = [partial(draw, pitch=pitch, degrees=angle) for angle in ANGLES]
    made["Dithered (Floyd–Steinberg)"] = [drawing.floyd_steinberg]
    made["Dithered (Bayer)"] = [drawing.bayer]
    made["Black and white by a threshold"] = [drawing.threshold]
    for mesh in MESHES:
        made[f"Net, {mesh:g} px"] = [
            partial(drawing.net, pitch=mesh, degrees=degrees, light=light)
            for degrees in (45.0, 10.0)
            for light in (False, True)
        ]
    return made


@dataclass
class Tally:
    faces: int = 0
    plainly: int = 0  # found again without a smoothed copy
    found: int = 0
    found_or_held: int = 0
    photos: int = 0
    held: int = 0
    as_if_empty: int = 0  # neither held nor anybody found, though there is somebody
    before: int = 0  # how many would have been, without all this


class _Remembering:
    """A finder that does not look twice when it is asked the same of the same picture twice in a row."""

    def __init__(self, finder: FaceDetector) -> None:
        self.fingerprint = finder.fingerprint
        self._finder = finder
        self._last: tuple[Array, object, tuple[Face, ...]] | None = None

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = (), /
    ) -> tuple[Face, ...]:
        asked = scale, tuple(expected), tuple(told)
        if self._last is None or self._last[0] is not pixels or self._last[1] != asked:
            self._last = pixels, asked, self._finder.find(pixels, scale, expected, told)
        return self._last[2]


def report(folder: Path, photos: int | None = None) -> str:
    """The chapter of RESULTS.md. Of the evaluation photos with faces, `photos` are drawn over: always the same."""
    photos = photos or PHOTOS
    finder = FaceDetector.load(Catalogue(load_settings().models_folder))
    rows = [_row(kind, tally) for kind, tally in _drawn_over(folder, finder, photos)]
    head = ["Drawn over", "faces", "found as it is", "found", "or held", "photos held", "as if empty", "were before"]
    return "\n".join(
        [
            "## Prints, dithering and nets\n",
            f"{photos} of the evaluation photos. Limits: found or held ≥ {MIN_SAFE}; none as if nobody were in it.\n",
            markdown(head, rows),
            _ordinary(folder, finder, min(photos, PAIRS)),
        ]
    )


def _drawn_over(folder: Path, finder: FaceDetector, count: int) -> Iterator[tuple[str, Tally]]:
    paths = sorted((folder / "faces").iterdir())
    chosen = [_pixels(path) for path in random.Random(SEED).sample(paths, min(count, len(paths)))]
    before = [(pixels, finder.find(pixels)) for pixels in chosen if pixels is not None]
    remembering = _Remembering(finder)
    for kind, ways in kinds().items():
        tally = Tally()
        for number, (pixels, faces) in enumerate(before):
            _count(tally, remembering, ways[number % len(ways)](pixels), faces)
        yield kind, tally


def _count(tally: Tally, finder: _Remembering, pixels: Array, before: Sequence[Face]) -> None:
    if not before:
        return
    plainly = finder.find(pixels)
    faces, pattern = look(finder, pixels)
    again = sum(any(face.box.iou(other.box) >= SAME_FACE for other in faces) for face in before)
    held = pattern is not None
    tally.photos += 1
    tally.faces += len(before)
    tally.plainly += sum(any(face.box.iou(other.box) >= SAME_FACE for other in plainly) for face in before)
    tally.found += again
    tally.found_or_held += len(before) if held else again
    tally.held += held
    tally.as_if_empty += not held and not faces
    tally.before += not plainly


def _row(kind: str, tally: Tally) -> list[str]:
    def share(count: int) -> float:
        return round(count / max(tally.faces, 1), 3)

    safe = share(tally.found_or_held)
    return [
        kind,
        str(tally.faces),
        str(share(tally.plainly)),
        str(share(tally.found)),
        marked(safe, safe >= MIN_SAFE),
        f"{tally.held} of {tally.photos}",
        none(tally.as_if_empty),
        str(tally.before),
    ]


def _ordinary(folder: Path, finder: FaceDetector, compared: int) -> str:
    """How often a pattern is seen on photos that have none, and what looking for one costs."""
    places = [folder / name for name in ("faces", "no_faces", "camera_files")] + [ROOT / "fixtures" / "demo"]
    asked, again, photos, pairs = 0, 0, 0, [0.0, 0.0]
    for path in sorted(path for place in places for path in place.iterdir()):
        pixels = _pixels(path)
        if pixels is None:
            continue
        found = patterns.find(pixels)
        photos += 1
        asked += found is not None and found.strong
        again += found is not None
        if photos % 8 == 0 and photos <= 8 * compared:
            for way in range(2):
                start = time.process_time()
                look(finder, pixels) if way else finder.find(pixels)
                pairs[way] += time.process_time() - start
    more = pairs[1] / pairs[0] - 1
    return (
        f"Of {photos} ordinary photos {marked(asked, asked <= MAX_ASKED * photos)} are asked about (limit"
        f" {MAX_ASKED:.0%}), {again} are looked at more than once. The look takes"
        f" {marked(f'{more:+.1%}', more <= MAX_TIME)} processor time (limit {MAX_TIME:+.0%}).\n"
    )


def _pixels(path: Path) -> Array | None:
    """As the program sees it; None: it cannot be judged."""
    try:
        return decode(path.read_bytes(), Limits(), seen_side(load_policy())).pixels
    except (FotopoortError, OSError, Image.DecompressionBombError):
        return None
