"""The chapter on cost, its flame chart, and the list of every call."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.cost import flame_chart, limits, targets
from benchmarks.cost.measuring import CHANNELS, Measured, measure, precisions
from benchmarks.cost.recording import Span, Trace
from benchmarks.cost.scenes import Scene, scenes
from benchmarks.processes import ROOT
from benchmarks.results_page import IN_SHORT
from benchmarks.table import markdown
from fotopoort.policy.measures import published_sides, seen_side
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.settings import processors

SHOWN: Final = "lines-10"  # the scene that is drawn and listed call by call
BUSY: Final = 0.5  # of load before the first photo, by processor
MAX_BETWEEN: Final = 14  # functions that are named


def report(
    evaluation: Path | None,
    folder: Path,
    *,
    chosen: Sequence[str] = (),
    rounds: int = 3,
    threads: int | None = None,
    peers: bool = True,
) -> dict[str, str]:
    """The chapter as Markdown, and its first table by itself, by place in RESULTS.md.

    The chart and the list of calls are written into `folder`.

    Args:
        chosen: the ids of the scenes to measure; none: all.
        threads: of one call of a model; None: as many as there are. With one, the processor's time tells as much on a
            machine that is busy with other work.
    """
    busy = os.getloadavg()[0] / processors() > BUSY
    wanted = list(scenes(evaluation, chosen))
    if not wanted:
        raise ValueError("no such scene")
    policy = load_policy()
    measured = list(measure(wanted, policy, rounds, threads or processors()))
    compared = None
    if peers:
        own = [scene for scene in wanted if scene.own]
        compared = limits.against_deface(own, precisions(), CHANNELS)
    folder.mkdir(parents=True, exist_ok=True)
    shown = next((scene for scene in wanted if scene.id == SHOWN), wanted[0])
    panels = [(_heading(result), result.trace) for result in measured if result.scene is shown]
    (folder / "chart.svg").write_text(flame_chart.draw(f"{shown.title}, 12 megapixels", panels), encoding="utf-8")
    (folder / "calls.md").write_text(_calls_of_all(measured), encoding="utf-8")
    chapter = Chapter(
        measured, shown, compared, policy, folder, rounds=rounds, threads=threads or processors(), busy=busy
    )
    in_short = chapter.in_short()
    return {"cost": chapter.markdown(in_short), f"cost {IN_SHORT}": in_short}


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the chapter is made of."""

    measured: Sequence[Measured]
    shown: Scene
    compared: limits.Peers | None
    policy: Policy
    folder: Path
    rounds: int
    threads: int
    busy: bool

    def markdown(self, in_short: str) -> str:
        return "\n".join(self._parts(in_short))

    def _parts(self, in_short: str) -> Iterator[str]:
        yield "## What one photo costs\n"
        yield (
            f"Photos of 12 megapixels judged for {' and '.join(CHANNELS)} with everyone unknown: all faces and the "
            "children's names covered, each rendition looked at again. Milliseconds on the clock and, in brackets, of "
            f"the processor ({self.threads} threads): the median of {self.rounds} rounds, precisions in turn. Alone: "
            "the same calls of models, each compiled for its one shape, with nothing else: nobody who makes these "
            "calls can be faster.\n"
        )
        if self.busy:
            yield "**The machine was busy with other work: compare with nothing that was measured otherwise.**\n"
        yield in_short
        for precision in dict.fromkeys(result.precision for result in self.measured):
            results = [result for result in self.measured if result.precision == precision]
            yield f"### {precision}\n"
            yield _growth(results)
        for result in self._shown():
            yield f"### {self.shown.title}, {result.precision}\n"
            yield _calls([result])
            yield _between(result.trace)
        chart, calls = (os.path.relpath(self.folder / name, ROOT / "benchmarks") for name in ("chart.svg", "calls.md"))
        yield f"![Flame chart]({chart})\n\nEvery call of every photo: [`calls.md`]({calls}).\n"

    def _shown(self) -> list[Measured]:
        return [result for result in self.measured if result.scene is self.shown]

    def in_short(self) -> str:
        """What it costs beside what is to be reached."""
        sides = published_sides(self.policy, CHANNELS)
        least = limits.decoded_and_encoded(self.shown.data, seen_side(self.policy), list(sides.values()))
        said = ""
        if self.compared is not None:
            said = (
                f"\n`deface` with its defaults ({self.compared.versions}), on the {self.compared.photos} photos that "
                "are made of our own pictures; starts included.\n"
            )
        return targets.table(self.measured, least, self.compared) + said


