"""Verify what Fotopoort tells: `pip install cryptography`, and the key that `fotopoort webhooks key` shows."""

import base64
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verified(public_key: str, headers: dict[str, str], body: bytes, *, now: float | None = None) -> str | None:
    """The message's id, if Fotopoort sent it within the last five minutes; None: refuse it with 401.

    Args:
        public_key: `whpk_…`.
        headers: by name in small letters.
        body: as it came, before it is parsed.
    """
    message, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:
        return None
    if abs((time.time() if now is None else now) - int(timestamp)) > 300:
        return None
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    signed = f"{message}.{timestamp}.".encode() + body
    for signature in headers.get("webhook-signature", "").split(" "):
        version, _, encoded = signature.partition(",")
        try:
            if version == "v1a":
                key.verify(base64.b64decode(encoded, validate=True), signed)
                return message
        except (InvalidSignature, ValueError):
            continue
    return None
