"""How many connections there may be, and how long each may take to say what it wants and to take its answer."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from starlette.datastructures import Headers
from uvicorn.protocols.http.h11_impl import H11Protocol

from fotopoort.api.responses import problem
from fotopoort.errors import UploadStalled


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What the service puts up with.

    Attributes:
        connections: at a time. The next one takes the place of the one that has had nothing to do for the longest time.
        requests: under way at a time; fewer, so that there is always one that has nothing to do.
        head_seconds: for the head of a request, from its first byte, or from the beginning of the connection.
        idle_seconds: between two requests.
        write_seconds: for somebody who does not take in the answer.
        head_bytes: of the head of a request.
    """

    connections: int = 512  # of 1024 files that a process may have open
    requests: int = 256
    head_seconds: float = 10
    idle_seconds: int = 5
    write_seconds: float = 60
    head_bytes: int = 16_384


class BoundedProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, which by itself waits forever for the head of a request and for a slow reader."""

    def __init__(self, limits: ConnectionLimits, **given: Any) -> None:  # noqa: ANN401 - as uvicorn gives them
        super().__init__(**given)
        self._limits = limits
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._idle_since = self.loop.time()

    @property
    def can_go(self) -> bool:
        """Whether nothing is being done for it: there is no request, or it has been answered."""
        return self.cycle is None or self.cycle.response_started

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self._limits.head_seconds, self._give_up)
        if len(self.connections) > self._limits.connections:
            others = (other for other in self.connections if isinstance(other, BoundedProtocol) and other is not self)
            idle = [other for other in others if other.can_go]
            longest = min(idle, key=lambda other: other._idle_since, default=self)
            self.connections.discard(longest)
            longest.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.is_idle:
            self._stop_head_timer()
        elif self._head_timer is None:  # a further request begins; or what nobody reads goes on
            self._head_timer = self.loop.call_later(self._limits.head_seconds, self._give_up)

    def on_response_complete(self) -> None:
        self._idle_since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(self._limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_write_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._stop_head_timer()
        self._stop_write_timer()

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _give_up(self) -> None:
        """The head of a request did not come in time."""
        if self.transport.is_closing():
            return
        answer = problem(UploadStalled(), Headers(), {"Connection": "close"})
        head = [b"HTTP/1.1 408 Request Timeout", *(b": ".join(header) for header in answer.raw_headers)]
        self.transport.write(b"\r\n".join([*head, b"", bytes(answer.body)]))
        self.transport.close()


@dataclass(frozen=True, slots=True)
class Tls:
    """The files with which the service speaks HTTPS: its certificate, with those of who signed it, and its key."""

    certificate: Path
    key: Path


class Server(uvicorn.Server):
    """The server, which tells the application that it stops before it waits for requests under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if begin := getattr(self.config.app.state, "begin_to_stop", None):  # type: ignore[union-attr]
            begin()
        await super().shutdown(sockets)


def server(
    app: FastAPI, limits: ConnectionLimits, *, seconds_to_finish: int | None = None, tls: Tls | None = None
) -> uvicorn.Server:
    """What listens, and hands requests to the application.

    Args:
        tls: None: without HTTPS.
        seconds_to_finish: for requests under way when the service is told to stop.
    """
    protocol = partial(BoundedProtocol, limits)
    return Server(
        uvicorn.Config(
            app,
            http=cast(type[asyncio.Protocol], protocol),
            access_log=False,  # its lines hold addresses as they were typed; api/middleware.py writes ours
            log_config=None,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            timeout_keep_alive=limits.idle_seconds,
            timeout_graceful_shutdown=seconds_to_finish,
            h11_max_incomplete_event_size=limits.head_bytes,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
    )
