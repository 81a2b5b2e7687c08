"""What class sheets, screenshots and panoramas cost, by step, and whether anything in them stays unread or unseen.

Each picture is screened in a process of its own, for a public channel and a closed one, with all its names on the list
of names: so text is read in full, and names are covered and looked for again. Time is of the processor, all threads
together, since the clock tells more of what else the machine does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.long_scenes import LongPicture, full_names, pictures
from benchmarks.processes import ROOT, peak_megabytes
from benchmarks.table import markdown, marked
from fotopoort.photo.decode import Limits
from fotopoort.policy_file import load_policy
from fotopoort.screening.analysis import Detectors
from fotopoort.screening.processes.worker import WorkerConfig, finder, people, reader
from fotopoort.screening.screen import Request, ScreeningJob, screen
from fotopoort.settings import load_settings
from fotopoort.vision.models.session import ModelSession
from fotopoort.vocabulary import ChannelId, NameEntry

CHANNELS = (ChannelId("website"), ChannelId("social_schools"))
MAX_MB = 1200  # megabytes of one process


class Counted:
    """A model that counts its calls, what they took of the processor, and which shapes it was given."""

    def __init__(self, session: ModelSession) -> None:
        self._session = session
        self.calls, self.seconds = 0, 0.0
        self.shapes: set[tuple[int, ...]] = set()

    def __call__(self, batch: Any) -> Any:  # noqa: ANN401 - arrays of any shape
        start = time.process_time()
        try:
            return self._session(batch)
        finally:
            self.calls += 1
            self.seconds += time.process_time() - start
            self.shapes.add(batch.shape)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a session has
        return getattr(self._session, name)


def measure(path: Path) -> dict[str, Any]:
    """Screen one file in this process: what it took, and what was found."""
    settings = load_settings()
    config = WorkerConfig(settings.models_folder, Limits(), precision=settings.precision)
    faces, figures, text = finder(config), people(config), reader(config)
    counted: dict[str, Counted] = {}
    for name, model in (("faces", "centerface"), ("faces again", "retinaface")):
        counted[name] = Counted(faces._runtime.session(model))
        faces._runtime._sessions[model, None] = counted[name]  # type: ignore[assignment]
    counted["detector"] = text._lines._session = Counted(text._lines._session)  # type: ignore[assignment]
    counted["recogniser"] = text._recogniser = Counted(text._recogniser)  # type: ignore[assignment]
    names = tuple(NameEntry(name) for name in full_names(420))
    job = ScreeningJob(Request(CHANNELS), load_policy(settings.policy_file), names=names)
    loaded = time.process_time()
    begin = time.monotonic()
    done = screen(path.read_bytes(), job, Detectors(faces, figures, text))
    return {
        "processor": time.process_time() - loaded,
        "clock": time.monotonic() - begin,
        "ms": dict(done.milliseconds),
        "calls": {name: (each.calls, round(each.seconds, 2), len(each.shapes)) for name, each in counted.items()},
        "lines": [line.text for line in done.findings.text],
        "faces": len(done.findings.faces),
        "failure": done.findings.failure.code if done.findings.failure else None,
        "outcomes": {channel: verdict.outcome for channel, verdict in done.verdicts.items()},
        "rules": {channel: [reason.rule for reason in verdict.reasons] for channel, verdict in done.verdicts.items()},
        "hits": len(done.findings.names),
        "peak": peak_megabytes(),
    }


def measured(path: Path) -> dict[str, Any]:
    """`measure` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.long_pictures", path], capture_output=True, check=True, cwd=ROOT
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def report() -> str:
    """The section about these in the results."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for picture, kind in pictures():
            path = Path(folder) / f"picture.{kind.lower()}"
            path.write_bytes(picture.encoded(kind))
            rows.append(_row(picture, kind, measured(path)))
    head = ("", "names read", "faces found", "lines", "seconds", "of it detecting", "recognising", "calls", "MB")
    return (
        "## Class sheets, screenshots and panoramas\n\n"
        "Seconds of the processor, all threads together; calls of the two text models; memory of the process.\n\n"
        + markdown(head, rows)
    )


def _row(picture: LongPicture, kind: str, seen: dict[str, Any]) -> list[str]:
    text = "\n".join(seen["lines"])
    read = sum(name in text for name in picture.names)
    refused = f" ({seen['failure']})" if seen["failure"] else ""
    return [
        f"{picture.title}, {kind}{refused}",
        f"{read} of {len(picture.names)}",
        f"{seen['faces']} of {picture.faces}",
        str(len(seen["lines"])),
        f"{seen['processor']:.1f}",
        f"{seen['calls']['detector'][1]:.1f}",
        f"{seen['calls']['recogniser'][1]:.1f}",
        str(seen["calls"]["detector"][0] + seen["calls"]["recogniser"][0]),
        marked(round(seen["peak"]), seen["peak"] < MAX_MB),
    ]


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
