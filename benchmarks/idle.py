"""What a service costs that has nothing to do, while thousands of messages wait for a website that is away."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from benchmarks.kills import announce_to
from benchmarks.processes import with_descendants
from benchmarks.service import Service, serving
from benchmarks.table import markdown, marked
from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.registry import Registry
from fotopoort.registry.webhooks import deliveries
from fotopoort.settings import Settings

MESSAGES = 10_000
SECONDS = 120
SECONDS_BESIDE = 330  # it is tried whether the website is there again, which takes the most, every five minutes
SECONDS_TO_SETTLE = 60  # after a start, and in which it finds out that the website is away
MOST = 0.01  # of a core


def report() -> str:
    """The section about this in the results."""
    with serving() as service:
        time.sleep(SECONDS_TO_SETTLE)
        without = _share_of_a_core(service)
        with socket.socket() as away, open_registry(Settings(data_folder=service.data)) as (registry, school):
            away.bind(("127.0.0.1", 0))  # and nobody listens: whoever comes is refused
            announce_to(registry, school, f"http://127.0.0.1:{away.getsockname()[1]}/hook", MESSAGES)
            time.sleep(SECONDS_TO_SETTLE)
            beside = _share_of_a_core(service, SECONDS_BESIDE)
            waiting = _waiting(registry, school)
    rows = [
        ("with nothing to do", f"{without:.2%}", "–"),
        (f"with {waiting:,} messages that wait", marked(f"{beside:.2%}", beside <= MOST), f"≤ {MOST:.0%}"),
    ]
    about = (
        f"Processor time of the service and what it started, in {SECONDS} seconds; with messages in {SECONDS_BESIDE},"
        " in which it is tried once whether their website is there again."
    )
    return f"## Idle\n\n{about}\n\n{markdown(('', 'of a core', 'target'), rows)}"


def _share_of_a_core(service: Service, seconds: float = SECONDS) -> float:
    begin, before = time.monotonic(), _processor_seconds(service.process)
    time.sleep(seconds)
    return (_processor_seconds(service.process) - before) / (time.monotonic() - begin)


def _processor_seconds(process: int) -> float:
    """That a process took so far, and those that it started."""
    # After the name, which may hold spaces: the state is the third field, user and system time are 14 and 15.
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in with_descendants(process)]
    return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")


def _waiting(registry: Registry, school: Caller) -> int:
    with registry.read(school, Act.MANAGE_WEBHOOKS) as session:
        return len(deliveries.deliveries(session, ["waiting"], limit=MESSAGES + 1))
