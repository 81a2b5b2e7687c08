"""`fotopoort batch`: a whole folder of photos, as long as it takes, with one report at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple

import typer

from fotopoort.application.folders.system_folders import system_folder
from fotopoort.batch.cluster import Cluster, follow, shared_request
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.ledger import Ledger, RunReplaced
from fotopoort.batch.ledger.location import own_ledger
from fotopoort.batch.report.html_report import PAGE
from fotopoort.batch.survey import Survey, survey
from fotopoort.cli import output
from fotopoort.cli.folders.folder_run import FolderRun, open_run
from fotopoort.cli.folders.options import FolderOptions, GroupFrom, Groups, Out, Photos
from fotopoort.cli.folders.progress import run_progress
from fotopoort.cli.language import choice_of
from fotopoort.cli.options import Answered, AsJson, Channels, ClassList, TakenOn, Together
from fotopoort.errors import FotopoortError, UseError
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.vocabulary import Language, Text

GO_ON: Final = Text(
    nl="Wat klaar is, blijft bewaard: met hetzelfde commando ga je daar verder.",
    en="What was done is kept: the same command goes on from there.",
)
FOLDER: Final = output.Noun(Text("map", "folder"), Text("mappen", "folders"))
LOOKS_FOR_WORKERS: Final = 3  # looks before the user is told that no worker is at work
WORKERS_GO_ON: Final = Text(
    nl="De workers gaan door. Met hetzelfde commando volg je ze weer.",
    en="The workers go on. The same command follows them again.",
)
NO_WORKERS: Final = Text(
    nl="Er is nog geen worker aan het werk: start `fotopoort worker` op elke computer, of kijk wat de workers melden.",
    en="No worker is at work yet: start `fotopoort worker` on each machine, or see what those say that run.",
)


def batch(
    context: typer.Context,
    folder: Photos,
    channel: Channels = None,
    group: Groups = None,
    group_from: GroupFrom = None,
    class_list: ClassList = None,
    out: Out = "batch-output",
    answers: Answered = None,
    taken: TakenOn = None,
    together: Together = False,
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
    if cluster:
        _check_cluster_options(has_class_list=class_list is not None, as_json=as_json)
    started, language = datetime.now(), choice_of(context).of_errors
    options = FolderOptions(
        folder,
        out,
        channels=tuple(channel or ()),
        groups=tuple(group or ()),
        group_from=group_from,
        class_list=class_list,
        answers=answers,
        day=taken.date() if taken else None,
        only_stale=only_stale,
        together=together,
    )
    with open_run(options) as run:
        if warning := run.request.answers.warning():
            typer.echo(f"{warning:{language}}", err=True)
        try:
            if cluster:
                with Cluster.open(run.settings) as shared, shared.ledger(run.request.out, run.settings) as ledger:
                    found = _follow_workers(run, ledger, language, quiet=quiet)
                    unjudged = _Unjudged(ledger.unjudged_count(), ledger.unjudged_endings())
                    run.publish(ledger, found, started)
            else:
                with own_ledger(run.request, run.settings) as ledger:
                    found = _work_here(run, ledger, language, as_json=as_json, quiet=quiet)
                    unjudged = _Unjudged(ledger.unjudged_count(), ledger.unjudged_endings())
                    run.publish(ledger, found, started)
        except KeyboardInterrupt:
            typer.echo(f"{WORKERS_GO_ON if cluster else GO_ON:{language}}", err=True)
            raise
        except RunReplaced:
            raise UseError(
                Text(
                    nl="Er is een andere opdracht begonnen in dezelfde map voor de uitvoer.",
                    en="Another run was begun in the same output folder.",
                ),
                hint=Text(
                    nl="Wacht tot die klaar is, en voer dit dan opnieuw uit.",
                    en="Wait until it ends, then run this again.",
                ),
            ) from None
    if system := system_folder(run.request.photos.name):
        output.print_named_system_folders([system], language)
    _print_summary(found, unjudged, run.request.out.shown(PAGE), language)
    if unjudged.number or found.passed_over.unreadable:
        raise typer.Exit(1)


def _check_cluster_options(*, has_class_list: bool, as_json: bool) -> None:
    if has_class_list:
        raise UseError(
            Text(
                nl="Workers op andere computers zoeken mensen op in het register, niet in een klassenlijst.",
                en="Workers on other machines look people up in the registry, not in a class list.",
            ),
            hint=Text(
                nl="Importeer de lijst: fotopoort registry import.",
                en="Import the list: fotopoort registry import.",
            ),
        )
    if as_json:
        raise UseError(
            Text(
                nl="--json toont foto's die hier worden beoordeeld.",
                en="--json tells of photos as they are done here.",
            ),
            hint=Text(nl="Lees met --cluster results.jsonl.", en="With --cluster, read results.jsonl."),
        )


def _work_here(run: FolderRun, ledger: Ledger, language: Language, *, as_json: bool, quiet: bool) -> Survey:
    """Do the work in this process and its screening processes."""
    found = survey(run.validity, ledger)
    show: Callable[[dict[str, Any]], None] = output.JsonLines() if as_json else lambda document: None
    if found.wanted:
        with (
            ScreeningPool.open(run.settings, run.policy, max_processes=found.wanted, gives_way=True) as screeners,
            run_progress(found.wanted, language, quiet=quiet) as progress,
            _saying_how_to_go_on(language),
        ):
            for result in run.worker(screeners).work(run.validity, ledger.leases, found.run):
                if isinstance(result, Entry):
                    show(result.document)
                progress.step(result)
    return found


def _follow_workers(run: FolderRun, ledger: Ledger, language: Language, *, quiet: bool) -> Survey:
    """Have the work done by workers on other machines, and wait for them."""
    request = shared_request(run.request, run.policy, run.models, run.settings)
    found = survey(run.validity, ledger, shared_request=request)
    with run_progress(found.wanted, language, quiet=quiet) as progress, _saying_how_to_go_on(language):
        for look, (remaining, workers) in enumerate(follow(ledger, found.run)):
            progress.show(found.wanted - remaining, workers)
            if look == LOOKS_FOR_WORKERS and remaining and not workers and not quiet:
                typer.echo(f"{NO_WORKERS:{language}}", err=True)
    ledger.end(found.run)
    run.request.out.sweep()
    return found


@contextmanager
def _saying_how_to_go_on(language: Language) -> Iterator[None]:
    """Where the work fails, tell the user how to continue it."""
    try:
        yield
    except FotopoortError:
        typer.echo(f"{GO_ON:{language}}", err=True)
        raise


class _Unjudged(NamedTuple):
    """How many photos could not be judged, and their endings, see `Ledger.unjudged_endings`."""

    number: int
    endings: Counter[str]


def _print_summary(found: Survey, unjudged: _Unjudged, page: str, language: Language) -> None:
    passed_over, photos = found.passed_over, output.counted(found.photos, output.PHOTO)
    parts = [Text(f"{photos.nl}, {found.wanted} nu beoordeeld", f"{photos.en}, {found.wanted} judged now")]
    if unjudged.number:
        parts.append(output.not_judged(*unjudged))
    if found.gone:
        parts.append(no_longer_there(found.gone))
    if other := passed_over.hidden + passed_over.unsupported + passed_over.links:
        parts.append(output.files_passed_over(other, passed_over.endings))
    parts += output.more_passed_over(passed_over)
    if passed_over.unreadable:
        folders = output.counted(len(passed_over.unreadable), FOLDER)
        parts.append(Text(f"{folders.nl} niet gelezen", f"{folders.en} could not be read"))
    output.print_line([*parts, report_in(page)], language)


def no_longer_there(count: int) -> Text:
    """How many photos are gone from the folder."""
    return Text(f"{count} niet meer aanwezig", f"{count} no longer there")


def report_in(page: str) -> Text:
    """Where the report is."""
    return Text(f"verslag in {page}", f"report in {page}")
