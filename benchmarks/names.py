"""Children's names: how well they are found in texts and in pictures, and what looking for them costs.

Texts: the sentences of `fixtures/names`. Pictures: those that `text_scenes` draws, through `fotopoort screen` for the
website; each rendition is then read once more, at its own size and at twice that, for any name of the class list.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image
from tests.unit.names.corpus import lines, sentences

from benchmarks import camera_photos, text_scenes
from benchmarks.processes import ROOT, fotopoort, peak_megabytes
from benchmarks.sentences import own_rows, rows_of_schools, rows_of_sets
from benchmarks.table import markdown, marked, none
from benchmarks.text_scenes import NAMES, Scene
from fotopoort.names.places import in_picture
from fotopoort.policy_file import load_policy
from fotopoort.screening.analysis import Detectors
from fotopoort.screening.name_search import find, name_list
from fotopoort.screening.screen import Request, ScreeningJob, screen
from fotopoort.settings import load_settings
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.people import PersonDetector
from fotopoort.vision.text.reader import PhotoReader
from fotopoort.vocabulary import Box, NameEntry

AROUND = 60  # pixels around a name that are looked at once more
SMALLEST = 20  # pixels of font height at published size, from which names must be found
CLASS = tuple(NameEntry(name, name) for name in NAMES)
FOUND, FALSELY, ADDED = 0.95, 0.02, 150.0  # the targets; the last in milliseconds
LISTS = {"a class": 30, "a school": 600, "a board": 20_000}


@dataclass(frozen=True)
class Pictures:
    """What became of the drawn pictures; each is named by its number."""

    large: frozenset[int]  # with a name of at least SMALLEST pixels
    small: frozenset[int]  # with a smaller one
    found: frozenset[int]  # those in which the name is seen where it stands
    covered: frozenset[int]  # those with a rendition in which it is covered
    read_again: frozenset[int]  # those of them in which that name is still read
    without: int  # pictures without a name
    flagged: frozenset[int]  # those of them in which one is seen

    def share(self, pictures: frozenset[int]) -> float:
        """How many of the names in these pictures are found."""
        return len(pictures & self.found) / len(pictures)

    @property
    def falsely(self) -> float:
        return len(self.flagged) / self.without


def pictures(count: int, without: int, photos: Sequence[Path]) -> Pictures:
    """Screen `count` pictures with a name and some without; `photos` are what some of them are drawn over."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        named = _drawn(text_scenes.scenes(count, photos), work / "named")
        _drawn(text_scenes.scenes(without, photos, with_name=False), work / "others")
        seen = _screened(work / "named", work / "out")
        others = _screened(work / "others", work / "other renditions")
        found = {scene.number: scene for scene in named if _is_found(scene, seen[scene.number])}
        renditions = {int(path.stem): path for path in (work / "out" / "website").glob("*.jpg")}
        covered = frozenset(found.keys() & renditions.keys())
        is_read = _reading()
        return Pictures(
            large=frozenset(scene.number for scene in named if scene.height >= SMALLEST),
            small=frozenset(scene.number for scene in named if scene.height < SMALLEST),
            found=frozenset(found),
            covered=covered,
            read_again=frozenset(number for number in covered if is_read(renditions[number], found[number])),
            without=without,
            flagged=frozenset(number for number, document in others.items() if _in_picture(document)),
        )


def _drawn(scenes: Iterable[Scene], folder: Path) -> list[Scene]:
    """Write the pictures, and keep all of them but the pixels."""
    folder.mkdir()
    kept = []
    for scene in scenes:
        Image.fromarray(scene.pixels).save(folder / f"{scene.number:04}.png", compress_level=1)
        kept.append(replace(scene, pixels=np.empty(0)))
    return kept


def _screened(folder: Path, out: Path) -> dict[int, dict[str, Any]]:
    """What `fotopoort screen` says of each picture, by its number."""
    class_list = folder.with_suffix(".csv")
    rows = [f"p{number};{name};leerling;groep 5;ja" for number, name in enumerate(NAMES)]
    class_list.write_text("\n".join(["id;naam;rol;groep;website", *rows]) + "\n", encoding="utf-8")
    people: list[str | Path] = ["--registry", class_list, "--group", "groep 5"]
    run = fotopoort("screen", folder, "--channel", "website", *people, "--out", out, "--json")
    if run.status:
        raise RuntimeError(f"fotopoort screen ended with {run.status}: {run.errors[-500:]}")
    return {int(Path(document["file"]).stem): document for document in map(json.loads, run.lines)}


def _in_picture(document: dict[str, Any]) -> list[Box]:
    return [Box(*name["box"]) for name in document["names"] if name["box"]]


def _is_found(scene: Scene, document: dict[str, Any]) -> bool:
    """A name is found where the text is."""
    return any(box.overlap(scene.box) > 0.2 * min(box.area, scene.box.area) for box in _in_picture(document))


def _reading() -> Callable[[Path, Scene], bool]:
    """Whether a scene's name is read in a rendition: in all of it, and in twice the size where there was one."""
    reader, listed = PhotoReader.load(Runtime(Catalogue(load_settings().models_folder))), name_list(CLASS)

    def is_read(path: Path, scene: Scene) -> bool:
        box = scene.box
        with Image.open(path) as opened:
            place = opened.crop(
                (int(box.x - AROUND), int(box.y - AROUND), int(box.right + AROUND), int(box.bottom + AROUND))
            )
            looks = [np.asarray(opened), np.asarray(place.resize((2 * place.width, 2 * place.height)))]
        hits = [hit for pixels in looks for hit in in_picture(listed, reader.read(pixels))]
        return any(hit.person in (None, scene.name) for hit in hits)

    return is_read


