"""Processes that screen: order, crashes, time, and nothing that stays behind."""

from __future__ import annotations

import fcntl
import hashlib
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.remembered import load_and_remember
from tests.unit.screening.processes.played_work import fail, load_nothing
from tests.waiting import PATIENCE

from fotopoort.errors import FileUnreadable, ModelFailed, ModelMissing, PhotoError, UnknownChannel
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes import process, worker
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.processes.process import PIPE_BYTES, ScreeningProcess, start_ahead, wide_pipe
from fotopoort.screening.processes.worker import WorkerConfig, finder
from fotopoort.screening.screen import Request, Screening, ScreeningJob
from fotopoort.settings import Settings, load_settings, processors
from fotopoort.vocabulary import Outcome

Open = Callable[..., ScreeningPool]
WEBSITE = ScreeningJob(Request(("website",)), load_policy(None))


@pytest.fixture
def opened(worker_config: WorkerConfig, policy: Policy, looks: Path) -> Open:
    """Open a pool of its own, that looks at the same pixels once: `opened(count=1, seconds=9)`."""
    return partial(ScreeningPool, worker_config, policy, load=partial(load_and_remember, looks))


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A photo that takes a second or so to judge: 49 megapixels in a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (7000, 7000), (90, 120, 150)).save(out, "PNG", compress_level=1)
    return out.getvalue()


@pytest.fixture
def unseen() -> bytes:
    """A photo that takes seconds to judge: nobody has seen it, so that the models are loaded for it."""
    out = io.BytesIO()
    Image.new("L", (7000, 7000), 151).save(out, "PNG", compress_level=1)
    return out.getvalue()


@pytest.fixture(scope="module")
def quick(samples: Path) -> bytes:
    return (samples / "IMG_2055.png").read_bytes()


def code(screening: Screening) -> str | None:
    return screening.findings.failure.code if screening.findings.failure else None


def children() -> set[int]:
    """Process ids of this process's own children."""
    return {process.pid for process in multiprocessing.active_children() if process.pid is not None}


def processes_of(pool: ScreeningPool) -> set[int]:
    """Those of this pool alone: others of the tests may start some meanwhile."""
    return {slot._process._process.pid or 0 for slot in pool._slots if slot._process}


