"""A registry whose queue has a clock that stands still, and endpoints to tell."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.jobs.conftest import Clock, caller, clock, find, queue, registry

from fotopoort.jobs.execution import Outcome, execute
from fotopoort.jobs.queue import Queue
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import sqlite_url
from fotopoort.registry.webhooks import endpoints, holding
from fotopoort.registry.webhooks.announcements import KIND, announce
from fotopoort.registry.webhooks.endpoints import Endpoint, EventType
from fotopoort.webhooks import backoff, delivery
from fotopoort.webhooks.delivery import WebhookDelivery
from fotopoort.webhooks.registration import add_endpoint

from .outbound_client import at_loopback

__all__ = ["Clock", "caller", "clock", "find", "queue", "registry"]

DATA = {"id": "g_0123456789abcdef", "sha256": "ab" * 32, "channel": "website", "href": "/v1/gate/" + "ab" * 32}


@pytest.fixture
def url(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a new database. What depends on which one it is, is tested in the rooms below."""
    path = tmp_path / "data" / "registry.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(sqlite_template, path)
    return sqlite_url(path)


@pytest.fixture(autouse=True)
def _one_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (endpoints, delivery, holding, backoff):
        monkeypatch.setattr(module, "database_clock", lambda _: clock())


@pytest.fixture
def endpoint(registry: Registry, caller: Caller) -> Callable[..., tuple[Endpoint, str]]:
    """Adds an endpoint at a port of this machine, and its key."""

    def endpoint(port: int, **how: object) -> tuple[Endpoint, str]:
        with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
            return add_endpoint(session, f"http://cms.example:{port}/hook", networks=["127.0.0.0/8"], **how)  # type: ignore[arg-type]

    return endpoint


@pytest.fixture
def tell(registry: Registry, caller: Caller) -> Callable[[], str]:
    """Announces an event; its message's id."""

    def tell() -> str:
        with registry.write(caller, Act.MAINTAIN) as session:
            return announce(session, EventType.SCREENING_DONE, DATA)

    return tell


@pytest.fixture
def attempt(registry: Registry, queue: Queue) -> Callable[[], Outcome | None]:
    """Makes the next attempt that is due; None: none is."""
    handler = WebhookDelivery(registry, at_loopback().client()).handler()

    def attempt() -> Outcome | None:
        lease = queue.take(handler.kind, handler.version, "worker", handler.schedule)
        assert handler.kind == KIND
        return None if lease is None else execute(queue, handler, lease, chance=lambda: 0.0)

    return attempt
