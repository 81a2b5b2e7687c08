"""Tells whoever looks at a post that it changed. What changed they ask for themselves: an event says nothing else."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.posts.transactions import READ, PostId, PostTransactions
from fotopoort.errors import Busy, FotopoortError
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.posts import posts
from fotopoort.registry.registry import Session

SECONDS_BETWEEN_LOOKS: Final = 0.7
SECONDS_BETWEEN_SIGNS: Final = 10.0  # of life, where nothing changes
SECONDS_OF_A_STREAM: Final = 50.0  # then the browser comes back, and it is found out anew who that is
RETRY: Final = 2_000  # milliseconds until it does
MAX_STREAMS: Final = 64
MAX_STREAMS_OF_ONE: Final = 6  # tabs of one person
EVENTS: Final[schema.Responses] = {
    200: {"description": "An event `changed` for each revision, with that.", "content": {"text/event-stream": {}}}
}


class _Stream(EventSourceResponse):
    """A stream of events that tells when it is over, however it ends.

    Args:
        ended: called then, once.
    """

    def __init__(self, content: AsyncIterator[bytes], headers: Mapping[str, str], ended: Callable[[], object]) -> None:
        super().__init__(content, headers=headers)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


def add_events(routes: APIRouter, transactions: PostTransactions, stopping: asyncio.Event) -> None:
    """Add the route.

    Args:
        stopping: set when the service stops: streams end then, and whoever listens comes back to another one.
    """
    streams: Counter[tuple[str, str]] = Counter()

    @routes.get(
        "/{post}/events",
        summary="Be told that a post changed",
        description="Server-sent events. A stream ends by itself after a while; then ask again.",
        response_class=Response,
        responses=EVENTS | READ | schema.problems(Busy),
    )
    async def events(request: Request, caller: AuthenticatedCaller, post: PostId) -> Response:
        first = await transactions.read(caller, lambda session: _state(session, post))
        who = caller.tenant, caller.id
        if streams.total() >= MAX_STREAMS or streams[who] >= MAX_STREAMS_OF_ONE:
            raise Busy
        streams[who] += 1  # now: others ask before this one has begun
        headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
        content = _events(request, transactions, caller, post, first, stopping)
        return _Stream(content, headers, lambda: streams.subtract([who]))


async def _events(
    request: Request,
    transactions: PostTransactions,
    caller: Caller,
    post: str,
    first: tuple[int, str],
    stopping: asyncio.Event,
) -> AsyncIterator[bytes]:
    clock = asyncio.get_running_loop().time
    ends, told, state = clock() + SECONDS_OF_A_STREAM, clock(), first
    yield _event(state, retry=RETRY)
    while clock() < ends and state[1] == posts.PostState.OPEN and not await request.is_disconnected():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), SECONDS_BETWEEN_LOOKS)
            return
        try:
            now = await transactions.read(caller, lambda session: _state(session, post))
        except FotopoortError:  # it is out of reach now, or the registry is: whoever comes back is told
            return
        if now != state:
            state, told = now, clock()
            yield _event(state)
        elif clock() - told > SECONDS_BETWEEN_SIGNS:
            told = clock()
            yield KEEPALIVE_COMMENT


def _state(session: Session, post: str) -> tuple[int, str]:
    record = posts.get(session, post)
    return record.revision, record.state.value


def _event(state: tuple[int, str], retry: int | None = None) -> bytes:
    revision, of_post = state
    data = json.dumps({"revision": revision, "state": of_post})
    return format_sse_event(event="changed", data_str=data, id=str(revision), retry=retry)
