"""`/v1/screenings/{id}/answers`: what a teacher says of a photo that was screened before, and takes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from fotopoort.api import schema
from fotopoort.api.auth import AuditedCaller, AuthenticatedCaller
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.documents import Judged, Unjudged
from fotopoort.application.contract.statements import AnswerLog, answers_document
from fotopoort.application.pending import PendingRejudgement
from fotopoort.application.service import ScreeningService
from fotopoort.errors import (
    BadAnswers,
    BadForm,
    Busy,
    FotopoortError,
    NotFound,
    Overloaded,
    PhotoGone,
    TooLarge,
    UnknownGroup,
    UnknownPerson,
)
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.answers.answers import parse_answers, read_json
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.vocabulary import Answers

DecideAgain: TypeAlias = Callable[[Request, Caller, Callable[[], PendingRejudgement]], Awaitable[Response]]
Number = Annotated[int, Path(ge=0, le=1_000_000, description="Of the answer, as the answer to it told.")]

DECIDED: schema.Responses = schema.ok("One photo's object.", Judged | Unjudged, one=schema.JUDGED | {"answer": 1})
LATER: schema.Responses = schema.problems(Busy, Overloaded, FotopoortError)
SAID = (
    DECIDED | schema.problems(NotFound, PhotoGone, BadAnswers, BadForm, UnknownGroup, UnknownPerson, TooLarge) | LATER
)
RETRACTED = DECIDED | schema.problems(NotFound, PhotoGone, BadAnswers, BadForm) | LATER


def add_answers(
    routes: APIRouter,
    *,
    service: ScreeningService,
    screeners: ScreeningPool,
    form_reader: FormReader,
    decide_again: DecideAgain,
) -> None:
    """Add the routes about answers.

    Args:
        decide_again: judges a photo again after a change, and answers with what comes of it.
    """

    async def read(request: Request, caller: Caller) -> Answers:
        text = (await form_reader.text(request)).decode("utf-8", "replace")
        context = await asyncio.to_thread(service.context, caller)
        return await asyncio.to_thread(lambda: parse_answers(read_json(text), context.people))

    @routes.get(
        "/{screening}/answers",
        summary="What was said of this photo, with the number by which each answer can be taken back",
        responses=schema.ok("In the order in which it was said.", AnswerLog, log=schema.ANSWER_LOG)
        | schema.problems(NotFound)
        | schema.any_error(),
    )
    async def log(screening: str, caller: AuditedCaller) -> Response:
        entries = await asyncio.to_thread(service.answer_log, caller, screening)
        return AsciiJSONResponse(answers_document(entries))

    @routes.post(
        "/{screening}/answers",
        summary="Decide again with what the teacher says of this photo",
        openapi_extra={"requestBody": schema.ANSWERS},
        responses=SAID,
    )
    async def answer(request: Request, screening: str, caller: AuthenticatedCaller) -> Response:
        answers = await read(request, caller)
        return await decide_again(request, caller, partial(service.rejudge, screeners, caller, screening, answers))

    @routes.put(
        "/{screening}/answers/{number}",
        summary="Say something else in place of an earlier answer, and decide again",
        openapi_extra={"requestBody": schema.ANSWERS},
        responses=SAID,
    )
    async def replace(request: Request, screening: str, number: Number, caller: AuthenticatedCaller) -> Response:
        answers = await read(request, caller)
        change = partial(service.rejudge, screeners, caller, screening, answers, replaces=number)
        return await decide_again(request, caller, change)

    @routes.delete(
        "/{screening}/answers/{number}",
        summary="Take an answer back, and decide again as if it had never been given",
        responses=RETRACTED,
    )
    async def retract(request: Request, screening: str, number: Number, caller: AuthenticatedCaller) -> Response:
        return await decide_again(request, caller, partial(service.retract, screeners, caller, screening, number))
