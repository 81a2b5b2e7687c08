"""Where sources tell of photos: who they are is told by how they signed, not by a key."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.limits.bodies import SIGNED_BYTES
from fotopoort.api.limits.concurrency import ConcurrencyLimit
from fotopoort.api.registry.transactions import RegistryTransactions
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.application.contract.documents import Document
from fotopoort.application.gate.notices import PATH as GATE
from fotopoort.errors import (
    BadForm,
    BadRecord,
    BadSignature,
    Busy,
    Forbidden,
    HostNotAllowed,
    NotAllowed,
    NotFound,
    Overloaded,
    RegistryUnavailable,
    TooLarge,
    UnknownChannel,
    UploadStalled,
)
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.registry import Session
from fotopoort.registry.webhooks import incoming, sources
from fotopoort.registry.webhooks.incoming import IncomingState
from fotopoort.vocabulary import Text
from fotopoort.webhooks.incoming import IncomingMessage, IncomingPhotos
from fotopoort.webhooks.signatures import ID, SIGNATURE, TIMESTAMP

SourceId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The id of the source.")]
IncomingId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The `id` that was answered.")]
STATUS: Final = {"waiting": "pending", "done": "done", "dead": "failed"}


class Received(Document):
    """A photo is going to be fetched."""

    id: Annotated[str, Field(description="Of the same message the same.")]
    href: Annotated[str, Field(description="What became of it.")]


class GateLink(Document):
    """What was made of a photo."""

    id: str
    href: str


class IncomingDocument(Received):
    """A photo that was told of, and what became of it."""

    status: Literal["pending", "done", "failed"]
    gate: Annotated[GateLink | None, Field(description="Where its outcome is; null until it was fetched.")]
    error: Annotated[str | None, Field(description="The code of what went wrong last.")]


_HREF: Final = f"{sources.PATH}9f86d081884c7d65/0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f"
_RECEIVED: Final = {"id": _HREF[-32:], "href": _HREF}
_GATE_ID: Final = "g_1f3d5b7a9c8e4f6d8b0a2c4e6f8a0b1c"
_FETCHED: Final = _RECEIVED | {"status": "done", "gate": {"id": _GATE_ID, "href": f"{GATE}/{_GATE_ID}"}, "error": None}
_TOLD: Final[dict[str, Any]] = {
    "type": "media.uploaded",
    "timestamp": "2026-11-24T12:00:00Z",
    "data": {"href": "https://school.example/uploads/sportdag.jpg", "channel": "website", "group": ["groep 5"]},
}


def router(photos: IncomingPhotos, transactions: RegistryTransactions, concurrency: ConcurrencyLimit) -> APIRouter:
    """The routes.

    Args:
        concurrency: for messages that are verified at the same time: anybody can send one.
    """
    routes = APIRouter(prefix=sources.PATH.rstrip("/"))

    @routes.post(
        "/{source}",
        status_code=202,
        summary="Tell of a photo, by a message that is signed as the Standard Webhooks specification says",
        responses=_accepted()
        | schema.problems(
            BadSignature, BadForm, BadRecord, UnknownChannel, Forbidden, TooLarge, UploadStalled, HostNotAllowed,
            RegistryUnavailable, Busy, Overloaded,
        )
        | schema.any_error(),
        openapi_extra={"requestBody": _message(), "parameters": [_header(name) for name in (ID, TIMESTAMP, SIGNATURE)]},
    )  # fmt: skip
    async def receive(request: Request, source: SourceId) -> Response:
        body = await request.body()
        async with concurrency.slot(Caller("", source, KeyRole.CMS)):
            id_ = await asyncio.to_thread(photos.receive, source, request.headers.items(), body)
        return AsciiJSONResponse({"id": id_, "href": f"{sources.PATH}{source}/{id_}"}, status_code=202)

    @routes.get(
        "/{source}/{incoming_id}",
        summary="What became of a photo that was told of",
        responses=schema.ok("That.", IncomingDocument, fetched=_FETCHED)
        | schema.problems(
            NotAllowed, Forbidden, NotFound, BadForm, HostNotAllowed, RegistryUnavailable, Busy, Overloaded
        )
        | schema.any_error(),
    )
    async def look_up(caller: AuthenticatedCaller, source: SourceId, incoming_id: IncomingId) -> Response:
        def read(session: Session) -> IncomingState:
            found = sources.find(session, source)
            state = incoming.state(session, source, incoming_id)
            if found is None or found[0].id != caller.id or state is None:
                raise NotFound(
                    Text(nl="Hiervan is niets bekend.", en="Nothing is known of this."),
                    hint=Text(
                        nl="Vraag het met de API-sleutel van deze afzender.", en="Ask with the API key of this source."
                    ),
                )
            return state

        state = await transactions.read(caller, Act.GATE, read)
        gate = {"id": state.result, "href": f"{GATE}/{state.result}"} if state.result else None
        told = {"id": state.id, "href": f"{sources.PATH}{source}/{state.id}", "status": STATUS[state.state]}
        return AsciiJSONResponse(told | {"gate": gate, "error": state.error})

    return routes


def _accepted() -> schema.Responses:
    content = {"application/json": {"examples": {"received": {"value": _RECEIVED}}}}
    return {202: {"description": "It is going to be fetched.", "model": Received, "content": content}}


def _message() -> dict[str, Any]:
    described = IncomingMessage.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = described.pop("$defs")
    described["properties"]["data"] = definitions["UploadedMedia"]  # in place: it is used nowhere else
    return {
        "required": True,
        "description": f"Less than {SIGNED_BYTES} bytes.",
        "content": {"application/json": {"schema": described, "example": _TOLD}},
    }


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
