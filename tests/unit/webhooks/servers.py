"""Servers on this machine that answer as a test says, byte by byte, and what came to them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.waiting import PATIENCE

Respond: TypeAlias = Callable[[socket.socket, bytes], None]  # what is done with a connection, and the request's bytes


@dataclass
class Server:
    """A server under way. `requests`: what came, one entry a connection; `ended`: set when the test is over."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(respond: Respond, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def talk(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                connection.settimeout(PATIENCE)
                spoken = tls.wrap_socket(connection, server_side=True) if tls else connection
                with spoken:
                    server.requests.append(_request(spoken))
                    respond(spoken, server.requests[-1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threads.append(threading.Thread(target=talk, args=(connection,), daemon=True))
                    threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            server.ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(PATIENCE)


def _request(connection: socket.socket) -> bytes:
    """A request with all of its body."""
    content = b""
    while b"\r\n\r\n" not in content:
        if not (piece := connection.recv(65_536)):
            return content
        content += piece
    head, _, body = content.partition(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < sum(lengths) and (piece := connection.recv(65_536)):
        body += piece
    return head + b"\r\n\r\n" + body


def split(request: bytes) -> tuple[dict[str, str], bytes]:
    """The headers of a request, by name in small letters, and its body."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.decode().partition(": ") for line in head.split(b"\r\n")[1:]]
    headers = {name.lower(): value for name, _, value in lines}
    assert len(headers) == len(lines), "a header came twice"
    return headers, body


def answering(status: str, content: bytes = b"", *headers: str) -> Respond:
    """Answers so at once."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(whole)

    return respond


def dripping(start: bytes, piece: bytes, ended: threading.Event, seconds: float = 0.02) -> Respond:
    """Begins an answer and goes on with it for ever, a little at a time."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        while not ended.wait(seconds):
            connection.sendall(piece)

    return respond
