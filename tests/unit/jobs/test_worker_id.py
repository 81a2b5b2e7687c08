"""Whether the program that had a job still runs, as far as another one on its machine can tell."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from tests.waiting import wait_for

from fotopoort.jobs.worker_id import has_ended, own_id

PROGRAM = "import time; from fotopoort.jobs.worker_id import own_id; print(own_id(), flush=True); time.sleep(600)"


def test_a_program_has_ended_from_the_moment_that_it_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        theirs = program.stdout.readline().strip()
        assert theirs != own_id()
        assert not has_ended(theirs)
        program.send_signal(signal.SIGSTOP)  # it is frozen, and may go on
        assert not has_ended(theirs)
        program.kill()
        wait_for(lambda: has_ended(theirs))  # its parent has not been told yet
        program.wait()
        assert has_ended(theirs)


def test_another_process_of_the_same_number_is_not_the_program() -> None:
    *place, start = own_id().split(" ")
    assert not has_ended(own_id())
    assert has_ended(" ".join([*place, str(int(start) + 1)]))


@pytest.mark.parametrize("place", ["0123456789abcdef:4026531836", "here", "", "1a2b3c4d"])
def test_of_a_program_elsewhere_nothing_is_known(place: str) -> None:
    _, pid, start = own_id().split(" ")
    for theirs in (f"{place} 999999999 {start}", f"{place} {pid} 1", f"{place} {pid}", place):
        assert not has_ended(theirs)


def test_it_fits_in_its_column() -> None:
    assert len(own_id()) <= 80
