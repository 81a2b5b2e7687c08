"""kill -9 at any moment, of two machines that write jobs and work them off: none is lost and none is done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select
from tests.postgresql import fresh_database
from tests.waiting import wait_for

import fotopoort
from fotopoort.jobs.queue import Queue
from fotopoort.jobs.runner import Runner
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.verification import show, verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import sqlite_url
from fotopoort.registry.store.tables import job

from . import jobs_killed

KILLS = {"sqlite": 16, "postgresql": 16}
LONGEST = 0.4  # seconds of work before one is killed
PACKAGE = Path(next(iter(fotopoort.__path__))).parent
WORKER = "from tests.hostile.jobs_killed import main; main()"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "registry.db")
        return
    with fresh_database(request.getfixturevalue("postgresql")) as fresh:
        yield fresh


@contextmanager
def machine(url: str, folder: Path, worker: str = WORKER) -> Iterator[tuple[IO[str], IO[str]]]:
    """What takes the numbers to work from, and what tells of the work; see `jobs_killed.main`."""
    program = subprocess.Popen(
        [sys.executable, "-c", worker, url, str(folder)],
        env=os.environ | {"PYTHONPATH": f"{PACKAGE}:{Path(__file__).parents[2]}"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        try:
            yield program.stdin, program.stdout
        finally:
            os.killpg(program.pid, signal.SIGKILL)


def test_none_is_lost_and_none_is_done_twice(url: str, tmp_path: Path) -> None:
    registry = jobs_killed.opened(url, tmp_path)
    registry.database.migrate()
    registry.add_school(console("school"), "De Regenboog")
    for number in range(jobs_killed.BEFOREHAND):
        jobs_killed.tell(registry, number)
    chance = random.Random(url.partition(":")[0])  # noqa: S311 - any moment will do
    with machine(url, tmp_path) as one, machine(url, tmp_path) as other:
        working = [start(one, 10_000), start(other, 20_000)]
        for kill in range(KILLS[registry.database.dialect]):
            time.sleep(chance.uniform(0.0, LONGEST))
            which = kill % 2
            (_, lines), process = working[which]
            os.kill(process, signal.SIGKILL)
            assert lines.readline() == "ended\n"
            working[which] = start((one, other)[which], 30_000 + kill * 1_000)
        for _, process in working:
            os.kill(process, signal.SIGKILL)
    left_behind = waiting(registry)
    finish(registry)
    seen = Counter[str]()
    with registry.read(console("school"), Act.SEE_AUDIT) as session:
        assert verify(session).problem is None
        noted = [(row.kind, row.detail) for row in show(session, max_rows=100_000)]
        seen.update(kind for kind, _ in noted)
    told = {detail for kind, detail in noted if kind == "told"}
    assert len(told) == seen["told"] > jobs_killed.BEFOREHAND  # they wrote some themselves
    for kind in jobs_killed.KINDS:
        assert seen[kind] == len(told)  # none twice
        assert {detail for of_kind, detail in noted if of_kind == kind} == told  # none lost, none from nowhere
    assert left_behind < 2 * len(told)  # the machines did some before they were killed
    registry.close()


def start(streams: tuple[IO[str], IO[str]], number: int) -> tuple[tuple[IO[str], IO[str]], int]:
    """Have a machine work; its streams, and the process to kill."""
    streams[0].write(f"{number}\n")
    streams[0].flush()
    ready, process = streams[1].readline().split()
    assert ready == "ready"
    return streams, int(process)


def finish(registry: Registry) -> None:
    """Work off what is left, whoever had leased it."""
    runner = Runner(Queue(registry), jobs_killed.handlers(), worker="finisher", poll_interval=0.05)
    runner.start()
    wait_for(lambda: waiting(registry) == 0)
    runner.stop(60)


def waiting(registry: Registry) -> int:
    with registry.database.read() as connection:
        query = select(func.count()).select_from(job).where(job.c.state == "waiting")
        return int(connection.execute(query).scalar_one())
