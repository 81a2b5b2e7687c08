"""Whether 40 photos of 5 MB arrive over a bad line, and each is judged once: through 4 Mbit/s, cut at random, with the
service killed and the page closed meanwhile.

The service, the models and the browser are the real ones. The line is a program between them that everything of the
browser passes: it is as slow as that in both directions, counts what it carried, and drops all connections when it is
cut. What is counted as sent again is all that the page sent beyond the bytes of the photos, headers and questions too.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from sqlalchemy import text
from tests.ports import free_port
from tests.web.teacher import begin, log_in
from tests.web.visitor import add

from benchmarks import camera_photos
from benchmarks.processes import FOTOPOORT, ROOT
from benchmarks.table import markdown, marked
from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.registry.registry import Registry
from fotopoort.resources import resource
from fotopoort.settings import Settings

PHOTOS: Final = 40
RATE: Final = 4_000_000 // 8  # bytes a second
CUTS, KILLS, CLOSED = 20, 2, 2
AGAIN: Final = 0.05  # the target: of the photos' bytes
SEED: Final = 20
PIECE: Final = 8 * 1024  # bytes that the line carries at once
PATIENCE: Final = 1800.0  # seconds
CHANNELS: Final = ("de website", "Facebook")


class Line:
    """A slow line to a port of this machine, which can be cut.

    Attributes:
        port: where it begins.
        sent: bytes that it carried to the service.
    """

    def __init__(self, target: int, rate: int) -> None:
        self._target, self._rate = target, rate
        self.sent = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._free = {True: 0.0, False: 0.0}  # when each direction can carry more
        self._lock, self._open = threading.Lock(), set[socket.socket]()
        self._is_cut = self._is_over = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, seconds: float) -> None:
        """Drop all connections, and take none for so long."""
        self._is_cut = True
        with self._lock:
            dropped = list(self._open)
        for connection in dropped:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        threading.Timer(seconds, self._mend).start()

    def _mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        """Carry nothing any more."""
        self._is_over = True
        self.cut(0)
        self._listener.close()

    def _accept(self) -> None:
        while not self._is_over:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self._is_cut:
                    raise OSError
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:  # it is cut, or nobody listens at its end
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for source, sink, is_up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(source, sink, is_up), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._wait(len(piece), is_up)
                if self._is_cut:
                    break
                sink.sendall(piece)
                if is_up:
                    with self._lock:
                        self.sent += len(piece)
        with self._lock:
            self._open -= {source, sink}
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _wait(self, count: int, is_up: bool) -> None:
        with self._lock:
            now = time.monotonic()
            self._free[is_up] = max(now, self._free[is_up]) + count / self._rate
            seconds = self._free[is_up] - now
        time.sleep(seconds)


class Service:
    """A `fotopoort serve` that can be killed, always on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process = self._start()

    def kill(self) -> None:
        """Kill it with no warning, and start another."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = self._start()

    def stop(self) -> None:
        """Stop it as a service is stopped."""
        self._process.terminate()
        self._process.wait()

    def until_ready(self) -> None:
        """Wait until photos can be judged."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=PATIENCE).status_code == 200:
                    return
            time.sleep(0.2)
        raise TimeoutError

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {"FOTOPOORT_DATA_FOLDER": str(self._folder), "FOTOPOORT_PORT": str(self.port)}
        environment = os.environ | settings | {"PYTHONPATH": str(ROOT / "service")}
        return subprocess.Popen([*FOTOPOORT, "serve"], env=environment, stderr=subprocess.DEVNULL)


