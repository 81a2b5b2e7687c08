"""The HTTP service when somebody makes it hard: bodies without end, heads that drip, a key that asks for everything."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.ports import free_port

from benchmarks.processes import FOTOPOORT, ROOT, fotopoort, peak_megabytes
from benchmarks.table import markdown, marked

PHOTO = ROOT / "fixtures" / "demo" / "IMG_2040.jpg"
CLASS_LIST = ROOT / "fixtures" / "classlist.csv"
KINDS = ("text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "image/jpeg")
MEGABYTES_SENT = 300  # by each of the hostile bodies, if nobody stops it
PATIENCE = 45  # seconds after which something counts as having no end
LONG_TEXT = "Sem en een lieve Roos bouwen een toren, en dan gaan wij naar huis. " * 5970  # 400,000 characters


@dataclass(frozen=True)
class Service:
    """A service that runs, with the keys of two programs; `data` is its data folder."""

    url: str
    process: int
    data: Path
    keys: tuple[str, str]

    def client(self, key: int) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.keys[key]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=300)

    def line(self) -> socket.socket:
        place = httpx.URL(self.url)
        return socket.create_connection((place.host, place.port or 80), timeout=PATIENCE)

    def peak(self) -> float:
        """Megabytes of the service itself, without the processes that look at photos."""
        return peak_megabytes(self.process)


@contextmanager
def serving() -> Iterator[Service]:
    """`fotopoort serve` with the settings that a school has."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = {"FOTOPOORT_DATA_FOLDER": folder, "FOTOPOORT_PORT": str(port), "PYTHONPATH": str(ROOT / "service")}
        command = [*FOTOPOORT, "serve", "--registry", str(CLASS_LIST)]
        with subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL) as process:
            url = f"http://127.0.0.1:{port}"
            try:
                while process.poll() is None and not _is_ready(url):
                    time.sleep(0.2)
                made = [fotopoort("registry", "keys", "add", "machine", "--label", label, data_folder=folder)
                        for label in "ab"]  # fmt: skip
                first, second = (run.lines[0].strip() for run in made)
                yield Service(url, process.pid, Path(folder), (first, second))
            finally:
                process.terminate()


def another(photo: bytes, number: int) -> bytes:
    """The same picture as another JPEG file: with a comment of its own."""
    comment = f"{number:08}".encode()
    return photo[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + photo[2:]


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=20).status_code == 200
    except httpx.TransportError:
        return False


# --- hostile -----------------------------------------------------------------------------------------------


def endless_bodies(service: Service, *, with_key: bool) -> tuple[float, float]:
    """Four posts at once. Megabytes at most, and how many were taken in."""

    def post(kind: str) -> float:
        key = f"Authorization: Bearer {service.keys[0]}\r\n" if with_key else ""
        kinds = f"Content-Type: {kind}\r\nContent-Length: {2**40}\r\n"
        head = f"POST /v1/names HTTP/1.1\r\nHost: localhost\r\n{key}{kinds}\r\n"
        sent = 0
        with service.line() as line:
            try:
                line.sendall(head.encode())
                for _ in range(MEGABYTES_SENT):
                    line.sendall(bytes(1_000_000))
                    sent += 1
            except OSError:
                pass
        return sent

    with ThreadPoolExecutor(len(KINDS)) as pool:
        sent = sum(pool.map(post, KINDS))
    return service.peak(), sent


def dripping(service: Service, head: str) -> float:
    """Send this, and then a byte every half second. Seconds until the service hangs up, at most PATIENCE."""
    start = time.perf_counter()
    with service.line() as line:
        line.sendall(head.encode())
        line.settimeout(0.5)
        while time.perf_counter() - start < PATIENCE:
            try:
                line.sendall(b"x")
                if not line.recv(65536):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.perf_counter() - start


# --- fair share --------------------------------------------------------------------------------------------


def seconds(work: Callable[[], httpx.Response]) -> str:
    """How long an answer takes; and its status, where there was no other."""
    start = time.perf_counter()
    status = work().status_code
    took = f"{time.perf_counter() - start:.2f}"
    return took if status == httpx.codes.OK else f"{took}: **{status}**"


def beside(crowd: Callable[[], object], others: dict[str, Callable[[], httpx.Response]]) -> dict[str, str]:
    """How long each of the others' answers takes, once each and one after another, while the crowd is at work."""
    working = threading.Thread(target=crowd)
    working.start()
    time.sleep(2)  # by then all of the crowd's requests have come in
    took = {name: seconds(work) for name, work in others.items()}
    working.join()
    return took


def report() -> str:
    """The section on the service, as Markdown."""
    name = "POST /v1/names HTTP/1.1\r\nHost: localhost\r\n"
    with serving() as service:
        before = service.peak()
        peaks = {with_key: endless_bodies(service, with_key=with_key) for with_key in (False, True)}
    with serving() as service, service.client(0) as a, service.client(1) as b:
        with ThreadPoolExecutor(3) as pool:
            head = pool.submit(dripping, service, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            key = f"Authorization: Bearer {service.keys[0]}\r\n"
            body = pool.submit(
                dripping, service, f"{name}{key}Content-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n"
            )
            silent = pool.submit(dripping, service, f"{name}Content-Length: 1000000\r\n\r\n")
        photo = PHOTO.read_bytes()

        def one_photo() -> httpx.Response:
            return b.post("/v1/screenings", files={"photo": ("a.jpg", photo)}, data={"channel": "website"})

        def short_text() -> httpx.Response:
            return b.post("/v1/names", json={"text": "Sem bouwt een toren."})

        def texts() -> None:
            with ThreadPoolExecutor(12) as pool:
                list(pool.map(lambda _: a.post("/v1/names", json={"text": LONG_TEXT}), range(12)))

        def photos() -> None:
            a.post("/v1/screenings", files=[("photo", ("a.jpg", photo))] * 50, data={"channel": "website"})

        others = {"health": lambda: b.get("/healthz"), "text": short_text, "photo": one_photo}
        one_photo()
        alone = {which: seconds(work) for which, work in others.items()}
        by_texts, by_photos = beside(texts, others), beside(photos, others)
    rows = [
        [
            "Four bodies without end and without a key: peak memory, MB",
            f"{peaks[False][0]:.0f}",
            f"< {before + 50:.0f}",
        ],
        ["… megabytes taken in", f"{peaks[False][1]:.0f}", "–"],
        ["Four with a key: peak memory, MB", f"{peaks[True][0]:.0f}", f"< {before + 50:.0f}"],
        ["… megabytes taken in", f"{peaks[True][1]:.0f}", "–"],
        ["A head of a byte every half second ends after, seconds", _end(head.result()), "–"],
        ["A body like that, with a key", _end(body.result()), "–"],
        ["A body like that, without one", _end(silent.result()), "–"],
        *(
            [f"{crowd}: {which} for another key, seconds (alone {alone[which]})", took[which], "–"]
            for crowd, took in (("12 texts of 400,000 characters", by_texts), ("A request of 50 photos", by_photos))
            for which in others
        ),
    ]
    return "## The service under attack\n\n" + markdown(["", "measured", "target"], rows)


def _end(took: float) -> str:
    return marked("never", met=False) if took >= PATIENCE else f"{took:.0f}"
