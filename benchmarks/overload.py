"""What files that lie about their size cost, and whether a busy machine still judges everything."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from tests.hostile.many_headers import COUNT, files

from benchmarks.processes import Run, busy, fotopoort
from benchmarks.table import markdown, marked

SIDES = (4000, 9000, 16_000)  # pixels on a side, of what the headers contradict each other about
BUSY_LOOPS = 2
PHOTOS = 60
MAX_MB = 1200  # megabytes of one process


def report(evaluation: Path | None) -> str:
    """The section about these in the results.

    Args:
        evaluation: the evaluation photos; None: only the files that lie.
    """
    rows = _lying_files()
    if evaluation is not None:
        rows += _busy_machine(evaluation)
    return "## Files that lie, and a busy machine\n\n" + markdown(("", "measured", "target"), rows)


def _lying_files() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        lying = Path(folder)
        # In a process of its own: one that is being started still shows the most that whoever starts it ever used.
        writer = get_context("spawn").Process(target=_write, args=[lying])
        writer.start()
        writer.join()
        looked = fotopoort("inspect", lying, "--json", "--no-text")
    return [
        (f"{COUNT} files with contradicting headers: the largest process, MB", *_memory(looked)),
        ("… what became of them", _counted(looked), "–"),
    ]


def _write(folder: Path) -> None:
    for name, content in files(COUNT, SIDES):
        (folder / name).write_bytes(content)


def _busy_machine(evaluation: Path) -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        photos = place / "photos"
        photos.mkdir()
        for path in sorted((evaluation / "faces").glob("*.jpg"))[:PHOTOS]:
            (photos / path.name).symlink_to(path)
        with busy(BUSY_LOOPS):
            judged = fotopoort(
                "batch", photos, "--channel", "website", "--channel", "social_schools", "--json", "--quiet",
                "--out", place / "out", data_folder=str(place / "data"),
            )  # fmt: skip
    return [
        (f"{PHOTOS} photos beside {BUSY_LOOPS} busy loops: the largest process, MB", *_memory(judged)),
        ("… what became of them", _counted(judged), "all judged"),
        ("… seconds", f"{judged.seconds:.0f}", "–"),
    ]


def _memory(run: Run) -> tuple[str, str]:
    return marked(round(run.largest), run.largest < MAX_MB), f"< {MAX_MB}"


def _counted(run: Run) -> str:
    documents = [json.loads(line) for line in run.lines]
    codes: Sequence[str] = [document["error"]["code"] if "error" in document else "judged" for document in documents]
    return ", ".join(f"{count} {code}" for code, count in Counter(codes).most_common())
