"""`fotopoort batch`: a whole folder of photos, as long as it takes, with one report at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Task as Bar
from rich.text import Text

from fotopoort.batch.cluster import Cluster, follow, for_others
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.ledger import Ledger, RunReplaced
from fotopoort.batch.ledger.location import own_ledger
from fotopoort.batch.report.html_report import PAGE
from fotopoort.batch.survey import Survey, survey
from fotopoort.cli import output
from fotopoort.cli.folders import folder_run
from fotopoort.cli.folders.folder_run import AnswersFile, GroupFrom, Groups, Out, Photos, TakenOn, Task
from fotopoort.cli.screen import AsJson, Channels, ClassList
from fotopoort.errors import FotopoortError, UseError
from fotopoort.screening.pool import ScreeningPool
from fotopoort.vocabulary import Outcome

GO_ON: Final = "What was done is kept: the same command goes on from there."
LOOKS_FOR_WORKERS: Final = 3  # that pass before it is said that there are none
WORKERS_GO_ON: Final = "The workers go on. The same command follows them again."
NOBODY: Final = "No worker is at work yet: start `fotopoort worker` on each machine, or see what those say that run."


def batch(
    folder: Photos,
    channel: Channels = None,
    group: Groups = None,
    group_from: GroupFrom = None,
    class_list: ClassList = None,
    out: Out = "batch-output",
    answers: AnswersFile = None,
    taken: TakenOn = None,
    only_stale: Annotated[
        bool, typer.Option("--only-stale", help="Only what a changed rule or consent put out of date.")
    ] = False,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="Have it done by `fotopoort worker` on other machines, and follow them.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line at the end, for a nightly run.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge a whole folder of photos, and go on where an earlier run stopped."""
    if cluster and class_list:
        raise UseError(
            "Workers on other machines look people up in the registry, not in a class list.",
            hint="Import the list: fotopoort registry import.",
        )
    if cluster and as_json:
        raise UseError("--json tells of photos as they are done here.", hint="With --cluster, read results.jsonl.")
    started = datetime.now()
    with folder_run.task(
        folder,
        out,
        channel,
        group=group,
        group_from=group_from,
        class_list=class_list,
        answers=answers,
        taken=taken,
        only_stale=only_stale,
    ) as task:
        try:
            if cluster:
                with Cluster.open(task.settings) as shared, shared.ledger(task.asked.out, task.settings) as ledger:
                    found, unjudged = _followed(task, ledger, quiet=quiet), ledger.unjudged()
                    task.publish(ledger, found, started)
            else:
                with own_ledger(task.asked, task.settings) as ledger:
                    found, unjudged = _done(task, ledger, as_json=as_json, quiet=quiet), ledger.unjudged()
                    task.publish(ledger, found, started)
        except KeyboardInterrupt:
            typer.echo(WORKERS_GO_ON if cluster else GO_ON, err=True)
            raise
        except RunReplaced:
            raise UseError(
                "Another run was begun in the same output folder.", hint="Wait until it ends, then run this again."
            ) from None
    _closing(found, unjudged, task.asked.out.shown(PAGE))
    if unjudged or found.passed_over.unreadable:
        raise typer.Exit(1)


def _done(task: Task, ledger: Ledger, *, as_json: bool, quiet: bool) -> Survey:
    """Do the work here."""
    found = survey(task.basis, ledger)
    show: Callable[[dict[str, Any]], None] = output.JsonLines() if as_json else lambda document: None
    if found.wanted:
        with (
            ScreeningPool.open(task.settings, task.policy, most=found.wanted) as screeners,
            _progress(found, quiet) as bar,
        ):
            with _going_on():
                for entry in task.worker(screeners).work(task.basis, ledger.leases, found.run):
                    if entry is not None:
                        show(entry.document)
                    bar.step(entry)
    return found


def _followed(task: Task, ledger: Ledger, *, quiet: bool) -> Survey:
    """Have the work done by others, and wait for them."""
    found = survey(task.basis, ledger, for_others=for_others(task.asked, task.policy, task.models, task.settings))
    with _progress(found, quiet) as bar, _going_on():
        for look, (left, workers) in enumerate(follow(ledger, found.run)):
            bar.at(found.wanted - left, workers)
            if look == LOOKS_FOR_WORKERS and left and not workers and not quiet:
                typer.echo(NOBODY, err=True)
    ledger.end(found.run)
    task.asked.out.sweep()
    return found


@contextmanager
def _going_on() -> Iterator[None]:
    """What went wrong is told with what to do."""
    try:
        yield
    except FotopoortError:
        typer.echo(GO_ON, err=True)
        raise


class _Progress:
    """Progress on a terminal: how many, how fast, how long, what was decided or who is at it."""

    def __init__(self, bar: Progress, total: int) -> None:
        self._bar, self._tally = bar, Counter[str]()
        self._task = bar.add_task("", total=total, note="")

    def step(self, entry: Entry | None) -> None:
        """One photo more is done. None: it had not changed."""
        if entry is not None:
            self._tally[_outcome(entry)] += 1
        note = ", ".join(f"{self._tally[kind]} {kind}" for kind in KINDS if self._tally[kind])
        self._bar.update(self._task, advance=1, note=note)

    def at(self, done: int, workers: int) -> None:
        """So many are done, and so many are at it."""
        self._bar.update(self._task, completed=done, note=_counted(workers, "worker"))


@contextmanager
def _progress(found: Survey, quiet: bool) -> Iterator[_Progress]:
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
        yield _Progress(bar, found.wanted)


class _Rate(TextColumn):
    """Photos a second, over the last while."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Bar) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="dim")


KINDS = (*(outcome.value for outcome in Outcome), "unjudged")


def _outcome(entry: Entry) -> str:
    """The strictest outcome of a photo."""
    if "error" in entry.document:
        return "unjudged"
    outcomes = [Outcome(verdict["outcome"]) for verdict in entry.document["verdicts"].values()]
    return max(outcomes, key=lambda outcome: outcome.strictness).value


def _closing(found: Survey, unjudged: int, page: str) -> None:
    passed_over = found.passed_over
    parts = [f"{_counted(found.photos, 'photo')}, {found.wanted} judged now"]
    if unjudged:
        parts.append(f"{unjudged} could not be judged")
    if found.gone:
        parts.append(f"{found.gone} no longer there")
    if other := passed_over.hidden + passed_over.unsupported + passed_over.links:
        parts.append(f"{_counted(other, 'other file')} passed over")
    if passed_over.unreadable:
        parts.append(f"{_counted(len(passed_over.unreadable), 'folder')} could not be read")
    parts.append(f"report in {page}")
    Console(stderr=True, soft_wrap=True).print(", ".join(parts) + ".", highlight=False, markup=False)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
