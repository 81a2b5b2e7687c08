"""A photo or a text in; whether it may be published out, and the rendition to publish."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Header, Path, Query, Request, Response

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.gate import examples
from fotopoort.api.gate import form as forms
from fotopoort.api.limits.bodies import Body
from fotopoort.api.limits.uploads import FormReader
from fotopoort.api.registry.transactions import RegistryTransactions
from fotopoort.api.responses import AsciiJSONResponse
from fotopoort.api.screenings.own_child import JPEG
from fotopoort.application.contract.documents import Json
from fotopoort.application.contract.gate import GateDocument
from fotopoort.application.gate.notices import PATH
from fotopoort.application.gate.requests import MAX_KEY
from fotopoort.application.gate.service import Gate
from fotopoort.errors import (
    BadForm,
    BadRecord,
    Busy,
    Forbidden,
    FotopoortError,
    FutureDay,
    HostNotAllowed,
    IdempotencyConflict,
    NoLongerValid,
    NotAForm,
    NotAllowed,
    NotFound,
    NothingToPublish,
    NothingToScreen,
    NotJudged,
    Overloaded,
    PdfNotJudged,
    PhotoGone,
    PostEnded,
    RegistryUnavailable,
    TextTooLong,
    TooLarge,
    UnknownChannel,
    UnknownGroup,
    UploadStalled,
    VideoNotJudged,
)
from fotopoort.policy.policy import Policy
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.gate import gates
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import Text

Result = TypeVar("Result")

MAX_WAITING: Final = 16  # requests of one key that wait for an answer at a time
MAX_ATTEMPTS: Final = 3  # at answering with what is on record
FIRST_LOOK, LAST_LOOK = 0.1, 0.5  # seconds between two looks whether there is one
SECONDS_TO_RETRY: Final = 5  # for a photo that is still looked at
NEVER_CACHED: Final = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}

PROBLEMS = schema.problems(NotAllowed, Forbidden, HostNotAllowed, RegistryUnavailable, Busy, Overloaded)
SENT = schema.problems(
    BadForm, BadRecord, FutureDay, NothingToScreen, UnknownChannel, UnknownGroup, NotAForm, NotJudged, PdfNotJudged,
    VideoNotJudged, IdempotencyConflict, TextTooLong, TooLarge, UploadStalled,
)  # fmt: skip

Which = Annotated[
    str,
    Path(
        pattern="^(g_[0-9a-f]{32}|[0-9a-f]{64})$",
        description="The SHA-256 of what was sent, or of a rendition that was given; or the `id`.",
    ),
]


def router(
    gate: Gate,
    transactions: RegistryTransactions,
    *,
    policy: Policy,
    form_reader: FormReader,
    max_bytes: int,
    public_url: str | None,
) -> APIRouter:
    """The routes of the gate, for every key.

    Args:
        max_bytes: of a photo.
        public_url: where people find the pages; None: where the request came.
    """
    routes = APIRouter(prefix=PATH, responses=PROBLEMS)
    waiting = Counter[tuple[str, str]]()  # by school and key

    async def write(caller: Caller, work: Callable[[Session], Result]) -> Result:
        done = await transactions.write(caller, Act.GATE, work)
        gate.wake()
        return done

    async def told(request: Request, caller: Caller, which: str, channel: str | None, *, first: bool) -> Json:
        """What holds now, once it is on record that this is told.

        Args:
            first: see `ConcurrencyLimit.slot`.
        """
        page = (public_url or str(request.base_url)).rstrip("/")
        for attempt in range(MAX_ATTEMPTS):  # in between it may become otherwise
            document, is_told = await transactions.read(
                caller,
                Act.GATE,
                lambda session: gate.document(session, which, channel, page),
                first=first and attempt == 0,
            )
            if is_told or attempt == MAX_ATTEMPTS - 1:
                break
            await write(caller, lambda session: gate.tell(session, which, channel))
        return document

    async def settled(caller: Caller, gate_id: str, until: float) -> None:
        """Wait until it is not being looked at any more, or no longer."""
        clock, pause = asyncio.get_running_loop().time, FIRST_LOOK
        while not await transactions.read(
            caller, Act.GATE, lambda session: gate.is_settled(session, gate_id), first=False
        ):
            left = until - clock()
            if left <= 0:
                return
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.3, LAST_LOOK)

    @routes.post(
        "",
        summary="May this photo, or this text, be published on a channel?",
        description="The photo is looked at also when you leave. The same photo, channel, groups, text and reference"
        " again has the same `id`, and is not looked at twice. What needs a person waits on a page at school.",
        openapi_extra={"requestBody": forms.published(policy)},
        responses=schema.ok("What is decided.", GateDocument, done=examples.DONE, waits=examples.WAITS)
        | {
            202: schema.ok(
                "It is still being looked at. Ask again at `Location`.", GateDocument, pending=examples.PENDING
            )[200]
        }
        | SENT
        | schema.any_error(),
    )
    async def ask(
        request: Request,
        caller: AuthenticatedCaller,
        idempotency_key: Annotated[
            str, Header(max_length=MAX_KEY, description="Of the same request the same: it is done once.")
        ] = "",
    ) -> Response:
        caller.must(Act.GATE)
        today = await transactions.read(caller, Act.GATE, lambda session: session.today)
        async with form_reader.form(request) as form:
            given = await forms.read(form, today, idempotency_key)
        sender = caller.tenant, caller.id
        if waiting[sender] >= MAX_WAITING:
            raise Busy
        waiting[sender] += 1
        try:
            until = asyncio.get_running_loop().time() + given.seconds
            sent = given.request
            if sent.content is not None and len(sent.content) > max_bytes:
                raise TooLarge
            ticket = await write(caller, partial(gate.take_in, request=sent))
            del form, given, sent  # it is kept on the disk now
            body: Body = request.state.body
            body.let_go()
            await settled(caller, ticket.id, until)
            document = await told(request, caller, ticket.id, None, first=False)
        finally:
            waiting[sender] -= 1
            if not waiting[sender]:
                del waiting[sender]
        if document["status"] == "done":
            return AsciiJSONResponse(document, headers=NEVER_CACHED)
        headers = {"Location": f"{PATH}/{ticket.id}", "Retry-After": str(SECONDS_TO_RETRY)}
        return AsciiJSONResponse(document, 202, NEVER_CACHED | headers)

    @routes.get(
        "/{which}",
        summary="What holds now of what was sent, or of a rendition that was given",
        description="Of your own key alone. With `holds` false, take down what you published.",
        responses=schema.ok("What holds now.", GateDocument, done=examples.DONE, waits=examples.WAITS)
        | schema.problems(NotFound, BadForm, FotopoortError),
    )
    async def show(
        request: Request,
        caller: AuthenticatedCaller,
        which: Which,
        channel: Annotated[str | None, Query(max_length=100, description="Where it is or would be published.")] = None,
    ) -> Response:
        if channel is None and not which.startswith(gates.ID):
            raise BadForm(
                Text(nl="Er is niet gezegd op welk kanaal.", en="It is not said on which channel."),
                hint=Text(nl="Zet ?channel= in het adres.", en="Put ?channel= in the address."),
            )
        document = await told(request, caller, which, channel, first=True)
        pending = {"Retry-After": str(SECONDS_TO_RETRY)} if document["status"] == "pending" else {}
        return AsciiJSONResponse(document, headers=NEVER_CACHED | pending)

    @routes.get(
        "/{id}/rendition",
        summary="The photo as it may be published now",
        response_class=Response,
        responses=JPEG
        | schema.problems(NotFound, NoLongerValid, NothingToPublish, PhotoGone, PostEnded, BadForm, FotopoortError),
    )
    async def rendition(
        caller: AuthenticatedCaller, id: Annotated[str, Path(pattern="^g_[0-9a-f]{32}$", description="The `id`.")]
    ) -> Response:
        sha256, jpeg = await transactions.read(caller, Act.GATE, lambda session: gate.rendition(session, id))
        headers = NEVER_CACHED | {
            "Content-Disposition": f'inline; filename="foto-{sha256[:12]}.jpg"',
            "ETag": f'"{sha256}"',
        }
        return Response(jpeg, media_type="image/jpeg", headers=headers)

    return routes
