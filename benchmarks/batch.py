"""How fast whole folders go, in how much memory, and what a long ledger costs.

Folders are made of a few different photos under many names: each name is screened as a photo of its own. Half of them
have 12 megapixels, half the size at which phones send them.
"""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from benchmarks import camera_photos, deface
from benchmarks.processes import ROOT, Run, fotopoort, peak_megabytes
from benchmarks.table import markdown, marked
from fotopoort.application.contract.documents import Json
from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.report.html_report import BESIDE, PAGE, Facts, write_report
from fotopoort.batch.report.results import write_results
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.policy.policy import Label
from fotopoort.registry.store.database import sqlite_url

CLASS_LIST = ROOT / "fixtures" / "classlist.csv"
DIFFERENT = 24  # photos of each size
PHONE = (1600, 1200)
CAMERA = 10  # times each of the large ones, held against `deface`: starting up counts for little then
PAIRS = 3
FOLDER, PER_FOLDER = "map {}", 100
FEW = 10  # times fewer photos, to see what memory depends on
FASTER, FLAT = 6.0, 0.10  # the targets: times `deface`, part by which memory may grow
RECORDS = (10_000, 100_000)


def report(count: int) -> str:
    """The section on folders, as Markdown.

    Args:
        count: photos in the large folder; the small one has a tenth.
    """
    deface.install()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        large, small = made(work)
        few, many = filled(work / "few", [*large, *small], count // FEW), filled(work / "many", [*large, *small], count)
        of_camera = CAMERA * len(large)
        camera = filled(work / "camera", large, of_camera, per_folder=of_camera)
        one, two = (batched(few, work / f"out-{n}", screeners=str(n)) for n in (1, 2))
        long = batched(many, work / "out-many")
        again = batched(many, work / "out-many")
        short = batched(few, work / "out-few")
        pairs = [
            (batched(camera, work / f"out-camera-{n}"), deface.anonymise(camera / FOLDER.format(0)))
            for n in range(PAIRS)
        ]
    growth = long.together / short.together - 1
    faster = statistics.median(theirs.seconds / ours.seconds for ours, theirs in pairs)
    rows = [
        _row(f"{count // FEW} photos, 1 process", one, count // FEW),
        _row(f"{count // FEW} photos, 2 processes", two, count // FEW),
        _row(f"{count // FEW} photos, by default", short, count // FEW),
        _row(f"{count} photos, by default", long, count),
        _row("… again, nothing to be done", again, count),
    ]
    for number, (ours, theirs) in enumerate(pairs, start=1):
        rows.append(_row(f"{of_camera} photos of 12 megapixels, run {number}", ours, of_camera))
        rows.append(_row(f"… `deface`, run {number}", theirs, of_camera))
    targets = [
        ["Times faster than `deface`, median of the pairs", marked(f"{faster:.1f}", faster >= FASTER), f"≥ {FASTER:g}"],
        [f"Memory with {FEW} times the photos", marked(f"{growth:+.0%}", abs(growth) <= FLAT), f"± {FLAT:.0%}"],
    ]
    return (
        "## Whole folders\n\n"
        "`fotopoort batch FOLDER` for two channels with a class list; half of the photos 12 megapixels, half "
        f"{PHONE[0]} × {PHONE[1]}. Seconds are of the whole program.\n\n"
        + markdown(["", "seconds", "photos/s", "largest process, MB", "together, MB"], rows)
        + "\n"
        + markdown(["", "measured", "target"], targets)
        + "\n"
        + ledger()
    )


def made(folder: Path) -> tuple[list[Path], list[Path]]:
    """Different photos of both sizes."""
    for name in ("large", "small"):
        (folder / name).mkdir()
    large = camera_photos.make(folder / "large", DIFFERENT)
    small = []
    for path in large:
        with Image.open(path) as image:
            small.append(folder / "small" / path.name)
            image.resize(PHONE).save(small[-1], quality=80)
    return large, small


def filled(folder: Path, photos: list[Path], count: int, per_folder: int = PER_FOLDER) -> Path:
    """A folder with `count` photos in folders of `per_folder`."""
    for number in range(count):
        place = folder / FOLDER.format(number // per_folder) / f"IMG_{number:06}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.hardlink_to(photos[number % len(photos)])
    return folder


def batched(photos: Path, out: Path, **settings: str) -> Run:
    """One run of `fotopoort batch`."""
    channels = ("--channel", "website", "--channel", "social_schools")
    run = fotopoort("batch", photos, *channels, "--registry", CLASS_LIST, "--out", out, "--quiet", **settings)
    if run.status:
        raise RuntimeError(f"fotopoort batch ended with {run.status}: {run.errors[-500:]}")
    return run


def ledger() -> str:
    """What records cost that nobody screened: to write, to plan from and to read, for more and more photos."""
    rows = []
    for count in RECORDS:
        with tempfile.TemporaryDirectory() as temporary:
            rows.append([f"{count:,}", *_recorded(Path(temporary), count)])
    head = [
        "photos",
        "seen, s",
        "planned, s",
        "recorded, ms each",
        "nothing to do, s",
        "results, s",
        "report, s",
        "… MB",
        "ledger, MB",
        "memory, MB",
    ]
    return "Simulated records, one process, SQLite:\n\n" + markdown(head, rows)


def _recorded(folder: Path, count: int) -> list[str]:
    with Ledger.open(sqlite_url(folder / "ledger.sqlite"), 120) as records:
        return _measured(records, folder, count)


def _measured(records: Ledger, folder: Path, count: int) -> list[str]:
    run = records.begin("/photos")
    found = _timed(lambda: records.record_found(run, _photos(count)))
    planned = _timed(lambda: records.plan(run, lambda file, state: True))
    start = time.perf_counter()
    while lease := records.leases.claim(run, "benchmark"):
        for photo, _ in records.leases.remaining_in(lease):
            places = [f"website/{photo.stem}.jpg", f"social_schools/{photo.stem}.jpg"]
            records.leases.intend(lease, photo.path, places)
            records.leases.record(lease, _entry(photo.path), photo, "0" * 64, places)
        records.leases.finish(lease)
    each = (time.perf_counter() - start) / count * 1000
    run = records.begin("/photos")
    again = _timed(lambda: (records.record_found(run, _photos(count)), records.plan(run, lambda file, state: False)))
    results = _timed(lambda: write_results(records.entries(), ["website", "social_schools"], Folder(folder)))
    page = _timed(lambda: write_report(records.entries(), _facts(folder), Folder(folder)))
    size = sum(path.stat().st_size for path in folder.glob("ledger.sqlite*")) / 1e6
    memory = peak_megabytes()
    return [
        f"{found:.1f}",
        f"{planned:.1f}",
        f"{each:.1f}",
        f"{again:.1f}",
        f"{results:.1f}",
        f"{page:.1f}",
        f"{sum(path.stat().st_size for path in [folder / PAGE, *(folder / BESIDE).glob('*.js')]) / 1e6:.0f}",
        f"{size:.0f}",
        f"{memory:.0f}",
    ]


def _facts(folder: Path) -> Facts:
    label = Label("de website", "the website")
    return Facts(str(folder), {"website": label, "social_schools": label}, "1", "1", datetime.now(), datetime.now())


def _photos(count: int) -> Iterator[FoundFile]:
    for number in range(count):
        stem = f"map {number // 100}/IMG_{number:06}"
        yield FoundFile(f"{stem}.jpg", 4_000_000, number, stem)


def _entry(path: str) -> Entry:
    """A document as long as that of a class photo, with three questions; like no other, a minute after the last."""
    digest = hashlib.sha256(path.encode()).hexdigest()
    box = {"frontal": False, "close_up": False, "recognisable": True}
    faces = [
        {"id": f"f{n}", "box": [100.0 * n, 2.0, 90.0, 90.0], "landmarks": [[1.0, 2.0]] * 5} | box for n in range(10)
    ]
    reason = {"rule": "R22", "faces": ["f1"], "nl": "x" * 120, "en": "x" * 120}
    asks = [
        {"id": f"q{n}", "kind": "any_of_these", "nl": "x" * 120, "en": "x" * 120, "photos": [digest]}
        | {"persons": [f"p{n}"], "faces": {digest: ["f1", "f2"]}, "answer": {"absent": [f"p{n}"]}}
        for n in (1, int(digest[:2], 16))
    ]
    harm = {"id": "q-is-harmful", "kind": "is_harmful", "nl": "x" * 60, "en": "x" * 60}
    verdict: Json = {"outcome": "blur", "faces": {}, "covered": [], "reasons": [reason], "questions": []}
    verdict |= {"rendition": {"path": f"website/{path}"}}
    document = {"file": path, "scene": "group", "width": 4000, "height": 3000, "faces": faces, "names": []}
    document |= {"sha256": digest, "verdicts": {"website": verdict, "social_schools": verdict}}
    document |= {"questions": [harm], "asks": asks}
    taken = datetime(2016, 1, 1) + timedelta(minutes=int(path[-10:-4]))
    return Entry(path, digest, taken.isoformat(), ("groep 5",), digest[:26], document, f"report/thumbnails/{path}")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _row(title: str, run: Run, count: int) -> list[str]:
    return [title, f"{run.seconds:.1f}", f"{count / run.seconds:.2f}", f"{run.largest:.0f}", f"{run.together:.0f}"]
