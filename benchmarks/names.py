"""Children's names: how well they are found in texts and in pictures, and what looking for them costs.

Texts: the sentences of `fixtures/names`. Pictures: those that `text_scenes` draws, through `fotopoort screen` for the
website; each rendition is then read once more, at its own size and at twice that, for any name of the class list.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image
from tests.unit.names.corpus import lines, names_of, score, sentences

from benchmarks import camera_photos, text_scenes
from benchmarks.processes import ROOT, fotopoort
from benchmarks.table import markdown, marked, none
from benchmarks.text_scenes import NAMES, Scene
from fotopoort.naming import find, in_picture, name_list
from fotopoort.policy.policy import load_policy
from fotopoort.screening import Request, screen
from fotopoort.settings import load_settings
from fotopoort.vision.catalogue import Catalogue
from fotopoort.vision.finder import CenterFaceFinder
from fotopoort.vision.runtime import Runtime
from fotopoort.vision.text import PhotoReader
from fotopoort.vocabulary import Box, NameEntry

SMALLEST = 20  # pixels of font height at published size, from which names must be found
CLASS = tuple(NameEntry(name, name) for name in NAMES)
FOUND, FALSELY, ADDED = 0.95, 0.02, 150.0  # the targets; the last in milliseconds
RECALL, PRECISION, DOUBTFUL, SURE_WORDS, WORDS = 0.98, 0.95, 0.15, 0.10, 0.30
LISTS = {"a class": 30, "a school": 600, "a board": 20_000}


@dataclass(frozen=True)
class Pictures:
    """What became of the drawn pictures."""

    large: int  # with a name of at least SMALLEST pixels
    large_found: int
    small: int
    small_found: int
    renditions: int  # of pictures with a name
    read_again: tuple[int, ...]  # numbers of those in which a name is still read
    without: int
    flagged: tuple[int, ...]  # numbers of pictures without a name in which one is seen

    def shares(self) -> tuple[tuple[float, bool], tuple[float, bool]]:
        """How many names are found, how many pictures are flagged falsely; and whether each meets its target."""
        found, falsely = self.large_found / self.large, len(self.flagged) / self.without
        return (found, found >= FOUND), (falsely, falsely <= FALSELY)


def pictures(count: int, photos: Sequence[Path]) -> Pictures:
    """Screen `count` pictures with a name and as many without; `photos` are what some are drawn over."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        named = list(text_scenes.scenes(count, photos))
        others = list(text_scenes.scenes(count, photos, with_name=False))
        seen = _screened(named, work / "named", work / "out")
        false = _screened(others, work / "others", None)
        found = {scene.number: _is_found(scene, seen[scene.number]) for scene in named}
        large = [found[scene.number] for scene in named if scene.height >= SMALLEST]
        small = [found[scene.number] for scene in named if scene.height < SMALLEST]
        renditions = sorted((work / "out" / "website").glob("*.jpg"))
        reader, listed = PhotoReader.load(Runtime(Catalogue(load_settings().models_folder))), name_list(CLASS)

        def is_read(path: Path) -> bool:
            with Image.open(path) as opened:
                sizes = [opened.copy(), opened.resize((2 * opened.width, 2 * opened.height))]
            read = [line for one in sizes for line in reader.read(np.asarray(one))]
            return any(in_picture(listed, read))

        return Pictures(
            large=len(large),
            large_found=sum(large),
            small=len(small),
            small_found=sum(small),
            renditions=len(renditions),
            read_again=tuple(int(path.stem) for path in renditions if is_read(path)),
            without=len(others),
            flagged=tuple(scene.number for scene in others if _in_picture(false[scene.number])),
        )


def _screened(drawn: Sequence[Scene], folder: Path, out: Path | None) -> dict[int, dict[str, Any]]:
    """What `fotopoort screen` says of each picture, by its number."""
    folder.mkdir()
    for scene in drawn:
        Image.fromarray(scene.pixels).save(folder / f"{scene.number:04}.png", compress_level=1)
    class_list = folder.with_suffix(".csv")
    rows = [f"p{number};{name};leerling;groep 5;ja" for number, name in enumerate(NAMES)]
    class_list.write_text("\n".join(["id;naam;rol;groep;website", *rows]) + "\n", encoding="utf-8")
    options: list[str | Path] = ["--channel", "website", "--registry", class_list, "--group", "groep 5", "--json"]
    place: list[str | Path] = ["--out", out] if out else []
    run = fotopoort("screen", folder, *options, *place)
    documents = [json.loads(line) for line in run.lines]
    if run.status or len(documents) != len(drawn):
        raise RuntimeError(f"fotopoort screen ended with {run.status}: {run.errors[-500:]}")
    return {int(Path(document["file"]).stem): document for document in documents}


def _in_picture(document: dict[str, Any]) -> list[Box]:
    return [Box(*name["box"]) for name in document["names"] if name["box"]]


