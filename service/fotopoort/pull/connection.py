"""Requests to a website: the only place in this room that opens a connection."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final, Protocol

from fotopoort.settings import LOOPBACK
from fotopoort.webhooks.outbound.client import Answer, GuardedClient
from fotopoort.webhooks.outbound.target import AllowList, Target

LOOPBACK_NETWORKS: Final = ("127.0.0.0/8", "::1/128")


class Connection(Protocol):
    """How requests are made."""

    def post(self, url: str, form: Mapping[str, bytes], *, max_bytes: int, seconds: float) -> Answer:
        """Send a form, and read what comes back.

        Args:
            form: by name; `rendition` is sent as a file.
            max_bytes: of the answer.
            seconds: for all of it.

        Raises:
            OutboundError: it may not be reached, failed, is too large or took too long.
            BadRecord: it is no address.
        """


class GuardedConnection:
    """Reaches the website that is named, and no other; in this machine or in private networks only where that is what
    is named: a website of this machine, to try things with."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client

    def post(self, url: str, form: Mapping[str, bytes], *, max_bytes: int, seconds: float) -> Answer:
        target = Target.parse(url)
        allowed = AllowList.of(target, LOOPBACK_NETWORKS if target.host in LOOPBACK else ())
        content_type, body = multipart(form)
        headers = {"Content-Type": content_type}
        return self._client.call(url, allowed, body, headers=headers, max_bytes=max_bytes, seconds=seconds)


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
