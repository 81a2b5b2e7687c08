"""The gate under 20 clients that each send one photo of 12 megapixels after the other: what they hear, and when."""

from __future__ import annotations

import io
import itertools
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from PIL import Image

from benchmarks.processes import with_descendants
from benchmarks.service import PHOTO, Service, another, serving
from benchmarks.table import markdown, marked, none

CLIENTS = 20
SECONDS = 300
DEADLINE = 15  # seconds, as it is where a client does not say
LATE = 10.0  # seconds after the deadline: an upload, and writing down what is decided
SIZE = (4000, 3000)
SECONDS_TO_FINISH = 3600  # what was answered 202 is looked at after that
MORE_MEMORY = 1.05


@dataclass
class Told:
    """What clients were answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    without_retry: int = 0
    ids: list[str] = field(default_factory=list)


def report(seconds: int = SECONDS) -> str:
    """The section about this in the results.

    Args:
        seconds: for which clients send photos.
    """
    photo, numbers, told = _photo(), itertools.count(), Told()
    with serving() as service, ThreadPoolExecutor(CLIENTS) as pool:
        _ask(service, photo, next(numbers), Told())  # models are loaded, and what is kept beside them
        before, ends = _megabytes(service.process), time.monotonic() + seconds

        def client() -> None:
            while time.monotonic() < ends:
                _ask(service, photo, next(numbers), told)

        for waiting in [pool.submit(client) for _ in range(CLIENTS)]:
            waiting.result()
        lost = _never_judged(service, told.ids)
        after = _megabytes(service.process)
    took = sorted(told.seconds)
    slowest, most = took[-1], before * MORE_MEMORY
    rows = [
        ("answers by status", ", ".join(f"{count} × {status}" for status, count in sorted(told.statuses.items())), "–"),
        (
            "an answer, seconds (median, slowest)",
            f"{took[len(took) // 2]:.1f}, {marked(f'{slowest:.1f}', slowest < DEADLINE + LATE)}",
            f"< {DEADLINE + LATE:g}",
        ),
        ("202, 429 or 503 without Retry-After", none(told.without_retry), "0"),
        ("taken in and never judged", none(lost), "0"),
        ("megabytes before, after", f"{before:.0f}, {marked(round(after), after <= most)}", f"≤ {most:.0f}"),
    ]
    title = f"## The gate: {CLIENTS} clients with photos of 12 megapixels for {seconds} seconds\n\n"
    return title + markdown(("", "measured", "target"), rows)


def _photo() -> bytes:
    content = io.BytesIO()
    with Image.open(PHOTO) as photo:
        photo.convert("RGB").resize(SIZE).save(content, "JPEG", quality=85)
    return content.getvalue()


def _ask(service: Service, photo: bytes, number: int, told: Told) -> None:
    content = another(photo, number)
    fields = {"channel": "website", "deadline": str(DEADLINE), "reference": f"{number // 30}"}
    start = time.monotonic()
    with service.client(0) as client:
        try:
            answer = client.post("/v1/gate", data=fields, files={"photo": ("foto.jpg", content)})
        except httpx.HTTPError:
            told.statuses[0] += 1
            return
    told.seconds.append(time.monotonic() - start)
    told.statuses[answer.status_code] += 1
    if answer.status_code in (200, 202):
        told.ids.append(answer.json()["id"])
    if answer.status_code in (202, 429, 503) and "retry-after" not in answer.headers:
        told.without_retry += 1
    if answer.status_code in (429, 503):
        time.sleep(int(answer.headers.get("retry-after", "5")))


def _never_judged(service: Service, ids: list[str]) -> int:
    """How many are still looked at when there is no more hope."""
    ends, waiting = time.monotonic() + SECONDS_TO_FINISH, list(ids)
    with service.client(0) as client:
        while waiting and time.monotonic() < ends:
            waiting = [id for id in waiting if client.get(f"/v1/gate/{id}").json()["status"] == "pending"]
            time.sleep(min(5, len(waiting)))
    return len(waiting)


def _megabytes(process: int) -> float:
    """Of the service and the processes that look at photos; pages that they share count once."""
    total = 0
    for pid in with_descendants(process):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000
