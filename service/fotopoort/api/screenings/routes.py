"""`/v1/screenings`: photos in; verdicts and renditions out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.requests import ClientDisconnect

from fotopoort.api import schema
from fotopoort.api.auth import AuditedCaller, AuthenticatedCaller
from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.screenings import form as forms
from fotopoort.api.screenings.rendition_cache import CachedScreening, RenditionCache
from fotopoort.application.context import DecisionContext
from fotopoort.application.contract import screened
from fotopoort.application.service import ScreeningService
from fotopoort.errors import (
    BadAnswers,
    BadForm,
    BadRecord,
    Busy,
    Forbidden,
    FotopoortError,
    HostNotAllowed,
    NotAForm,
    NotAllowed,
    NotFound,
    NothingToScreen,
    Overloaded,
    PhotoGone,
    TooLarge,
    UnknownChannel,
    UnknownGroup,
    UnknownPerson,
    UploadStalled,
)
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.photos.answers import parse_answers, read_json
from fotopoort.screening.pool import ScreeningPool
from fotopoort.screening.screen import Request as RunRequest
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import Answers, ChannelId

Result = TypeVar("Result")

PATH = "/v1/screenings"
JPEG: schema.Responses = {200: {"description": "A JPEG.", "content": {"image/jpeg": {}}}}


class Override(schema.Document):
    channel: str
    rule: Annotated[str, Field(examples=["R30"])]
    reason: Annotated[str, Field(description="Why this photo may go out all the same.")]


class Json(Response):
    """JSON in ASCII: a file name may hold half a character, which UTF-8 cannot."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def router(
    *,
    gate: ScreeningService,
    screeners: ScreeningPool,
    policy: Policy,
    turns: ConcurrencyLimit,
    intake: FormReader,
    shelf: RenditionCache,
    max_photos: int,
) -> APIRouter:
    """The routes about screenings; each wants a key, before anything of the request's body is read."""
    routes = APIRouter(prefix=PATH, responses=schema.problems(NotAllowed, HostNotAllowed))

    async def screen_one(
        caller: Caller, photo: forms.Upload, form: forms.Form, context: DecisionContext
    ) -> dict[str, Any]:
        request = replace(form.request, file_name=Path(photo.name).stem)
        pending = gate.submit(screeners, caller, photo.content, request, context)
        screening = await _settled(pending.future)
        places = dict.fromkeys(form.request.channels, photo.name) | form.places
        screening = await asyncio.to_thread(gate.record, caller, pending, screening, places, form.taken)
        return put(caller, photo.name, screening, form.request)

    def put(caller: Caller, name: str, screening: Screening, request: RunRequest) -> dict[str, Any]:
        document = screened(name, screening, policy, request.answers, _places(screening))
        shelf.put(CachedScreening(caller, document, screening.renditions))
        return document

    async def screen_all(caller: Caller, form: forms.Form, context: DecisionContext) -> list[dict[str, Any]]:
        # One place for all of them, so that a request with many photos does not keep everyone else waiting.
        async with turns.turn():
            return [await screen_one(caller, photo, form, context) for photo in form.photos]

    @routes.post(
        "",
        summary="Judge photos for each channel",
        openapi_extra={"requestBody": schema.form(policy)},
        responses=schema.ok(
            "Every photo has a verdict for every channel, also one that could not be judged (a reject by rule R01). "
            "One photo: its object. More than one: `screenings`, in the order sent.",
            schema.Judged | schema.Unjudged | schema.Several,
            one=schema.JUDGED,
            unjudged=schema.UNJUDGED,
            several={"screenings": [schema.JUDGED, schema.UNJUDGED]},
        )
        | schema.problems(UploadStalled, TooLarge, NotAForm)
        | schema.problems(BadForm, BadAnswers, UnknownChannel, UnknownGroup, UnknownPerson, NothingToScreen)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def screen(request: Request, caller: AuthenticatedCaller) -> Response:
        async with intake.form(request) as fields:
            context = await asyncio.to_thread(gate.context, caller, forms.taken(fields))
            form = await forms.read(fields, policy, context.people, max_photos)
            documents = await _unless_left(request, screen_all(caller, form, context))
        return Json(documents[0] if len(documents) == 1 else {"screenings": documents})

    @routes.get(
        "/{screening}",
        summary="The same object again, while it is kept",
        responses=schema.ok("One photo's object.", schema.Judged | schema.Unjudged, one=schema.JUDGED)
        | schema.problems(NotFound)
        | schema.any_error(),
    )
    async def show(screening: str, caller: AuditedCaller) -> Response:
        return Json(_found(shelf, screening, caller).document)

    @routes.post(
        "/{screening}/answers",
        summary="Decide again with what the teacher says of this photo",
        openapi_extra={"requestBody": schema.ANSWERS},
        responses=schema.ok("One photo's object.", schema.Judged | schema.Unjudged, one=schema.JUDGED)
        | schema.problems(NotFound, PhotoGone, BadAnswers, UnknownGroup, UnknownPerson, TooLarge)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def answer(request: Request, screening: str, caller: AuthenticatedCaller) -> Response:
        context = await asyncio.to_thread(gate.context, caller)
        answers = parse_answers(read_json((await intake.text(request)).decode("utf-8", "replace")), context.people)
        async with turns.turn():
            name, result, asked = await _unless_left(request, decide_again(caller, screening, answers))
        return Json(put(caller, name, result, asked))

    @routes.post(
        "/{screening}/overrides",
        summary="Set a rule aside for this photo on one channel, and decide again",
        responses=schema.ok("One photo's object.", schema.Judged | schema.Unjudged, one=schema.JUDGED)
        | schema.problems(Forbidden, NotFound, PhotoGone, UnknownChannel, BadAnswers, BadRecord, BadForm)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def override(request: Request, screening: str, caller: AuthenticatedCaller, wish: Override) -> Response:
        await asyncio.to_thread(gate.set_aside, caller, screening, wish.channel, wish.rule, wish.reason)
        async with turns.turn():
            name, result, asked = await _unless_left(request, decide_again(caller, screening, Answers()))
        return Json(put(caller, name, result, asked))

    async def decide_again(caller: Caller, screening: str, answers: Answers) -> tuple[str, Screening, RunRequest]:
        pending = await asyncio.to_thread(gate.rejudge, screeners, caller, screening, answers)
        result = await _settled(pending.future)
        kept = shelf.get(screening)
        name = kept.document["file"] if kept and kept.is_for(caller) else ""
        return name, await asyncio.to_thread(gate.record_rejudgement, caller, pending, result), pending.request

    @routes.get(
        "/{screening}/renditions/{channel}",
        summary="The photo as it may be published on a channel",
        response_class=Response,
        responses=JPEG | schema.problems(NotFound) | schema.any_error(),
    )
    async def rendition(screening: str, channel: str, caller: AuditedCaller) -> Response:
        made = _found(shelf, screening, caller).renditions.get(channel)
        if made is None:
            raise NotFound("There is no rendition for this channel.", hint="See the verdict's reasons.")
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="foto-{made.sha256[:12]}.jpg"',
            "ETag": f'"{made.sha256}"',
        }
        return Response(made.jpeg, media_type="image/jpeg", headers=headers)

    return routes


def _places(screening: Screening) -> dict[ChannelId, dict[str, str]]:
    return {channel: {"href": f"{PATH}/{screening.id}/renditions/{channel}"} for channel in screening.renditions}


def _found(shelf: RenditionCache, screening: str, caller: Caller) -> CachedScreening:
    kept = shelf.get(screening)
    if kept is None or not kept.is_for(caller):
        raise NotFound
    return kept


async def _settled(future: Future[Screening]) -> Screening:
    """The screening's result. Who is cancelled stays until it ends: the process is busy till then, its place taken."""
    waiting = asyncio.wrap_future(future)
    try:
        await asyncio.wait({waiting})
    except asyncio.CancelledError:
        await asyncio.wait({waiting})
        raise
    return waiting.result()


async def _unless_left(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work, or stop it when the client closes the connection.

    Raises:
        ClientDisconnect: nobody is there any more.
    """

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(left())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.wait({working, leaving})
