"""Programs that start together open a new registry in turn, on however busy a machine."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from benchmarks.processes import busy
from sqlalchemy import Connection, func, select
from tests.postgresql import fresh_database
from tests.waiting import PATIENCE

import fotopoort
from fotopoort.errors import RegistryUnavailable
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import OPENING, Database, sqlite_url
from fotopoort.registry.store.opening_lock import opening_lock
from fotopoort.settings import Settings

PROGRAMS, ROUNDS, BUSY_LOOPS = 6, 3, 2
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(next(iter(fotopoort.__path__))).parent)}
OPEN = """
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from fotopoort.cli.registry_session import open_registry
from fotopoort.settings import Settings
settings = Settings(data_folder=Path(sys.argv[1]), registry_url=sys.argv[2] or None)
print("ready", flush=True)
sys.stdin.readline()  # all at once
with open_registry(settings, make=True) as (registry, caller):
    assert registry.has_school(caller.tenant)
"""


@contextmanager
def ready(folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that opens the registry as soon as its stdin ends."""
    command = [sys.executable, "-c", OPEN, str(folder), url]
    with subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        try:
            yield program
        finally:
            program.kill()


def open_at_once(folder: Path, url: str = "", busy_loops: int = 0) -> None:
    with ExitStack() as stack:
        programs = [stack.enter_context(ready(folder, url)) for _ in range(PROGRAMS)]
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == b"ready\n"
        with busy(busy_loops):
            for program in programs:
                assert program.stdin is not None
                program.stdin.close()
            assert [program.wait(PATIENCE) for program in programs] == [0] * PROGRAMS
    settings = Settings(data_folder=folder, registry_url=url or None)
    registry, caller = Registry.open(settings), console(settings.tenant)
    with registry.read(caller, Act.SEE_AUDIT) as session:
        verification = verify(session)
        assert (verification.rows, verification.problem) == (1, None)  # the school was added once
    registry.close()


def test_programs_that_open_a_new_sqlite_registry_at_once_wait_for_each_other(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        open_at_once(tmp_path / str(number), busy_loops=BUSY_LOOPS)


def test_programs_that_open_a_new_postgresql_registry_at_once_wait_for_each_other(
    postgresql: str, tmp_path: Path
) -> None:
    with fresh_database(postgresql) as url:
        open_at_once(tmp_path, url)


def test_somebody_who_opens_it_for_too_long_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    database = Database(sqlite_url(path), opening_seconds=0.1)
    with opening_lock(path, 0), pytest.raises(RegistryUnavailable):
        database.migrate()
    assert not path.exists()
    database.migrate()
    database.close()


def test_on_postgresql_too(postgresql: str) -> None:
    with fresh_database(postgresql) as url:
        first, second = Database(url), Database(url, opening_seconds=0.1)
        with first.opening(), pytest.raises(RegistryUnavailable):
            second.migrate()
        second.migrate()
        first.close()
        second.close()


def test_on_postgresql_the_next_program_need_not_wait_until_the_server_sees_that_a_connection_is_gone(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_database(postgresql) as url:
        first, second = Database(url), Database(url)
        closed: list[Connection] = []
        with monkeypatch.context() as patch:
            patch.setattr(Connection, "close", lambda self: closed.append(self))  # as a busy server sees it: not yet
            with first.opening():
                pass
        with second.read() as connection:
            assert connection.execute(select(func.pg_try_advisory_lock(OPENING))).scalar_one()
        for one in closed:
            one.close()
        first.close()
        second.close()


def test_a_program_that_has_it_open_is_not_held_up(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    database = Database(sqlite_url(path))
    database.migrate()
    with opening_lock(path, 0), database.read(), database.read():
        pass  # also with a connection of its own
    database.close()


def test_a_lock_file_is_private_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    for _ in range(2):
        with opening_lock(path, 0):
            assert (tmp_path / "registry.db.lock").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "registry.db.lock").exists()


def test_an_error_releases_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with pytest.raises(KeyError), opening_lock(path, 0):
        raise KeyError
    with opening_lock(path, 0), pytest.raises(sqlite3.OperationalError, match="too long"), opening_lock(path, 0):
        pytest.fail("let in")
