"""What every request passes: somebody whose request is broken off by a service that stops is told to come again."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from fotopoort.api.middleware import Envelope

SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": []}


async def cancelled(begins: bool) -> tuple[list[Message], list[tuple[Any, ...]]]:
    """What is sent, and counted, where a request is cancelled, before its answer began or after."""
    sent, counted, started = list[Message](), list[tuple[Any, ...]](), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begins:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        started.set()
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    envelope = Envelope(app, lambda *told: counted.append(told))
    task = asyncio.create_task(envelope(dict(SCOPE), receive, send))
    await started.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return sent, counted


def test_a_request_that_is_broken_off_is_told_to_come_again() -> None:
    (start, body), counted = asyncio.run(cancelled(begins=False))
    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"10"
    assert json.loads(body["body"])["error"]["code"] == "overloaded"
    assert [told[:3] for told in counted] == [("POST", "-", 503)]


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    sent, _ = asyncio.run(cancelled(begins=True))
    assert [message["status"] for message in sent] == [200]
