"""`/v1/screenings`: photos in; verdicts and renditions out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuditedCaller, AuthenticatedCaller
from fotopoort.api.limits.concurrency import ConcurrencyLimit, settled, unless_disconnected
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.api.screenings import form as forms
from fotopoort.api.screenings.answers import add_answers
from fotopoort.api.screenings.own_child import JPEG, add_own_child, given_once
from fotopoort.api.screenings.rendition_cache import CachedScreening, RenditionCache
from fotopoort.application.context import DecisionContext
from fotopoort.application.contract.build import screening_document
from fotopoort.application.contract.documents import Document, Json, Judged, Several, Unjudged
from fotopoort.application.input_files import content_or_error
from fotopoort.application.parents.own_child import OwnChildCopies
from fotopoort.application.pending import PendingRejudgement
from fotopoort.application.posts.given import post_document, questions_about
from fotopoort.application.redecision import GivenScreening
from fotopoort.application.service import ScreeningService
from fotopoort.errors import (
    BadAnswers,
    BadForm,
    BadRecord,
    Busy,
    Forbidden,
    FotopoortError,
    FutureDay,
    HostNotAllowed,
    NoLongerValid,
    NotAForm,
    NotAllowed,
    NotFound,
    NothingToScreen,
    Overloaded,
    PhotoGone,
    RegistryError,
    TooLarge,
    UnknownChannel,
    UnknownGroup,
    UnknownPerson,
    UploadStalled,
)
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Caller
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import Answers, ChannelId, Language, Text
from fotopoort.web.language import language_of

PATH = "/v1/screenings"


class Override(Document):
    channel: str
    rule: Annotated[str, Field(examples=["R30"])]
    reason: Annotated[str, Field(description="Why this photo may go out all the same.")]


def router(
    *,
    service: ScreeningService,
    copies: OwnChildCopies,
    screeners: ScreeningPool,
    policy: Policy,
    concurrency: ConcurrencyLimit,
    form_reader: FormReader,
    cache: RenditionCache,
    max_photos: int,
) -> APIRouter:
    """The routes about screenings. Each asks for a key before anything of the request's body is read."""
    routes = APIRouter(prefix=PATH, responses=schema.problems(NotAllowed, HostNotAllowed))

    async def screen_photo(
        caller: Caller, photo: forms.Upload, form: forms.Form, context: DecisionContext
    ) -> CachedScreening:
        answers = form.per_photo.about(form.request.answers, context.people, photo.sha256, photo.name)
        request = replace(form.request, answers=answers, file_name=Path(photo.name).stem)
        pending = service.submit(
            screeners, caller, content_or_error(photo.content, photo.name), request, context, stated_day=form.stated_day
        )
        screening = await settled(pending.future)
        places = dict.fromkeys(form.request.channels, photo.name) | form.places
        given = await asyncio.to_thread(service.record_given, caller, pending, screening, places)
        return CachedScreening(caller, photo.name, given)

    def store(cached: CachedScreening, language: Language) -> Json:
        """The document to answer with. What it is made of is cached for a while, to be fetched."""
        cache.put(cached)
        return document_of(cached, language)

    def document_of(cached: CachedScreening, language: Language) -> Json:
        screening, answers = cached.given.screening, cached.given.request.answers
        asks = questions_about([cached.given])
        document = screening_document(cached.file, screening, policy, answers, _places(screening), language, asks)
        return document if cached.answer is None else document | {"answer": cached.answer}

    async def still_valid(screening: str, caller: Caller) -> CachedScreening:
        cached = cache.get(caller, screening)
        if cached is None:
            raise NotFound
        await asyncio.to_thread(service.require_valid, caller, cached.given)
        return cached

    async def screen_all(caller: Caller, form: forms.Form, context: DecisionContext, language: Language) -> Json:
        documents: list[Json] = []
        given: list[GivenScreening] = []
        for photo in form.photos:  # a slot for each, so that those of others go in between
            async with concurrency.slot(caller, first=not documents):
                screened = await screen_photo(caller, photo, form, context)
                documents.append(store(screened, language))
                given.append(screened.given.without_pictures())
        if len(documents) == 1:
            return documents[0]
        valid = await asyncio.to_thread(lambda: [screened for screened in given if is_valid(caller, screened)])
        return {"screenings": documents, "post": post_document(valid)}

    def is_valid(caller: Caller, given: GivenScreening) -> bool:
        """Whether it still may be told what is asked about it: others took their time meanwhile."""
        with suppress(NoLongerValid, RegistryError):
            service.require_valid(caller, given)
            return True
        return False

    @routes.post(
        "",
        summary="Judge photos for each channel",
        openapi_extra={"requestBody": schema.form(policy)},
        responses=schema.ok(
            "Every photo has a verdict for every channel, also one that could not be judged (a reject by rule R01). "
            "One photo: its object. More than one: `screenings`, in the order sent, and in `post` what to ask about "
            "all of them.",
            Judged | Unjudged | Several,
            one=schema.JUDGED,
            unjudged=schema.UNJUDGED,
            several={"screenings": [schema.JUDGED, schema.UNJUDGED], "post": schema.POST},
        )
        | schema.problems(UploadStalled, TooLarge, NotAForm)
        | schema.problems(BadForm, FutureDay, BadAnswers, UnknownChannel, UnknownGroup, UnknownPerson, NothingToScreen)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def screen(request: Request, caller: AuthenticatedCaller) -> Response:
        async with form_reader.form(request) as fields:
            context = await asyncio.to_thread(service.context, caller)
            form = await forms.read(fields, policy, context, max_photos)
            work = screen_all(caller, form, context, language_of(request.headers))
            document = await unless_disconnected(request, work)
        return AsciiJSONResponse(document)

    @routes.get(
        "/{screening}",
        summary="The same object again, for the key that sent the photo, while it is kept and still holds",
        responses=schema.ok("One photo's object.", Judged | Unjudged, one=schema.JUDGED)
        | schema.problems(NotFound, NoLongerValid)
        | schema.any_error(),
    )
    async def show(request: Request, screening: str, caller: AuditedCaller) -> Response:
        cached = await still_valid(screening, caller)
        return AsciiJSONResponse(document_of(cached, language_of(request.headers)))

    async def decide_again(request: Request, caller: Caller, change: Callable[[], PendingRejudgement]) -> Response:
        """The answer to something that was said of a photo, once the photo was judged again."""

        async def judge() -> CachedScreening:
            pending = await asyncio.to_thread(change)
            result = await settled(pending.future)
            given = await asyncio.to_thread(service.record_given_again, caller, pending, result)
            earlier = cache.get(caller, pending.screening_id)
            return CachedScreening(caller, earlier.file if earlier else "", given, pending.rejudgement.number)

        async with concurrency.slot(caller):
            cached = await unless_disconnected(request, judge())
        return AsciiJSONResponse(store(cached, language_of(request.headers)))

    add_answers(routes, service=service, screeners=screeners, form_reader=form_reader, decide_again=decide_again)

    add_own_child(routes, copies=copies, screeners=screeners, concurrency=concurrency)

    @routes.post(
        "/{screening}/overrides",
        summary="Set a rule aside for this photo on one channel, and decide again",
        responses=schema.ok("One photo's object.", Judged | Unjudged, one=schema.JUDGED)
        | schema.problems(Forbidden, NotFound, PhotoGone, UnknownChannel, BadAnswers, BadRecord, BadForm)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def override(request: Request, screening: str, caller: AuthenticatedCaller, body: Override) -> Response:
        await asyncio.to_thread(service.set_aside, caller, screening, body.channel, body.rule, body.reason)
        return await decide_again(request, caller, partial(service.rejudge, screeners, caller, screening, Answers()))

    @routes.get(
        "/{screening}/renditions/{channel}",
        summary="The photo as it may be published on a channel",
        response_class=Response,
        responses=JPEG | schema.problems(NotFound, NoLongerValid) | schema.any_error(),
    )
    async def rendition(screening: str, channel: str, caller: AuditedCaller) -> Response:
        made = (await still_valid(screening, caller)).given.screening.renditions.get(channel)
        if made is None:
            raise NotFound(
                Text(
                    nl="Voor dit kanaal is er geen versie om te plaatsen.", en="There is no rendition for this channel."
                ),
                hint=Text(nl="Kijk naar de redenen bij het oordeel.", en="See the verdict's reasons."),
            )
        return given_once(made)

    return routes


def _places(screening: Screening) -> dict[ChannelId, dict[str, str]]:
    return {channel: {"href": f"{PATH}/{screening.id}/renditions/{channel}"} for channel in screening.renditions}
