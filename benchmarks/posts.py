"""How long a teacher waits for a post: its first question, the verdict after an answer, what may go out, all photos.

The photos are as large as phones send them and as they pass them on. They are sent over loopback in the parts in which
the page sends them, two at a time, while nothing else is asked of the service.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from tests.ports import free_port

from benchmarks.batch import CLASS_LIST, filled, made
from benchmarks.processes import FOTOPOORT, ROOT, fotopoort, peak_megabytes
from benchmarks.table import markdown, marked

PHOTOS = 40
ANSWERS = 30
PART = 256 * 1024  # bytes, as the page begins to send them
AT_ONCE = 2  # photos on their way, as of the page
CHANNELS = ("website", "facebook")
FIRST, TAP, RENDITION, LONGER = 2.0, 0.3, 1.0, 1.2  # the targets: seconds, and times `batch`
TEACHERS, PER_POST, SECONDS_BESIDE = 3, 4, 300
BATCHED = 40  # photos of `batch` beside them, over and over
BESIDE = 5.0  # seconds, the target
POLL = 0.05  # seconds
PATIENCE = 600


@dataclass
class Waited:
    """How long it took, in seconds.

    Attributes:
        question: from the last byte of the first photo to its question.
        judged: from the first byte of the first photo to the last photo with what may go out of it.
        taps: from an answer to the verdict.
        renditions: from an answer to what may go out by it.
        batch: `fotopoort batch` over the same photos.
        megabytes: peak of the service itself.
    """

    question: float = 0.0
    judged: float = 0.0
    taps: list[float] = field(default_factory=list)
    renditions: list[float] = field(default_factory=list)
    batch: float = 0.0
    megabytes: float = 0.0


def report() -> str:
    """The section on posts, as Markdown."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        large, small = made(work)
        photos = filled(work / "photos", [*large, *small], PHOTOS, per_folder=PHOTOS)
        columns = [(precision, _waited(photos, work / precision, precision)) for precision in ("f32", "auto")]
        beside = _beside_batch(photos, filled(work / "many", small, BATCHED), work / "beside")
    rows = [
        _row("The first question, seconds after the photo's last byte", columns, lambda it: it.question, FIRST),
        _row("An answer to its verdict, p95 of 30, seconds", columns, lambda it: _p95(it.taps), TAP),
        _row("… and to what may go out by it, p95, seconds", columns, lambda it: _p95(it.renditions), RENDITION),
        _row(f"All {PHOTOS} photos, seconds", columns, lambda it: it.judged, None),
        _row("… times `batch` over the same photos", columns, lambda it: it.judged / it.batch, LONGER),
        _row("Peak memory of the service itself, MB", columns, lambda it: it.megabytes, None),
    ]
    head = ("Post of 40 photos, half of them of 12 megapixels", *(precision for precision, _ in columns), "target")
    return f"## A teacher's post\n\n{markdown(head, rows)}\n{beside}"


def _beside_batch(photos: Path, batched: Path, folder: Path) -> str:
    """Three teachers who make one post after another, while a folder is judged by another program."""
    waits: list[float] = []
    errors: list[str] = []
    with _serving(folder / "data", "auto") as (client, process):
        ends = time.monotonic() + SECONDS_BESIDE
        paths = sorted(photos.rglob("*.jpg"))

        def teach(number: int) -> int:
            posts = 0
            while time.monotonic() < ends:
                chosen = [paths[(number + AT_ONCE * posts + n) % len(paths)] for n in range(PER_POST)]
                try:
                    waits.append(_whole_post(client, chosen))
                except (httpx.HTTPError, TimeoutError) as error:
                    errors.append(str(error))
                posts += 1
            return posts

        with ThreadPoolExecutor(TEACHERS + 1) as threads:
            teachers = [threads.submit(teach, number) for number in range(TEACHERS)]
            running = threads.submit(_batch_until, batched, folder, ends)
            time.sleep(SECONDS_BESIDE / 3)
            early = _resident(process)
            made = sum(teacher.result() for teacher in teachers)
            late = _resident(process)
            running.result()
    rows = [
        ["Posts made and finished", str(made), "–"],
        ["The first question, p95, seconds", marked(round(_p95(waits), 2), _p95(waits) <= BESIDE), f"≤ {BESIDE:g}"],
        ["Requests that failed", marked(len(errors), not errors), "0"],
        ["Memory of the service after a third of the time, and at the end, MB", f"{early:.0f}, {late:.0f}", "flat"],
    ]
    minutes = f"{SECONDS_BESIDE / 60:g} minutes"
    head = (f"Three teachers beside `batch` for {minutes}, posts of {PER_POST} photos", "auto", "target")
    return markdown(head, rows)


def _whole_post(client: httpx.Client, photos: list[Path]) -> float:
    """Begin a post, send photos, wait until all are judged, and finish it. Returns how long its first question took."""
    new = {"groups": ["groep 5"], "channels": list(CHANNELS)}
    address = f"/v1/posts/{_checked(client.post('/v1/posts', json=new)).json()['id']}"
    _send(client, address, photos[0])
    sent = time.perf_counter()
    _until(lambda: any("judged" in photo for photo in _post(client, address)["photos"]))
    waited = time.perf_counter() - sent
    for path in photos[1:]:
        _send(client, address, path)
    _until(lambda: all(photo["state"] == "judged" for photo in _post(client, address)["photos"]), seconds=0.5)
    headers = {"If-Match": f'"{_post(client, address)["revision"]}"'}
    _checked(client.post(f"{address}/finish", headers=headers))
    return waited


