"""What every request passes on its way in, and every answer on its way out."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
import uuid
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fotopoort import logs
from fotopoort.api.responses import problem
from fotopoort.errors import FotopoortError, HostNotAllowed, Overloaded
from fotopoort.settings import LOOPBACK

log = logging.getLogger(__name__)

SECONDS_TO_START = 10  # of a service that was stopped to be started anew
UNKNOWN = "-"  # in the place of a route or method that is none of ours: it may be any word
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class Envelope:
    """Gives each request an id, logs one line about it, and answers for exceptions that nothing else caught.

    The line names the route, never the address as it was typed nor anything that was sent: a child's name may be in
    them. For the same reason an unexpected exception is logged by its type and place, not by its message.

    Args:
        observe: told of each request that was answered: method, route, status and seconds.
    """

    def __init__(self, app: ASGIApp, observe: Callable[[str, str, int, float], None]) -> None:
        self.app, self._observe = app, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else UNKNOWN
        request_id, start, status = uuid.uuid4().hex[:16], time.perf_counter(), 0

        async def send_stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        with logs.about(request=request_id):
            try:
                await self.app(scope, receive, send_stamped)
            except asyncio.CancelledError:  # the service stops, and this took longer than it waits for
                if status:
                    raise
                again = {"Retry-After": str(SECONDS_TO_START), "Connection": "close"}
                await problem(Overloaded(), Headers(scope=scope), again)(scope, receive, send_stamped)
            except Exception as error:
                log.error("%s %s", request_id, logs.described(type(error), error.__traceback__))
                if not status:
                    await problem(FotopoortError(), Headers(scope=scope))(scope, receive, send_stamped)
            finally:
                seconds, route = time.perf_counter() - start, _route(scope)
                facts = logs.fields(method=method, route=route, status=status, ms=round(seconds * 1000))
                self._observe(method, route, status, seconds)
                log.info("%s %s %s %d %.0f ms", request_id, method, route, status, seconds * 1000, extra=facts)


class KnownHosts:
    """Refuses requests meant for a host name that is not ours.

    A page in a browser on this machine can have its own name resolved to 127.0.0.1 (DNS rebinding), and then its
    requests reach us. The name in the Host header gives it away.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self.app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _host(Headers(scope=scope).get("host", "")) not in self._names:
            await problem(HostNotAllowed(), Headers(scope=scope))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def known_hosts(host: str, public_url: str | None) -> frozenset[str]:
    """The names by which requests may be meant for us; none: any.

    Args:
        host: the address that the service listens on.
        public_url: by which people reach it through a proxy.
    """
    public = _host(urlsplit(public_url).netloc) if public_url else None
    if public is not None:
        return frozenset({*LOOPBACK, public, host})
    return frozenset({*LOOPBACK, host}) if is_loopback(host) else frozenset()


def is_loopback(host: str) -> bool:
    """Whether this address reaches this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(header: str) -> str | None:
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", UNKNOWN)
