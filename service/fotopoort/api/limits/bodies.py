"""What every request passes before anything of its body is read: who sent it, and how much it may send in what time."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fotopoort.api.auth import Authenticator
from fotopoort.api.responses import RefusedBody, problem
from fotopoort.errors import Busy, FotopoortError, Overloaded, TooLarge, UploadStalled
from fotopoort.registry.access.roles import Caller
from fotopoort.registry.webhooks.sources import PATH as SIGNED_PATH
from fotopoort.vocabulary import Text
from fotopoort.web import addresses, forms

MEGABYTE = 1_000_000
HEALTH = frozenset(("/healthz", "/readyz"))  # answered however many requests are under way
OPEN = HEALTH | {"/openapi.json"}  # need no key; and read no body
PART_BYTES = 64  # that each part of a body takes in memory beside its content: there may be millions of tiny parts
KEY_SHARE = 7 / 8  # of what may be held in memory: one key may take no more, which leaves the rest to the others
SIGNED_BYTES = 20_000  # of a message that says by its signature who sent it
MAX_FORMS = 32  # of pages, and signed messages, coming in at once: who sends them is not known yet
SECONDS_FOR_A_FORM = 10  # that comes in bits, as over a bad line
SECONDS_TO_RETRY = 5  # for requests to end, most of which take less
SMALL_BODY = Text(nl="Wat je hierheen stuurt, mag hooguit 2 MB zijn.", en="What is sent here may be at most 2 MB.")


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much a request may send, and in what time.

    Attributes:
        max_bytes: of one body, unless its route takes more.
        silent_seconds: an upload that pauses for longer is given up.
        grace_seconds: how long the service may wait for a body in all, plus a second for each `bytes_per_second` that
            came. Only waiting counts, so that a slow service does not give up uploads for its own slowness.
        bytes_per_second: the least that a slow line sends, half a megabit.
        linger_bytes, linger_seconds: how much of a refused body is still read and thrown away, and for how long: a
            client that is cut off while sending may never read the answer.
    """

    max_bytes: int = 2 * MEGABYTE
    silent_seconds: float = 30
    grace_seconds: float = 30
    bytes_per_second: int = 62_500
    linger_bytes: int = 8 * MEGABYTE
    linger_seconds: float = 2


