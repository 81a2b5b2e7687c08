"""The application: everything that lives is given to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from fotopoort.api import names, schema
from fotopoort.api.auth import Authenticator
from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.api.limits.uploads import FOR_TEXT, MEGABYTE, FormReader
from fotopoort.api.maintenance import make_rounds
from fotopoort.api.middleware import LOOPBACK, Envelope, KnownHosts, SmallBodies, is_loopback
from fotopoort.api.readiness import Readiness
from fotopoort.api.registry import consents, people, upkeep
from fotopoort.api.registry.transactions import RegistryTransactions
from fotopoort.api.responses import handlers
from fotopoort.api.screenings.rendition_cache import RenditionCache
from fotopoort.api.screenings.routes import router
from fotopoort.application.service import ScreeningService
from fotopoort.errors import HostNotAllowed, ModelError
from fotopoort.policy.policy import Policy
from fotopoort.registry.registry import Registry
from fotopoort.screening.pool import ScreeningPool
from fotopoort.settings import Settings
from fotopoort.vocabulary import People

KEPT_BYTES = 256 * MEGABYTE  # renditions and documents together: some 500 photos
SECONDS_BETWEEN_SWEEPS = 10
ALIVE = {"status": "alive"}
READY = {"status": "ready"}


def create_app(
    settings: Settings,
    *,
    screeners: ScreeningPool,
    policy: Policy,
    registry: Registry,
    class_list: People | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """The HTTP service.

    Args:
        settings: limits; and `host`: on a loopback address only requests for a loopback name are answered.
        screeners: warmed up; closing them is the caller's.
        policy: the school's rules, the same as the screeners'.
        registry: who may come in, who may be shown, and where everything is written down; closing it is the caller's.
        class_list: in place of the registry's, from a class list.
        clock: seconds that never go back, for how long screenings are kept.
    """
    turns = ConcurrencyLimit(places=settings.screeners, waiting=settings.waiting, seconds=settings.seconds_waiting)
    shelf = RenditionCache(seconds=settings.renditions_kept_seconds, max_bytes=KEPT_BYTES, clock=clock)
    readiness = Readiness(screeners)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_sweep(shelf)), asyncio.create_task(make_rounds(registry))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            shelf.clear()

    middleware = [Middleware(Envelope), Middleware(SmallBodies, most=FOR_TEXT)]
    if is_loopback(settings.host):
        middleware.append(Middleware(KnownHosts, names={*LOOPBACK, settings.host}))
    app = FastAPI(
        title="Fotopoort",
        version="1",  # of this contract: the number in the paths
        summary="May this photo be published, on which channel, and how?",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=middleware,
        exception_handlers=handlers(turns),
    )
    app.state.doorkeeper = Authenticator(registry)
    intake = FormReader(max_megabytes=settings.max_megabytes, max_photos=settings.max_photos_per_request)
    desk = RegistryTransactions(registry)
    for routes in (people.routes(desk, intake), consents.routes(desk), upkeep.routes(desk, intake, screeners)):
        app.include_router(routes)
    gate = ScreeningService(policy, registry=registry, people=class_list, hours_held=settings.hours_held)
    app.include_router(names.router(gate))
    app.include_router(
        router(
            screeners=screeners,
            gate=gate,
            policy=policy,
            turns=turns,
            intake=intake,
            shelf=shelf,
            max_photos=settings.max_photos_per_request,
        )
    )

    @app.get(
        "/healthz",
        summary="Is the service alive?",
        responses=schema.ok("Yes.", dict[str, str], alive=ALIVE) | schema.problems(HostNotAllowed),
    )
    async def alive() -> Response:
        return JSONResponse(ALIVE)

    @app.get(
        "/readyz",
        summary="Can a photo be screened now?",
        responses=schema.ok("Yes.", dict[str, str], ready=READY) | schema.problems(HostNotAllowed, ModelError),
    )
    async def ready() -> Response:
        if not turns.all_taken and not await readiness.check():  # all at work: they answer
            raise ModelError("No screening process answers.", hint="Start the service again if this stays.")
        return JSONResponse(READY)

    return app


async def _sweep(shelf: RenditionCache) -> None:
    """Renditions leave when their time has come, also when nobody asks for anything."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)
        shelf.sweep()
