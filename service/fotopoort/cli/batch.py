"""`fotopoort batch`: a whole folder of photos, as long as it takes, with one report at the end."""

from __future__ import annotations

import fcntl
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
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
from rich.text import Text

from fotopoort.batch.entry import Entry
from fotopoort.batch.grouping import GroupsOf, for_all, from_folder, from_list, read_list
from fotopoort.batch.ledger import Ledger
from fotopoort.batch.report import Facts, write_report
from fotopoort.batch.results import write_results
from fotopoort.batch.run import Asked, Batch, Survey, sweep_thumbnails
from fotopoort.batch.walk import shown
from fotopoort.cli import report
from fotopoort.cli.screen import AsJson, Channels, ClassList, gate_of
from fotopoort.errors import FileMissing, FotopoortError, OutputUnwritable, UseError
from fotopoort.files import remove, sweep, write_whole
from fotopoort.gate import Gate
from fotopoort.policy.policy import Policy, load_policy
from fotopoort.registry.answers_file import check_answers, read_answers, read_json
from fotopoort.registry.roles import console
from fotopoort.registry.store.database import sqlite_url
from fotopoort.settings import Settings, load_settings
from fotopoort.sources import printable
from fotopoort.vision.catalogue import Catalogue
from fotopoort.vocabulary import Answers, Outcome
from fotopoort.workers import Screeners

RECORDS = ".fotopoort"  # in the output folder
GO_ON = "What was done is kept: the same command goes on from there."


