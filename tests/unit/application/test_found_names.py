from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from tests.waiting import PATIENCE, wait_for

from fotopoort.application.found_names import TextProcess, found_names
from fotopoort.errors import TextTooLong
from fotopoort.screening.name_search import NamesToFind
from fotopoort.vocabulary import NameEntry

SEM = NamesToFind((NameEntry("Sem Vos", "p1"),), frozenset(), staff_counts=False)


@pytest.fixture
def process() -> Iterator[TextProcess]:
    process = TextProcess()
    yield process
    process.close()


def test_it_says_what_the_search_found(process: TextProcess) -> None:
    there = process.submit(SEM, "Sem \U0001f600 bouwt").result(PATIENCE)
    assert there == found_names(SEM, "Sem \U0001f600 bouwt")
    assert json.loads(there)["hits"][0]["person"] == "p1"


def test_what_cannot_be_looked_through_is_told_as_here(process: TextProcess) -> None:
    with pytest.raises(TextTooLong):
        process.submit(SEM, "x" * 1_000_001).result(PATIENCE)


def test_a_process_that_died_with_nothing_to_do_is_replaced(process: TextProcess) -> None:
    before = set(multiprocessing.active_children())
    process.submit(SEM, "Sem").result(PATIENCE)
    (child,) = set(multiprocessing.active_children()) - before
    os.kill(child.pid or 0, signal.SIGKILL)
    answers: list[Future[bytes]] = []

    def answers_again() -> bool:
        try:
            answers.append(process.submit(SEM, "Sem"))
            return bool(answers[-1].result(PATIENCE))
        except Exception:  # the loss may be noticed by the first text that comes
            return False

    wait_for(answers_again)
