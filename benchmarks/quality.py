"""How well faces are found and directions read, on annotated photos, with the score that comes with them.

The photos are not part of the project. The score's own docstring says how it counts; in short, `clear` is the part of
the faces of at least 20 px, neither heavily blurred nor heavily hidden, that were found, and `extra` counts boxes on
nothing annotated, most of which are real faces that the annotation leaves out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import deface, missed
from benchmarks.machine import has_bf16
from benchmarks.processes import ROOT, fotopoort
from benchmarks.table import markdown, marked
from fotopoort.vision.models import integers


@dataclass(frozen=True)
class Target:
    """A figure of the score and the limit it has to keep."""

    title: str
    photos: str  # which set
    path: tuple[str, ...]  # where the figure is in what score.py says of that set
    least: float | None = None
    most: float | None = None

    def figure(self, scores: Mapping[str, Any]) -> float:
        value: Any = scores[self.photos]
        for key in self.path:
            value = value[key]
        return float(value)

    def met(self, scores: Mapping[str, Any]) -> bool:
        value = self.figure(scores)
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def limit(self) -> str:
        return f"≥ {self.least}" if self.least is not None else f"≤ {self.most}" if self.most is not None else "–"


TARGETS = (
    Target("Clear faces found", "faces", ("clear",), least=0.980),
    Target("Extra boxes per photo", "faces", ("extra_per_photo",), most=1.0),
    Target("False boxes per plain scene", "none", ("plain", "false_per_photo"), most=0.08),
    Target("False boxes per photo of animals", "none", ("animal", "false_per_photo"), most=0.1),
    Target("Close-ups: the face found", "closeup", ("clear",), least=0.96),
    Target("Photos lying on a side or upside down: clear faces found", "turned", ("clear",), least=0.93),
    Target("Mean yaw error, degrees", "pose", ("yaw_mae_deg",), most=5.0),
    Target("Frontal faces called frontal", "pose", ("frontal_called_frontal",), least=0.97),
    Target("Turned faces called frontal", "pose", ("turned_called_frontal",), most=0.02),
)
BESIDES = (  # no limit is set for these
    Target("All annotated faces found, the blurred and hidden too", "faces", ("all",)),
    Target("False boxes per photo of things that look like faces", "none", ("facelike", "false_per_photo")),
    Target("Turned photos: extra boxes per photo", "turned", ("extra_per_photo",)),
    Target("Pose: faces not found", "pose", ("no_face_found",)),
)

Look = Callable[[Path], Sequence[str]]  # a folder of photos → JSON lines


@dataclass(frozen=True)
class PhotoSet:
    """A folder of photos, and which list scores it."""

    photos: Path
    kind: str  # as score.py calls it
    lists: Path | None = None  # where its list is, if not beside score.py


@contextmanager
def photo_sets(folder: Path) -> Iterator[dict[str, PhotoSet]]:
    """The annotated sets in `folder` and the two that its derive.py makes of them (which are gone afterwards)."""
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary)
        subprocess.run([sys.executable, folder / "derive.py", made], check=True, capture_output=True)
        yield {
            "faces": PhotoSet(folder / "faces", "faces"),
            "none": PhotoSet(folder / "no_faces", "none"),
            "pose": PhotoSet(folder / "pose", "pose"),
            "closeup": PhotoSet(made / "closeup", "faces", made / "closeup_list"),
            "turned": PhotoSet(made / "turned", "faces", made / "turned_list"),
        }


def measure(folder: Path, sets: Mapping[str, PhotoSet], look: Look) -> dict[str, Any]:
    """What score.py says of each set."""
    return {name: _score(folder, photos, look(photos.photos)) for name, photos in sets.items()}


def inspected(precision: str) -> Look:
    """Look as the real command does. Precision: see `FOTOPOORT_PRECISION`."""

    def look(photos: Path) -> Sequence[str]:
        # However busy the machine is: what is measured here is not time.
        run = fotopoort("inspect", "--json", "--no-text", photos, precision=precision, seconds_per_photo="600")
        if run.status:
            raise RuntimeError(f"fotopoort inspect ended with {run.status}: {run.errors[-500:]}")
        return run.lines

    return look


def _score(folder: Path, photos: PhotoSet, lines: Sequence[str]) -> Any:  # noqa: ANN401 - as JSON has it
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as found:
        found.writelines(line.rstrip("\n") + "\n" for line in lines)
        found.flush()
        command: list[str | Path] = [
            sys.executable,
            folder / "score.py",
            photos.kind,
            found.name,
            *filter(None, [photos.lists]),
        ]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def report(folder: Path) -> str:
    """The section on quality, as Markdown."""
    peer = deface.install()
    seen: dict[str, Sequence[str]] = {}  # what was found on the photos with faces
    with photo_sets(folder) as sets:

        def look(name: str, precision: str) -> Look:
            def kept(photos: Path) -> Sequence[str]:
                lines = inspected(precision)(photos)
                if photos == sets["faces"].photos:
                    seen[name] = lines
                return lines

            return kept

        columns = {"Fotopoort": measure(folder, sets, look("Fotopoort", "auto"))}
        if integers.is_fast():
            columns["Fotopoort, in int8"] = measure(folder, sets, inspected("int8"))
        if has_bf16():
            columns["Fotopoort, in f32"] = measure(folder, sets, look("Fotopoort, in f32", "f32"))
        without_pose = {name: photos for name, photos in sets.items() if name != "pose"}
        columns["deface"] = measure(folder, without_pose, lambda photos: deface.boxes(sorted(photos.iterdir())))
    rows = [
        [target.title]
        + [_shown(target, scores) if target.photos in scores else "–" for scores in columns.values()]
        + [target.limit()]
        for target in (*TARGETS, *BESIDES)
    ]
    ours = columns["Fotopoort"]
    plain = sum(kind["photos"] for kind in ours["none"].values())
    return (
        "## Quality\n\n"
        f"{ours['faces']['photos']} photos with faces, {plain} without a person, {ours['pose']['faces']} faces with a "
        f"known direction, {ours['closeup']['photos']} close-ups and {ours['turned']['photos']} turned photos made "
        "of the first. Every photo through `fotopoort inspect --json --no-text` at the default setting, scored by the"
        f" `score.py` that comes with them. {_precisions()} `deface`: the boxes that it would blur, threshold 0.2"
        f" ({peer}).\n\n"
        + markdown(["", *columns, "target"], rows)
        + "\n"
        + _on_other_photos()
        + "\nWhat is missed, by size and as the annotation describes it; a face may be of several kinds:\n\n"
        + missed.table(folder, seen)
    )


def _on_other_photos() -> str:
    """What the weights, which are fitted on two of the sets, are worth on photos that the fit has not seen."""
    fitted = json.loads((ROOT / "models" / "fusion.json").read_text(encoding="utf-8"))["cross_validated"]
    wrong = fitted["false_per_photo"]
    return (
        "The weights are fitted on the photos with faces and those without a person. Cross-validated by photo, in ten "
        f"folds: clear {fitted['clear']:g}, extra {fitted['extra_per_photo']:g}, false boxes per plain scene "
        f"{wrong['plain']:g}, per photo of animals {wrong['animal']:g}, of things that look like faces "
        f"{wrong['facelike']:g}. The fit's own figures: without the finder's rules for faces that fill the frame or "
        "lie another way, which are not fitted; its thresholds were chosen on the same folds.\n"
    )


def _precisions() -> str:
    if has_bf16():
        return "The default uses bf16 on this processor; f32 is what a processor without it does."
    return "This processor has no bf16: everything is f32, unless int8 was asked for."


def _shown(target: Target, scores: Mapping[str, Any]) -> str:
    return marked(f"{target.figure(scores):g}", target.met(scores))
