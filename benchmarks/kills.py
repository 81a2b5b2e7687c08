"""kill -9, hundreds of times, while messages are delivered: how many were lost, got another id, or came twice."""

from __future__ import annotations

import os
import random
import signal
import socket
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.hostile import webhooks_killed
from tests.hostile.jobs_killed import opened
from tests.hostile.test_jobs_killed import machine, start
from tests.unit.webhooks.servers import answering, serving, split
from tests.waiting import wait_for

from benchmarks.registry import databases
from benchmarks.table import markdown, marked
from fotopoort.jobs.queue import SECONDS_LEASED, Queue
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.webhooks import deliveries
from fotopoort.registry.webhooks.announcements import announce
from fotopoort.registry.webhooks.endpoints import EventType
from fotopoort.webhooks.registration import add_endpoint

COUNTS = {"SQLite": (1_000, 5_000), "PostgreSQL": (200, 1_000)}  # kills, messages
MACHINES = {"SQLite": 1, "PostgreSQL": 3}
LONGEST = 0.4  # seconds of work before one is killed
AT_ONCE = 100  # messages announced in one transaction
WORKER = "from tests.hostile.webhooks_killed import main; main()"
# The same with leases as they are.
SLOW_WORKER = f"from tests.hostile import webhooks_killed as it; it.SECONDS_LEASED = {SECONDS_LEASED}; it.main()"
MOST = 60  # seconds until another machine goes on
SCHOOL = console("school")


def report(share: float = 1.0) -> str:
    """The counts as a chapter of RESULTS.md.

    Args:
        share: of the kills and messages; for a look whether it works.
    """
    rows, taken_over = [], []
    for name, url in databases():
        kills, messages = (max(1, round(count * share)) for count in COUNTS[name])
        with tempfile.TemporaryDirectory() as folder:
            rows.append([name, str(MACHINES[name]), *_measure(url, Path(folder), MACHINES[name], kills, messages)])
            seconds = _takeover(url, Path(folder))
        taken_over.append([name, marked(f"{seconds:.0f}", seconds <= MOST), f"≤ {MOST}"])
    titles = ["", "machines", "kills", "messages", "lost", "of another id", "came twice or more", "done twice", "log"]
    about = (
        "Each message of one announcement goes to a receiver on this machine, while a machine that delivers is killed"
        f" within {LONGEST} s of its start, again and again. What was under way is sent again under the same id."
    )
    then = (
        "Seconds from the death of a machine, just after it took a message, until another one that runs all the while"
        " tells the same receiver of it:"
    )
    taken = markdown(["", "seconds", "target"], taken_over)
    return f"## Webhooks and kill -9\n\n{about}\n\n{markdown(titles, rows)}\n{then}\n\n{taken}"


def _measure(url: str, folder: Path, machines: int, kills: int, messages: int) -> list[str]:
    registry = opened(url, folder)
    registry.database.migrate()
    registry.add_school(SCHOOL, "De Regenboog")
    chance = random.Random(kills)
    with serving(answering("200 OK")) as server:
        told = announce_to(registry, SCHOOL, f"http://cms.example:{server.port}/hook", messages)
        with ExitStack() as stack:
            working = [stack.enter_context(machine(url, folder, WORKER)) for _ in range(machines)]
            processes = [start(streams, 0)[1] for streams in working]
            for kill in range(kills):
                time.sleep(chance.uniform(0.0, LONGEST) / machines)
                streams = working[kill % machines]
                os.kill(processes[kill % machines], signal.SIGKILL)
                assert streams[1].readline() == "ended\n"
                processes[kill % machines] = start(streams, 0)[1]
        _finish(registry)
        came = Counter(id_ for id_ in map(_id_of, server.requests) if id_)
    with registry.read(SCHOOL, Act.SEE_AUDIT) as session:
        log = verify(session).problem
        done = session.connection.exec_driver_sql("SELECT detail FROM audit WHERE kind = 'webhook.delivered'").all()
    registry.close()
    noted = Counter(row[0] for row in done)
    twice = sum(count > 1 for count in came.values())
    counts = kills, messages, len(told - came.keys()), len(came.keys() - told), twice
    return [
        *(f"{count:,}" for count in counts),
        f"{sum(count > 1 for count in noted.values()):,}",
        "whole" if log is None else "broken",
    ]


def _takeover(url: str, folder: Path) -> float:
    registry = opened(url, folder)
    school = console("other")
    registry.add_school(school, "De Meent")
    came = list[float]()

    def respond(connection: socket.socket, request: bytes) -> None:
        came.append(time.monotonic())
        if len(came) > 1:
            answering("200 OK")(connection, request)
        else:
            connection.recv(1)  # until it is killed

    with ExitStack() as stack:
        server = stack.enter_context(serving(respond))
        announce_to(registry, school, f"http://cms.example:{server.port}/hook", 1)
        first, second = (stack.enter_context(machine(url, folder, SLOW_WORKER)) for _ in range(2))
        _, process = start(first, 0)
        wait_for(lambda: len(came) == 1)
        start(second, 0)
        os.kill(process, signal.SIGKILL)
        died = time.monotonic()
        wait_for(lambda: len(came) == 2)
    registry.close()
    return came[1] - died


def announce_to(registry: Registry, school: Caller, url: str, messages: int) -> set[str]:
    """Have a website on this machine be told so many things. Returns the ids of the messages."""
    with registry.write(school, Act.MANAGE_WEBHOOKS) as session:
        add_endpoint(session, url, networks=["127.0.0.0/8"])
    told = set[str]()
    for first in range(0, messages, AT_ONCE):
        with registry.write(school, Act.MAINTAIN) as session:
            for number in range(first, min(first + AT_ONCE, messages)):
                told.add(announce(session, EventType.SCREENING_DONE, {"sha256": f"{number:064x}"}))
    return told


def _finish(registry: Registry) -> None:
    """Deliver what is left, hours later by the queue's clock: nobody waits for leases and delays that run out."""
    queue = Queue(registry, clock=lambda _: datetime.now(UTC) + timedelta(days=4))
    finisher = webhooks_killed.runner(registry, queue, "finisher")
    finisher.start()
    while True:
        with registry.read(SCHOOL, Act.MANAGE_WEBHOOKS) as session:
            if not deliveries.deliveries(session, ["waiting"], limit=1):
                break
        time.sleep(0.2)
    finisher.stop(60)


def _id_of(request: bytes) -> str | None:
    """None: of whoever was killed before all of it was sent."""
    return split(request)[0].get("webhook-id", "none") if b"\r\n\r\n" in request else None
