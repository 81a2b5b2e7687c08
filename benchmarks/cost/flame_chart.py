"""One photo as a flame chart: time from left to right, steps above, what was running below them, models at the foot.

Plain SVG without scripts; the text of a bar is also its tooltip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from benchmarks.cost.recording import Trace

WIDTH: Final = 1400  # pixels
LEFT, ROW, GAP, LETTER = 96, 17, 34, 6.3  # pixels: of the margin, a row, between panels, of a letter
MIN_WIDTH: Final = 0.4  # pixels; narrower bars are not drawn
DEEPEST: Final = 14  # functions below each other
STEPS: Final = "#c9d4dc"
FUNCTIONS: Final = ("#f3e3c3", "#f0d9b0", "#f5e8d2", "#ecd2a4")  # by depth
MODELS: Final = ("#c8553d", "#3d7ec8", "#4f9d5b", "#8a5bb5", "#d19a1d", "#39a0a5", "#a0522d", "#777777")
STYLE: Final = "text{font:11px sans-serif;fill:#222}.h{font:bold 13px sans-serif}.m{fill:#fff}.a{fill:#777}"


def draw(title: str, panels: Sequence[tuple[str, Trace]]) -> str:
    """The SVG of some looks at one photo, each with a heading, below one another and on one scale of time."""
    longest = max((trace.seconds for _, trace in panels), default=0.0) or 1.0
    scale = (WIDTH - LEFT - 10) / longest
    models = sorted({call.name for _, trace in panels for call in trace.calls})
    colours = {model: MODELS[number % len(MODELS)] for number, model in enumerate(models)}
    parts = [f'<text class="h" x="10" y="20">{escape(title)}</text>', *_legend(colours)]
    top = 58.0
    for heading, trace in panels:
        drawn, height = _panel(heading, trace, top, scale, colours)
        parts += drawn
        top += height + GAP
    parts += _axis(longest, scale, top - GAP + 6)
    height = top + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
        f' height="{height:.0f}"><style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _panel(heading: str, trace: Trace, top: float, scale: float, colours: dict[str, str]) -> tuple[list[str], float]:
    parts = [f'<text class="h" x="10" y="{top + 12:.0f}">{escape(heading)}</text>']
    row = top + ROW + 2
    parts.append(_label("steps", row))
    for step in trace.steps:
        parts += _bar(step.name, step.start, step.end, row, STEPS, scale)
    depths = _functions(trace)
    row += ROW
    parts.append(_label("functions", row))
    for depth, bars in enumerate(depths):
        for name, start, end in bars:
            parts += _bar(name, start, end, row, FUNCTIONS[depth % len(FUNCTIONS)], scale)
        row += ROW
    parts.append(_label("models", row))
    for call in trace.calls:
        shape = "×".join(map(str, call.shape))
        parts += _bar(f"{call.name} {shape}", call.start, call.end, row, colours[call.name], scale, model=True)
    row += ROW
    parts.append(_label("beside", row))
    for start, end, name in _beside(trace):
        parts += _bar(name, start, end, row, STEPS, scale)
    return parts, row + ROW - top


def _functions(trace: Trace) -> list[list[tuple[str, float, float]]]:
    """The bars of each depth. Neighbouring samples whose stacks are the same down to there are one bar."""
    depths: list[list[tuple[str, float, float]]] = []
    common = min((len(sample.stack) for sample in trace.samples if sample.stack), default=1)
    stacks = [sample.stack for sample in trace.samples if sample.stack]
    while common > 1 and len({stack[:common] for stack in stacks}) > 1:
        common -= 1
    above = common - 1 if stacks else 0  # what is on every stack is told once, by its innermost function
    before: tuple[str, ...] = ()
    for sample in trace.samples:
        stack = sample.stack[above:][:DEEPEST]
        start = sample.end - sample.seconds
        for depth, name in enumerate(stack):
            if depth == len(depths):
                depths.append([])
            bars = depths[depth]
            if bars and before[: depth + 1] == stack[: depth + 1]:
                bars[-1] = (name, bars[-1][1], sample.end)
            else:
                bars.append((name, start, sample.end))
        before = stack
    return depths


def _beside(trace: Trace) -> Iterator[tuple[float, float, str]]:
    """What other threads were at, as bars: the outermost function of the first of them."""
    bar: tuple[float, float, str] | None = None
    for sample in trace.samples:
        name = sample.beside[0][0] if sample.beside else ""
        if bar and bar[2] == name:
            bar = (bar[0], sample.end, name)
            continue
        if bar and bar[2]:
            yield bar
        bar = (sample.end - sample.seconds, sample.end, name)
    if bar and bar[2]:
        yield bar


def _bar(
    text: str, start: float, end: float, top: float, colour: str, scale: float, *, model: bool = False
) -> list[str]:
    left, width = LEFT + start * scale, (end - start) * scale
    if width < MIN_WIDTH:
        return []
    said = escape(f"{text}: {1000 * (end - start):.1f} ms")
    parts = [
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(width - 0.3, 0.3):.1f}" height="{ROW - 2}"'
        f' fill="{colour}"><title>{said}</title></rect>'
    ]
    letters = int((width - 4) / LETTER)
    if letters >= 3:
        shown = text if len(text) <= letters else text[: letters - 1] + "…"
        kind = ' class="m"' if model else ""
        parts.append(f'<text{kind} x="{left + 2:.1f}" y="{top + ROW - 5:.1f}">{escape(shown)}</text>')
    return parts


def _label(text: str, top: float) -> str:
    return f'<text class="a" x="10" y="{top + ROW - 5:.1f}">{text}</text>'


def _legend(colours: dict[str, str]) -> Iterator[str]:
    left = 10.0
    for model, colour in colours.items():
        yield f'<rect x="{left:.0f}" y="30" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{left + 16:.0f}" y="40">{escape(model)}</text>'
        left += 16 + LETTER * len(model) + 24


def _axis(seconds: float, scale: float, top: float) -> Iterator[str]:
    """A mark at every round number of milliseconds."""
    step = next((step for step in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if 1000 * seconds / step <= 14), 10_000)
    for milliseconds in range(0, int(1000 * seconds) + 1, step):
        left = LEFT + milliseconds / 1000 * scale
        yield f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{top:.0f}" y2="{top + 5:.0f}" stroke="#777"/>'
        yield f'<text class="a" x="{min(left + 2, WIDTH - 50):.1f}" y="{top + 15:.0f}">{milliseconds} ms</text>'
