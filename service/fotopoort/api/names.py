"""`/v1/names`: a message without a photo; is there a child's name in it?"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuditedCaller
from fotopoort.api.limits.concurrency import unless_disconnected
from fotopoort.api.text_search import TextSearch
from fotopoort.application.contract.documents import Document
from fotopoort.application.contract.statements import CheckedText
from fotopoort.application.service import ScreeningService
from fotopoort.errors import (
    BadForm,
    Busy,
    FotopoortError,
    HostNotAllowed,
    NoNames,
    NotAllowed,
    Overloaded,
    RegistryUnavailable,
    TextTooLong,
    TooLarge,
    UnknownGroup,
    UploadStalled,
)


class Message(Document):
    text: Annotated[str, Field(examples=["Sem en Noor bouwen een toren."])]
    groups: list[str] = Field(default=[], description="Whom it is about: their names are looked for more strictly.")


CHECKED = {
    "text": "Sem bouwt een toren.",
    "hits": [{"start": 0, "end": 3, "text": "Sem", "person": "p4", "certain": True}],
    "clean": "Een kind bouwt een toren.",
}


def router(service: ScreeningService, texts: TextSearch) -> APIRouter:
    """The route about texts; it wants a key."""
    routes = APIRouter(prefix="/v1/names", responses=schema.problems(NotAllowed, HostNotAllowed))

    @routes.post(
        "",
        summary="Look for children's names in a text",
        responses=schema.ok("The names, and the text without them.", CheckedText, names=CHECKED)
        | schema.problems(BadForm, UnknownGroup, NoNames, TextTooLong, TooLarge, RegistryUnavailable, FotopoortError)
        | schema.problems(Busy, Overloaded, UploadStalled),
    )
    async def check(request: Request, message: Message, caller: AuditedCaller) -> Response:
        names = await asyncio.to_thread(service.names_to_find, caller, frozenset(message.groups))
        document = await unless_disconnected(request, texts.found(caller, names, message.text))
        return Response(document, media_type="application/json")

    return routes
