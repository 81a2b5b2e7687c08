"""How far a run is, on a terminal: how many photos, how fast, how long yet, and what was decided or who is working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text as RichText

from fotopoort.batch.entry import Entry
from fotopoort.batch.work import Skipped
from fotopoort.cli import output
from fotopoort.vocabulary import NOT_YET, Language, Outcome, Text, label_of

UNJUDGED: Final = "unjudged"
NOT_YET_TALLY: Final = "not_yet"
TALLIED: Final = {outcome.value: label_of(outcome) for outcome in Outcome} | {
    NOT_YET_TALLY: NOT_YET,
    UNJUDGED: Text("niet beoordeeld", "not judged"),
}
WORKER: Final = output.Noun(Text("worker", "worker"), Text("workers", "workers"))


class RunProgress:
    """The progress of one run."""

    def __init__(self, bar: Progress, total: int, language: Language) -> None:
        self._bar, self._tally, self._language = bar, Counter[str](), language
        self._task = bar.add_task("", total=total, note="")

    def step(self, result: Entry | Skipped) -> None:
        """One photo more is done."""
        if isinstance(result, Entry):
            self._tally[_strictest_outcome(result)] += 1
        note = ", ".join(
            f"{self._tally[kind]} {text:{self._language}}" for kind, text in TALLIED.items() if self._tally[kind]
        )
        self._bar.update(self._task, advance=1, note=note)

    def show(self, done: int, workers: int) -> None:
        """So many photos are done, and so many workers are at work."""
        self._bar.update(self._task, completed=done, note=f"{output.counted(workers, WORKER):{self._language}}")


@contextmanager
def run_progress(total: int, language: Language, *, quiet: bool) -> Iterator[RunProgress]:
    """Shows progress as long as the block runs; on a terminal only, and not where `quiet`."""
    terminal = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=terminal, disable=quiet or not terminal.is_terminal, transient=True) as bar:
        yield RunProgress(bar, total, language)


class _Rate(TextColumn):
    """Photos a second, over the last while."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> RichText:
        speed = task.finished_speed or task.speed
        return RichText(f"{speed:.1f}/s" if speed else "", style="dim")


def _strictest_outcome(entry: Entry) -> str:
    if entry.failure is not None:
        return UNJUDGED
    verdicts = entry.document["verdicts"].values()
    strictest = max((Outcome(verdict["outcome"]) for verdict in verdicts), key=lambda outcome: outcome.strictness)
    rejects = [verdict for verdict in verdicts if verdict["outcome"] == Outcome.REJECT]
    open_still = rejects and all(verdict.get("not_yet") for verdict in rejects)
    return NOT_YET_TALLY if open_still else strictest.value
