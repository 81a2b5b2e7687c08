"""Secrets that we make: shown once, and stored as a hash. They have so many random bits that it gives nothing away."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

RANDOM_BYTES: Final = 32


def new_secret() -> str:
    """A secret that nobody can guess, of characters that an address can have."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def hashed(secret: str) -> str:
    """The hash of a secret, whatever somebody sends in place of one: 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
