"""Requests to addresses that somebody else names.

Nothing is followed, no proxy of the environment is used, nothing is decompressed. `httpcore` has none of that by
itself; with `httpx` on top all of it would have to be turned off.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from ssl import SSLContext
from typing import Final

import httpcore

from fotopoort.errors import BadRecord
from fotopoort.webhooks.outbound.network import (
    Clock,
    Connect,
    Deadline,
    GuardedBackend,
    OutboundError,
    Resolve,
    system_connect,
    system_resolve,
)
from fotopoort.webhooks.outbound.target import AllowList, Target

USER_AGENT: Final = "Fotopoort"
HEAD_BYTES: Final = 262_144  # of an answer beside its content: heads, and where its pieces begin and end

_SECONDS: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers`: by name in small letters; one that came twice has both values with a comma between."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False, default=b"")

    def retry_after(self, now: datetime, *, at_most: float) -> float | None:
        """In how many seconds it wants to be asked again, as far as that is obeyed; None: it does not say."""
        text = self.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(text):
            return min(float(text), at_most)
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):  # what it makes of a text that is no date
            return None
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
        return max(0.0, min(seconds, at_most))


class GuardedClient:
    """Makes requests, each on a connection of its own.

    Args:
        resolve: the addresses of a name.
        clock: seconds that never go back.
        connect: opens a connection to an address.
        tls: whose certificates are believed; None: those of this machine and of browsers.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = system_resolve,
        clock: Clock = time.monotonic,
        connect: Connect = system_connect,
        tls: SSLContext | None = None,
    ) -> None:
        self._resolve, self._clock, self._connect, self._given_tls = resolve, clock, connect, tls

    @cached_property
    def _tls(self) -> SSLContext:
        return self._given_tls or httpcore.default_ssl_context()  # reads files: not before it is needed

    def get(self, url: str, allowed: AllowList, *, max_bytes: int, seconds: float) -> Answer:
        """The content at an address, and nothing but 200.

        Raises:
            OutboundError: it may not be reached, failed, is too large or encoded, or took too long.
        """
        deadline = Deadline(seconds, self._clock)
        with self._answered("GET", url, allowed, {}, None, deadline, max_bytes) as (answer, pieces):
            if answer.status != 200:
                raise OutboundError(f"http_{answer.status}", is_final=300 <= answer.status < 400)
            return Answer(answer.status, answer.headers, _content(answer, pieces, deadline, max_bytes))

    def post(self, url: str, allowed: AllowList, body: bytes, *, headers: Mapping[str, str], seconds: float) -> Answer:
        """Send a message. Only how it was answered is read, not with what.

        Raises:
            OutboundError: it may not be reached, failed, or took too long.
        """
        with self._answered("POST", url, allowed, headers, body, Deadline(seconds, self._clock), 0) as (answer, _):
            return answer

    def call(
        self, url: str, allowed: AllowList, body: bytes, *, headers: Mapping[str, str], max_bytes: int, seconds: float
    ) -> Answer:
        """Send a message and read what it is answered with, whatever the status is.

        Raises:
            OutboundError: it may not be reached, failed, is too large or encoded, or took too long.
        """
        deadline = Deadline(seconds, self._clock)
        with self._answered("POST", url, allowed, headers, body, deadline, max_bytes) as (answer, pieces):
            return Answer(answer.status, answer.headers, _content(answer, pieces, deadline, max_bytes))

    @contextmanager
    def _answered(
        self,
        method: str,
        url: str,
        allowed: AllowList,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
        max_bytes: int,
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        target = _target(url)
        if not allowed.names(target):
            raise OutboundError("host_not_allowed", is_final=True)
        read_at_most = max_bytes + max_bytes // 16 + HEAD_BYTES
        backend = GuardedBackend(allowed, deadline, read_at_most, resolve=self._resolve, connect=self._connect)
        where = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )
        own = {"Host": target.authority, "User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
        if body is not None:
            own["Content-Length"] = str(len(body))
        sent = [(name.encode(), value.encode()) for name, value in (own | dict(headers)).items()]
        request = httpcore.Request(method, where, headers=sent, content=body)
        try:
            tls = self._tls if target.scheme == "https" else None
            with httpcore.HTTPConnection(where.origin, ssl_context=tls, network_backend=backend) as connection:
                response = connection.handle_request(request)
                try:
                    yield Answer(response.status, _headers(response)), response.iter_stream()
                finally:
                    response.close()
        except httpcore.TimeoutException:
            raise OutboundError("timed_out") from None
        except httpcore.ConnectError:  # of which a certificate that is not believed is one
            raise OutboundError("connection_failed") from None
        except httpcore.ProtocolError:
            raise OutboundError("bad_answer") from None
        except httpcore.NetworkError:
            raise OutboundError("connection_lost") from None


def _content(answer: Answer, pieces: Iterator[bytes], deadline: Deadline, max_bytes: int) -> bytes:
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise OutboundError("encoded", is_final=True)
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > max_bytes:
            raise OutboundError("too_large", is_final=True)
        deadline.left()
    return bytes(content)


def _target(url: str) -> Target:
    try:
        return Target.parse(url)
    except BadRecord:
        raise OutboundError("bad_address", is_final=True) from None


def _headers(response: httpcore.Response) -> dict[str, str]:
    found = dict[str, str]()
    for name, value in response.headers:
        text, content = name.decode("latin-1").lower(), value.decode("latin-1")
        found[text] = f"{found[text]}, {content}" if text in found else content
    return found
