"""`fotopoort worker`: judges photos of the folders that others began, for as long as it runs."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated, Final

import typer

from fotopoort.batch.basis import Basis
from fotopoort.batch.cluster import SECONDS_BETWEEN_LOOKS, Cluster, Shared, this_worker
from fotopoort.batch.standing import Standings
from fotopoort.batch.work import Worker
from fotopoort.cli import folders
from fotopoort.cli.screen import gate_of
from fotopoort.errors import FotopoortError
from fotopoort.policy.policy import Policy, load_policy
from fotopoort.registry.roles import console
from fotopoort.settings import Settings, load_settings
from fotopoort.vision.catalogue import Catalogue
from fotopoort.workers import Screeners

SECONDS_AFTER_FAILURE: Final = 10.0  # before the database or a disk is tried again


def worker(
    once: Annotated[bool, typer.Option("--once", help="Stop when there is nothing to do.")] = False,
) -> None:
    """Judge the photos of `fotopoort batch --cluster`, whoever began it; stop it with Ctrl-C at any moment."""
    settings = load_settings()
    policy = load_policy(settings.policy_file)
    with folders.stoppable(), Cluster.open(settings) as cluster, Screeners.open(settings, policy, spare=1) as screeners:
        told: set[tuple[str, int]] = set()
        typer.echo("Ready for work.", err=True)
        while True:
            done = 0
            try:
                for shared in cluster.runs():
                    done += _done(shared, screeners, policy, settings, told)
            except FotopoortError as error:  # as when the database is not there for a while
                typer.echo(f"{error.message} Trying again.", err=True)
                time.sleep(SECONDS_AFTER_FAILURE)
                continue
            if not done:
                if once:
                    return
                time.sleep(SECONDS_BETWEEN_LOOKS)


def _done(shared: Shared, screeners: Screeners, policy: Policy, settings: Settings, told: set[tuple[str, int]]) -> int:
    """Do what there is to do in a run; how many photos that were."""
    models = Catalogue(settings.models_folder).fingerprint()
    try:
        asked = shared.asked(policy, models, settings)
    except FotopoortError as refusal:
        if shared.key not in told:
            typer.echo(f"Left alone: a run in {shared.place}. {refusal.message} {refusal.hint}", err=True)
            told.add(shared.key)
        return 0
    mine = settings.model_copy(update={"tenant": shared.tenant, "hours_held": 0.0})
    done = 0
    with gate_of(mine, policy, None) as gate:
        caller = console(shared.tenant)
        basis = Basis(asked, Standings(gate, caller, models))
        if (failure := basis.standing(None).known.failure) is not None:
            raise failure  # now nothing could be judged; later it can
        one = Worker(
            screeners,
            gate=gate,
            caller=caller,
            policy=policy,
            settings=mine,
            today=date.today(),
            name=this_worker(),
        )
        for _ in one.work(basis, shared.ledger, shared.run):
            done += 1
    if done:
        typer.echo(f"{done} photos judged of a run in {shared.place}.", err=True)
    return done