class Bodies:
    """Lets requests in: so many at a time, each of a caller, and with bodies that are bounded in size, in pace and in
    what all of them together hold in memory. A connection whose body was not read to its end is closed.

    Pages find out for themselves who sent a request, as some are for people who have not logged in; they take in no
    more than a small form.

    Args:
        has_pages: whether there are any.
        limits: of each body.
        max_held: bytes that all bodies under way may hold together.
        max_requests: how many may be under way; those that ask for the service's health do not count.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        limits: BodyLimits,
        max_held: int,
        max_requests: int,
        has_pages: bool = False,
    ) -> None:
        self.app, self.limits, self._has_pages = app, limits, has_pages
        self._authenticator, self._max_held, self._max_requests = authenticator, max_held, max_requests
        self._held: Counter[Caller | None] = Counter()
        self._requests = self._forms = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = Body(self, scope, receive)
        send = _closing(body, send)
        counts = scope["path"] not in HEALTH
        is_page = self._has_pages and addresses.is_page(scope["path"])
        is_signed = scope["method"] == "POST" and scope["path"].startswith(SIGNED_PATH)
        is_form = (is_page or is_signed) and not body.is_over  # of somebody who is not known yet
        if (counts and self._requests >= self._max_requests) or (is_form and self._forms >= MAX_FORMS):
            retry = {"Retry-After": str(SECONDS_TO_RETRY)}
            await problem(Overloaded(), Headers(scope=scope), retry)(scope, receive, send)
            return
        self._requests += counts
        self._forms += is_form
        try:
            state = scope.setdefault("state", {})
            state["body"] = body
            if is_page:
                body.allow(forms.MAX_BYTES, grace_seconds=SECONDS_FOR_A_FORM)
            elif is_signed:
                body.allow(SIGNED_BYTES, grace_seconds=SECONDS_FOR_A_FORM)
            elif not body.is_over and scope["path"] not in OPEN:
                body.caller = state["caller"] = await self._authenticator.caller(Request(scope))
            await self.app(scope, body.receive, send)
        except FotopoortError as error:  # of the key: what a route raises has become an answer
            await problem(error, Headers(scope=scope))(scope, receive, send)
        finally:
            self._requests -= counts
            self._forms -= is_form
            body.let_go()

    def hold(self, caller: Caller | None, count: int) -> None:
        """Hold `count` bytes more.

        Raises:
            Busy: all requests together, or those of this key, would hold too much.
        """
        total, own = self._held.total() + count, self._held[caller] + count
        if total > self._max_held or own > KEY_SHARE * self._max_held:
            raise Busy
        self._held[caller] += count

    def let_go(self, caller: Caller | None, count: int) -> None:
        """Hold `count` bytes fewer."""
        self._held -= Counter({caller: count})


class Body:
    """The body of one request, as it comes in.

    Attributes:
        caller: whose it is.
        is_over: whether nothing more of it will come.
    """

    def __init__(self, bodies: Bodies, scope: Scope, receive: Receive) -> None:
        headers = Headers(scope=scope)
        self._bodies, self._receive, self._limits = bodies, receive, bodies.limits
        self._max_bytes, self._waited = bodies.limits.max_bytes, 0.0
        self._grace_seconds = bodies.limits.grace_seconds
        self._announced = int(headers.get("content-length", "0"))  # the HTTP parser accepts nothing but digits
        self._refusal: FotopoortError | None = None
        self.caller: Caller | None = None
        self._bytes = self._held = 0
        self.is_over = not self._announced and "transfer-encoding" not in headers

    def allow(self, max_bytes: int, *, grace_seconds: float | None = None) -> None:
        """Set how much this route accepts, and how long it waits for that, before anything is read."""
        self._max_bytes = max_bytes
        self._grace_seconds = self._grace_seconds if grace_seconds is None else grace_seconds

    async def receive(self) -> Message:
        """The next part, as ASGI has it.

        Raises:
            RefusedBody: the body is too large (`TooLarge`), all bodies together are (`Busy`), or it stopped coming
                (`UploadStalled`).
        """
        if self.is_over:
            return await self._receive()
        try:
            self._check()
            message = await self._next()
            if message["type"] == "http.request":
                count = len(message.get("body", b""))
                self._check(count)
                self._bodies.hold(self.caller, count + PART_BYTES)
                self._held += count + PART_BYTES
                self._bytes += count
                self.is_over = not message.get("more_body", False)
        except FotopoortError as error:
            self._refusal = error
            self.let_go()
            raise RefusedBody(error) from None
        return message

    def _check(self, count: int = 0) -> None:
        if self._refusal is not None:
            raise self._refusal
        if max(self._announced, self._bytes + count) > self._max_bytes:
            raise TooLarge(hint=SMALL_BODY if self._max_bytes == self._limits.max_bytes else None)

    async def _next(self) -> Message:
        left = self._grace_seconds + self._bytes / self._limits.bytes_per_second - self._waited
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout(min(self._limits.silent_seconds, left)):
                return await self._receive()
        except TimeoutError:
            raise UploadStalled from None
        finally:
            self._waited += clock() - begun

    def let_go(self) -> None:
        """Record that what came is no longer in memory."""
        self._bodies.let_go(self.caller, self._held)
        self._held = 0

    async def drain(self) -> None:
        """Read and throw away what still comes, within the limits for that."""
        left = self._limits.linger_bytes
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.linger_seconds):
                while left > 0 and not self.is_over:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    self.is_over = not message.get("more_body", False)  # also where the client has left


def _closing(body: Body, send: Send) -> Send:
    """A `send` that closes the connection after an answer that comes before the end of the request's body.

    It sends the whole answer, throws away the rest of the body, and only then tells the server that the answer is over.
    """
    closing = False

    async def send_closing(message: Message) -> None:
        nonlocal closing
        if message["type"] == "http.response.start" and not body.is_over:
            closing = True
            MutableHeaders(scope=message)["Connection"] = "close"
        if message["type"] == "http.response.body" and closing and not message.get("more_body", False):
            await send({**message, "more_body": True})
            await body.drain()
            message = {"type": "http.response.body"}
        await send(message)

    return send_closing
