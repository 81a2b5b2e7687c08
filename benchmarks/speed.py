"""How long Fotopoort takes and how much memory it holds, against `deface` on the same files.

Whole programs are timed, from their start to their end, in turn (A B A B), so that a machine that slows down slows both
down. Each reads every photo, looks for faces, and writes a new file: `deface` of every photo, with every face blurred,
at full size; Fotopoort of every photo that may go out, covered as the class list and the answers have it, at the
website's size, and looks at each cover again.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import camera_photos, deface
from benchmarks.processes import ROOT, Run, fotopoort
from benchmarks.table import markdown, marked

CLASS_LIST = ROOT / "fixtures" / "classlist.csv"
GROUP = "groep 5"
# Everyone of the group who may not be shown on the website: said to be absent, so that all others may be shown.
ABSENT = ("p2", "p9", "p14", "p20", "s3")
PAIRS = 2
COLD_STARTS = 5
FASTER, MEGABYTES, COLD_SECONDS = 5.0, 1200, 4.0  # the targets


@dataclass(frozen=True)
class Screened:
    """One run of `fotopoort screen` over all photos."""

    run: Run
    outcomes: Counter[str]
    faces: int
    covers: int
    renditions: int

    def said(self) -> str:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        return f"{outcomes}; {self.faces} faces seen, {self.covers} covered; {self.renditions} renditions written"


def screened(photos: Path, out: Path, *, cover_every: int) -> Screened:
    """Screen for the website. Of every `cover_every`-th photo the answers say: cover the first face."""
    names = sorted(path.name for path in photos.iterdir())
    covered = {name: {"faces": {"f1": "cover"}} for name in names[cover_every - 1 :: cover_every]}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as answers:
        json.dump({"photos": covered}, answers)
        answers.flush()
        absent = [word for person in ABSENT for word in ("--absent", person)]
        people: list[str | Path] = ["--registry", CLASS_LIST, "--group", GROUP, *absent, "--answers", answers.name]
        run = fotopoort("screen", photos, "--channel", "website", *people, "--out", out, "--json")
    if run.status:
        raise RuntimeError(f"fotopoort screen ended with {run.status}: {run.errors[-500:]}")
    documents = [json.loads(line) for line in run.lines]
    verdicts = [document["verdicts"]["website"] for document in documents]
    return Screened(
        run,
        Counter(verdict["outcome"] for verdict in verdicts),
        sum(len(document["faces"]) for document in documents),
        sum(len(verdict["covered"]) for verdict in verdicts),
        len(list((out / "website").glob("*.jpg"))),
    )


def report(count: int) -> str:
    """The section on speed and memory, as Markdown."""
    peer = deface.install()
    with tempfile.TemporaryDirectory() as temporary:
        photos, out = Path(temporary) / "photos", Path(temporary) / "out"
        photos.mkdir()
        made = camera_photos.make(photos, count)
        megabytes = [path.stat().st_size / 1e6 for path in made]
        one = Path(temporary) / "one"
        one.mkdir()
        one.joinpath(made[0].name).hardlink_to(made[0])
        screened(one, out / "warm", cover_every=1)  # models and program are in the file cache
        pairs = [(screened(photos, out / f"a{n}", cover_every=2), deface.anonymise(photos)) for n in range(PAIRS)]
        all_covered = screened(photos, out / "all", cover_every=1)
        cold = [screened(one, out / f"cold{n}", cover_every=1) for n in range(COLD_STARTS)]
    ours, theirs = [ours for ours, _ in pairs], [theirs for _, theirs in pairs]
    ratios = [b.seconds / a.run.seconds for a, b in pairs]
    rows = []
    for number, (a, b) in enumerate(pairs, start=1):
        rows.append(_row(f"Fotopoort, run {number}", a.run, count))
        rows.append(_row(f"`deface`, run {number}", b, count))
    rows.append(_row("Fotopoort, a face to cover in every photo", all_covered.run, count))
    worst = median(b.seconds for b in theirs) / all_covered.run.seconds
    memory = max(screening.run.largest for screening in [*ours, all_covered])
    together = max(screening.run.together for screening in [*ours, all_covered])
    start = [screening.run.seconds for screening in cold]
    faster, slowest = median(ratios), max(start)
    targets = [
        ["Times faster than `deface`, median of the pairs", marked(f"{faster:.1f}", faster >= FASTER), f"≥ {FASTER:g}"],
        ["… with a face to cover in every photo", f"{worst:.1f}", "–"],
        ["Peak memory, largest process, MB", marked(f"{memory:.0f}", memory < MEGABYTES), f"< {MEGABYTES}"],
        ["Peak memory, all processes together, MB", marked(f"{together:.0f}", together < MEGABYTES), f"< {MEGABYTES}"],
        [f"One photo from a cold start, seconds, median of {COLD_STARTS}", f"{median(start):.2f}", "–"],
        ["… the slowest", marked(f"{slowest:.2f}", slowest < COLD_SECONDS), f"< {COLD_SECONDS:g}"],
        ["… peak memory together, MB", f"{max(screening.run.together for screening in cold):.0f}", "–"],
    ]
    return (
        "## Speed and memory\n\n"
        f"{count} JPEGs of 12 megapixels, {min(megabytes):.1f} to {max(megabytes):.1f} MB, made of the sample scenes. "
        f"Fotopoort: `fotopoort screen FOLDER --channel website` with a class list and answers, renditions written "
        f"(every run: {ours[0].said()}). With a face to cover in every photo: {all_covered.said()}. "
        f"`deface` with its defaults ({peer}): every face found blurred, {count} files written at full size. "
        "Seconds are of the whole program, its start and the loading of models included. Memory: the largest process "
        "is the kernel's own high-water mark (VmHWM); together is the highest sum over all processes of the program at "
        "one moment, file pages that they share counted once.\n\n"
        + markdown(["", "seconds", "per photo", "largest process, MB", "together, MB"], rows)
        + "\n"
        + markdown(["", "measured", "target"], targets)
    )


def _row(title: str, run: Run, count: int) -> list[str]:
    return [title, f"{run.seconds:.1f}", f"{run.seconds / count:.2f}", f"{run.largest:.0f}", f"{run.together:.0f}"]
