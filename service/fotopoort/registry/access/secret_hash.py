"""The hash that is stored of a secret that we made: it has so many random bits that a plain hash gives nothing away."""

from __future__ import annotations

import hashlib


def hashed(secret: str) -> str:
    """The hash of a secret, whatever somebody sends in place of one: 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
