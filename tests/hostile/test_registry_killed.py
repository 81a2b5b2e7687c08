"""kill -9 in the middle of an import, of writing consents and of screening: nothing is half-written, the log whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select

import fotopoort
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.registry.store.tables import audit, consent, membership, person, screening, verdict

from . import killed

ROUNDS = {"sqlite": 7, "postgresql": 4}  # of each of three kinds: 33 in all
LONGEST = 0.25  # seconds of work before it is killed
PACKAGE = Path(next(iter(fotopoort.__path__))).parent


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "registry.db")
    server: str = request.getfixturevalue("postgresql")
    return server.format(database="postgres")


@pytest.mark.parametrize("kind", killed.WORK)
def test_whatever_is_killed_nothing_is_half_written(url: str, tmp_path: Path, kind: str) -> None:
    database = Database(url)
    database.migrate()
    registry = Registry(database, data_folder=tmp_path, keys_folder=tmp_path / "keys")
    if not registry.has_school("school"):
        registry.add_school(console("school"), "De Regenboog")
    chance = random.Random(kind)  # noqa: S311 - any moment will do
    before = 0
    with working(kind, url, tmp_path) as (numbers, lines):
        for round_ in range(ROUNDS[database.dialect]):
            numbers.write(f"{round_ * 1000}\n")
            numbers.flush()
            ready, process = lines.readline().split()
            assert ready == "ready"
            if round_ % 2:  # in the others it may be killed in its first piece of work
                assert lines.readline() == "done\n"
            time.sleep(chance.uniform(0.0, LONGEST))
            os.kill(int(process), signal.SIGKILL)
            while (line := lines.readline()) == "done\n":
                pass
            assert line == "ended\n"
            before = check(registry, at_least=before)
    assert before > ROUNDS[database.dialect] // 2  # something was done between the kills
    database.close()


WORKER = "from tests.hostile.killed import main; main()"


@contextmanager
def working(kind: str, url: str, folder: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    """What takes the numbers to work from, and what tells of the work; see `killed.main`."""
    program = subprocess.Popen(
        [sys.executable, "-c", WORKER, kind, url, str(folder)],
        env=os.environ | {"PYTHONPATH": f"{PACKAGE}:{Path(__file__).parents[2]}"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        try:
            yield program.stdin, program.stdout
        finally:
            os.killpg(program.pid, signal.SIGKILL)


def check(registry: Registry, at_least: int) -> int:
    """That everything is whole, and nothing went that was there before. Returns how many rows the log has."""
    with registry.read(console("school"), Act.SEE_AUDIT) as session:
        verification = verify(session)
        assert verification.problem is None

        def count(table: object, *where: object) -> int:
            query = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type]
            return int(session.connection.execute(query).scalar_one())

        assert count(consent) % killed.AT_ONCE == 0
        assert count(membership) % killed.AT_ONCE == 0
        assert count(verdict) == 2 * count(screening)
        assert count(audit, audit.c.kind == "verdict") == count(screening)
        assert count(audit, audit.c.kind == "consent") == count(consent)
        assert count(audit, audit.c.kind == "person.added") == count(person)
        assert verification.rows >= at_least
        return verification.rows
