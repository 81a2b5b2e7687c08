"""The runtime that Face Mesh comes with, against the one that runs it here: OpenVINO.

Both are given the same pictures of 192 × 192 pixels one by one, by whole programs of their own that do nothing else;
that it answers alike is held by `tests/oracle`. Needs `.venv-oracle`, which `make oracle` makes.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.processes import ROOT, watch
from benchmarks.table import markdown
from fotopoort.settings import load_settings

ORACLE: Final = ROOT / ".venv-oracle" / "bin" / "python"
MODELS: Final = ("face_landmark",)
CALLS, STARTS = 200, 3

PROGRAM: Final = """
import importlib.metadata, json, resource, sys, time
import numpy as np
calls = int(sys.argv[1])
pictures = np.random.default_rng(0).integers(0, 256, (calls, 192, 192, 3), np.uint8)
{load}
told = {{"start": time.process_time()}}
for model in {models}:
    before = time.perf_counter(), time.process_time()
    run(model, pictures)
    told[model] = [1000 * (time.perf_counter() - before[0]) / calls, 1000 * (time.process_time() - before[1]) / calls]
packages = [d for d in importlib.metadata.distributions() if {packages}]
files = {{file.locate() for package in packages for file in package.files or ()}}
told["bytes"] = sum(file.stat().st_size for file in files if file.is_file())
print(json.dumps(told))
"""
THEIRS: Final = f"""
sys.path.insert(0, {str(ROOT / "tests" / "oracle")!r})
import mediapipe_answers
mediapipe_answers.resource_util.set_resource_dir(str(mediapipe_answers.PACKAGE.parent))
run = mediapipe_answers.outputs
for model in {MODELS!r}:
    run(model, pictures[:1])
"""
OURS: Final = f"""
from pathlib import Path
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
runtime = Runtime(Catalogue(Path(sys.argv[2])), precision=sys.argv[3])
def run(model, pictures):
    session = runtime.session(model)
    for picture in pictures:
        session(picture[None].astype(np.float32) / 255)
for model in {MODELS!r}:
    run(model, pictures[:1])
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one runtime. Times in milliseconds, on the clock and of the processor."""

    start: float  # seconds of a whole program that asks each model once
    start_processor: float
    calls: dict[str, tuple[float, float]]
    peak: float  # megabytes
    installed: float  # megabytes of the packages that it needs


def report() -> str:
    """The chapter as Markdown."""
    if not ORACLE.exists():
        sys.exit("MediaPipe is not here: make oracle")
    theirs = _program(THEIRS, 'd.name not in ("pip", "setuptools")')
    ours = _program(OURS, 'd.name in ("openvino", "openvino-telemetry", "numpy")')
    figures = {
        "MediaPipe": _measured(ORACLE, theirs),
        "OpenVINO, f32": _measured(Path(sys.executable), ours, "f32"),
        "OpenVINO, as it is here": _measured(Path(sys.executable), ours, "auto"),
    }
    rows = [
        ["Installed with all it needs, MB", *(f"{one.installed:.0f}" for one in figures.values())],
        ["A program that asks each model once, s", *(f"{one.start:.2f}" for one in figures.values())],
        ["… seconds of the processor", *(f"{one.start_processor:.2f}" for one in figures.values())],
        ["Most memory, MB", *(f"{one.peak:.0f}" for one in figures.values())],
    ]
    for model in MODELS:
        rows.append([f"`{model}`, ms a call", *(f"{one.calls[model][0]:.1f}" for one in figures.values())])
        rows.append(["… ms of the processor", *(f"{one.calls[model][1]:.1f}" for one in figures.values())])
    return "## MediaPipe's own runtime\n\n" + markdown(["", *figures], rows)


def _program(load: str, packages: str) -> str:
    return PROGRAM.format(load=load.strip(), models=repr(MODELS), packages=packages)


def _measured(python: Path, program: str, precision: str = "f32") -> Figures:
    arguments = [str(load_settings().models_folder), precision]
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "service"), str(ROOT)])} if python != ORACLE else {}
    runs = [watch([python, "-c", program, str(count), *arguments], paths) for count in [1] * STARTS + [CALLS]]
    for run in runs:
        if run.status:
            raise RuntimeError(run.errors[-500:])
    told = [json.loads(run.lines[-1]) for run in runs]
    return Figures(
        median(run.seconds for run in runs[:STARTS]),
        median(one["start"] for one in told[:STARTS]),
        {model: (told[-1][model][0], told[-1][model][1]) for model in MODELS},
        runs[-1].largest,
        told[-1]["bytes"] / 1e6,
    )