def batch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder with photos.", show_default=False)],
    channel: Channels = None,
    group: Annotated[list[str] | None, typer.Option(help="The group in all photos; may be repeated.")] = None,
    group_from: Annotated[
        str | None,
        typer.Option(
            metavar="folder|csv:FILE", help="The group of a photo: by its folder's name, or as a list has it."
        ),
    ] = None,
    class_list: ClassList = None,
    out: Annotated[Path, typer.Option(help="Renditions, results and the report go here.")] = Path("batch-output"),
    answers: Annotated[Path | None, typer.Option(help="A JSON file with answers per photo.")] = None,
    taken: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of photos that do not tell theirs.")
    ] = None,
    only_stale: Annotated[
        bool, typer.Option("--only-stale", help="Only what a changed rule or consent put out of date.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line at the end, for a nightly run.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge a whole folder of photos, and go on where an earlier run stopped."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    if not channel:
        raise UseError("No channel is named.", hint="Add --channel, for example: " + policy.channels[0].id + ".")
    channels = tuple(dict.fromkeys(channel))
    for name in channels:
        policy.channel(name)
    if not folder.is_dir():
        raise FileMissing(f"There is no folder {printable(folder)}.")
    held = settings.model_copy(update={"hours_held": 0.0})  # the originals are in the folder
    started = datetime.now()
    with _stoppable(), _output(folder, out), gate_of(held, policy, class_list) as gate:
        people = gate.known(console(settings.tenant)).people
        said = read_answers(answers, people) if answers else {}
        asked = Asked(
            folder=folder,
            out=out,
            channels=channels,
            groups_of=_groups(folder, group, group_from, gate, settings),
            answers=said,
            day=taken.date() if taken else None,
            only_stale=only_stale,
        )
        ledger = Ledger.open(sqlite_url((out / RECORDS / "ledger.sqlite").absolute()))
        try:
            survey, unjudged = _run(asked, ledger, gate, policy, settings, as_json=as_json, quiet=quiet)
            facts = _facts(asked, survey, policy, gate, settings, started, _raw(answers))
            write_results(ledger.entries(), channels, out)
            page = write_report(ledger.entries(), facts, out)
            sweep_thumbnails(ledger, out)
        finally:
            ledger.close()
    _closing(survey, unjudged, page)
    if unjudged or survey.passed_over.unreadable:
        raise typer.Exit(1)


def _run(
    asked: Asked,
    ledger: Ledger,
    gate: Gate,
    policy: Policy,
    settings: Settings,
    *,
    as_json: bool,
    quiet: bool,
) -> tuple[Survey, int]:
    """Do the work; what was found, and how many photos of the folder could not be judged."""
    catalogue = Catalogue(settings.models_folder)
    work = Batch(
        asked,
        ledger=ledger,
        gate=gate,
        caller=console(settings.tenant),
        policy=policy,
        settings=settings,
        models=catalogue.fingerprint(),
        today=date.today(),
    )
    survey = work.survey()
    show: Callable[[dict[str, Any]], None] = report.Json() if as_json else lambda document: None
    try:
        if survey.wanted:
            with Screeners.open(settings, policy, most=survey.wanted) as screeners, _progress(survey, quiet) as step:
                for entry in work.work(survey, screeners):
                    if entry is not None:
                        show(entry.document)
                    step(entry)
    except (KeyboardInterrupt, FotopoortError):
        typer.echo(GO_ON, err=True)
        raise
    return survey, ledger.unjudged()


def _groups(folder: Path, named: list[str] | None, group_from: str | None, gate: Gate, settings: Settings) -> GroupsOf:
    if named and group_from:
        raise UseError("--group and --group-from exclude each other.", hint="Leave one of them out.")
    if group_from is None:
        people = gate.known(console(settings.tenant)).people
        return for_all(check_answers(Answers(groups=frozenset(named or ())), people).groups)
    if group_from == "folder":
        return from_folder(folder)
    kind, _, place = group_from.partition(":")
    if kind != "csv" or not place:
        raise UseError("--group-from takes folder, or csv: and the name of a file.", hint="As in csv:groepen.csv.")
    return from_list(read_list(Path(place)))


def _raw(answers: Path | None) -> Mapping[str, Any]:
    """The answers as they stand in the file, for the report to add to."""
    if answers is None:
        return {}
    content = read_json(answers.read_text(encoding="utf-8-sig"))
    return content["photos"] if isinstance(content, dict) else {}


def _facts(
    asked: Asked,
    survey: Survey,
    policy: Policy,
    gate: Gate,
    settings: Settings,
    started: datetime,
    answers: Mapping[str, Any],
) -> Facts:
    people = gate.known(console(settings.tenant)).people
    passed_over = survey.passed_over
    return Facts(
        folder=printable(asked.folder),
        channels={name: policy.channel(name).label for name in asked.channels},
        policy=policy.id,
        registry=people.revision if people else None,
        started=started,
        finished=datetime.now(),
        hidden=passed_over.hidden,
        unsupported=passed_over.unsupported,
        links=passed_over.links,
        unreadable=shown(passed_over.unreadable),
        errors=(f"Niet meer in de map: {survey.gone}. Wat daarvan gemaakt was, is weggehaald.",) if survey.gone else (),
        answers=answers,
    )


@contextmanager
def _stoppable() -> Iterator[None]:
    """Being told to stop, as when the machine goes down, is the same as Ctrl-C."""
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


@contextmanager
def _output(folder: Path, out: Path) -> Iterator[None]:
    """The output folder, for this run alone, without what a run that was killed left behind.

    Raises:
        OutputUnwritable: it holds the originals, cannot be written, or another run is at work in it.
    """
    if folder.resolve().is_relative_to(out.resolve()):
        raise OutputUnwritable(
            "The photos are in the output folder.",
            hint="Name another folder with --out: originals are never written over.",
        )
    write_whole(out / RECORDS / "test", b"")
    remove(out / RECORDS / "test")
    with (out / RECORDS / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputUnwritable("Another run is at work in the output folder.", hint="Wait until it ends.") from None
        sweep(out)
        yield


@contextmanager
def _progress(survey: Survey, quiet: bool) -> Iterator[Callable[[Entry | None], None]]:
    """Progress on a terminal: how many, how fast, how long, what was decided. Yields what to call for each photo."""
    terminal = Console(stderr=True)
    tally: Counter[str] = Counter()
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[tally]}"),
    )
    with Progress(*columns, console=terminal, disable=quiet or not terminal.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=survey.wanted, tally="")

        def step(entry: Entry | None) -> None:
            if entry is not None:
                tally[_outcome(entry)] += 1
            bar.update(task, advance=1, tally=", ".join(f"{tally[kind]} {kind}" for kind in KINDS if tally[kind]))

        yield step


class _Rate(TextColumn):
    """Photos a second, over the last while."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="dim")


KINDS = (*(outcome.value for outcome in Outcome), "unjudged")


def _outcome(entry: Entry) -> str:
    """The strictest outcome of a photo."""
    if "error" in entry.document:
        return "unjudged"
    outcomes = [Outcome(verdict["outcome"]) for verdict in entry.document["verdicts"].values()]
    return max(outcomes, key=lambda outcome: outcome.strictness).value


def _closing(survey: Survey, unjudged: int, page: Path) -> None:
    passed_over = survey.passed_over
    parts = [f"{_counted(survey.photos, 'photo')}, {survey.wanted} judged now"]
    if unjudged:
        parts.append(f"{unjudged} could not be judged")
    if survey.gone:
        parts.append(f"{survey.gone} no longer there")
    if other := passed_over.hidden + passed_over.unsupported + passed_over.links:
        parts.append(f"{_counted(other, 'other file')} passed over")
    if passed_over.unreadable:
        parts.append(f"{_counted(len(passed_over.unreadable), 'folder')} could not be read")
    parts.append(f"report in {printable(os.fspath(page))}")
    Console(stderr=True, soft_wrap=True).print(", ".join(parts) + ".", highlight=False, markup=False)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
