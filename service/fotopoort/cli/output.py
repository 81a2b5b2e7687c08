"""What the command line shows: JSON lines for programs, a table for people, progress and a closing line on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as RichTable

from fotopoort.application.input_files import printable
from fotopoort.policy.policy import Policy

FEW = 3  # photos; a progress bar for fewer is noise

OUTCOMES = {
    "publish": ("green", {"nl": "plaatsen", "en": "publish"}),
    "blur": ("yellow", {"nl": "plaatsen, bedekt", "en": "publish, covered"}),
    "reject": ("red", {"nl": "niet plaatsen", "en": "do not publish"}),
}
WITHOUT = {"nl": "De tekst zonder namen", "en": "The text without names"}


class Language(StrEnum):
    NL = "nl"
    EN = "en"


class Json:
    """One object per line on stdout, in ASCII: a file name may hold bytes that are no UTF-8."""

    def __call__(self, document: dict[str, Any]) -> None:
        print(json.dumps(document), flush=True)  # noqa: T201 - this is the output


class Table:
    """One table row per photo and channel on stdout, as soon as the photo is judged."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self._console = Console()
        self._labels = {channel.id: channel.label for channel in policy.channels}
        self._language = language.value

    def __call__(self, document: dict[str, Any]) -> None:
        self._console.print(f"[bold]{escape(printable(document['file']))}[/]", soft_wrap=True)
        if error := document.get("error"):
            self._console.print(f"  [red]{escape(error['message'])}[/] {escape(error['hint'])}", highlight=False)
            return
        table = RichTable(box=None, show_header=False, padding=(0, 1, 0, 2))
        table.add_column(min_width=14)
        table.add_column(min_width=16)
        table.add_column(overflow="fold")
        for channel, verdict in document["verdicts"].items():
            colour, words = OUTCOMES[verdict["outcome"]]
            label = getattr(self._labels[channel], self._language)
            lines = [f"{reason[self._language]} [dim]({reason['rule']})[/]" for reason in verdict["reasons"]]
            lines += [f"[cyan]? {escape(question[self._language])}[/]" for question in verdict["questions"]]
            if verdict["rendition"] and "path" in verdict["rendition"]:
                lines.append(f"[dim]→ {escape(printable(verdict['rendition']['path']))}[/]")
            table.add_row(escape(label), f"[{colour}]{words[self._language]}[/]", "\n".join(lines))
        self._console.print(table, highlight=False)
        if any(name["place"] == "caption" for name in document["names"]):
            self._console.print(f"  {WITHOUT[self._language]}: {document['clean']}", highlight=False, markup=False)


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal for more than a few photos; yields what to call after each photo."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=total <= FEW or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Photos", total=total)
        yield lambda: bar.advance(task)


def closing(judged: int, unjudged: int, passed_over: int, out: Path | None, *, unused: int = 0) -> None:
    """The last line, on stderr. `unused`: answers for photos that were not among those judged."""
    parts = [f"{judged} photo{'s' * (judged != 1)}"]
    if unjudged:
        parts.append(f"{unjudged} could not be judged")
    if passed_over:
        parts.append(f"{passed_over} other file{'s' * (passed_over != 1)} passed over")
    if unused:
        parts.append(f"answers for {unused} photo{'s' * (unused != 1)} that {'are' if unused != 1 else 'is'} not here")
    if out is not None:
        parts.append(f"renditions in {printable(out)}")
    Console(stderr=True).print(", ".join(parts) + ".", highlight=False, markup=False)
