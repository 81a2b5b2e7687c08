"""A database and a web server for one WordPress, without a service manager."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
from tests.waiting import PATIENCE, wait_for

HERE: Final = Path(__file__).parent
SMALL: Final = ("--skip-networking", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M")
FAST: Final = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--skip-log-bin",
    "--performance-schema=off",
)


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """A server on one socket, without a network."""
    (folder / "run").mkdir(exist_ok=True)
    (folder / "run").chmod(0o777)
    user = unprivileged()
    if user is not None:
        for path in (folder / "db", *(folder / "db").rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
    named = [f"--user={user.pw_name}"] if user else []
    places = [f"--datadir={folder / 'db'}", f"--socket={folder / 'run/db.sock'}", f"--pid-file={folder / 'run/db.pid'}"]
    with (folder / "run/db.log").open("w") as log:
        server = subprocess.Popen(
            [str(program("mariadbd")), "--no-defaults", *SMALL, *FAST, *named, *places], stdout=log, stderr=log
        )
    try:
        wait_for(lambda: _answers(folder / "run/db.sock") or server.poll() is not None)
        assert server.poll() is None, (folder / "run/db.log").read_text()
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def web_server(folder: Path, port: int) -> Iterator[None]:
    """PHP's own server, with several processes, so that one request may wait while another is answered.

    Somebody may end it meanwhile, and start another there.
    """
    (folder / "ini").mkdir(exist_ok=True)
    shutil.copy(HERE / "php.ini", folder / "ini")
    environment = os.environ | {"PHP_INI_SCAN_DIR": f":{folder / 'ini'}", "PHP_CLI_SERVER_WORKERS": "4"}
    environment["MAGICK_THREAD_LIMIT"] = "1"  # of several, each waits for the others on a busy machine
    router = str(HERE / "router.php")
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder / "site"), router]
    with (folder / "run/web.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
    try:
        wait_for(lambda: _is_up(port) or server.poll() is not None)
        assert server.poll() is None, (folder / "run/web.log").read_text()
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)  # its workers are of its own group
        server.wait(PATIENCE)


def _is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://localhost:{port}/wp-json/", timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(path)) == 0


def program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def run(*command: str, cwd: Path | None = None) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    ended = subprocess.run(
        [program(command[0]) or command[0], *command[1:]],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{command[0]}: {(ended.stderr or ended.stdout).strip()[-2000:]}")
