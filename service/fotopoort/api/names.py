"""`/v1/names`: a message without a photo; is there a child's name in it?"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuditedCaller
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.build import names_document
from fotopoort.application.contract.documents import CheckedText, Document
from fotopoort.application.service import ScreeningService
from fotopoort.errors import (
    BadForm,
    FotopoortError,
    HostNotAllowed,
    NoNames,
    NotAllowed,
    RegistryUnavailable,
    TextTooLong,
    TooLarge,
    UnknownGroup,
)


class Message(Document):
    text: Annotated[str, Field(examples=["Sem en Noor bouwen een toren."])]
    groups: list[str] = Field(default=[], description="Whom it is about: their names are looked for more strictly.")


CHECKED = {
    "text": "Sem bouwt een toren.",
    "hits": [{"start": 0, "end": 3, "text": "Sem", "person": "p4", "certain": True}],
    "clean": "Een kind bouwt een toren.",
}


def router(service: ScreeningService) -> APIRouter:
    """The route about texts; it wants a key."""
    routes = APIRouter(prefix="/v1/names", responses=schema.problems(NotAllowed, HostNotAllowed))

    @routes.post(
        "",
        summary="Look for children's names in a text",
        responses=schema.ok("The names, and the text without them.", CheckedText, names=CHECKED)
        | schema.problems(BadForm, UnknownGroup, NoNames, TextTooLong, TooLarge, RegistryUnavailable, FotopoortError),
    )
    async def check(message: Message, caller: AuditedCaller) -> Response:
        hits, clean = await asyncio.to_thread(service.find_names, caller, message.text, frozenset(message.groups))
        return AsciiJSONResponse(names_document(message.text, hits, clean))

    return routes
