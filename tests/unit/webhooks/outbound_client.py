"""A client whose names and connections the test has in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpcore

from fotopoort.webhooks.outbound.client import GuardedClient
from fotopoort.webhooks.outbound.network import system_connect
from fotopoort.webhooks.outbound.target import AllowList

LOOPBACK = AllowList.parse(["cms.example", "*.cms.example"], ["127.0.0.0/8"])


@dataclass
class Network:
    """What was looked up, and where connections went."""

    answers: Callable[[str], list[str]]
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, _: int) -> list[str]:
        self.looked_up.append(host)
        return self.answers(host)

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.connected.append((address, port))
        return system_connect(address, port, seconds)

    def refuse(self, address: str, port: int, _: float) -> httpcore.NetworkStream:
        """Connects nowhere."""
        self.connected.append((address, port))
        raise httpcore.ConnectError

    def client(self) -> GuardedClient:
        return GuardedClient(resolve=self.resolve, connect=self.connect)


def at_loopback() -> Network:
    """Every name is this machine."""
    return Network(lambda _: ["127.0.0.1"])


def allowed(port: int, *networks: str) -> AllowList:
    return AllowList.parse([f"cms.example:{port}"], networks or ["127.0.0.0/8"])
