"""What it costs, how that grows and how far it is from what could be, beside what is to be reached: one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from benchmarks.cost.limits import Peers, Time
from benchmarks.cost.measuring import Measured
from benchmarks.table import markdown, marked

Row = list[str]
NO_TEXT, TEN_LINES, NO_LINES = "faces-6", "lines-10", "lines-0"
MAX_COSTS: Final[Mapping[str, Mapping[str, float]]] = {  # by row and precision
    "six": {"f32": 600},
    "ten": {"f32": 900},
    "lines": {"f32": 300},
    "decoding": {"bf16": 3},
}
MIN_FASTER: Final = {"f32": 5.0, "bf16": 10.0}
MAX_GROWTH: Final = {"faces-60": 2.0}  # times what six faces cost


def table(measured: Sequence[Measured], least: Time, compared: Peers | None) -> str:
    """The table as Markdown: a column for each precision, and one of targets. What was not measured has no row.

    Args:
        least: decoding and encoding alone.
    """
    by_precision: dict[str, dict[str, Measured]] = {}
    for result in measured:
        by_precision.setdefault(result.precision, {})[result.scene.id] = result
    rows = [*_costs(by_precision), *_growth(by_precision), *_limits(by_precision, least), *_faster(compared)]
    return markdown(["", *by_precision, "target"], rows)


def _costs(results: Mapping[str, Mapping[str, Measured]]) -> Iterator[Row]:
    def added(scene: str) -> Callable[[Mapping[str, Measured]], Time]:
        return lambda of: of[scene].time.less(of[NO_LINES].time)

    scenes = next(iter(results.values()))
    if NO_TEXT in scenes:
        yield _ms("Six faces, no text, ms", results, lambda of: of[NO_TEXT].time, MAX_COSTS["six"])
    if TEN_LINES in scenes:
        yield _ms("Six faces, ten lines of text, ms", results, lambda of: of[TEN_LINES].time, MAX_COSTS["ten"])
    if NO_LINES in scenes:
        for scene in scenes:
            if scene.startswith("lines-") and scene != NO_LINES:
                target = MAX_COSTS["lines"] if scene == TEN_LINES else {}
                yield _ms(f"… {scene.removeprefix('lines-')} lines add, ms", results, added(scene), target)


def _growth(results: Mapping[str, Mapping[str, Measured]]) -> Iterator[Row]:
    scenes = next(iter(results.values()))
    for scene in scenes:
        if NO_TEXT not in scenes or not scene.startswith("faces-") or scene == NO_TEXT:
            continue
        most = MAX_GROWTH.get(scene)
        cells = []
        for of in results.values():
            clock = of[scene].time.clock / of[NO_TEXT].time.clock
            processor = of[scene].time.processor / of[NO_TEXT].time.processor
            cells.append(marked(f"{clock:.2f} ({processor:.2f})", most is None or clock <= most))
        count = scene.removeprefix("faces-")
        yield [f"{count} face{'s' * (count != '1')}, times six faces", *cells, f"≤ {most:g}" if most else "–"]


def _limits(results: Mapping[str, Mapping[str, Measured]], least: Time) -> Iterator[Row]:
    scenes = next(iter(results.values()))
    if NO_TEXT not in scenes:
        return
    yield ["Decoding and encoding alone, ms", *[_pair(least)] * len(results), "–"]
    yield _ms("Models alone, six faces, ms", results, lambda of: of[NO_TEXT].alone, {})
    cells = []
    for precision, of in results.items():
        times = of[NO_TEXT].time.clock / least.clock
        cells.append(marked(f"{times:.1f}", times <= MAX_COSTS["decoding"].get(precision, times)))
    yield ["Six faces, times decoding and encoding", *cells, _said(MAX_COSTS["decoding"])]
    nearest = [of[NO_TEXT].time.processor / (least + of[NO_TEXT].alone).processor for of in results.values()]
    yield ["… times decoding, encoding and models, of the processor", *(f"{times:.2f}" for times in nearest), "–"]


def _faster(compared: Peers | None) -> Iterator[Row]:
    if compared is None:
        return
    for number, theirs in enumerate(compared.deface):
        cells = []
        for precision in compared.ours:
            times = compared.ratios(precision)[number]
            cells.append(marked(f"{times:.1f}", times >= MIN_FASTER.get(precision, 0)))
        title = f"Times as fast as `deface`, whole programs, pair {number + 1} ({theirs.seconds:.1f} s)"
        yield [title, *cells, _said(MIN_FASTER, "≥")]


def _ms(
    title: str,
    results: Mapping[str, Mapping[str, Measured]],
    time: Callable[[Mapping[str, Measured]], Time],
    most: Mapping[str, float],
) -> Row:
    cells = []
    for precision, of in results.items():
        taken = time(of)
        cells.append(marked(_pair(taken), 1000 * taken.clock <= most.get(precision, float("inf"))))
    return [title, *cells, _said(most)]


def _pair(time: Time) -> str:
    """On the clock, and of the processor."""
    return f"{1000 * time.clock:.0f} ({1000 * time.processor:.0f})"


def _said(limits: Mapping[str, float], sign: str = "≤") -> str:
    return ", ".join(f"{sign} {limit:g} in {precision}" for precision, limit in limits.items()) or "–"
