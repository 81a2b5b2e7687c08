"""`/v1/screenings/{id}/own-child`: the copy of a photo for the parents of one child, which the office makes."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.limits.concurrency import ConcurrencyLimit, unless_disconnected
from fotopoort.application.contract.documents import Document
from fotopoort.application.parents.own_child import OwnChildCopies
from fotopoort.errors import (
    BadForm,
    Busy,
    Forbidden,
    FotopoortError,
    NoCopy,
    NotFound,
    Overloaded,
    PhotoGone,
    UnknownPerson,
)
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.vocabulary import Rendition

JPEG: schema.Responses = {200: {"description": "A JPEG.", "content": {"image/jpeg": {}}}}


class OwnChild(Document):
    child: Annotated[str, Field(description="The id of the child that was pointed out in the photo.", examples=["p4"])]
    crop: Annotated[bool, Field(description="The part with that child alone, where there is one.")] = False


def add_own_child(
    routes: APIRouter, *, copies: OwnChildCopies, screeners: ScreeningPool, concurrency: ConcurrencyLimit
) -> None:
    """Add the route for the office."""

    @routes.post(
        "/{screening}/own-child",
        summary="The photo for the parents of one child: all others covered, or the part with that child alone",
        response_class=Response,
        responses=JPEG
        | schema.problems(Forbidden, NotFound, PhotoGone, NoCopy, UnknownPerson, BadForm)
        | schema.problems(Busy, Overloaded, FotopoortError),
    )
    async def own_child(request: Request, screening: str, caller: AuthenticatedCaller, body: OwnChild) -> Response:
        def make() -> Rendition:
            return copies.of_screening(screeners, caller, screening, body.child, crop=body.crop).rendition

        async with concurrency.slot(caller):
            return given_once(await unless_disconnected(request, asyncio.to_thread(make)))


def given_once(made: Rendition) -> Response:
    """A rendition, for whoever asked and nobody after them."""
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="foto-{made.sha256[:12]}.jpg"',
        "ETag": f'"{made.sha256}"',
    }
    return Response(made.jpeg, media_type="image/jpeg", headers=headers)
