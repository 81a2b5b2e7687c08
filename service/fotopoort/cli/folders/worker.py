"""`fotopoort worker`: judges photos of the folders that other machines began, for as long as it runs."""

from __future__ import annotations

import time
from typing import Annotated, Final

import typer

from fotopoort.batch.cluster import SECONDS_BETWEEN_LOOKS, Cluster, SharedRun, worker_name
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.entry import Entry
from fotopoort.batch.validity import Validity
from fotopoort.batch.work import Worker
from fotopoort.cli import output
from fotopoort.cli.folders.folder_run import stoppable
from fotopoort.cli.language import choice_of
from fotopoort.cli.screen.run import open_service
from fotopoort.errors import FotopoortError, UseError
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings, load_settings
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Language, Text

READY: Final = Text(nl="Klaar voor werk.", en="Ready for work.")
MAX_PAUSE: Final = 300.0  # seconds between tries; each pause is twice as long as the one before


def worker(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Stop when there is nothing to do.")] = False,
) -> None:
    """Judge the photos of `fotopoort batch --cluster`, whoever began it; stop it with Ctrl-C at any moment."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    with (
        stoppable(),
        Cluster.open(settings) as cluster,
        ScreeningPool.open(settings, policy, gives_way=True) as screeners,
    ):
        language = choice_of(context).of_errors
        shifts = _Shifts(cluster, screeners, policy, settings, language)
        typer.echo(f"{READY:{language}}", err=True)
        while True:
            judged = shifts.work()
            if once and not judged:
                raise typer.Exit(shifts.has_failed)
            shifts.pause(judged)


class _Shifts:
    """The work of this machine, one shift after another: each does whatever shared runs have to do.

    Attributes:
        has_failed: whether anything went wrong in the last shift.
    """

    def __init__(
        self, cluster: Cluster, screeners: ScreeningPool, policy: Policy, settings: Settings, language: Language
    ) -> None:
        self._cluster, self._screeners, self._policy, self._settings = cluster, screeners, policy, settings
        self._models = Catalogue(settings.models_folder).fingerprint()
        self._language = language
        self._reported: set[tuple[str, int, str]] = set()
        self._pause = SECONDS_BETWEEN_LOOKS
        self.has_failed = False

    def work(self) -> int:
        """Do what there is to do now; what fails in one run leaves the others alone. Returns how many were judged."""
        judged, self.has_failed = 0, False
        try:
            for shared in self._cluster.runs():
                try:
                    judged += self._work_on(shared)
                except FotopoortError as error:  # as when a disk is full for a while
                    stopped = Text(
                        nl=f"De taak in {shared.place} is op deze computer gestopt en wordt opnieuw geprobeerd.",
                        en=f"The run in {shared.place} has stopped on this machine, and is tried again.",
                    )
                    self._report(shared.key, stopped, error)
                    self.has_failed = True
        except FotopoortError as error:
            no_work = Text(
                nl="De database kan niet om werk worden gevraagd.", en="The database cannot be asked for work."
            )
            self._report(("", 0), no_work, error)
            self.has_failed = True
        return judged

    def pause(self, judged: int) -> None:
        """Wait for the next shift, longer each time that something went wrong; not at all where photos were judged."""
        if judged:
            self._pause = SECONDS_BETWEEN_LOOKS
            return
        self._pause = min(2 * self._pause, MAX_PAUSE) if self.has_failed else SECONDS_BETWEEN_LOOKS
        time.sleep(self._pause)

    def _work_on(self, shared: SharedRun) -> int:
        try:
            request = shared.request(self._policy, self._models, self._settings)
        except UseError as refusal:
            apart = Text(
                nl=f"Deze computer doet niet mee aan de taak in {shared.place}.",
                en=f"Not taking part in the run in {shared.place}.",
            )
            self._report(shared.key, apart, refusal)
            return 0
        settings = self._settings.model_copy(update={"tenant": shared.tenant, "hours_held": 0.0})
        judged = 0
        with open_service(settings, self._policy, None) as service:
            caller = console(shared.tenant)
            validity = Validity(request, Eligibilities(service, caller, self._models))
            if (failure := validity.eligibility(None).context.failure) is not None:
                raise failure  # nothing could be judged now; it can when the registry answers again
            worker = Worker(
                self._screeners,
                service=service,
                caller=caller,
                policy=self._policy,
                settings=settings,
                name=worker_name(),
            )
            for result in worker.work(validity, shared.ledger.leases, shared.run):
                judged += isinstance(result, Entry)
        if judged:
            photos = output.counted(judged, output.PHOTO)
            done = Text(
                nl=f"{photos.nl} beoordeeld van de taak in {shared.place}.",
                en=f"{photos.en} judged of a run in {shared.place}.",
            )
            typer.echo(f"{done:{self._language}}", err=True)
        return judged

    def _report(self, key: tuple[str, int], what: Text, error: FotopoortError) -> None:
        """Tell what went wrong, once for each run."""
        if (*key, str(error)) not in self._reported:
            self._reported.add((*key, str(error)))
            typer.echo(" ".join(f"{text:{self._language}}" for text in (what, error.message, error.hint)), err=True)
