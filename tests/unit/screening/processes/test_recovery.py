"""Processes that die at a photo, which is tried once more, and those that cannot start again: others do the work
meanwhile, and they come back by themselves."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.errors import ModelCorrupt, ModelFailed, PhotoError, ScreenerCrashed, ScreeningTimeout
from fotopoort.photo.decode import Limits
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes import slot
from fotopoort.screening.processes.pace import Pace
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.processes.process import Crashed, OutOfTime, ScreeningProcess, Seconds
from fotopoort.screening.processes.slot import Slot
from fotopoort.screening.processes.worker import WorkerConfig

from . import played_work

AMPLE = 600  # seconds that no test takes
PHOTO = b"a photo"


@contextmanager
def opened(folder: Path, *, count: int = 2) -> Iterator[ScreeningPool]:
    """A pool whose processes have started, and can do so again as long as nothing in the folder says otherwise."""
    config, load = WorkerConfig(folder, Limits()), played_work.load_if_possible
    with ScreeningPool(config, load_policy(None), count=count, seconds=AMPLE, clock=AMPLE, load=load) as pool:
        pool.warm_up()
        yield pool


def submit(pool: ScreeningPool, work: Callable[..., Any], job: object = None) -> Future[Any]:
    """The process that a photo was done by, or the error for the photo."""
    return pool._run(work, PHOTO, job, lambda error: error)


def pids(pool: ScreeningPool) -> list[int]:
    return [each._process._process.pid or 0 for each in pool._slots if each._process]


def kill(pool: ScreeningPool, *places: int) -> None:
    for place in places:
        process = pool._slots[place]._process
        assert process is not None
        process.kill()
        process._process.join(PATIENCE)


@pytest.fixture
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started again without work as long as a test takes."""
    monkeypatch.setattr(slot, "FIRST_REST", float(AMPLE))


