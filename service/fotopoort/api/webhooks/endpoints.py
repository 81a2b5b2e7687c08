"""Who is told of what happens, and what became of each message: for the privacy officer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.registry.transactions import PROBLEMS, REFUSALS, Done, RegistryTransactions
from fotopoort.application.contract.documents import Document
from fotopoort.errors import AlreadyThere
from fotopoort.registry.access.roles import Act
from fotopoort.registry.registry import Session
from fotopoort.registry.webhooks import deliveries, endpoints
from fotopoort.registry.webhooks.deliveries import Delivery
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType
from fotopoort.webhooks import delivery
from fotopoort.webhooks.registration import add_endpoint, rotate_key


class NewEndpoint(Document):
    """An address to tell."""

    url: str
    events: Annotated[list[EventType], Field(default_factory=list, description="Of what it is told; none: of all.")]
    networks: Annotated[
        list[str], Field(default_factory=list, description="Its address must lie in one of them; none: any public one.")
    ]
    shared_secret: Annotated[bool, Field(description="Sign with a secret that both have (v1), not with a key.")] = False


class AddedEndpoint(Document):
    """An address that is told from now on."""

    id: str
    key: Annotated[str, Field(description="To verify with: a public key, or a secret that is shown only now.")]


class EndpointKey(Document):
    """A key that an endpoint's messages are signed with from now on."""

    key: Annotated[str, Field(description="To verify with: a public key, or a secret that is shown only now.")]


class Resend(Document):
    """Which message to send again."""

    message: Annotated[str | None, Field(description="The `id` of a message that was given up; null: all.")] = None


class Resent(Document):
    """How many messages are sent again."""

    count: int


def router(transactions: RegistryTransactions) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/webhooks", responses=PROBLEMS)
    run, do, manage = transactions.run_as_response, transactions.do, Act.MANAGE_WEBHOOKS

    @routes.get("", summary="Every address that is told", responses=schema.ok("", list[Endpoint]))
    async def list_endpoints(request: Request, caller: AuthenticatedCaller) -> Response:
        return await run(request, caller, manage, endpoints.endpoints)

    @routes.post("", summary="Tell an address", responses=schema.ok("It is told.", AddedEndpoint) | REFUSALS)
    async def add(request: Request, caller: AuthenticatedCaller, new: NewEndpoint) -> Response:
        def work(session: Session) -> AddedEndpoint:
            added, key = add_endpoint(
                session, new.url, events=new.events, networks=new.networks, shared_secret=new.shared_secret
            )
            return AddedEndpoint(id=added.id, key=key)

        return await run(request, caller, manage, lambda session: work(session).as_json())

    @routes.get("/dead", summary="Messages that were given up", responses=schema.ok("", list[Delivery]))
    async def list_dead(request: Request, caller: AuthenticatedCaller) -> Response:
        return await run(request, caller, manage, deliveries.deliveries)

    @routes.post("/resend", summary="Send what was given up again", responses=schema.ok("", Resent) | REFUSALS)
    async def send_again(request: Request, caller: AuthenticatedCaller, which: Resend) -> Response:
        return await run(request, caller, manage, lambda session: {"count": delivery.resend(session, which.message)})

    @routes.post("/{endpoint}/disable", summary="Tell an address nothing", responses=schema.ok("", Done) | REFUSALS)
    async def disable(request: Request, caller: AuthenticatedCaller, endpoint: str) -> Response:
        return await do(request, caller, manage, lambda session: endpoints.disable(session, endpoint))

    @routes.post("/{endpoint}/enable", summary="Tell an address again", responses=schema.ok("", Done) | REFUSALS)
    async def enable(request: Request, caller: AuthenticatedCaller, endpoint: str) -> Response:
        return await do(request, caller, manage, lambda session: delivery.enable(session, endpoint))

    @routes.post(
        "/{endpoint}/rotate-key",
        summary="Sign with a new key too",
        responses=schema.ok("The old key signs too, until it is dropped.", EndpointKey)
        | REFUSALS
        | schema.problems(AlreadyThere),
    )
    async def rotate(request: Request, caller: AuthenticatedCaller, endpoint: str) -> Response:
        return await run(request, caller, manage, lambda session: {"key": rotate_key(session, endpoint)})

    @routes.post(
        "/{endpoint}/drop-old-key", summary="Sign with the newest key alone", responses=schema.ok("", Done) | REFUSALS
    )
    async def drop_old(request: Request, caller: AuthenticatedCaller, endpoint: str) -> Response:
        return await do(request, caller, manage, lambda session: endpoints.drop_old_keys(session, endpoint))

    @routes.delete("/{endpoint}", summary="Forget an address", responses=schema.ok("", Done) | REFUSALS)
    async def remove(request: Request, caller: AuthenticatedCaller, endpoint: str) -> Response:
        return await do(request, caller, manage, lambda session: endpoints.remove(session, endpoint))

    return routes