@dataclass(frozen=True)
class Cost:
    """One photo of 12 megapixels: milliseconds to screen it for the website, without and with reading."""

    without: float
    reading: float
    text: bool  # whether any was read

    @property
    def added(self) -> float:
        return self.reading - self.without


def costs(count: int) -> list[Cost]:
    """In turn, in one process, so that a machine that slows down slows both down."""
    catalogue, policy = Catalogue(load_settings().models_folder), load_policy(None)
    runtime = Runtime(catalogue)
    finder, people, reader = FaceDetector.load(catalogue), PersonDetector.load(runtime), PhotoReader.load(runtime)
    job = ScreeningJob(Request(("website",)), policy, names=CLASS)

    def timed(data: bytes, reads: PhotoReader | None) -> tuple[float, bool]:
        start = time.perf_counter()
        screening = screen(data, job, Detectors(finder, people, reads))
        assert screening.findings.failure is None
        return (time.perf_counter() - start) * 1000, bool(screening.findings.text)

    with tempfile.TemporaryDirectory() as temporary:
        photos = [path.read_bytes() for path in camera_photos.make(Path(temporary), count)]
        for data in photos[:2]:
            timed(data, reader)
        return [Cost(timed(data, None)[0], *timed(data, reader)) for data in photos]


def captions(size: int) -> tuple[float, float, float, float]:
    """For a list of `size` names: seconds to make it, milliseconds per caption, seconds per megabyte, peak megabytes.

    In a process of its own, for the memory.
    """
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.names", str(size)], cwd=ROOT, capture_output=True, check=True
    )
    made, caption, megabyte, peak = (float(word) for word in said.stdout.split())
    return made, caption, megabyte, peak


def _captions(size: int) -> None:
    chance = random.Random(size)
    first, last = lines("first_names.txt"), lines("surnames.txt")
    entries = tuple(
        NameEntry(f"{chance.choice(first)} {chance.choice(last)}", f"p{number}", groups=frozenset({f"{number // 30}"}))
        for number in range(size)
    )
    texts = [sentence.text for file in ("names.txt", "words.txt") for sentence in sentences(file)]
    made, listed = _timed(lambda: name_list(entries, frozenset({"0"})))
    find(listed, texts[0])
    each = [_timed(lambda text=text: find(listed, text))[0] for text in texts]  # type: ignore[misc]
    message = " ".join(texts)
    megabyte, _ = _timed(lambda: find(listed, (message * (1 + 1_000_000 // len(message)))[:1_000_000]))
    print(made, median(each) * 1000, megabyte, peak_megabytes())


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def report(folder: Path, count: int = 160) -> str:
    """The section on names, as Markdown."""
    if missing := text_scenes.missing_fonts():
        raise RuntimeError("Fonts are missing; on Debian: apt-get install " + " ".join(missing))
    seen = pictures(count, count, sorted((folder / "no_faces").glob("*.jpg")))
    measured = costs(24)
    plain, written = [cost for cost in measured if not cost.text], [cost for cost in measured if cost.text]
    found, added = seen.share(seen.large), median(cost.added for cost in plain)
    false = marked(f"{seen.falsely:.3f}", seen.falsely <= FALSELY)
    with_text, nothing_read = median(cost.added for cost in written), median(cost.without for cost in measured)
    rows = [
        ["Names of 20 pixels and more found", marked(f"{found:.3f}", found >= FOUND), f"≥ {FOUND}"],
        ["… of 12 to 18 pixels", f"{seen.share(seen.small):.3f}", "–"],
        [f"Renditions in which a name is read again, of {len(seen.covered)}", none(len(seen.read_again)), "0"],
        ["Pictures without a name that are flagged", false, f"≤ {FALSELY}"],
        [f"Added to a photo without text ({len(plain)}), ms, median", marked(f"{added:.0f}", added <= ADDED), "≤ 150"],
        [f"… with text ({len(written)})", f"{with_text:.0f}", "–"],
        ["… which takes, when nothing is read, ms, median", f"{nothing_read:.0f}", "–"],
    ]
    growth = {title: captions(size) for title, size in LISTS.items()}
    drawn = len(seen.large | seen.small)
    return (
        "## Names\n\n"
        "In sentences: those of `fixtures/names`, each set by another hand. A name in doubt counts as found, and"
        " as falsely found where there is none.\n\n"
        + markdown(["", "first set", "second set", "third set", "target"], rows_of_sets())
        + "\nThe fourth set, `own_names.txt`: captions, hashtags, handles and file names as teachers write them.\n\n"
        + markdown(["", "measured", "target"], own_rows())
        + "\nNo group is named, so everybody is looked for strictly; first names of all sets, with other surnames: the"
        " sentences with such words as words.\n\n"
        + markdown(["Pupils", "Taken for a name", "… or in doubt"], rows_of_schools())
        + f"\nIn pictures: {drawn} drawn with a name and {seen.without} without, on cloth, board,"
        " paper and over photos, in print and handwriting, turned by up to 30 degrees, 12 to 80 pixels."
        " The photos that time is measured on have 12 megapixels and are made of the sample scenes.\n\n"
        + markdown(["", "measured", "target"], rows)
        + "\nThe list of names grows; the photo's own group has 30.\n\n"
        + markdown(
            ["", *(f"{title} ({size:,})" for title, size in LISTS.items())],
            [
                ["List made, seconds", *(f"{made:.2f}" for made, *_ in growth.values())],
                ["A caption, ms, median", *(f"{caption:.2f}" for _, caption, _, _ in growth.values())],
                ["A text of one megabyte, seconds", *(f"{megabyte:.1f}" for *_, megabyte, _ in growth.values())],
                ["Peak memory, MB", *(f"{peak:.0f}" for *_, peak in growth.values())],
            ],
        )
    )


if __name__ == "__main__":
    _captions(int(sys.argv[1]))
