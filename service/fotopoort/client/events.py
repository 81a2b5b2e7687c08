"""Webhooks: what the service tells by itself, once it is certain that it was the service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fotopoort.client.failures import ClientError
from fotopoort.errors import BadSignature
from fotopoort.webhooks.signatures import verify, verifying_key


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. The verdict is not in it: ask with `Fotopoort.holds` or `Fotopoort.verdict`.

    Attributes:
        message: of this message, the same each time it is sent: what came before can be left out.
        type: "screening.done", "review.needed" or "verdict.revoked".
        id: of what was sent to the gate.
        rendition_sha256: of the rendition to take down.
    """

    message: str
    type: str
    id: str
    sha256: str
    channel: str
    rendition_sha256: str | None


def verified(keys: str | Iterable[str], headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> Event:
    """A webhook that came.

    Args:
        keys: those that the endpoint has: `whpk_…` or `whsec_…`.
        headers: as they came.
        body: as it came, to the byte.
        now: seconds since 1970; None: by the clock.

    Raises:
        ClientError: the service did not send it, or not lately.
        BadRecord: a key is none.
    """
    texts = [keys] if isinstance(keys, str) else keys
    try:
        message = verify(map(verifying_key, texts), headers.items(), body, time.time() if now is None else now)
        told = json.loads(body)
        data = told["data"]
        return Event(message, told["type"], data["id"], data["sha256"], data["channel"], data.get("rendition_sha256"))
    except (BadSignature, ValueError, KeyError, TypeError):
        raise ClientError("this was not sent by the service") from None
