"""How long Fotopoort takes and how much memory it holds, against `deface` on the same files.

Whole programs are timed, from their start to their end, in turn (A B A B), so that a machine that slows down slows both
down; ours in f32, and in bf16 where the processor has it. Each reads every photo, looks for faces, and writes a new
file: `deface` of every photo, with every face blurred, at full size; Fotopoort of every photo that may go out, covered
as the class list and the answers have it, for two channels, and looks at each cover again.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import camera_photos, deface
from benchmarks.machine import has_bf16
from benchmarks.processes import ROOT, Run, fotopoort
from benchmarks.table import markdown, marked

CLASS_LIST = ROOT / "fixtures" / "classlist.csv"
GROUP = "groep 5"
# Everyone of the group who may not be shown on the website: said to be absent, so that all others may be shown.
ABSENT = ("p2", "p9", "p14", "p20", "s3")
CHANNELS = ("website", "facebook")
ROUNDS = 2
COLD_STARTS = 5
FASTER = {"f32": 5.0, "bf16": 10.0}  # the target: times `deface`
MEGABYTES, COLD_SECONDS = 900, 2.5  # the targets


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


def screened(photos: Path, out: Path, precision: str, *, channels: Sequence[str] = CHANNELS) -> Screened:
    """Screen for these channels. Of every photo the answers say: cover the first face."""
    names = sorted(path.name for path in photos.iterdir())
    covered = {name: {"faces": {"f1": "cover"}} for name in names}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as answers:
        json.dump({"photos": covered}, answers)
        answers.flush()
        absent = [word for person in ABSENT for word in ("--absent", person)]
        people: list[str | Path] = ["--registry", CLASS_LIST, "--group", GROUP, *absent, "--answers", answers.name]
        where = [word for channel in channels for word in ("--channel", channel)]
        run = fotopoort("screen", photos, *where, *people, "--out", out, "--json", precision=precision)
    if run.status:
        raise RuntimeError(f"fotopoort screen ended with {run.status}: {run.errors[-500:]}")
    documents = [json.loads(line) for line in run.lines]
    verdicts = [verdict for document in documents for verdict in document["verdicts"].values()]
    return Screened(
        run,
        Counter(verdict["outcome"] for verdict in verdicts),
        sum(len(document["faces"]) for document in documents),
        sum(len(verdict["covered"]) for verdict in verdicts),
        len(list(out.glob("*/*.jpg"))),
    )


def report(count: int) -> str:
    """The section on speed and memory, as Markdown."""
    peer = deface.install()
    precisions = ["f32", *(["bf16"] if has_bf16() else [])]
    with tempfile.TemporaryDirectory() as temporary:
        photos, out = Path(temporary) / "photos", Path(temporary) / "out"
        photos.mkdir()
        made = camera_photos.make(photos, count)
        megabytes = [path.stat().st_size / 1e6 for path in made]
        one = Path(temporary) / "one"
        one.mkdir()
        one.joinpath(made[0].name).hardlink_to(made[0])
        for precision in precisions:  # models and program are in the file cache
            screened(one, out / f"warm-{precision}", precision)
        ours: dict[str, list[Screened]] = {precision: [] for precision in precisions}
        theirs: list[Run] = []
        for number in range(ROUNDS):
            for precision in precisions:
                ours[precision].append(screened(photos, out / f"{precision}-{number}", precision))
            theirs.append(deface.anonymise(photos))
        cold = {
            precision: [
                screened(one, out / f"cold-{precision}-{n}", precision, channels=CHANNELS[:1])
                for n in range(COLD_STARTS)
            ]
            for precision in precisions
        }
    rows, targets = [], []
    for number in range(ROUNDS):
        rows += [_row(f"Fotopoort, {precision}", ours[precision][number].run, count) for precision in precisions]
        rows.append(_row("`deface`", theirs[number], count))
    for precision in precisions:
        faster = median(b.seconds / a.run.seconds for a, b in zip(ours[precision], theirs, strict=True))
        memory = max(screening.run.largest for screening in ours[precision])
        together = max(screening.run.together for screening in ours[precision])
        start = median(screening.run.seconds for screening in cold[precision])
        least = FASTER[precision]
        targets += [
            [
                f"{precision}: times faster than `deface`, median",
                marked(f"{faster:.1f}", faster >= least),
                f"≥ {least:g}",
            ],
            [f"{precision}: largest process, MB", marked(f"{memory:.0f}", memory <= MEGABYTES), f"≤ {MEGABYTES}"],
            [f"{precision}: all processes together, MB", f"{together:.0f}", "–"],
            [
                f"{precision}: one photo from a cold start, seconds, median of {COLD_STARTS}",
                marked(f"{start:.2f}", start <= COLD_SECONDS),
                f"≤ {COLD_SECONDS:g}",
            ],
        ]
    return (
        "## Speed and memory\n\n"
        f"{count} JPEGs of 12 megapixels, {min(megabytes):.1f} to {max(megabytes):.1f} MB, made of the sample scenes. "
        f"Fotopoort: `fotopoort screen FOLDER` for {' and '.join(CHANNELS)} with a class list, a face to cover in "
        f"every photo, renditions written ({'; '.join(f'{name}: {runs[0].said()}' for name, runs in ours.items())}). "
        f"`deface` with its defaults ({peer}): every face found blurred, {count} files written at full size. In turns. "
        "Seconds are of the whole program, its start and the loading of models included. Memory: the largest process "
        "is the kernel's own high-water mark (VmHWM); together is the highest sum over all processes of the program at "
        "one moment, file pages that they share counted once.\n\n"
        + markdown(["", "seconds", "per photo", "largest process, MB", "together, MB"], rows)
        + "\n"
        + markdown(["", "measured", "target"], targets)
    )


def _row(title: str, run: Run, count: int) -> list[str]:
    return [title, f"{run.seconds:.1f}", f"{run.seconds / count:.2f}", f"{run.largest:.0f}", f"{run.together:.0f}"]
