"""Ports for programs that cannot choose one themselves."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from typing import Final

# Below those from which systems choose for whoever takes any: between choosing and use, no other program comes to it.
CHOICE: Final = range(15_000, 32_000)


def free_port() -> int:
    """A port of loopback where nobody listens."""
    chance = random.SystemRandom()
    while True:
        port = chance.choice(CHOICE)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
