"""The application. Everything that lives longer than a request is given to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from fotopoort.api import health, names
from fotopoort.api.auth import Authenticator
from fotopoort.api.gate import routes as gates
from fotopoort.api.limits.bodies import MEGABYTE, Bodies, BodyLimits
from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.api.limits.connections import ConnectionLimits
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.maintenance import run_maintenance
from fotopoort.api.middleware import Envelope, KnownHosts, is_loopback, known_hosts
from fotopoort.api.posts import routes as posts
from fotopoort.api.posts.photos import PhotoRoutes
from fotopoort.api.posts.transactions import PostTransactions
from fotopoort.api.readiness import Readiness
from fotopoort.api.registry import consents, people, upkeep
from fotopoort.api.registry.transactions import RegistryTransactions
from fotopoort.api.responses import handlers
from fotopoort.api.screenings import routes as screenings
from fotopoort.api.screenings.rendition_cache import RenditionCache
from fotopoort.api.text_search import TextSearch
from fotopoort.api.webhooks import endpoints
from fotopoort.api.webhooks import incoming as hooks
from fotopoort.application.gate.service import Gate
from fotopoort.application.parents.own_child import OwnChildCopies
from fotopoort.application.posts.decisions import PostDecisions
from fotopoort.application.posts.photo_jobs import PhotoJobs
from fotopoort.application.posts.service import PostService
from fotopoort.application.service import ScreeningService
from fotopoort.jobs import maintenance as jobs
from fotopoort.jobs.queue import Queue
from fotopoort.jobs.runner import MAX_CONCURRENCY, Runner
from fotopoort.jobs.worker_id import own_id
from fotopoort.operations.metrics.metrics import Metrics
from fotopoort.operations.metrics.snapshot import Snapshot
from fotopoort.policy.policy import Policy
from fotopoort.pull.connection import GuardedConnection
from fotopoort.pull.gate import GateVerdicts
from fotopoort.pull.runner import PullRunner
from fotopoort.registry.registry import Registry
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings
from fotopoort.vocabulary import People
from fotopoort.web import routes as pages
from fotopoort.web.site import Site
from fotopoort.webhooks.delivery import CONCURRENCY as WEBHOOKS_AT_ONCE
from fotopoort.webhooks.delivery import WebhookDelivery
from fotopoort.webhooks.incoming import CONCURRENCY as FETCHED_AT_ONCE
from fotopoort.webhooks.incoming import IncomingPhotos
from fotopoort.webhooks.outbound.client import GuardedClient

MAX_CACHE_BYTES = 256 * MEGABYTE  # renditions and documents together: some 500 photos
SECONDS_BETWEEN_EXPIRIES = 10
SECONDS_TO_LEAVE = 1  # for a photo that is being fetched; it is fetched again
SECONDS_FOR_JOBS = 5  # for those under way when the service is told to stop; the others are given back
REGISTRY_THREADS = 3  # of six at least that Python has for work beside the event loop
BODIES, CONNECTIONS = BodyLimits(), ConnectionLimits()


def create_app(
    settings: Settings,
    *,
    screeners: ScreeningPool,
    policy: Policy,
    registry: Registry,
    class_list: People | None = None,
    clock: Callable[[], float] = time.monotonic,
    body_limits: BodyLimits = BODIES,
    connection_limits: ConnectionLimits = CONNECTIONS,
    tls: bool = False,
    outbound: GuardedClient | None = None,
) -> FastAPI:
    """The HTTP service.

    Args:
        settings: limits; and `host`: on a loopback address only requests for a loopback name are answered.
        screeners: warmed up; closing them is the caller's.
        policy: the school's rules, the same as the screeners'.
        registry: the API keys, who may be shown, and where everything is recorded; closing it is the caller's.
        class_list: people from a class list: where the registry has people, it only tightens.
        clock: seconds that never go back, for how long screenings are kept and whoever guesses a password waits.
        body_limits: how much a request may send, and in what time.
        connection_limits: how many requests may be under way.
        tls: whether it is reached over HTTPS, without a proxy. On another than a loopback address there are pages to
            log in on only then, or where the settings have the address of a proxy: passwords never go in the clear.
        outbound: for requests to addresses that others name; None: over this machine's network.
    """
    concurrency = ConcurrencyLimit(
        slots=settings.screeners, max_waiting=settings.waiting, max_seconds=settings.seconds_waiting
    )
    texts = TextSearch(max_waiting=settings.waiting, max_seconds=settings.seconds_waiting)
    cache = RenditionCache(seconds=settings.renditions_kept_seconds, max_bytes=MAX_CACHE_BYTES, clock=clock)

    metrics = Metrics()
    metrics.add_source(Snapshot(registry, screeners))
    registry.observe, screeners.observe = metrics.recorded, metrics.screened
    service = ScreeningService(policy, registry=registry, people=class_list, hours_held=settings.hours_held)
    decisions = PostDecisions(service.contexts)
    posts_told = PostService(decisions)
    gate = Gate(registry, posts_told, post_hours=settings.post_hours, wake=lambda: runner.wake())
    worker = own_id()
    outbound = outbound or GuardedClient()
    incoming = IncomingPhotos(
        registry,
        outbound,
        gate,
        channels=[channel.id for channel in policy.channels],
        max_bytes=settings.max_bytes,
        wake=lambda: runner.wake(),
    )
    runner = Runner(
        Queue(registry),
        [
            *jobs.handlers(registry),
            *PhotoJobs(registry, decisions, screeners).handlers(),
            *gate.notices.handlers(registry),
            WebhookDelivery(registry, outbound).handler(),
            incoming.handler(),
        ],
        worker=worker,
        max_concurrency=2 * screeners.count + WEBHOOKS_AT_ONCE + FETCHED_AT_ONCE + MAX_CONCURRENCY,
        observe=metrics.attempted,
    )

    pull = PullRunner(
        registry,
        GateVerdicts(gate, registry, settings.public_url or f"http://{settings.host}:{settings.port}"),
        GuardedConnection(outbound),
        worker=worker,
        max_bytes=settings.max_bytes,
    )
    stopping = asyncio.Event()

    def begin_to_stop() -> None:
        """Before requests under way are waited for: streams end, and no job begins that would have to be given back."""
        runner.take_no_more()
        stopping.set()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        runner.start()
        pull.start()
        tasks = [
            asyncio.create_task(_expire(cache)),
            asyncio.create_task(run_maintenance(registry, runner, [gate.notices.plan])),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await asyncio.to_thread(pull.stop, SECONDS_TO_LEAVE)
            await asyncio.to_thread(runner.stop, SECONDS_FOR_JOBS)
            cache.clear()
            texts.close()

    site = Site(registry, settings, clock) if has_pages(settings, tls=tls) else None
    authenticator = Authenticator(registry, site.sessions if site else None)
    form_reader = FormReader(max_megabytes=settings.max_megabytes, max_photos=settings.max_photos_per_request)
    middleware = [
        Middleware(Envelope, observe=metrics.answered),
        Middleware(
            Bodies,
            authenticator=authenticator,
            limits=body_limits,
            max_held=form_reader.max_held,
            max_requests=connection_limits.requests,
            has_pages=site is not None,
        ),
    ]
    if hosts := known_hosts(settings.host, settings.public_url):
        middleware.append(Middleware(KnownHosts, names=hosts))
    app = FastAPI(
        title="Fotopoort",
        version="1",  # of this contract: the number in the paths
        summary="May this photo be published, on which channel, and how?",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=middleware,
        exception_handlers=handlers(concurrency, site.error_page if site else None),
    )
    app.state.authenticator = authenticator
    app.state.begin_to_stop = begin_to_stop
    transactions = RegistryTransactions(
        registry,
        ConcurrencyLimit(slots=REGISTRY_THREADS, max_waiting=settings.waiting, max_seconds=settings.seconds_waiting),
    )
    photo_routes = PhotoRoutes(form_reader, screeners, concurrency, settings.max_bytes)
    post_transactions = PostTransactions(transactions, posts_told, runner.wake)
    signed_messages = ConcurrencyLimit(slots=1, max_waiting=settings.waiting, max_seconds=settings.seconds_waiting)
    routers = [
        people.router(transactions, form_reader),
        consents.router(transactions),
        upkeep.router(transactions, form_reader, screeners, concurrency),
        posts.router(post_transactions, photo_routes, post_hours=settings.post_hours, stopping=stopping),
        gates.router(
            gate,
            transactions,
            policy=policy,
            form_reader=form_reader,
            max_bytes=settings.max_bytes,
            public_url=settings.public_url,
        ),
        hooks.router(incoming, transactions, signed_messages),
        endpoints.router(transactions),
        names.router(service, texts),
        screenings.router(
            screeners=screeners,
            service=service,
            copies=OwnChildCopies(policy, registry),
            policy=policy,
            concurrency=concurrency,
            form_reader=form_reader,
            cache=cache,
            max_photos=settings.max_photos_per_request,
        ),
        *(pages.routers(site) if site else ()),
        health.router(settings, Readiness(screeners, registry), metrics, lambda: concurrency.is_full),
    ]
    for router in routers:
        app.router.routes.extend(router.routes)  # `include_router` would make each of them anew, at the first request
    return app


def has_pages(settings: Settings, *, tls: bool) -> bool:
    """Whether people can log in: nobody on the way can read what they type."""
    return tls or settings.public_url is not None or is_loopback(settings.host)


async def _expire(cache: RenditionCache) -> None:
    """Renditions leave memory when their time is over, also when nobody asks for anything."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_EXPIRIES)
        cache.expire()
