"""`fotopoort worker`: judges photos of the folders that others began, for as long as it runs."""

from __future__ import annotations

import time
from typing import Annotated, Final

import typer

from fotopoort.batch.cluster import SECONDS_BETWEEN_LOOKS, Cluster, SharedRun, this_worker
from fotopoort.batch.eligibility import Eligibilities
from fotopoort.batch.validity import Validity
from fotopoort.cli.folders import folder_run
from fotopoort.cli.screen import gate_of
from fotopoort.errors import FotopoortError, UseError
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.screening.pool import ScreeningPool
from fotopoort.settings import Settings, load_settings
from fotopoort.vision.models.catalogue import Catalogue

LONGEST_PAUSE: Final = 300.0  # seconds between tries; each is twice as long as the one before


def worker(
    once: Annotated[bool, typer.Option("--once", help="Stop when there is nothing to do.")] = False,
) -> None:
    """Judge the photos of `fotopoort batch --cluster`, whoever began it; stop it with Ctrl-C at any moment."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    with (
        folder_run.stoppable(),
        Cluster.open(settings) as cluster,
        ScreeningPool.open(settings, policy) as screeners,
    ):
        worker = _Worker(cluster, screeners, policy, settings)
        typer.echo("Ready for work.", err=True)
        while True:
            done = worker.done()
            if once and not done:
                raise typer.Exit(worker.failed)
            worker.pause(done)


class _Worker:
    """One set of models, for whatever there is to do."""

    def __init__(self, cluster: Cluster, screeners: ScreeningPool, policy: Policy, settings: Settings) -> None:
        self._cluster, self._screeners, self._policy, self._settings = cluster, screeners, policy, settings
        self._models = Catalogue(settings.models_folder).fingerprint()
        self._told: set[tuple[str, int, str]] = set()
        self._pause = SECONDS_BETWEEN_LOOKS
        self.failed = False  # something, at the last look

    def done(self) -> int:
        """Do what there is to do now; how many photos were judged. What goes wrong in one run leaves the others."""
        done, self.failed = 0, False
        try:
            for shared in self._cluster.runs():
                try:
                    done += self._work(shared)
                except FotopoortError as error:  # as when a disk is full for a while
                    self._tell(
                        shared.key, f"The run in {shared.place} has stopped on this machine, and is tried again.", error
                    )
                    self.failed = True
        except FotopoortError as error:
            self._tell(("", 0), "The database cannot be asked for work.", error)
            self.failed = True
        return done

    def pause(self, done: int) -> None:
        """Wait until it is time to look again: longer each time that something went wrong."""
        self._pause = min(2 * self._pause, LONGEST_PAUSE) if self.failed and not done else SECONDS_BETWEEN_LOOKS
        if not done:
            time.sleep(self._pause)

    def _work(self, shared: SharedRun) -> int:
        try:
            asked = shared.asked(self._policy, self._models, self._settings)
        except UseError as refusal:
            self._tell(shared.key, f"Not taking part in the run in {shared.place}.", refusal)
            return 0
        settings = self._settings.model_copy(update={"tenant": shared.tenant, "hours_held": 0.0})
        done = 0
        with gate_of(settings, self._policy, None) as gate:
            caller = console(shared.tenant)
            basis = Validity(asked, Eligibilities(gate, caller, self._models))
            if (failure := basis.standing(None).known.failure) is not None:
                raise failure  # now nothing could be judged; later it can
            task = folder_run.Task(basis, gate, caller, self._policy, settings, self._models)
            for entry in task.worker(self._screeners, this_worker()).work(basis, shared.ledger.leases, shared.run):
                done += entry is not None
        if done:
            typer.echo(f"{done} photos judged of a run in {shared.place}.", err=True)
        return done

    def _tell(self, key: tuple[str, int], what: str, error: FotopoortError) -> None:
        """Tell what went wrong, once."""
        if (*key, error.message) not in self._told:
            self._told.add((*key, error.message))
            typer.echo(f"{what} {error.message} {error.hint}", err=True)