def report() -> str:
    """The section on a bad line, as Markdown."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        (work / "photos").mkdir()
        paths = camera_photos.make(work / "photos", PHOTOS)
        size = sum(path.stat().st_size for path in paths)
        with _school(work / "data") as registry, _serving(work / "data") as service, _browser() as context:
            line = Line(service.port, RATE)
            began = time.monotonic()
            arrived, judged = _send(context, line, service, paths, size / RATE)
            seconds = time.monotonic() - began
            line.close()
            again = (line.sent - size) / size
            seen, twice = _looked_at(registry)
    head = (f"{PHOTOS} photos of {size / PHOTOS / 1e6:.1f} MB through 4 Mbit/s", "measured", "target")
    rows = [
        ["Line cut, service killed (`kill -9`), page closed, times", f"{CUTS}, {KILLS}, {CLOSED}", "20, 2, 2"],
        ["Photos judged", marked(judged, judged == PHOTOS), str(PHOTOS)],
        ["… twice", marked(twice, not twice), "0"],
        [
            "Sent beyond the photos' bytes, all requests together",
            marked(f"{again:.1%}", again <= AGAIN),
            f"≤ {AGAIN:.0%}",
        ],
        ["All judged, seconds after the first byte", f"{seconds:.0f}", "–"],
        ["… times what the bytes alone take", f"{seconds / (size / RATE):.2f}", "–"],
        ["… after the last byte came, seconds", f"{seconds - (arrived - began):.1f}", "–"],
    ]
    if seen != PHOTOS:
        rows.append(["Photos of which it is recorded that they were looked at", marked(seen, False), str(PHOTOS)])
    return f"## A bad line\n\n{markdown(head, rows)}"


def _send(
    context: BrowserContext, line: Line, service: Service, paths: list[Path], seconds: float
) -> tuple[float, int]:
    """Send the photos of a post, and wait until all are judged. Returns when the last byte came, and how many are."""
    page = context.new_page()
    log_in(page, f"http://localhost:{line.port}", "juf")
    begin(page, *CHANNELS)
    address = page.url
    page.locator('input[type="file"][multiple]').set_input_files([str(path) for path in paths])
    began = time.monotonic()
    for moment, what in _troubles(seconds):
        page.wait_for_timeout(max(0.0, began + moment - time.monotonic()) * 1000)
        if what == "cut":
            line.cut(random.Random(moment).uniform(0.2, 5))
        elif what == "kill":
            service.kill()
        else:
            page.close()
            page = context.new_page()
            page.set_default_timeout(PATIENCE * 1000)
            _go(page, address)
    expect(page.get_by_role("heading", name=f"{PHOTOS} foto's")).to_be_visible(timeout=PATIENCE * 1000)
    expect(page.locator(".tile .state", has_text="verstuurd")).to_have_count(0, timeout=PATIENCE * 1000)
    arrived = time.monotonic()
    expect(page.locator(".progress")).to_have_count(0, timeout=PATIENCE * 1000)
    judged = page.locator(".tile .outcomes", has_text=re.compile(r"\w"))
    expect(judged).to_have_count(PHOTOS, timeout=PATIENCE * 1000)
    return arrived, judged.count()


def _go(page: Page, address: str) -> None:
    """Open a page, over a line that may be cut."""
    while True:
        with suppress(Exception):
            page.goto(address)
            page.locator("fp-app h1").wait_for()
            return
        page.wait_for_timeout(1000)


def _troubles(seconds: float) -> list[tuple[float, str]]:
    """What happens when, in seconds from the beginning: at random, the same each time."""
    chance = random.Random(SEED)
    names = ["cut"] * CUTS + ["kill"] * KILLS + ["closed"] * CLOSED
    return sorted((chance.uniform(2, seconds), name) for name in names)


def _looked_at(registry: Registry) -> tuple[int, int]:
    """Of how many photos it is recorded that they were looked at, and how often more than once."""
    query = "SELECT COUNT(*) FROM audit WHERE kind = 'post.photo.seen' GROUP BY photo"
    with registry.database.read() as connection:
        counts = connection.execute(text(query)).scalars().all()
    return len(counts), sum(counts) - len(counts)


@contextmanager
def _school(folder: Path) -> Iterator[Registry]:
    """A school with the made-up class list, and a teacher."""
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
        add(registry, "juf", KeyRole.TEACHER)
        yield registry


@contextmanager
def _serving(folder: Path) -> Iterator[Service]:
    service = Service(folder)
    try:
        service.until_ready()
        yield service
    finally:
        service.stop()


@contextmanager
def _browser() -> Iterator[BrowserContext]:
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser.new_context(locale="nl-NL")
        browser.close()
