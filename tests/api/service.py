"""Services to talk to: a real `fotopoort serve`, and the application with screening processes that the test plays."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, cast

import httpx
from fastapi import FastAPI
from tests.waiting import PATIENCE, wait_for

import fotopoort
from fotopoort.api.app import create_app
from fotopoort.api.limits import connections
from fotopoort.api.limits.connections import ConnectionLimits
from fotopoort.cli.registry_session import open_registry
from fotopoort.errors import EmptyFile, ModelFailed
from fotopoort.policy_file import load_policy
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.registry import Registry
from fotopoort.screening.analysis import Inspection
from fotopoort.screening.processes.pool import PoolState, ScreeningPool
from fotopoort.screening.screen import Request, Screening, ScreeningJob, unjudged
from fotopoort.settings import Settings
from fotopoort.vocabulary import Findings

POLICY = load_policy()


@dataclass
class Served:
    """A `fotopoort serve` of its own, and what it said: `output` on stderr, `printed` on stdout."""

    process: subprocess.Popen[str]
    data_folder: Path
    output: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def listen(self, stream: IO[str] | None, taken_down: list[str]) -> None:
        """Take down what it says until it ends."""
        assert stream is not None
        with stream as lines:
            taken_down.extend(lines)

    @property
    def url(self) -> str:
        return self.after("listens on ")

    @property
    def key(self) -> str:
        return Path(self.after("API key in the file ")).read_text(encoding="ascii").strip()

    def after(self, words: str) -> str:
        """What follows these words, once it has been said."""
        wait_for(lambda: any(words in line for line in self.output) or self.process.poll() is not None)
        said = [json.loads(line)["message"] if line.startswith("{") else line for line in self.output]
        lines = [line.partition(words)[2].strip() for line in said if words in line]
        assert lines, "".join(self.output)
        return lines[-1]

    def client(self, key: str | None = None) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key or self.key}"}, timeout=PATIENCE)

    def is_ready(self) -> bool:
        """Whether a photo can be screened now: on a busy machine some time after it listens."""
        return httpx.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200

    def children(self) -> list[int]:
        """Process ids of the screening processes, and of what multiprocessing has beside them."""
        return [
            int(pid)
            for path in Path(f"/proc/{self.process.pid}/task").glob("*/children")
            for pid in path.read_text().split()
        ]


def spoil(folder: Path) -> dict[Path, bytes]:
    """Make an SQLite registry in use no database any more. Returns what was in its files, for `overwrite`.

    Its index of the log (`-shm`) is memory that programs share, and becomes empty, so that it is made again from the
    log: from rubbish SQLite can take that it is gigabytes long, and maps all of it until no thread can start."""
    contents = {path: path.read_bytes() for path in folder.glob("registry.db*")}
    for path, content in contents.items():
        rubbish = b"\0" if path.name.endswith("-shm") else b"no database at all"
        overwrite(path, (rubbish * (len(content) // len(rubbish) + 1))[: len(content)])
    return contents


def overwrite(path: Path, content: bytes) -> None:
    """Write over a file in its place. It is never shorter meanwhile: one is mapped into the memory of whoever has the
    database open, who would be killed by that."""
    with path.open("r+b") as file:
        file.write(content)


PACKAGE = Path(next(iter(fotopoort.__path__))).parent  # started programs run the same copy as the tests


# On a busy machine a request waits for its turn as long as it takes, but where that is what is tested.
PATIENT: Final[dict[str, Any]] = {"seconds_waiting": PATIENCE}


FOTOPOORT = "from tests.remembered import fotopoort; fotopoort()"


@contextmanager
def serving(data_folder: Path, *arguments: str, program: str = FOTOPOORT, **settings: object) -> Iterator[Served]:
    """Start `fotopoort serve` on a free port, and stop it afterwards as a service is stopped.

    Args:
        program: the Python that is `fotopoort`.
    """
    environment = os.environ | {f"FOTOPOORT_{name.upper()}": str(value) for name, value in (PATIENT | settings).items()}
    environment |= {"FOTOPOORT_DATA_FOLDER": str(data_folder), "FOTOPOORT_PORT": "0"}
    environment |= {"PYTHONPATH": f"{PACKAGE}:{Path(__file__).parents[2]}"}
    command = [sys.executable, "-c", program, "serve", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    service = Served(process, data_folder)
    streams = ((process.stdout, service.printed), (process.stderr, service.output))
    listening = [threading.Thread(target=service.listen, args=stream) for stream in streams]
    for thread in listening:
        thread.start()
    try:
        yield service
    finally:
        process.terminate()
        process.wait(PATIENCE)
        for thread in listening:
            thread.join(PATIENCE)


@dataclass
class PlayedScreeners:
    """Screening processes whose answers the test gives: each photo waits until the test settles its future."""

    count = 1
    at_once: Screening | None = None  # what every photo gets, without waiting
    healthy: bool = True
    resting: int = 0
    given: list[tuple[bytes, Request, Future[Screening]]] = field(default_factory=list)

    def submit(self, data: bytes, job: ScreeningJob) -> Future[Screening]:
        future: Future[Screening] = Future()
        self.given.append((data, job.request, future))
        if self.at_once is not None:
            future.set_result(self.at_once)
        return future

    def inspect(self, data: bytes, long_side: int) -> Future[Inspection]:
        failure = None if self.healthy else ModelFailed().failure()
        future: Future[Inspection] = Future()
        future.set_result((Findings("", long_side, long_side, "JPEG", failure=failure), {}))
        return future

    def state(self) -> PoolState:
        return PoolState(waiting=0, at_once=self.count, memory=(1_000,) * self.count, resting=self.resting)

    def settle(self) -> None:
        """Every photo that waits now could not be judged; not those that are given while the service hears of it."""
        for data, request, future in tuple(self.given):
            if not future.done():
                future.set_result(unjudged(data, request, EmptyFile(), policy=POLICY))


@dataclass(frozen=True)
class Door:
    """The application, served in this process."""

    url: str
    key: str
    registry: Registry

    def client(self, key: str | None = None) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key or self.key}"}, timeout=PATIENCE)


@contextmanager
def opened(data_folder: Path, screeners: PlayedScreeners, settings: Mapping[str, Any], **given: Any) -> Iterator[Door]:  # noqa: ANN401
    """Serve the application on a free port of this machine."""
    configured = Settings(data_folder=data_folder, **(PATIENT | dict(settings)))
    with open_registry(configured, make=True) as (registry, caller):
        with registry.write(caller, Act.MANAGE_KEYS) as session:
            _, key = api_keys.make(session, KeyRole.MACHINE, "tests")
        given = {"policy": POLICY, **given}
        app = create_app(configured, screeners=cast(ScreeningPool, screeners), registry=registry, **given)
        with _served(app, screeners, given.get("connection_limits", ConnectionLimits())) as url:
            yield Door(url, key, registry)


@contextmanager
def _served(app: FastAPI, screeners: PlayedScreeners, limits: ConnectionLimits) -> Iterator[str]:
    server = connections.server(app, limits)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_for(lambda: server.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            screeners.settle()
            server.should_exit = True
            thread.join(PATIENCE)
