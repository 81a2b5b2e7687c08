"""How often it is asked whether somebody is there who was not seen (rule R17), and what looking for figures costs.

It is asked about photos of people with every face that was found painted over, about the same as they are, and about
photos without people.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from PIL import Image

from benchmarks.table import markdown, marked
from fotopoort.errors import FotopoortError
from fotopoort.photo.decode import Limits, decode
from fotopoort.policy.decide import decide
from fotopoort.policy.measures import seen_side
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.settings import load_settings
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.people import PersonDetector, with_faces
from fotopoort.vocabulary import Answers, Face, Findings

Array = np.ndarray[Any, np.dtype[Any]]

CHANNEL: Final = "website"
MAX_ASKED: Final = 0.05  # questions for each photo without people
SEED: Final = 17
COVERED: Final = (0.15, 0.30, 0.15)  # as a face is covered: of its size, at the sides, above and below


def report(folder: Path) -> str:
    """The chapter of RESULTS.md."""
    catalogue, policy = Catalogue(load_settings().models_folder), load_policy()
    finder, figures = FaceDetector.load(catalogue), PersonDetector.load(Runtime(catalogue))
    asked = measured(folder, finder, figures, policy)
    titles = {
        "painted": "people, every found face painted over",
        "covered": "people, painted over as a cover does, hair and ears too",
        "faces": "people, as they are",
        "no_faces": "without people",
    }
    rows = [
        [title, str(len(asked[key])), marked(sum(asked[key]), key != "no_faces" or _mean(asked[key]) <= MAX_ASKED)]
        for key, title in titles.items()
    ]
    return "\n".join(
        [
            "## Somebody in whom no face was found\n",
            f"Limit: {MAX_ASKED} questions for each photo without people.\n",
            markdown(["Photos of", "photos", "asked about"], rows),
            _cost(catalogue),
        ]
    )


def measured(
    folder: Path, finder: FaceDetector, people: PersonDetector, policy: Policy, photos: int | None = None
) -> dict[str, list[bool]]:
    """Whether each photo is asked about: without people, with them as they are, and with their faces painted over.

    Args:
        photos: how many photos with faces, always the same; None: all.
    """
    asked: dict[str, list[bool]] = {key: [] for key in ("faces", "painted", "covered", "no_faces")}
    paths = sorted((folder / "faces").iterdir())
    for path in random.Random(SEED).sample(paths, min(photos or len(paths), len(paths))):
        if (pixels := _pixels(path, policy)) is not None:
            found = finder.find(pixels)
            asked["faces"].append(_is_asked(pixels, found, people, policy))
            for kind, margins in (("painted", (0.0, 0.0, 0.0)), ("covered", COVERED)):
                asked[kind].append(_is_asked(_painted(pixels, found, margins), (), people, policy))
    for path in sorted((folder / "no_faces").iterdir()):
        if (pixels := _pixels(path, policy)) is not None:  # a face found there could only make up for a figure
            asked["no_faces"].append(_is_asked(pixels, (), people, policy))
    return asked


def _is_asked(pixels: Array, faces: tuple[Face, ...], people: PersonDetector, policy: Policy) -> bool:
    height, width = pixels.shape[:2]
    seen = with_faces(people.find(pixels), faces)
    findings = Findings("", width, height, "JPEG", faces, figures=seen)
    return any(reason.rule == "R17" for reason in decide(findings, Answers(), None, policy, CHANNEL).reasons)


def _painted(pixels: Array, faces: Sequence[Face], margins: tuple[float, float, float]) -> Array:
    """A copy in which each face is one colour: that of its mean."""
    copy, (sides, above, below) = pixels.copy(), margins
    for box in (face.box for face in faces):
        left, right = box.x - sides * box.w, box.right + sides * box.w
        top, bottom = box.y - above * box.h, box.bottom + below * box.h
        part = copy[max(round(top), 0) : round(bottom), max(round(left), 0) : round(right)]
        if part.size:
            part[:] = part.mean((0, 1))
    return copy


def _cost(catalogue: Catalogue, times: int = 20) -> str:
    """Milliseconds of processor time for one photo of 2 megapixels, in one thread."""
    pixels = np.random.default_rng(1).integers(0, 256, (1200, 1600, 3), np.uint8)
    figures = []
    for precision in ("f32", "auto"):
        runtime = Runtime(catalogue, 1, precision)
        people, taken = PersonDetector.load(runtime), list[float]()
        for _ in range(times):
            start = time.process_time()
            people.find(pixels)
            taken.append(time.process_time() - start)
        figures.append(f"{1000 * median(taken):.0f} ms in {runtime.precision}")
    return f"Looking for whole figures takes {' and '.join(dict.fromkeys(figures))} of one thread.\n"


def _mean(asked: Sequence[bool]) -> float:
    return sum(asked) / len(asked)


def _pixels(path: Path, policy: Policy) -> Array | None:
    """As the program sees it; None: it cannot be judged."""
    try:
        return decode(path.read_bytes(), Limits(), seen_side(policy)).pixels
    except (FotopoortError, OSError, Image.DecompressionBombError):
        return None
