"""What `python -m benchmarks cost` records is what the program does, whatever the program is made of."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmarks import deface
from benchmarks.cost import flame_chart, limits, report, targets
from benchmarks.cost.limits import Alone, Peers, Time
from benchmarks.cost.measuring import Measured, precisions
from benchmarks.cost.recording import Recorder, Sample, Span, Trace
from benchmarks.cost.scenes import Scene, crowd
from benchmarks.processes import Run

from fotopoort.errors import Damaged
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Detectors, Stopwatch
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen, unjudged
from fotopoort.vision.models.manifest import read_manifest
from fotopoort.vision.models.runtime import Runtime


@pytest.fixture(scope="module")
def recorded(models_folder: Path, policy: Policy, samples: Path) -> tuple[Recorder, Trace, Screening]:
    """Two children before a board with two names on it, judged for one channel."""
    data = (samples / "IMG_2063.jpg").read_bytes()
    with Recorder() as recorder:
        # With limits of its own it is a configuration that no other test has loaded models for.
        config = WorkerConfig(models_folder, Limits(max_bytes=1_234_567), threads=1)
        detectors = Detectors(worker.finder(config), worker.people(config), worker.reader(config))
        with recorder.photo() as trace:
            screening = screen(data, ScreeningJob(Request(("website",)), policy), detectors)
    return recorder, trace, screening


def test_every_step_is_recorded(recorded: tuple[Recorder, Trace, Screening]) -> None:
    _, trace, screening = recorded
    assert screening.findings.failure is None
    assert set(trace.of_steps()) == set(screening.milliseconds)


def test_every_call_of_a_model_is_recorded(recorded: tuple[Recorder, Trace, Screening]) -> None:
    _, trace, _ = recorded
    assert {"centerface", "text_detector", "person_detector"} <= {call.name for call in trace.calls}
    assert {call.name for call in trace.calls} <= {model.id for model in read_manifest(None)}
    assert all(call.shape[0] >= 1 and call.end >= call.start for call in trace.calls)
    assert trace.seconds >= max(call.end for call in trace.calls)


def test_what_runs_between_them_is_ours_by_name(recorded: tuple[Recorder, Trace, Screening]) -> None:
    _, trace, _ = recorded
    assert any(sample.in_model for sample in trace.samples)
    assert any(not sample.in_model for sample in trace.samples)
    assert all("." in name for name in trace.between() if name != "elsewhere")


def test_every_call_can_be_measured_alone(recorded: tuple[Recorder, Trace, Screening]) -> None:
    recorder, trace, _ = recorded
    alone = Alone(recorder)
    for model in {call.name for call in trace.calls}:
        shape = min(call.shape for call in trace.calls if call.name == model)
        assert alone.time(model, shape) is not None, model


def test_the_program_is_as_before_afterwards(recorded: tuple[Recorder, Trace, Screening]) -> None:
    assert Runtime.session.__module__ == Runtime.__module__
    assert Stopwatch.step.__module__ == Stopwatch.__module__


def test_the_chart_holds_every_call_that_can_be_seen(recorded: tuple[Recorder, Trace, Screening]) -> None:
    _, trace, _ = recorded
    drawing = flame_chart.draw("One photo & <two> channels", [("f32", trace), ("bf16", trace)])
    titles = [title.text or "" for title in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}title")]  # noqa: S314 - ours
    longest = max(trace.calls, key=lambda call: call.seconds)
    shape = "×".join(map(str, longest.shape))
    assert sum(title.startswith(f"{longest.name} {shape}: ") for title in titles) >= 2  # once in each panel
    assert {step.name for step in trace.steps if step.seconds > trace.seconds / 100} <= {
        title.partition(":")[0] for title in titles
    }


def test_the_photos_are_always_the_same_and_as_large_as_asked() -> None:
    assert crowd(6, (800, 600)).size == (800, 600)
    assert crowd(6, (800, 600)).tobytes() == crowd(6, (800, 600)).tobytes()


def test_each_precision_is_measured_once() -> None:
    assert next(iter(precisions())) == "f32"
    assert len(set(precisions().values())) == len(precisions())


def test_what_misses_its_target_is_told_in_bold(policy: Policy) -> None:
    screening = unjudged(b"", Request(("website",)), Damaged(), policy=policy)
    measured = [
        Measured(
            Scene(name, name, b""), precision, Trace(seconds=seconds, processor=seconds), screening, Time(0.1, 0.1)
        )
        for precision, six in (("f32", 0.5), ("bf16", 0.3))
        for name, seconds in (("faces-6", six), ("faces-60", 0.9), ("lines-0", six), ("lines-10", six + 0.35))
    ]
    table = targets.table(measured, Time(0.09, 0.09), None)
    assert "| Six faces, no text, ms | 500 (500) | 300 (300) | ≤ 600 in f32 |" in table
    assert "| 60 faces, times six faces | 1.80 (1.80) | **3.00 (3.00)** | ≤ 2 |" in table
    assert "| … 10 lines add, ms | **350 (350)** | 350 (350) | ≤ 300 in f32 |" in table
    assert "| Six faces, times decoding and encoding | 5.6 | **3.3** | ≤ 3 in bf16 |" in table


def test_others_are_run_on_the_same_photos_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(name: str, seconds: float, photos: Path) -> Run:
        ran.append(name)
        assert [path.name for path in photos.iterdir()] == ["a.jpg"]
        return Run(0, seconds, (), (), "", 0.0, 0.0)

    def fotopoort(command: str, photos: Path, *_: object, precision: str) -> Run:
        return run(precision, 2.0, photos)

    monkeypatch.setattr(deface, "install", lambda: "deface 1")
    monkeypatch.setattr(deface, "anonymise", lambda photos: run("deface", 10.0, photos))
    monkeypatch.setattr(limits, "fotopoort", fotopoort)
    peers = limits.against_deface([Scene("a", "A", b"")], {"f32": "f32", "bf16": "auto"}, ["website"])
    assert ran == ["f32", "auto", "deface"] * 2
    assert peers.ratios("bf16") == [5.0, 5.0]


def test_the_chapter_chart_and_list_are_written(
    policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screening = unjudged(b"", Request(("website",)), Damaged(), policy=policy)
    calls = [
        Span("text_detector", 0.25, 0.35, (1, 480, 640, 3), 0.2),
        Span("centerface", 0.1, 0.2, (1, 96, 96, 3), 0.1),
    ]
    samples = [Sample(0.1, 0.1, ("a.f", "b.g"), False, ()), Sample(0.3, 0.2, ("a.f",), True, (("c.h",),))]
    trace = Trace(calls, [Span("look", 0.1, 0.2), Span("read", 0.2, 0.4)], samples, 0.4, 0.5)
    scene = Scene("lines-10", "Six faces, ten lines", b"", 6, 10)
    runs = [Run(0, seconds, (), (), "", 0.0, 0.0) for seconds in (3.0, 12.0)]
    peers = Peers(1, {"f32": runs[:1], "bf16": runs[:1]}, runs[1:], "deface 1")
    results = [Measured(scene, precision, trace, screening, Time(0.1, 0.1)) for precision in ("f32", "bf16")]
    monkeypatch.setattr(report, "scenes", lambda *_: iter([scene]))
    monkeypatch.setattr(report, "measure", lambda *_: iter(results))
    monkeypatch.setattr(limits, "against_deface", lambda *_: peers)
    monkeypatch.setattr(limits, "decoded_and_encoded", lambda *_: Time(0.1, 0.1))
    found = report.report(None, tmp_path, chosen=["lines-10"], rounds=1)
    chapter = found["cost"]
    assert found["cost in short"] in chapter
    assert "whole programs, pair 1 (12.0 s) | **4.0** | **4.0** |" in chapter
    assert "| text_detector | 1×480×640×3 | 1 read | 1 | 100 | 100.0 | 200 |" in chapter
    assert "| `b.g` | 100 |" in chapter
    assert "### bf16" in chapter
    ElementTree.parse(tmp_path / "chart.svg")  # noqa: S314 - ours
    assert (tmp_path / "calls.md").read_text(encoding="utf-8").count("| centerface | 1×96×96×3 |") == 2