def seconds_worked(pid: int) -> float:
    """Processor time that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def test_results_come_in_the_order_of_the_photos(samples: Path, screeners: ScreeningPool) -> None:
    names = ["IMG_2031.jpg", "IMG_2055.png", "IMG_2036.jpg", "IMG_2051.jpg", "IMG_2052.jpg", "IMG_2055.png"]
    photos = [(samples / name).read_bytes() for name in names]
    work = (screeners.submit(photo, WEBSITE) for photo in photos)
    screened = [screening.findings.sha256 for screening in screeners.in_order(work)]
    assert screened == [hashlib.sha256(photo).hexdigest() for photo in photos]


def test_only_a_few_photos_wait_at_a_time(screeners: ScreeningPool) -> None:
    """However long the list: what is read ahead is bounded by the number of processes."""
    begun: list[int] = []

    def work() -> Iterator[Future[int]]:
        for number in range(50):
            begun.append(number)
            future: Future[int] = Future()
            future.set_result(number)
            yield future

    for place, number in enumerate(screeners.in_order(work())):
        assert number == place
        assert len(begun) - place <= 2 * 2 + 1


def test_a_photo_that_fails_leaves_the_others(samples: Path, quick: bytes, screeners: ScreeningPool) -> None:
    photos: list[bytes | PhotoError] = [quick, b"", quick[:5000], FileUnreadable(), quick]
    results = list(screeners.in_order(screeners.submit(photo, WEBSITE) for photo in photos))
    assert [code(screening) for screening in results] == [None, "empty_file", "damaged", "file_unreadable", None]
    for screening in results:
        judged = screening.findings.failure is None
        assert screening.verdicts["website"].outcome is (Outcome.PUBLISH if judged else Outcome.REJECT)


def test_wrong_use_reaches_the_caller(quick: bytes, screeners: ScreeningPool) -> None:
    with pytest.raises(UnknownChannel):
        screeners.submit(quick, replace(WEBSITE, request=Request(("hyves",)))).result(PATIENCE)


def test_inspecting_looks_without_judging(samples: Path, screeners: ScreeningPool) -> None:
    findings, milliseconds = screeners.inspect((samples / "IMG_2045.jpg").read_bytes(), 1600).result(PATIENCE)
    assert len(findings.faces) == 1
    assert milliseconds["look"] > 0
    failed, _ = screeners.inspect(FileUnreadable(), 1600).result(PATIENCE)
    assert failed.failure == FileUnreadable().failure()


def test_a_caller_who_gives_up_does_no_harm(slow: bytes, quick: bytes, screeners: ScreeningPool) -> None:
    """A request that is dropped may cancel its future at any time."""
    futures = [screeners.submit(slow, WEBSITE) for _ in range(3)]
    for future in futures:
        future.cancel()
    assert code(screeners.submit(quick, WEBSITE).result(PATIENCE)) is None


def test_a_process_that_is_killed_costs_no_photo(slow: bytes, quick: bytes, opened: Open) -> None:
    with opened(count=1, seconds=PATIENCE) as pool:
        pool.warm_up()
        (process,) = processes_of(pool)
        before = seconds_worked(process)
        at_work, next_one = pool.submit(slow, WEBSITE), pool.submit(quick, WEBSITE)
        wait_for(lambda: seconds_worked(process) > before + 0.1, "the process never began")
        os.kill(process, signal.SIGKILL)
        assert code(at_work.result(PATIENCE)) is None
        assert code(next_one.result(PATIENCE)) is None


def test_a_photo_that_ends_its_processes_is_rejected_and_no_other(
    quick: bytes, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(count=1, seconds=PATIENCE) as pool:
        with monkeypatch.context() as patch:
            patch.setattr(worker, "screen_photo", fail)
            dying = pool.submit(b"a photo", WEBSITE)
        next_one = pool.submit(quick, WEBSITE)
        crashed = dying.result(PATIENCE)
        assert code(crashed) == "crashed"
        assert crashed.findings.sha256 == hashlib.sha256(b"a photo").hexdigest()
        assert crashed.verdicts["website"].outcome is Outcome.REJECT
        assert [reason.rule for reason in crashed.verdicts["website"].reasons] == ["R01"]
        assert crashed.renditions == {}
        assert code(next_one.result(PATIENCE)) is None


def test_a_process_that_dies_with_nothing_to_do_is_replaced(quick: bytes, opened: Open) -> None:
    """A machine short of memory kills whom it likes."""
    with opened(count=1, seconds=PATIENCE) as pool:
        pool.warm_up()
        (process,) = processes_of(pool)
        os.kill(process, signal.SIGKILL)
        wait_for(lambda: process not in children(), "the process did not die")
        assert code(pool.submit(quick, WEBSITE).result(PATIENCE)) is None


def test_a_photo_that_takes_too_long_is_given_up(unseen: bytes, opened: Open) -> None:
    with opened(count=1, seconds=0.1) as pool:
        screening = pool.submit(unseen, WEBSITE).result(PATIENCE)
        assert code(screening) == "timeout"
        assert screening.verdicts["website"].outcome is Outcome.REJECT
        pool.warm_up()  # another process has taken its place


def test_closing_leaves_no_process_and_no_half_done_work(slow: bytes, opened: Open) -> None:
    pool = opened(count=2, seconds=PATIENCE)
    pool.warm_up()
    started = processes_of(pool)
    assert len(started) == 2
    waiting = [pool.submit(slow, WEBSITE) for _ in range(4)]
    pool.close()
    assert not (started | processes_of(pool)) & children()
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)
    for future in waiting:
        with pytest.raises(CancelledError):
            future.result(0)
    with pytest.raises(RuntimeError):
        pool.submit(b"", WEBSITE)


def test_without_models_it_says_so(tmp_path: Path, policy: Policy) -> None:
    with (
        ScreeningPool(WorkerConfig(tmp_path, Limits()), policy, count=1, seconds=PATIENCE) as pool,
        pytest.raises(ModelMissing),
    ):
        pool.warm_up()


def test_the_limits_hold_in_the_processes(policy: Policy, quick: bytes, models_folder: Path) -> None:
    """With the models that every process loads, as it does outside the tests."""
    few = WorkerConfig(models_folder, Limits(max_pixels=1000), threads=1)
    with ScreeningPool(few, policy, count=1, seconds=PATIENCE) as pool:
        assert code(pool.submit(quick, WEBSITE).result(PATIENCE)) == "too_many_pixels"


def test_screening_in_a_process_is_screening(samples: Path, screeners: ScreeningPool, policy: Policy) -> None:
    """What comes back through the pipe is whole: the rendition opens and is the one in the receipt."""
    photo = (samples / "IMG_2063.jpg").read_bytes()
    screening = screeners.submit(photo, WEBSITE).result(PATIENCE)
    rendition = screening.renditions["website"]
    assert hashlib.sha256(rendition.jpeg).hexdigest() == screening.receipt.renditions["website"]
    assert np.asarray(Image.open(io.BytesIO(rendition.jpeg))).shape == (rendition.height, rendition.width, 3)


def test_the_processes_are_set_up_as_the_settings_say(
    models_folder: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down to what the models calculate in."""
    monkeypatch.setattr(ScreeningPool, "warm_up", lambda self: None)
    settings = Settings(models_folder=models_folder, precision="f32", screeners=1, max_megapixels=7)
    with ScreeningPool.open(settings, policy) as screeners:
        config = screeners.config
    assert config.threads == processors()
    shared = WorkerConfig.of(settings, processors())
    assert shared.threads == min(2, processors())
    assert config.limits.max_pixels == 7_000_000
    assert finder(config).precision == "f32"


