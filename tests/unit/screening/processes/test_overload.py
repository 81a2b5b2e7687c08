"""Processor time, time on the clock, memory: what a screening process may take, and that a run goes on."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.errors import ModelFailed, ScreenerCrashed, ScreeningTimeout
from fotopoort.photo.decode import Limits
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.pace import GOOD_ONES, MAX_PATIENCE, Pace
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.processes.process import ScreeningProcess
from fotopoort.screening.processes.worker import WorkerConfig

from . import played_work

AMPLE = 600  # seconds that no test takes
GIGABYTE = 1_000_000_000
CONFIG = WorkerConfig(Path("nowhere"), Limits())


@contextmanager
def opened(
    seconds: float, clock: float, load: Callable[[WorkerConfig], None] = played_work.load_nothing
) -> Iterator[ScreeningPool]:
    with ScreeningPool(CONFIG, load_policy(None), count=1, seconds=seconds, clock=clock, load=load) as pool:
        yield pool


def does(pool: ScreeningPool, work: Callable[..., Any], job: object) -> Any:  # noqa: ANN401 - whatever it returns
    """What a process of the pool returns, or the error for the photo."""
    return pool._run(work, b"", job, lambda error: error).result(PATIENCE)


@pytest.mark.parametrize("niceness", [0, 7])
def test_a_pool_for_which_nobody_waits_gives_way_with_every_thread(niceness: int) -> None:
    config = replace(CONFIG, niceness=niceness)
    with ScreeningPool(config, load_policy(None), count=1, seconds=AMPLE, load=played_work.load_a_thread) as pool:
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert does(pool, played_work.niceness, None) == {min(19, ours + niceness)}


def test_a_photo_that_uses_up_its_processor_time_is_given_up_and_the_next_is_not() -> None:
    with opened(seconds=0.3, clock=AMPLE) as pool:
        assert isinstance(does(pool, played_work.use, played_work.FOREVER), ScreeningTimeout)
        assert isinstance(does(pool, played_work.use, 0.01), int)


def test_a_photo_full_of_text_gets_time_by_how_much_there_is_and_no_more_than_a_bound() -> None:
    with opened(seconds=0.2, clock=AMPLE) as pool:
        assert isinstance(does(pool, played_work.ask_and_use, (4.0, 0.5)), int)
        assert isinstance(does(pool, played_work.ask_and_use, (0.5, played_work.FOREVER)), ScreeningTimeout)
        assert isinstance(does(pool, played_work.ask_and_use, (1e9, played_work.FOREVER)), ScreeningTimeout)
        assert isinstance(does(pool, played_work.use, played_work.FOREVER), ScreeningTimeout), "for that photo alone"


def test_waiting_for_the_processor_costs_no_processor_time() -> None:
    """As on a machine that is busy with something else."""
    with opened(seconds=0.3, clock=AMPLE) as pool:
        assert isinstance(does(pool, played_work.wait, 1.0), int)


def test_processor_time_of_earlier_photos_does_not_count() -> None:
    with opened(seconds=0.5, clock=AMPLE) as pool:
        processes = {does(pool, played_work.use, 0.2) for _ in range(5)}
        assert len(processes) == 1
        assert isinstance(processes.pop(), int)


def test_a_photo_that_never_ends_is_given_up_by_the_clock() -> None:
    with opened(seconds=AMPLE, clock=3) as pool:
        assert isinstance(does(pool, played_work.wait, played_work.FOREVER), ScreeningTimeout)
        assert isinstance(does(pool, played_work.wait, 0), int)


def test_an_answer_that_has_come_counts_however_late_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine this process may not run for longer than a photo may take."""
    looks = itertools.count()

    def used(self: ScreeningProcess) -> float:
        if not next(looks):
            return 0.0  # before it begins
        wait_for(self._answers.poll)
        return 2.0 * AMPLE

    with opened(seconds=AMPLE, clock=AMPLE) as pool:
        pool.warm_up()
        monkeypatch.setattr(ScreeningProcess, "_used", used)
        assert isinstance(does(pool, played_work.wait, 1.0), int)
    assert next(looks) > 1


