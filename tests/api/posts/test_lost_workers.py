"""A photo that ends the program that looks at it does so a few times, and then is told to have failed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from fotopoort.application.context import DecisionContexts
from fotopoort.application.posts.decisions import PostDecisions
from fotopoort.application.posts.photo_jobs import MAX_ATTEMPTS, PhotoJobs
from fotopoort.cli.registry_session import open_registry
from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.handlers import Handler
from fotopoort.jobs.job import Job
from fotopoort.jobs.queue import Queue
from fotopoort.registry.access.roles import Act
from fotopoort.registry.posts import photos, posts, progress
from fotopoort.registry.posts.photo_records import PhotoRecord
from fotopoort.registry.posts.work import LOOK, RENDER
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings

from ..service import POLICY
from .posting import CALLER, Seeing, photo


@pytest.mark.parametrize("kind", [LOOK, RENDER])
def test_what_ends_every_program_is_given_up(tmp_path: Path, kind: str) -> None:
    with open_registry(Settings(data_folder=tmp_path / "data"), make=True) as (registry, _):
        screeners, now = Seeing(), datetime.now(UTC)
        jobs = PhotoJobs(registry, PostDecisions(DecisionContexts(POLICY)), cast(ScreeningPool, screeners))
        handlers = {handler.kind: handler for handler in jobs.handlers()}
        queue = Queue(registry, clock=lambda _: now)
        with registry.write(CALLER, Act.POST) as session:
            post = posts.make(session, groups=[], channels=["website"], day=session.today, hours=24).id
            added = photos.add(session, post, str(uuid.uuid4()), len(photo())).id
            photos.put_part(session, post, added, 0, photo())

        def taken(handler: Handler) -> Job:
            nonlocal now
            now += timedelta(days=1)
            lease = queue.take(handler.kind, handler.version, "worker", handler.schedule)
            if lease is None:  # it waits for a while after a lease that ran out
                return taken(handler)
            return lease

        def recorded() -> PhotoRecord:
            with registry.read(CALLER, Act.POST) as session:
                return photos.get(session, post, added)

        if kind == RENDER:
            assert execute(queue, handlers[LOOK], taken(handlers[LOOK]), chance=lambda: 0.0) is Outcome.DONE
        seen = screeners.looked_at, screeners.rendered
        for _ in range(MAX_ATTEMPTS):
            taken(handlers[kind])  # and is never heard of again
        assert execute(queue, handlers[kind], taken(handlers[kind]), chance=lambda: 0.0) is Outcome.DONE
        assert (screeners.looked_at, screeners.rendered) == seen
        failed = recorded()
        assert (failed.state, failed.error) == ("failed", "crashed")

        with registry.write(CALLER, Act.POST) as session:  # somebody may try it all the same
            progress.try_again(session, post, added, revision=posts.get(session, post).revision)
        for again in (LOOK, RENDER):
            assert execute(queue, handlers[again], taken(handlers[again]), chance=lambda: 0.0) is Outcome.DONE
        assert recorded().state == "judged"


def test_a_program_that_was_stopped_a_few_times_goes_on(tmp_path: Path) -> None:
    """As often as that, what went wrong was not the photo's."""
    with open_registry(Settings(data_folder=tmp_path / "data"), make=True) as (registry, _):
        jobs = PhotoJobs(registry, PostDecisions(DecisionContexts(POLICY)), cast(ScreeningPool, Seeing()))
        (handler,) = [handler for handler in jobs.handlers() if handler.kind == LOOK]
        now = datetime.now(UTC)
        queue = Queue(registry, clock=lambda _: now)
        with registry.write(CALLER, Act.POST) as session:
            post = posts.make(session, groups=[], channels=["website"], day=session.today, hours=24).id
            added = photos.add(session, post, str(uuid.uuid4()), len(photo())).id
            photos.put_part(session, post, added, 0, photo())
        lease: Job | None = None
        for _ in range(3 * MAX_ATTEMPTS):  # the registry could not be used
            now += timedelta(days=1)
            lease = queue.take(handler.kind, handler.version, "worker", handler.schedule)
            assert lease is not None
            queue.fail(lease, "registry_unavailable", 1.0)
        now += timedelta(days=1)
        lease = queue.take(handler.kind, handler.version, "worker", handler.schedule)
        assert lease is not None
        assert execute(queue, handler, lease, chance=lambda: 0.0) is Outcome.DONE
        with registry.read(CALLER, Act.POST) as session:
            assert photos.get(session, post, added).state == "seen"