def _growth(results: Sequence[Measured]) -> str:
    steps = list(dict.fromkeys(name for result in results for name in result.trace.of_steps()))
    head = ["", "faces", "lines", "covers", *steps, "rest", "together", "processor", "calls"]
    head += ["models", "alone", "models, processor", "alone, processor"]
    rows = []
    for result in results:
        trace, spent = result.trace, result.trace.of_steps()
        rest = trace.seconds - sum(spent.values())
        found = result.screening.findings
        rows.append(
            [
                result.scene.title,
                str(len(found.faces)),
                str(sum(not line.code for line in found.text)),
                str(result.covers),
                *(_ms(spent.get(step, 0.0)) for step in steps),
                _ms(rest),
                _ms(trace.seconds),
                _ms(trace.processor),
                str(len(trace.calls)),
                _ms(trace.in_models),
                _ms(result.alone.clock),
                _ms(sum(call.processor for call in trace.calls)),
                _ms(result.alone.processor),
            ]
        )
    return markdown(head, rows)


def _calls(results: Sequence[Measured]) -> str:
    """Every call of every model, those with the same shape together."""
    rows = []
    for result in results:
        found: dict[tuple[str, tuple[int, ...]], list[Span]] = {}
        for call in result.trace.calls:
            found.setdefault((call.name, call.shape), []).append(call)
        for (model, shape), calls in sorted(found.items(), key=lambda pair: -sum(call.seconds for call in pair[1])):
            total = sum(call.seconds for call in calls)
            during = Counter(_step_of(call, result.trace) for call in calls)
            rows.append(
                [
                    f"{result.scene.title}, {result.precision}" if len(results) > 1 else model,
                    *([model] if len(results) > 1 else []),
                    "×".join(map(str, shape)),
                    ", ".join(f"{count} {step}" for step, count in during.items()),
                    str(len(calls)),
                    _ms(total),
                    f"{1000 * total / len(calls):.1f}",
                    f"{1000 * sum(call.processor for call in calls):.0f}",
                ]
            )
    head = ["model", "shape", "in", "calls", "ms", "each", "processor"]
    return markdown(head if len(results) == 1 else ["photo", *head], rows)


def _calls_of_all(measured: Sequence[Measured]) -> str:
    return "# Every call of every model\n\n" + _calls(measured)


def _step_of(call: Span, trace: Trace) -> str:
    return next((step.name for step in trace.steps if step.start <= call.start <= step.end), "elsewhere")


def _between(trace: Trace) -> str:
    """What takes time while no model runs, by function of ours, what it calls elsewhere included."""
    found: Mapping[str, float] = trace.between()
    total = sum(found.values())
    rows = [[f"`{name}`", _ms(seconds)] for name, seconds in list(found.items())[:MAX_BETWEEN]]
    rows.append(["all others", _ms(sum(list(found.values())[MAX_BETWEEN:]))])
    return f"While no model ran: {_ms(total)} ms, by samples of the stack.\n\n" + markdown(["", "ms"], rows)


def _heading(result: Measured) -> str:
    trace = result.trace
    models = f"{_ms(trace.in_models)} in {len(trace.calls)} calls of models"
    return f"{result.precision}: {_ms(trace.seconds)} ms, of which {models}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"