def test_loading_models_does_not_count_for_the_photo_that_follows() -> None:
    """Neither at first nor in a process that takes the place of another."""
    with opened(seconds=0.3, clock=AMPLE, load=played_work.load_slowly) as pool:
        assert isinstance(does(pool, played_work.wait, 0), int)
        assert isinstance(does(pool, played_work.use, played_work.FOREVER), ScreeningTimeout)
        assert isinstance(does(pool, played_work.wait, 0), int)


def test_a_process_that_cannot_load_tells_each_photo_so() -> None:
    with opened(seconds=AMPLE, clock=AMPLE, load=played_work.load_in_vain) as pool:
        for _ in range(2):
            assert isinstance(does(pool, played_work.wait, 0), ModelFailed)
        with pytest.raises(ModelFailed):
            pool.warm_up()


def test_a_photo_that_waited_for_the_processor_is_tried_again_with_more_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """None is refused for it; it becomes slower, and says so."""
    with opened(seconds=AMPLE, clock=2) as pool, caplog.at_level(logging.WARNING):
        process = does(pool, played_work.wait, 0)
        for _ in range(2):
            process = does(pool, played_work.wait_in, process)
            assert isinstance(process, int)
    assert [record.message for record in caplog.records] == [
        "the machine is too busy: from now on 1 photos at once, each with 2 times as long",
        "the machine is too busy: from now on 1 photos at once, each with 4 times as long",
    ]


def test_the_pace_slows_down_by_steps_and_comes_back() -> None:
    pace = Pace(4)
    pace.starved()
    assert (pace.at_once, pace.patience) == (2, 2)
    for _ in range(20):
        pace.starved()
    assert (pace.at_once, pace.patience) == (1, MAX_PATIENCE)
    for _ in range(3 * GOOD_ONES):
        pace.went_well(2.0, ordinary=1.0)
    assert (pace.at_once, pace.patience) == (1, MAX_PATIENCE), "done, but still not within the ordinary time"
    for _ in range(3 * GOOD_ONES):
        pace.went_well(0.5, ordinary=1.0)
    assert (pace.at_once, pace.patience) == (4, 1)


def test_a_process_that_has_grown_is_replaced_between_photos() -> None:
    with opened(seconds=AMPLE, clock=AMPLE) as pool:
        first = does(pool, played_work.wait, 0)
        assert does(pool, played_work.keep, worker.SWOLLEN // 4) == first
        assert does(pool, played_work.wait, 0) == first
        assert does(pool, played_work.keep, worker.SWOLLEN) == first, "this photo is judged all the same"
        second = does(pool, played_work.wait, 0)
        assert isinstance(second, int)
        assert second != first


def test_a_process_gives_back_what_calls_needed_before_it_is_replaced() -> None:
    """Loading models takes as long as a few photos, and a call needs much more memory than a model."""
    with opened(seconds=AMPLE, clock=AMPLE) as pool:
        first = does(pool, played_work.keep_for_calls, worker.SWOLLEN)
        assert does(pool, played_work.wait, 0) == first
        assert does(pool, played_work.keep_for_calls, worker.SWOLLEN) == first
        assert does(pool, played_work.wait, 0) == first, "each time it gave back what the calls needed"


def test_a_photo_that_asks_for_more_memory_than_any_takes_gets_none_and_leaves_no_core() -> None:
    with opened(seconds=AMPLE, clock=AMPLE) as pool:
        assert isinstance(does(pool, played_work.allocate, 20 * GIGABYTE), MemoryError)
        assert does(pool, played_work.allocate, GIGABYTE) == GIGABYTE
        assert does(pool, played_work.core_limit, None) == (0, 0)
        assert isinstance(does(pool, played_work.fail, None), ScreenerCrashed)
