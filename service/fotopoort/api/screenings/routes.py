"""`/v1/screenings`: photos in; verdicts and renditions out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuditedCaller, AuthenticatedCaller
from fotopoort.api.language import language_of
from fotopoort.api.limits.turns import Turns, settled, unless_disconnected
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.api.screenings import form as forms
from fotopoort.api.screenings.rendition_cache import CachedScreening, RenditionCache
from fotopoort.application.context import DecisionContext
from fotopoort.application.contract.build import screening_document
from fotopoort.application.contract.documents import Document, Json, Judged, Several, Unjudged
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
from fotopoort.vocabulary import Answers, ChannelId, Language, Text

PATH = "/v1/screenings"
JPEG: schema.Responses = {200: {"description": "A JPEG.", "content": {"image/jpeg": {}}}}


class Override(Document):
    channel: str
    rule: Annotated[str, Field(examples=["R30"])]
    reason: Annotated[str, Field(description="Why this photo may go out all the same.")]


def router(
    *,
    service: ScreeningService,
    screeners: ScreeningPool,
    policy: Policy,
    turns: Turns,
    form_reader: FormReader,
    cache: RenditionCache,
    max_photos: int,
) -> APIRouter:
    """The routes about screenings. Each asks for a key before anything of the request's body is read."""
    routes = APIRouter(prefix=PATH, responses=schema.problems(NotAllowed, HostNotAllowed))

    async def screen_photo(
        caller: Caller, photo: forms.Upload, form: forms.Form, context: DecisionContext, language: Language
    ) -> Json:
        request = replace(form.request, file_name=Path(photo.name).stem)
        pending = service.submit(screeners, caller, photo.content, request, context)
        screening = await settled(pending.future)
        places = dict.fromkeys(form.request.channels, photo.name) | form.places
        screening = await asyncio.to_thread(service.record, caller, pending, screening, places, form.capture_date)
        return make_document(caller, photo.name, screening, form.request, language)

    def make_document(caller: Caller, name: str, screening: Screening, request: RunRequest, language: Language) -> Json:
        """The document to answer with. It is kept for a while, with its renditions, to be fetched."""
        document = screening_document(name, screening, policy, request.answers, _places(screening), language)
        cache.put(CachedScreening(caller, document, screening.renditions))
        return document

    async def screen_all(caller: Caller, form: forms.Form, context: DecisionContext, language: Language) -> list[Json]:
        documents: list[Json] = []
        for photo in form.photos:  # a turn for each, so that those of others go in between
            async with turns.turn(caller, first=not documents):
                documents.append(await screen_photo(caller, photo, form, context, language))
        return documents

    @routes.post(
        "",
        summary="Judge photos for each channel",
        openapi_extra={"requestBody": schema.form(policy)},
        responses=schema.ok(
            "Every photo has a verdict for every channel, also one that could not be judged (a reject by rule R01). "
            "One photo: its object. More than one: `screenings`, in the order sent.",
            Judged | Unjudged | Several,
            one=schema.JUDGED,
            unjudged=schema.UNJUDGED,
            several={"screenings": [schema.JUDGED, schema.UNJUDGED]},
        )
        | schema.problems(UploadStalled, TooLarge, NotAForm)
        | schema.problems(BadForm, BadAnswers, UnknownChannel, UnknownGroup, UnknownPerson, NothingToScreen)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def screen(request: Request, caller: AuthenticatedCaller) -> Response:
        async with form_reader.form(request) as fields:
            context = await asyncio.to_thread(service.context, caller, forms.capture_date(fields))
            form = await forms.read(fields, policy, context.people, max_photos)
            work = screen_all(caller, form, context, language_of(request.headers))
            documents = await unless_disconnected(request, work)
        return AsciiJSONResponse(documents[0] if len(documents) == 1 else {"screenings": documents})

    @routes.get(
        "/{screening}",
        summary="The same object again, while it is kept",
        responses=schema.ok("One photo's object.", Judged | Unjudged, one=schema.JUDGED)
        | schema.problems(NotFound)
        | schema.any_error(),
    )
    async def show(screening: str, caller: AuditedCaller) -> Response:
        return AsciiJSONResponse(_found(cache, screening, caller).document)

    @routes.post(
        "/{screening}/answers",
        summary="Decide again with what the teacher says of this photo",
        openapi_extra={"requestBody": schema.ANSWERS},
        responses=schema.ok("One photo's object.", Judged | Unjudged, one=schema.JUDGED)
        | schema.problems(NotFound, PhotoGone, BadAnswers, UnknownGroup, UnknownPerson, TooLarge)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def answer(request: Request, screening: str, caller: AuthenticatedCaller) -> Response:
        context = await asyncio.to_thread(service.context, caller)
        answers = parse_answers(read_json((await form_reader.text(request)).decode("utf-8", "replace")), context.people)
        async with turns.turn(caller):
            name, result, effective = await unless_disconnected(request, decide_again(caller, screening, answers))
        return AsciiJSONResponse(make_document(caller, name, result, effective, language_of(request.headers)))

    @routes.post(
        "/{screening}/overrides",
        summary="Set a rule aside for this photo on one channel, and decide again",
        responses=schema.ok("One photo's object.", Judged | Unjudged, one=schema.JUDGED)
        | schema.problems(Forbidden, NotFound, PhotoGone, UnknownChannel, BadAnswers, BadRecord, BadForm)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def override(request: Request, screening: str, caller: AuthenticatedCaller, body: Override) -> Response:
        await asyncio.to_thread(service.set_aside, caller, screening, body.channel, body.rule, body.reason)
        async with turns.turn(caller):
            name, result, effective = await unless_disconnected(request, decide_again(caller, screening, Answers()))
        return AsciiJSONResponse(make_document(caller, name, result, effective, language_of(request.headers)))

    async def decide_again(caller: Caller, screening: str, answers: Answers) -> tuple[str, Screening, RunRequest]:
        pending = await asyncio.to_thread(service.rejudge, screeners, caller, screening, answers)
        result = await settled(pending.future)
        cached = cache.get(screening)
        name = cached.document["file"] if cached and cached.is_for(caller) else ""
        return name, await asyncio.to_thread(service.record_rejudgement, caller, pending, result), pending.request

    @routes.get(
        "/{screening}/renditions/{channel}",
        summary="The photo as it may be published on a channel",
        response_class=Response,
        responses=JPEG | schema.problems(NotFound) | schema.any_error(),
    )
    async def rendition(screening: str, channel: str, caller: AuditedCaller) -> Response:
        made = _found(cache, screening, caller).renditions.get(channel)
        if made is None:
            raise NotFound(
                Text(
                    nl="Voor dit kanaal is er geen versie om te plaatsen.", en="There is no rendition for this channel."
                ),
                hint=Text(nl="Kijk naar de redenen bij het oordeel.", en="See the verdict's reasons."),
            )
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="foto-{made.sha256[:12]}.jpg"',
            "ETag": f'"{made.sha256}"',
        }
        return Response(made.jpeg, media_type="image/jpeg", headers=headers)

    return routes


def _places(screening: Screening) -> dict[ChannelId, dict[str, str]]:
    return {channel: {"href": f"{PATH}/{screening.id}/renditions/{channel}"} for channel in screening.renditions}


def _found(cache: RenditionCache, screening: str, caller: Caller) -> CachedScreening:
    cached = cache.get(screening)
    if cached is None or not cached.is_for(caller):
        raise NotFound
    return cached
