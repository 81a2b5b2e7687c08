"""Is the service alive, can it do its work, and what did it do: for whatever watches over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from fotopoort.api import schema
from fotopoort.api.readiness import Missing, Readiness
from fotopoort.api.responses import problem_with
from fotopoort.errors import Forbidden, FotopoortError, HostNotAllowed, ModelError, NotAllowed, NotReady
from fotopoort.operations.metrics import metrics
from fotopoort.operations.metrics.access import may_read
from fotopoort.operations.metrics.metrics import Metrics
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text

ALIVE: Final = {"status": "alive"}
READY: Final = {"status": "ready"}
PARTLY_READY: Final = READY | {"resting": "1 of 2"}
NO_PROCESS: Final = Text(
    nl="Geen enkel programma dat foto's bekijkt, geeft antwoord.", en="No screening process answers."
)
NOT_FROM_HERE: Final = Text(nl="Dit is alleen hier op de computer te lezen.", en="This is for this machine alone.")
SET_A_KEY: Final = Text(
    nl="Geef de service een sleutel: FOTOPOORT_METRICS_KEY_FILE.",
    en="Give the service a key: FOTOPOORT_METRICS_KEY_FILE.",
)
START_AGAIN: Final = Text(nl="Start de service opnieuw als dit zo blijft.", en="Start the service again if this stays.")
VERIFY: Final = Text(
    nl="Voer `fotopoort models verify` uit. Zijn de modellen goed? In het log staat waarom ze niet geladen werden.",
    en="Run `fotopoort models verify`. Where the models are well, the log says why they were not loaded.",
)


def router(settings: Settings, readiness: Readiness, counted: Metrics, is_full: Callable[[], bool]) -> APIRouter:
    """The routes.

    Args:
        counted: what is told at `/metrics`.
        is_full: whether all screening processes are at work.
    """
    routes = APIRouter()

    @routes.get(
        "/healthz",
        summary="Is the service alive?",
        responses=schema.ok("Yes.", dict[str, str], alive=ALIVE) | schema.problems(HostNotAllowed),
    )
    async def alive() -> Response:
        return JSONResponse(ALIVE)

    @routes.get(
        "/readyz",
        summary="Can a photo be screened now?",
        description="Where it cannot, `missing` beside `error` says what is missing: " + ", ".join(Missing) + ". Where "
        "it can, `resting` says how many screening processes cannot start, if any.",
        responses=schema.ok("Yes.", dict[str, str], ready=READY, resting=PARTLY_READY)
        | schema.problems(HostNotAllowed, ModelError, NotReady),
    )
    async def ready(request: Request) -> Response:
        missing = await readiness.missing(busy=is_full())  # where all are at work, they answer
        if not missing:
            return JSONResponse(READY | ({"resting": resting} if (resting := readiness.resting) else {}))
        return problem_with(_told(missing), request.headers, missing=[str(what) for what in missing])

    @routes.get("/metrics", include_in_schema=False)
    async def measured(request: Request) -> Response:
        client = request.client.host if request.client else None
        if not may_read(settings, client, request.headers):
            if settings.metrics_key_file is not None:
                raise NotAllowed
            raise Forbidden(NOT_FROM_HERE, hint=SET_A_KEY)
        text = await asyncio.to_thread(counted.text)
        return Response(text, headers={"Content-Type": metrics.CONTENT_TYPE})

    return routes


def _told(missing: list[Missing]) -> FotopoortError:
    if missing == [Missing.SCREENING]:
        return ModelError(NO_PROCESS, hint=START_AGAIN)
    if missing == [Missing.MODELS]:
        return ModelError(hint=VERIFY)
    return NotReady()
