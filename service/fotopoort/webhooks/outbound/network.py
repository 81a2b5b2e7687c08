"""Connections to addresses that were checked, within one deadline and so many bytes."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final, TypeAlias

import httpcore

from fotopoort.webhooks.outbound.addresses import Address, may_connect
from fotopoort.webhooks.outbound.target import AllowList

Resolve: TypeAlias = Callable[[str, int], list[str]]  # the addresses of a name, as texts
Clock: TypeAlias = Callable[[], float]  # seconds that never go back
Connect: TypeAlias = Callable[[str, int, float], httpcore.NetworkStream]  # an address, a port, and seconds at most

MAX_ADDRESSES: Final = 32  # of one name: more are nobody's
MAX_TRIED: Final = 4
PIECE_BYTES: Final = 4096  # written at a time, so that the deadline is looked at in between


class OutboundError(Exception):
    """A request was refused or failed.

    Args:
        code: what went wrong: nothing of what was written or answered.
        is_final: trying again will not help.
    """

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final = code, is_final


class Deadline:
    """One moment by which everything must have ended."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock, self._end = clock, clock() + seconds

    def left(self) -> float:
        """Seconds until then.

        Raises:
            OutboundError: there are none.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise OutboundError("timed_out")
        return left


def system_resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as this machine finds them."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def system_connect(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """A connection to an address, with the time that this may take."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects where the caller may: each address of the name is checked, and one of those is connected to. The name
    is not looked up again.

    Args:
        max_bytes: that may come in, with all headers.
        connect: opens a connection to an address.
    """

    def __init__(
        self,
        allowed: AllowList,
        deadline: Deadline,
        max_bytes: int,
        *,
        resolve: Resolve = system_resolve,
        connect: Connect = system_connect,
    ) -> None:
        self._allowed, self._deadline, self._max_bytes = allowed, deadline, max_bytes
        self._resolve, self._connect = resolve, connect

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises OutboundError; the timeout that is given does not count."""
        addresses = self._checked(host, port)[:MAX_TRIED]
        for place, address in enumerate(addresses):
            share = self._deadline.left() / (len(addresses) - place)
            try:
                stream = self._connect(str(address), port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return BoundedStream(stream, self._deadline, self._max_bytes)
        raise OutboundError("connection_failed")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: a file is no address."""
        raise OutboundError("address_refused", is_final=True)

    def _checked(self, host: str, port: int) -> list[Address]:
        """The addresses of a host, all of which may be connected to."""
        literal = _literal(host)
        found = [literal] if literal else self._look_up(host, port)
        if not all(may_connect(address, self._allowed.networks) for address in found):
            raise OutboundError("address_refused", is_final=literal is not None)
        return found

    def _look_up(self, host: str, port: int) -> list[Address]:
        """The addresses of a name. The system has no time limit for that: it is left behind when ours is over."""
        answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError):
                answers.put(None)

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        try:
            texts = answers.get(timeout=self._deadline.left())
        except queue.Empty:
            raise OutboundError("timed_out") from None
        if not texts:
            raise OutboundError("name_not_found")
        if len(texts) > MAX_ADDRESSES:
            raise OutboundError("address_refused")
        try:
            return list(dict.fromkeys(ip_address(text) for text in texts))
        except ValueError:
            raise OutboundError("address_refused") from None


class BoundedStream(httpcore.NetworkStream):
    """A connection that ends at the deadline, and after so many bytes."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, max_bytes: int) -> None:
        self._stream, self._deadline, self._left = stream, deadline, max_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Raises OutboundError; the timeout that is given does not count."""
        content = self._stream.read(max_bytes, timeout=self._deadline.left())
        self._left -= len(content)
        if self._left < 0:
            raise OutboundError("too_large", is_final=True)
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Raises OutboundError; the timeout that is given does not count."""
        for place in range(0, len(buffer), PIECE_BYTES):
            self._stream.write(buffer[place : place + PIECE_BYTES], timeout=self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same, encrypted. Raises OutboundError; the timeout that is given does not count."""
        encrypted = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.left())
        return BoundedStream(encrypted, self._deadline, self._left)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        return self._stream.get_extra_info(info)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