def _batch_until(photos: Path, folder: Path, ends: float) -> None:
    run = 0
    while time.monotonic() < ends:
        run += 1
        command: list[str | Path] = ["batch", photos, "--channel", "website", "--registry", CLASS_LIST, "--quiet"]
        fotopoort(*command, "--out", folder / f"out-{run}", data_folder=str(folder / "batch-data"))


def _resident(process: int) -> float:
    """Megabytes that a process holds now."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def _row(
    label: str, columns: Sequence[tuple[str, Waited]], figure: Callable[[Waited], float], target: float | None
) -> list[str]:
    figures = [figure(waited) for _, waited in columns]
    shown = [f"{it:.2f}" if target is None else marked(round(it, 2), it <= target) for it in figures]
    return [label, *shown, "–" if target is None else f"≤ {target:g}"]


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _waited(photos: Path, folder: Path, precision: str) -> Waited:
    waited = Waited()
    channels = [option for channel in CHANNELS for option in ("--channel", channel)]
    command: list[str | Path] = [
        "batch",
        photos,
        *channels,
        "--registry",
        CLASS_LIST,
        "--out",
        folder / "out",
        "--quiet",
    ]
    run = fotopoort(*command, precision=precision, data_folder=str(folder / "batch-data"))
    if run.status:
        raise RuntimeError(f"fotopoort batch ended with {run.status}: {run.errors[-500:]}")
    waited.batch = run.seconds
    with _serving(folder / "data", precision) as (client, process):
        _work_at_a_post(client, sorted(photos.rglob("*.jpg")), waited)
        waited.megabytes = peak_megabytes(process)
    return waited


@contextmanager
def _serving(folder: Path, precision: str) -> Iterator[tuple[httpx.Client, int]]:
    """A service with the class list in its registry, and a client with a teacher's key."""
    settings = {"data_folder": str(folder), "precision": precision}
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("import", CLASS_LIST, "--apply"),
        ("keys", "add", "teacher", "--group", "groep 5", "--label", "a"),
    )
    for command in commands:
        run = fotopoort("registry", *command, **settings)
        if run.status:
            raise RuntimeError(run.errors[-500:])
    key = run.lines[0].strip()
    port = free_port()
    environment = {f"FOTOPOORT_{name.upper()}": value for name, value in {**settings, "port": str(port)}.items()}
    environment |= {"PYTHONPATH": str(ROOT / "service")}
    with subprocess.Popen([*FOTOPOORT, "serve"], env=os.environ | environment, stderr=subprocess.DEVNULL) as process:
        headers = {"Authorization": f"Bearer {key}"}
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE) as client:
                _until(lambda: _is_ready(client))
                yield client, process.pid
        finally:
            process.terminate()


def _work_at_a_post(client: httpx.Client, photos: list[Path], waited: Waited) -> None:
    new = {"groups": ["groep 5"], "channels": list(CHANNELS)}
    address = f"/v1/posts/{_checked(client.post('/v1/posts', json=new)).json()['id']}"
    began = time.perf_counter()
    _send(client, address, photos[0])
    sent = time.perf_counter()
    _until(lambda: any("judged" in photo for photo in _post(client, address)["photos"]))
    waited.question = time.perf_counter() - sent
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda path: _send(client, address, path), photos[1:]))
    _until(lambda: all(photo["state"] == "judged" for photo in _post(client, address)["photos"]), seconds=0.5)
    waited.judged = time.perf_counter() - began
    document = _post(client, address)
    for photo in [photo for photo in document["photos"] if photo["judged"]["faces"]][:ANSWERS]:
        said = {"photos": [photo["id"]], "answers": {"faces": {"f1": "cover"}, "only_present": True}}
        headers = {"If-Match": f'"{document["revision"]}"'}
        asked = time.perf_counter()
        query = {"since": document["version"]}
        document = _checked(client.post(f"{address}/answers", json=said, headers=headers, params=query)).json()
        waited.taps.append(time.perf_counter() - asked)
        _until(partial(_is_judged, client, address, photo["id"]))
        waited.renditions.append(time.perf_counter() - asked)
        document = _post(client, address)


def _send(client: httpx.Client, address: str, path: Path) -> None:
    content, name = path.read_bytes(), f"{address}/photos/{uuid.uuid4()}"
    for offset in range(0, len(content), PART):
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(len(content))}
        _checked(client.put(name, content=content[offset : offset + PART], headers=headers))


def _post(client: httpx.Client, address: str) -> dict[str, Any]:
    document: dict[str, Any] = _checked(client.get(address)).json()
    return document


def _is_judged(client: httpx.Client, address: str, photo: str) -> bool:
    return any(it["state"] == "judged" for it in _post(client, address)["photos"] if it["id"] == photo)


def _checked(answer: httpx.Response) -> httpx.Response:
    answer.raise_for_status()
    return answer


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _until(condition: Callable[[], bool], seconds: float = POLL) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(seconds)
