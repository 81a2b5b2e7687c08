"""`fotopoort watch`: what `fotopoort batch` does, to photos as they arrive, for as long as it runs."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Final

import typer

from fotopoort.application import service
from fotopoort.application.folders.sorting import other_endings
from fotopoort.application.folders.system_folders import system_folder
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.location import own_ledger
from fotopoort.batch.report.html_report import PAGE
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.survey import survey
from fotopoort.batch.watch import FileStates, Watch, ignoring_lease_breaks, states_of
from fotopoort.cli import output
from fotopoort.cli.folders.batch import GO_ON, no_longer_there, report_in
from fotopoort.cli.folders.folder_run import FolderRun, open_run, stoppable
from fotopoort.cli.folders.options import FolderOptions, GroupFrom, Groups, Out
from fotopoort.cli.language import choice_of
from fotopoort.cli.options import Answered, Channels, ClassList, TakenOn, Together
from fotopoort.errors import SETTLED, FotopoortError, UseError
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Language, Text

# A run ends after this long. Then results are published and changes are noticed: a withdrawal need not wait until a
# folder with photos of many years is done.
SECONDS_OF_WORK: Final = 600.0
NO_PROBLEM: Final = Text(nl="", en="")


def watch(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A folder with photos.", show_default=False)],
    channel: Channels = None,
    group: Groups = None,
    group_from: GroupFrom = None,
    class_list: ClassList = None,
    out: Out = "batch-output",
    answers: Answered = None,
    taken: TakenOn = None,
    together: Together = False,
    every: Annotated[int, typer.Option(metavar="SECONDS", min=1, max=3600, help="How often it looks.")] = 10,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what went wrong.")] = False,
) -> None:
    """Judge photos as they arrive in a folder, also on a network drive; stop it with Ctrl-C at any moment."""
    options = FolderOptions(
        folder,
        out,
        channels=tuple(channel or ()),
        groups=tuple(group or ()),
        group_from=group_from,
        class_list=class_list,
        answers=answers,
        day=taken.date() if taken else None,
        together=together,
    )
    files = (load_settings().policy_file, options.class_list, options.answers, options.group_list)
    lists = [file for file in files if file is not None]
    with stoppable(), ignoring_lease_breaks(), _muting_the_service(), ExitStack() as stack:
        states = states_of(lists)
        with open_run(options) as run:
            photos, results = run.request.photos, run.request.out
            if not isinstance(photos, Folder) or not isinstance(results, Folder):
                raise UseError(
                    Text(
                        nl="Alleen een map op een schijf kan in de gaten worden gehouden.",
                        en="Only a folder on a disk can be watched.",
                    ),
                    hint=Text(nl="Voor een bucket is er fotopoort batch.", en="For a bucket there is fotopoort batch."),
                )
            warning = run.request.answers.warning()
            with own_ledger(run.request, run.settings):  # wrong use ends the command here; from now on nothing does
                watched = Watch(photos, results)
        screeners = cache(lambda: stack.enter_context(ScreeningPool.open(run.settings, run.policy, gives_way=True)))
        watcher = _Watcher(watched, lists, screeners, partial(sleep, every), choice_of(context).of_errors, quiet=quiet)
        if warning:
            watcher.say(warning, is_problem=True)
        if system := system_folder(photos.name):
            output.print_named_system_folders([system], choice_of(context).of_errors)
        watcher.say(Text(f"Kijkt naar {photos.shown()}.", f"Watching {photos.shown()}."))
        try:
            while True:
                earlier, states = states, states_of(lists)
                with watcher.reporting_problems():
                    watched.look()
                    if states == earlier:  # else somebody may still be writing the lists
                        with open_run(options) as run, own_ledger(run.request, run.settings) as ledger:
                            watcher.work(run, ledger, states)
                watcher.pause()
        except KeyboardInterrupt:
            watcher.say(GO_ON)
            raise


class _Watcher:
    """Judges what arrives in a folder.

    Args:
        lists: files that say who may be shown and what was answered; a change in them counts from the next look.
        screeners: opens the pool at the first photo, and gives the same one from then on.
        pause: waits for the next look.
        language: of what is printed.
        quiet: only problems are printed.
    """

    def __init__(
        self,
        watched: Watch,
        lists: list[Path],
        screeners: Callable[[], ScreeningPool],
        pause: Callable[[], None],
        language: Language,
        *,
        quiet: bool,
    ) -> None:
        self._watched, self._lists, self._screeners, self.pause, self._quiet = watched, lists, screeners, pause, quiet
        self._language, self._problem = language, NO_PROBLEM

    def work(self, run: FolderRun, ledger: Ledger, states: FileStates) -> None:
        """Judge the photos that the latest look found; look again, and go on until the lists change.

        Raises:
            FotopoortError: something cannot be used now.
        """
        # What the last run rested on: its context, and how often anything was said. None: it did not finish.
        last: tuple[str, int] | None = None
        while states_of(self._lists) == states:
            context = run.service.context(run.caller)
            if context.failure is not None:
                raise context.failure
            more = False
            now = context.version, run.service.elsewhere.count(run.caller)
            if now != last or self._watched.is_due():
                more = self._run_once(run, ledger)
                last = None if more else now
            unreadable = self._watched.unreadable
            self._report(
                Text(
                    nl=f"Mappen die niet kunnen worden gelezen: {unreadable}.",
                    en=f"Folders that cannot be read: {unreadable}.",
                )
                if unreadable
                else NO_PROBLEM
            )
            if not more:
                self.pause()
            self._watched.look()

    def _run_once(self, run: FolderRun, ledger: Ledger) -> bool:
        """Judge what must be judged and publish the results. Returns whether there is more to do."""
        started, until = datetime.now(), monotonic() + SECONDS_OF_WORK
        self._watched.begin()
        found = survey(run.validity, ledger, is_still=self._watched.is_still)
        judged, failures, endings, more = 0, list[str](), Counter[str](), False
        if found.wanted:
            worker = run.worker(self._screeners(), is_still=self._watched.is_still)
            with closing(worker.work(run.validity, ledger.leases, found.run)) as work:
                for result in work:
                    if isinstance(result, Entry):
                        judged += 1
                        if result.failure:
                            failures.append(result.failure.code)
                            endings.update(other_endings([result.path]))
                    if more := monotonic() >= until:
                        break
        run.publish(ledger, found, started)
        if not more:
            self._watched.end(again=not SETTLED.issuperset(failures))
        if judged or found.gone:
            parts = [Text(f"{judged} beoordeeld", f"{judged} judged")]
            parts += [output.not_judged(len(failures), endings)] if failures else []
            parts += [no_longer_there(found.gone)] if found.gone else []
            parts.append(report_in(run.request.out.shown(PAGE)))
            self.say(output.sentence(parts), is_problem=bool(failures))
        return more

    def say(self, line: Text, *, is_problem: bool = False) -> None:
        """Print a line, unless only problems are to be printed."""
        if is_problem or not self._quiet:
            typer.echo(f"{line:{self._language}}", err=True)

    @contextmanager
    def reporting_problems(self) -> Iterator[None]:
        """Report what cannot be used now, and go on."""
        try:
            yield
        except FotopoortError as error:
            self._report(
                Text(
                    nl=f"{error.message.nl} {error.hint.nl} Het wordt opnieuw geprobeerd.",
                    en=f"{error.message.en} {error.hint.en} Trying again.",
                )
            )
        except OSError as error:
            self._report(
                Text(
                    nl=f"Een schijf kan niet worden gebruikt ({error.strerror}). Het wordt opnieuw geprobeerd.",
                    en=f"A disk cannot be used ({error.strerror}). Trying again.",
                )
            )

    def _report(self, problem: Text) -> None:
        """Print what is wrong, once for as long as it stays the same."""
        if problem not in (NO_PROBLEM, self._problem):
            self.say(problem, is_problem=True)
        self._problem = problem


@contextmanager
def _muting_the_service() -> Iterator[None]:
    """Silence the service: it would log at every look that the registry does not answer. The watcher says so once."""
    log = logging.getLogger(service.__name__)
    earlier, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = earlier
