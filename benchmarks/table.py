"""Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    rule = ["---"] + ["--:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows]) + "\n"


def marked(figure: object, met: bool) -> str:
    """A figure as it is shown: in bold when it misses its target."""
    return str(figure) if met else f"**{figure}**"


def none(count: int) -> str:
    """A count as it is shown where the target is 0."""
    return marked(count, count == 0)
