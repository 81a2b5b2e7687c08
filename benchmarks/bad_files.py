"""Broken and hostile files through the real command: each judged or refused with a code, soon and in little memory."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.processes import ROOT, fotopoort
from benchmarks.table import markdown, marked, none

GOOD = ROOT / "fixtures" / "demo" / "IMG_2040.jpg"
SECONDS, MEGABYTES = 10.0, 1500


@dataclass(frozen=True)
class Survived:
    """What became of all files."""

    files: int
    judged: int
    errors: Counter[str]
    unanswered: tuple[str, ...]  # neither a verdict nor an error with a code; by the number their name begins with
    longest_wait: float  # seconds between one answer and the next
    largest: float  # megabytes, of any one process
    together: float  # megabytes, of all processes at one moment
    traceback: bool
    status: int
    good_judged: bool  # the good photo that came first, in the middle and last


def measure(folder: Path) -> Survived:
    """Screen all bad files of the evaluation photos and three of our own, with good photos among them.

    A file that took more than SECONDS would be stopped and refused with the code "timeout".
    """
    with tempfile.TemporaryDirectory() as temporary:
        bad = [*sorted((folder / "bad_files").iterdir()), *_extremes(Path(temporary))]
        half = len(bad) // 2
        files = [GOOD, *bad[:half], GOOD, *bad[half:], GOOD]
        arguments: list[str | Path] = [
            "screen",
            *files,
            "--channel",
            "website",
            "--out",
            Path(temporary) / "out",
            "--json",
        ]
        run = fotopoort(*arguments, seconds_per_photo=str(SECONDS))
    documents: list[dict[str, Any]] = [json.loads(line) for line in run.lines]
    answered = {document["file"]: document for document in documents}
    good = [document for document in documents if document["file"] == str(GOOD)]
    ours = [document for document in documents if document["file"] != str(GOOD)]
    return Survived(
        files=len(bad),
        judged=sum("error" not in document for document in ours),
        errors=Counter(document["error"]["code"] for document in ours if "error" in document),
        unanswered=tuple(path.name[:3] for path in bad if not _is_answer(answered.get(str(path)))),
        longest_wait=max(later - sooner for sooner, later in pairwise(run.came)),
        largest=run.largest,
        together=run.together,
        traceback="Traceback" in run.errors,
        status=run.status,
        good_judged=len(good) == 3 and all("error" not in document for document in good),
    )


def _extremes(folder: Path) -> Sequence[Path]:
    files = [folder / "zero_byte.jpg", folder / "one_pixel.png", folder / "65000_by_1.png"]
    files[0].touch()
    Image.new("RGB", (1, 1)).save(files[1])
    Image.new("RGB", (65_000, 1)).save(files[2])
    return files


def _is_answer(document: dict[str, Any] | None) -> bool:
    if document is None:
        return False
    verdict = document["verdicts"]["website"]
    if "error" in document:
        return bool(document["error"]["code"]) and verdict["outcome"] == "reject"
    return verdict["outcome"] in ("publish", "blur", "reject")


def report(folder: Path) -> str:
    """The section on bad files, as Markdown."""
    survived = measure(folder)
    refused = ", ".join(f"{code} {count}" for code, count in sorted(survived.errors.items()))
    rows = [
        ["Files judged", str(survived.judged), "–"],
        ["Files refused with a code", str(survived.errors.total()), "–"],
        ["Files with neither", none(len(survived.unanswered)), "0"],
        [f"Files that took more than {SECONDS:g} seconds of the processor", none(survived.errors["timeout"]), "0"],
        ["Longest time between two answers, seconds", f"{survived.longest_wait:.1f}", "–"],
        ["Peak memory, largest process, MB", _low(survived.largest), f"< {MEGABYTES}"],
        ["Peak memory, all processes together, MB", _low(survived.together), f"< {MEGABYTES}"],
        ["Crashes of a screening process", none(survived.errors["crashed"]), "0"],
        ["Tracebacks", marked("yes" if survived.traceback else "none", not survived.traceback), "none"],
        ["Exit status", marked(survived.status, survived.status == 1), "1"],
        [
            "Good photos among and after them are judged",
            marked("yes" if survived.good_judged else "no", survived.good_judged),
            "yes",
        ],
    ]
    return (
        "## Broken and hostile files\n\n"
        f"{survived.files} files through `fotopoort screen`: fuzzer finds, truncations, bombs, wrong endings, a"
        f" zero-byte, a 1 × 1 and a 65,000 × 1 image. Refused: {refused}.\n\n"
        + markdown(["", "measured", "target"], rows)
    )


def _low(megabytes: float) -> str:
    return marked(f"{megabytes:.0f}", megabytes < MEGABYTES)
