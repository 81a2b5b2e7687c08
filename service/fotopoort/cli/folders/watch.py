"""`fotopoort watch`: what `fotopoort batch` does, to photos as they arrive, for as long as it runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Final

import typer

from fotopoort.application import service
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.location import own_ledger
from fotopoort.batch.ledger.photo_state import SETTLED
from fotopoort.batch.report.html_report import PAGE
from fotopoort.batch.storage.storage import Folder
from fotopoort.batch.survey import survey
from fotopoort.batch.watch import States, Watch, ignoring_lease_breaks, state_of
from fotopoort.cli.folders import folder_run
from fotopoort.cli.folders.batch import GO_ON
from fotopoort.cli.folders.folder_run import AnswersFile, GroupFrom, Groups, Out, TakenOn, Task
from fotopoort.cli.screen import Channels, ClassList
from fotopoort.errors import FotopoortError, UseError
from fotopoort.screening.pool import ScreeningPool
from fotopoort.settings import load_settings

# Then what was done is shown, and what came in between is seen: a withdrawal does not wait for a folder of years.
SECONDS_OF_WORK: Final = 600.0


def watch(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A folder with photos.", show_default=False)],
    channel: Channels = None,
    group: Groups = None,
    group_from: GroupFrom = None,
    class_list: ClassList = None,
    out: Out = "batch-output",
    answers: AnswersFile = None,
    taken: TakenOn = None,
    every: Annotated[int, typer.Option(metavar="SECONDS", min=1, max=3600, help="How often it looks.")] = 10,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what went wrong.")] = False,
) -> None:
    """Judge photos as they arrive in a folder, also on a network drive; stop it with Ctrl-C at any moment."""
    opened = partial(
        folder_run.task,
        folder,
        out,
        channel,
        group=group,
        group_from=group_from,
        class_list=class_list,
        answers=answers,
        taken=taken,
    )
    named = (load_settings().policy_file, class_list, answers, _list_of(group_from))
    lists = [file for file in named if file is not None]
    with folder_run.stoppable(), ignoring_lease_breaks(), _told_here(), ExitStack() as stack:
        stood = state_of(lists)
        with opened() as task:
            photos, results = task.asked.photos, task.asked.out
            if not isinstance(photos, Folder) or not isinstance(results, Folder):
                raise UseError("Only a folder on a disk can be watched.", hint="For a bucket there is fotopoort batch.")
            with own_ledger(task.asked, task.settings):  # wrong use ends it here; nothing does from now on
                watched = Watch(photos, results)
        screeners = cache(lambda: stack.enter_context(ScreeningPool.open(task.settings, task.policy)))
        watcher = _Watcher(watched, lists, screeners, partial(sleep, every), quiet=quiet)
        watcher.say(f"Watching {photos.shown()}.")
        try:
            while True:
                before, stood = stood, state_of(lists)
                with watcher.telling():
                    watched.look()
                    if stood == before:  # else somebody may still be writing them
                        with opened() as task, own_ledger(task.asked, task.settings) as ledger:
                            watcher.work(task, ledger, stood)
                watcher.pause()
        except KeyboardInterrupt:
            watcher.say(GO_ON)
            raise


class _Watcher:
    """Who watches a folder.

    Args:
        lists: files that say who may be shown and what was answered; what they say holds when they change.
        screeners: opens them at the first photo, and has them from then on.
        pause: waits for the next look.
        quiet: only problems are told.
    """

    def __init__(
        self,
        watched: Watch,
        lists: list[Path],
        screeners: Callable[[], ScreeningPool],
        pause: Callable[[], None],
        *,
        quiet: bool,
    ) -> None:
        self._watched, self._lists, self._screeners, self.pause, self._quiet = watched, lists, screeners, pause, quiet
        self._problem = ""

    def work(self, task: Task, ledger: Ledger, stood: States) -> None:
        """Judge what is found from the look that was just taken on, until the lists are no longer as they stood.

        Raises:
            FotopoortError: something cannot be used now.
        """
        last_version: str | None = None  # of what photos were judged by at the last run, once all was done
        while state_of(self._lists) == stood:
            context = task.gate.context(task.caller)
            if context.failure is not None:
                raise context.failure
            more = False
            if context.version != last_version or self._watched.is_due():
                more = self._run(task, ledger)
                last_version = None if more else context.version
            unreadable = self._watched.unreadable
            self._tell(f"Folders that cannot be read: {unreadable}." if unreadable else "")
            if not more:
                self.pause()
            self._watched.look()

    def _run(self, task: Task, ledger: Ledger) -> bool:
        """Do what there is to do, and show it; whether there is more."""
        started, until = datetime.now(), monotonic() + SECONDS_OF_WORK
        self._watched.begin()
        found = survey(task.basis, ledger, is_still=self._watched.is_still)
        judged, failures, more = 0, list[str](), False
        if found.wanted:
            worker = task.worker(self._screeners(), is_still=self._watched.is_still)
            with closing(worker.work(task.basis, ledger.leases, found.run)) as work:
                for entry in work:
                    if entry is not None:
                        judged += 1
                        failures += [entry.document["error"]["code"]] if "error" in entry.document else []
                    if more := monotonic() >= until:
                        break
        task.publish(ledger, found, started)
        if not more:
            self._watched.end(again=not SETTLED.issuperset(failures))
        if judged or found.gone:
            parts = [f"{judged} judged"]
            parts += [f"{len(failures)} could not be judged"] if failures else []
            parts += [f"{found.gone} no longer there"] if found.gone else []
            self.say(f"{', '.join(parts)}, report in {task.asked.out.shown(PAGE)}.", problem=bool(failures))
        return more

    def say(self, line: str, *, problem: bool = False) -> None:
        """Tell it, unless only problems are to be told."""
        if problem or not self._quiet:
            typer.echo(line, err=True)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What cannot be used now is told, and does not end this."""
        try:
            yield
        except FotopoortError as error:
            self._tell(f"{error.message} {error.hint} Trying again.")
        except OSError as error:
            self._tell(f"A disk cannot be used ({error.strerror}). Trying again.")

    def _tell(self, problem: str) -> None:
        """Tell what is wrong, once for as long as it stays so."""
        if problem and problem != self._problem:
            self.say(problem, problem=True)
        self._problem = problem


@contextmanager
def _told_here() -> Iterator[None]:
    """That the registry does not answer is told by us, once, and not by the gate, each time that it is asked."""
    log = logging.getLogger(service.__name__)
    earlier, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = earlier


def _list_of(group_from: str | None) -> Path | None:
    """The file in `--group-from csv:FILE`."""
    kind, _, place = (group_from or "").partition(":")
    return Path(place) if kind == "csv" else None
