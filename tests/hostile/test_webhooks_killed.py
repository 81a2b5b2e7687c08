"""kill -9 while messages are delivered: each arrives, under the one id that it has, and is done once."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.unit.webhooks.servers import answering, serving
from tests.waiting import wait_for

from fotopoort.jobs.queue import Queue
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.verification import show, verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import sqlite_url
from fotopoort.registry.webhooks import deliveries
from fotopoort.registry.webhooks.announcements import announce
from fotopoort.registry.webhooks.endpoints import EventType
from fotopoort.webhooks.registration import add_endpoint

from . import jobs_killed, webhooks_killed
from .test_jobs_killed import machine, start

KILLS, MESSAGES = 6, 60
LONGEST = 0.4  # seconds of work before it is killed
WORKER = "from tests.hostile.webhooks_killed import main; main()"
CALLER = console("school")


def slowly(connection: socket.socket, request: bytes) -> None:
    """So that many are under way when they are killed."""
    time.sleep(0.02)
    answering("200 OK")(connection, request)


def test_each_message_arrives_under_its_one_id_whoever_is_killed(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "registry.db")
    registry = jobs_killed.opened(url, tmp_path)
    registry.database.migrate()
    registry.add_school(CALLER, "De Regenboog")
    chance = random.Random(7)  # noqa: S311 - any moment will do
    with serving(slowly) as server:
        with registry.write(CALLER, Act.MANAGE_WEBHOOKS) as session:
            add_endpoint(session, f"http://cms.example:{server.port}/hook", networks=["127.0.0.0/8"])
            told = {announce(session, EventType.SCREENING_DONE, {"sha256": f"{n:064x}"}) for n in range(MESSAGES)}
        with machine(url, tmp_path, WORKER) as streams:
            for kill in range(KILLS):
                (_, lines), process = start(streams, kill)
                time.sleep(chance.uniform(0.0, LONGEST))
                os.kill(process, signal.SIGKILL)
                assert lines.readline() == "ended\n"
        finish(registry)
        arrived = {_id_of(request) for request in server.requests} - {None}
    assert arrived == told
    with registry.read(CALLER, Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        noted = Counter(row.detail for row in show(session, max_rows=10_000) if row.kind == "webhook.delivered")
    assert (len(noted), set(noted.values())) == (MESSAGES, {1})
    registry.close()


def finish(registry: Registry) -> None:
    """Deliver what is left, an hour later: whoever had leased it, and however long it was to wait after that."""
    queue = Queue(registry, clock=lambda _: datetime.now(UTC) + timedelta(hours=1))
    finisher = webhooks_killed.runner(registry, queue, "finisher")
    finisher.start()

    def is_done() -> bool:
        with registry.read(CALLER, Act.MANAGE_WEBHOOKS) as session:
            return not deliveries.deliveries(session, ["waiting"])

    wait_for(is_done)
    finisher.stop(60)


def _id_of(request: bytes) -> str | None:
    """None: whoever sent it was killed before it had said."""
    lines = request.split(b"\r\n")[:-1]  # the last may have broken off
    return next((line.partition(b": ")[2].decode() for line in lines if line.lower().startswith(b"webhook-id")), None)
