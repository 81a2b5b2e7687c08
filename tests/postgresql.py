"""A PostgreSQL server of the tests' own, on a Unix socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.memory import short_folder
from tests.needed import lacking
from tests.waiting import PATIENCE

GIVEN = "FOTOPOORT_TEST_POSTGRESQL"  # URL of a server that is there already; its user may create databases
# Of a template, from PostgreSQL 15 on: half the work of writing a log of it, as the server would by itself.
COPYING = "STRATEGY FILE_COPY"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server, without the database's name. Skips where there is none; fails where CI has none."""
    if os.environ.get(GIVEN):
        yield os.environ[GIVEN].rstrip("/")
        return
    programs = _programs()
    if programs is None:
        lacking("PostgreSQL is not here (on Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="pg-", dir=short_folder()) as name:
        folder = Path(name)
        user = _unprivileged()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        cluster = folder / "cluster"
        run(programs / "initdb", "-D", cluster, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
        options = " ".join(f"-c {setting}" for setting in (*FAST, f"unix_socket_directories={folder}"))
        log = folder / "log"
        run(programs / "pg_ctl", "-D", cluster, "-l", log, "-w", "-t", PATIENCE, "-o", options, "start", user=user)
        try:
            yield f"postgresql://tests@/{{database}}?host={folder}"
        finally:
            run(programs / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop", user=user)


@contextmanager
def administration(server: str) -> Iterator[Callable[[str], object]]:
    """Statements that stand outside transactions, on the server's own database."""
    with psycopg.connect(server.format(database="postgres"), autocommit=True) as connection:
        yield lambda statement: connection.execute(statement.encode())


@contextmanager
def fresh_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on a server, with what the template has in it; it is gone afterwards."""
    name = f"tests_{uuid.uuid4().hex}"
    with administration(server) as run:
        run(f"CREATE DATABASE {name} TEMPLATE {template} {COPYING}")
    yield server.format(database=name)
    with administration(server) as run:
        run(f"DROP DATABASE {name} WITH (FORCE)")


def run(program: Path, *arguments: object, user: pwd.struct_passwd | None) -> None:
    """Run a program of PostgreSQL's, as somebody who is not root: it refuses to work for root."""
    ended = subprocess.run(
        [program, *map(str, arguments)],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        env=_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def _environment() -> Mapping[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _programs() -> Path | None:
    """The folder with the server's programs; Debian keeps them out of the PATH."""
    found = [Path(path).resolve().parent for path in (shutil.which("initdb"),) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "pg_ctl").exists()), None)
