"""Requests to a website: the only place in this room that opens a connection."""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import httpx

SECONDS_TO_CONNECT: Final = 10.0


class ConnectionFailed(Exception):
    """There was no answer. `code`: a word for why, and nothing of what was sent or answered."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers`: by name in small letters."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


class Connection(Protocol):
    """How requests are made."""

    def post(self, url: str, form: Mapping[str, bytes], *, max_bytes: int, silence: float, seconds: float) -> Answer:
        """Send a form, and read what comes back.

        Args:
            form: by name; `rendition` is sent as a file.
            max_bytes: of the answer.
            silence: seconds that it may pause.
            seconds: for all of it.

        Raises:
            ConnectionFailed: it may not be reached, failed, is too large or took too long.
        """


class HttpsConnection:
    """One that is kept for many requests. It follows no redirect and takes no proxy from the environment.

    Args:
        tls: whose certificates are believed; None: those of this machine.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._client = httpx.Client(
            follow_redirects=False,
            trust_env=False,
            verify=tls or ssl.create_default_context(),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60),
            headers={"Accept-Encoding": "identity", "User-Agent": "Fotopoort"},
        )

    def close(self) -> None:
        """Close it."""
        self._client.close()

    def post(self, url: str, form: Mapping[str, bytes], *, max_bytes: int, silence: float, seconds: float) -> Answer:
        content_type, body = multipart(form)
        until = time.monotonic() + seconds
        content = bytearray()
        timeout = httpx.Timeout(silence, connect=SECONDS_TO_CONNECT)
        headers = {"Content-Type": content_type}
        try:
            with self._client.stream("POST", url, content=body, headers=headers, timeout=timeout) as response:
                for piece in response.iter_raw():
                    content += piece
                    if len(content) > max_bytes:
                        raise ConnectionFailed("too_large")
                    if time.monotonic() > until:
                        raise ConnectionFailed("timed_out")
        except httpx.TimeoutException:
            raise ConnectionFailed("timed_out") from None
        except httpx.HTTPError:
            raise ConnectionFailed("connection_failed") from None
        return Answer(response.status_code, {**response.headers}, bytes(content))


def multipart(form: Mapping[str, bytes]) -> tuple[str, bytes]:
    """A form as it is sent: its content type, and its body."""
    boundary = f"fotopoort-{secrets.token_hex(16)}"
    parts = []
    for name, value in form.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if name == "rendition":
            head += '; filename="rendition.jpg"\r\nContent-Type: image/jpeg'
        parts += [f"{head}\r\n\r\n".encode(), value, b"\r\n"]
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])