def _is_found(scene: Scene, document: dict[str, Any]) -> bool:
    """A name is found where the text is."""
    return any(box.overlap(scene.box) > 0.2 * min(box.area, scene.box.area) for box in _in_picture(document))


def added_milliseconds(count: int) -> list[tuple[float, float]]:
    """For photos of 12 megapixels without text: milliseconds to screen one for the website, without and with reading.

    In turn, in one process, so that a machine that slows down slows both down.
    """
    catalogue, policy = Catalogue(load_settings().models_folder), load_policy()
    finder, reader = CenterFaceFinder.load(catalogue), PhotoReader.load(Runtime(catalogue))
    request, listed = Request(("website",)), name_list(CLASS)

    def timed(data: bytes, reads: PhotoReader | None) -> float:
        start = time.perf_counter()
        screening = screen(data, request, finder=finder, policy=policy, names=listed, reader=reads)
        assert not screening.findings.text
        return (time.perf_counter() - start) * 1000

    with tempfile.TemporaryDirectory() as temporary:
        photos = [path.read_bytes() for path in camera_photos.make(Path(temporary), count)]
        for data in photos[:2]:
            timed(data, reader)
        return [(timed(data, None), timed(data, reader)) for data in photos]


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
    print(made, median(each) * 1000, megabyte, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def report(folder: Path, count: int = 160) -> str:
    """The section on names, as Markdown."""
    if missing := text_scenes.missing_fonts():
        raise RuntimeError("Fonts are missing; on Debian: apt-get install " + " ".join(missing))
    seen = pictures(count, sorted((folder / "no_faces").glob("*.jpg")))
    pairs = added_milliseconds(24)
    added = median(b - a for a, b in pairs)
    found, falsely = (marked(f"{share:.3f}", met) for share, met in seen.shares())
    rows = [
        ["Names of 20 pixels and more found", found, f"≥ {FOUND}"],
        ["… of 12 to 18 pixels", f"{seen.small_found / seen.small:.3f}", "–"],
        [f"Renditions ({seen.renditions}) in which a name is read again", none(len(seen.read_again)), "0"],
        ["Pictures without a name that are flagged", falsely, f"≤ {FALSELY}"],
        ["Added to a photo of 12 megapixels without text, ms, median", marked(f"{added:.0f}", added <= ADDED), "≤ 150"],
        ["… which takes without, ms, median", f"{median(a for a, _ in pairs):.0f}", "–"],
    ]
    growth = {title: captions(size) for title, size in LISTS.items()}
    return (
        "## Names\n\n"
        "In sentences: those of `fixtures/names`, each set by another hand. A name in doubt counts as found, and"
        " as falsely found where there is none.\n\n"
        + markdown(["", "first set", "second set", "third set", "target"], _sentences())
        + f"\nIn pictures: {seen.large + seen.small} drawn with a name and {seen.without} without, on cloth, board,"
        " paper and over photos, in print and handwriting, turned by up to 30 degrees, 12 to 80 pixels.\n\n"
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


def _sentences() -> list[list[str]]:
    sets = []
    for kind in ("", "news_", "phone_"):
        plain = score(names_of(f"{kind}class_list.txt"), sentences(f"{kind}names.txt"))
        worded = score(names_of(f"{kind}word_class_list.txt"), sentences(f"{kind}word_names.txt"))
        words = score(names_of(f"{kind}word_class_list.txt"), sentences(f"{kind}words.txt"))
        doubtful = (plain.doubtful + worded.doubtful) / (plain.names + worded.names)
        figures = [
            (plain.recall, plain.recall >= RECALL), (plain.precision, plain.precision >= PRECISION),
            (worded.recall, worded.recall >= RECALL), (worded.precision, worded.precision >= PRECISION),
            (doubtful, doubtful <= DOUBTFUL),
            (words.sure / words.sentences, words.sure <= SURE_WORDS * words.sentences),
            (words.flagged / words.sentences, words.flagged <= WORDS * words.sentences),
        ]  # fmt: skip
        total = plain.sentences + worded.sentences + words.sentences
        sets.append([str(total), *(marked(f"{figure:.3f}", met) for figure, met in figures)])
    titles = [
        ("Sentences", "–"), ("Names found", f"≥ {RECALL}"), ("Of what is found, names", f"≥ {PRECISION}"),
        ("Names that are ordinary words found", f"≥ {RECALL}"), ("Of what is found there, names", f"≥ {PRECISION}"),
        ("Found names that stay in doubt", f"≤ {DOUBTFUL}"),
        ("Sentences with such words as words: taken for a name", f"≤ {SURE_WORDS}"),
        ("… taken for one, or in doubt", f"≤ {WORDS}"),
    ]  # fmt: skip
    return [[title, *row, target] for (title, target), *row in zip(titles, *sets, strict=True)]


if __name__ == "__main__":
    _captions(int(sys.argv[1]))
