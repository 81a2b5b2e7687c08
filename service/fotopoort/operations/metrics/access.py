"""Who may read the metrics: whoever has the key, or else programs on this machine."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fotopoort.settings import Settings

MIN_KEY: Final = 32  # characters
MAX_KEY: Final = 4_096
# Whoever passed a proxy is not on this machine, though the proxy may be.
FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
BEARER: Final = "bearer "


def may_read(settings: Settings, client: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request may be answered.

    Args:
        client: the address that the connection is from; None: it is not known.
        headers: of the request, by small names.
    """
    if settings.metrics_key_file is not None:
        key, given = read_key(settings.metrics_key_file), headers.get("authorization", "")
        if key is None or not given.lower().startswith(BEARER):
            return False
        return hmac.compare_digest(given[len(BEARER) :].strip().encode(), key.encode())
    if settings.public_url is not None or client is None:  # a proxy on this machine would let everybody in
        return False
    return _is_loopback(client) and not any(name in headers for name in FORWARDED)


def read_key(path: Path) -> str | None:
    """The key in a file; None where there is none, or one that is too short."""
    try:
        with path.open(encoding="ascii") as file:
            key = file.read(MAX_KEY).strip()
    except (OSError, ValueError):
        return None
    return key if len(key) >= MIN_KEY else None


def _is_loopback(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False