def test_a_process_that_was_started_ahead_is_the_one_that_is_used(worker_config: WorkerConfig) -> None:
    start_ahead()
    (started,) = process._ahead
    first, second = (ScreeningProcess(worker_config, load_nothing) for _ in range(2))
    try:
        assert (first._process is started.process, second._process is started.process) == (True, False)
        for each in (first, second):
            each.wait_until_loaded()
    finally:
        first.stop()
        second.stop()


@pytest.mark.parametrize(
    ("threads", "screeners", "is_known"), [(8, 1, True), (8, 4, False), (8, 64, False), (2, 1, True), (2, 2, True)]
)
def test_what_is_loaded_ahead_is_what_the_first_process_will_be_told_to_load(
    monkeypatch: pytest.MonkeyPatch, threads: int, screeners: int, *, is_known: bool
) -> None:
    """However many photos there turn out to be, and so processes."""
    loaded: list[WorkerConfig] = []
    monkeypatch.setattr(worker, "load_models", loaded.append)
    monkeypatch.setattr("fotopoort.settings.processors", lambda: threads)
    monkeypatch.setenv("FOTOPOORT_SCREENERS", str(screeners))
    worker.load_ahead()
    assert loaded == ([WorkerConfig.of(load_settings(), 1)] if is_known else [])
    monkeypatch.setenv("FOTOPOORT_SCREENERS", "many")
    worker.load_ahead()


def test_one_that_died_before_it_was_needed_is_told_of(worker_config: WorkerConfig) -> None:
    start_ahead()
    started = process._ahead[-1].process
    started.kill()
    started.join()
    with pytest.raises(ModelFailed):
        ScreeningProcess(worker_config, load_nothing).wait_until_loaded()


def test_one_can_be_started_before_anything_is_imported_that_takes_time() -> None:
    heavy = "('numpy', 'cv2', 'PIL', 'openvino', 'pydantic', 'sqlalchemy', 'typer')"
    said = (
        f"import sys, fotopoort.screening.processes.process; print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pipes_are_as_wide_as_anyone_may_have_them() -> None:
    reader, writer = wide_pipe()
    with reader, writer:
        assert fcntl.fcntl(writer.fileno(), fcntl.F_GETPIPE_SZ) == PIPE_BYTES


def test_where_a_pipe_stays_narrow_it_carries_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr("fotopoort.screening.processes.process.fcntl.fcntl", refused)
    reader, writer = wide_pipe()
    with reader, writer:
        writer.send_bytes(b"x" * 60_000)  # which fits into every pipe
        assert reader.recv_bytes() == b"x" * 60_000
