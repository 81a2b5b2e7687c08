"""How something is kept encrypted: AES-256-GCM, under a key in a file elsewhere, and bound to the place it is of."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fotopoort.files import create_once

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


def create_key(path: Path) -> None:
    """Make a key in this file, unless another program makes one at the same time: then that one holds.

    Raises:
        OutputUnwritable: it cannot be written.
    """
    create_once(path, secrets.token_bytes(KEY_BYTES))


def encrypted(key: bytes, content: bytes, place: bytes) -> bytes:
    """The content, so that it can be read with this key as what belongs in this place alone."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place)


def decrypted(key: bytes, content: bytes, place: bytes) -> bytes | None:
    """What was encrypted; None where it was with another key or for another place, or a bit of it was changed."""
    try:
        return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        return None