def deaths(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log tells of processes that died."""
    return [record.message for record in caplog.records if "died" in record.message]


def test_a_photo_at_which_a_process_was_killed_is_looked_at_by_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path, count=1) as pool, caplog.at_level(logging.WARNING):
        (first,) = pids(pool)
        second = submit(pool, played_work.die_in, first).result(PATIENCE)
        assert isinstance(second, int)
        assert second != first
        assert submit(pool, played_work.wait, 0).result(PATIENCE) == second
    photo = hashlib.sha256(PHOTO).hexdigest()[:12]
    assert deaths(caplog) == [f"a screening process died at photo {photo}: signal 9"]


def test_a_photo_at_which_two_processes_died_is_told_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path, count=1) as pool, caplog.at_level(logging.WARNING):
        assert isinstance(submit(pool, played_work.fail).result(PATIENCE), ScreenerCrashed)
        assert isinstance(submit(pool, played_work.wait, 0).result(PATIENCE), int)
    assert len(deaths(caplog)) == 2
    assert all("signal 6" in death for death in deaths(caplog))


@pytest.mark.parametrize(
    ("met", "told"),
    [
        ([OutOfTime(0), Crashed(), Crashed()], ScreenerCrashed),
        ([Crashed(), OutOfTime(0), OutOfTime(0)], ScreeningTimeout),
        ([Crashed(), OutOfTime(AMPLE)], ScreeningTimeout),
        ([OutOfTime(AMPLE)], ScreeningTimeout),
    ],
)
def test_a_photo_is_excused_once_for_a_death_and_once_for_waiting_for_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, met: list[Exception], told: type[PhotoError]
) -> None:
    left = iter(met)

    def run(*arguments: object) -> NoReturn:
        raise next(left)

    monkeypatch.setattr(ScreeningProcess, "run", run)
    with opened(tmp_path, count=1) as pool:
        assert isinstance(submit(pool, played_work.wait, 0).result(PATIENCE), told)
    assert not list(left)


@pytest.mark.usefixtures("no_second_try")
def test_two_processes_in_two_slots_are_two_all_the_same(tmp_path: Path) -> None:
    """A photo is given back where no process can start after one died at it."""
    with opened(tmp_path) as pool:
        (tmp_path / played_work.DAMAGED).touch()
        died = submit(pool, played_work.fail).result(PATIENCE)
        assert isinstance(died, ScreenerCrashed)
        assert pool.state().resting


def test_a_process_that_was_killed_with_nothing_to_do_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path, count=1) as pool, caplog.at_level(logging.WARNING):
        kill(pool, 0)
        assert isinstance(submit(pool, played_work.wait, 0).result(PATIENCE), int)
    assert deaths(caplog) == ["a screening process died while it had nothing to do: signal 9"]


@pytest.mark.usefixtures("no_second_try")
@pytest.mark.parametrize(
    ("trouble", "told"), [(played_work.DAMAGED, ModelCorrupt.text.en), (played_work.NO_MEMORY, "signal 9")]
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_process_that_cannot_start_again_leaves_the_photos_to_the_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, trouble: str, told: str, place: int
) -> None:
    with opened(tmp_path) as pool, caplog.at_level(logging.WARNING):
        healthy = pids(pool)[1 - place]
        (tmp_path / trouble).touch()
        kill(pool, place)
        photos = [submit(pool, played_work.wait_until_told) for _ in range(4)]
        wait_for(lambda: pool.state().resting == 1)
        assert pool.state().at_once == 1
        (tmp_path / played_work.GO).touch()
        assert [photo.result(PATIENCE) for photo in photos] == [healthy] * 4
    (message,) = [record.message for record in caplog.records if "cannot be started" in record.message]
    assert told in message


@pytest.mark.usefixtures("no_second_try")
def test_on_a_busy_machine_too_the_process_that_is_there_does_the_work(tmp_path: Path) -> None:
    with opened(tmp_path) as pool:
        healthy = pids(pool)[1]
        pool._pace.starved()
        assert pool.state().at_once == 1
        (tmp_path / played_work.DAMAGED).touch()
        kill(pool, 0)
        for _ in range(3):
            assert submit(pool, played_work.wait, 0).result(PATIENCE) == healthy


@pytest.mark.usefixtures("no_second_try")
def test_where_no_process_can_start_each_photo_is_told_why_until_one_can(tmp_path: Path) -> None:
    with opened(tmp_path) as pool:
        (tmp_path / played_work.DAMAGED).touch()
        kill(pool, 0, 1)
        for _ in range(3):
            assert isinstance(submit(pool, played_work.wait, 0).result(PATIENCE), ModelCorrupt)
        assert pool.state().resting == 2
        (tmp_path / played_work.DAMAGED).unlink()
        assert isinstance(submit(pool, played_work.wait, 0).result(PATIENCE), int)
        assert pool.state().resting == 1


def test_a_process_that_could_not_start_comes_back_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(slot, "FIRST_REST", 0.01)
    with opened(tmp_path) as pool, caplog.at_level(logging.WARNING):
        (tmp_path / played_work.NO_MEMORY).touch()
        kill(pool, 0, 1)
        assert isinstance(submit(pool, played_work.wait, 0).result(PATIENCE), ModelFailed)
        (tmp_path / played_work.NO_MEMORY).unlink()
        wait_for(lambda: pool.state().resting == 0)
        wait_for(lambda: len(pids(pool)) == 2)
        photos = [submit(pool, played_work.wait_until_told) for _ in range(2)]
        wait_for(lambda: not pool.state().waiting)
        (tmp_path / played_work.GO).touch()
        assert {photo.result(PATIENCE) for photo in photos} == set(pids(pool))
    assert "is there again" in caplog.text


def test_it_rests_longer_each_time_and_no_longer_than_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot, "MAX_REST", 5.0)
    (tmp_path / played_work.DAMAGED).touch()
    config, limit = WorkerConfig(tmp_path, Limits()), Seconds(AMPLE, AMPLE)
    tried = Slot(config, played_work.load_if_possible, limit, Pace(1))
    rests = []
    for _ in range(3):
        with pytest.raises(ModelCorrupt):
            tried.fill()
        rests.append(tried._rest)
    assert rests == [2.0, 4.0, 5.0]
    (tmp_path / played_work.DAMAGED).unlink()
    tried.fill()
    ended = tried.seconds_to_start, tried.is_resting
    tried.empty()
    assert ended == (None, False)
