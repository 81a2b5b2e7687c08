"""`fotopoort jobs` as whoever looks after the machine would use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fotopoort.cli.registry_session import open_registry
from fotopoort.jobs import overview
from fotopoort.jobs.queue import Queue
from fotopoort.registry import outbox
from fotopoort.registry.access.roles import Act
from fotopoort.settings import load_settings

from ..conftest import Fotopoort

KIND = "webhook.deliver"


@pytest.fixture
def dead(fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A registry with a job that waits, one that is done and one that is dead, of which the id."""
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "init").status == 0
    with open_registry(load_settings()) as (registry, caller):
        queue = Queue(registry)
        for number in range(3):
            with registry.write(caller, Act.MAINTAIN) as session:
                outbox.enqueue(session, KIND, {"number": number})
            if number < 2:
                lease = queue.take(KIND, 1, "here")
                assert lease is not None
                if number == 0:
                    queue.fail(lease, "timed_out", None)
                    dead = lease.id
                else:
                    queue.complete(lease)
    return dead


def test_what_waits_and_what_was_given_up_is_listed(fotopoort: Fotopoort, dead: str) -> None:
    rows = fotopoort("jobs", "list", "--json").documents
    assert sorted((row["state"], row["error"], row["payload"]["number"]) for row in rows) == [
        ("dead", "timed_out", 0),
        ("waiting", None, 2),
    ]
    assert {row["state"]: bool(row["next_at"]) for row in rows} == {"dead": False, "waiting": True}
    assert len(fotopoort("jobs", "list", "--all", "--json").documents) == 3
    table = fotopoort("--lang", "nl", "jobs", "list").out
    assert "opgegeven" in table
    assert "wacht" in table


def test_where_there_are_more_than_it_lists_that_is_said(
    fotopoort: Fotopoort, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "MAX_LISTED", 1)
    done = fotopoort("jobs", "list", "--json")
    assert [row["id"] for row in done.documents] == [dead]
    assert done.err == "There are more than these 1.\n"
    monkeypatch.setattr(overview, "MAX_LISTED", 2)
    assert fotopoort("jobs", "list", "--json").err == ""


@pytest.mark.parametrize("how", ["by id", "all"])
def test_what_was_given_up_is_tried_again(fotopoort: Fotopoort, dead: str, how: str) -> None:
    done = fotopoort("jobs", "retry", dead if how == "by id" else "--all")
    assert (done.status, done.err) == (0, "To be tried again: 1.\n")
    states = {row["id"]: row["state"] for row in fotopoort("jobs", "list", "--json").documents}
    assert states[dead] == "waiting"
    assert fotopoort("jobs", "retry", "nothing").status == 2
    assert fotopoort("audit", "verify").status == 0


def test_one_or_all_is_named(fotopoort: Fotopoort, dead: str) -> None:
    for arguments in ((), (dead, "--all")):
        done = fotopoort("--lang", "nl", "jobs", "retry", *arguments)
        assert done.status == 2
        assert "Noem één taak" in done.err


def test_where_there_is_nothing_to_do_that_is_said(
    fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "init").status == 0
    assert fotopoort("--lang", "nl", "jobs", "list").err == "Er wacht niets, en er is niets opgegeven.\n"
    assert fotopoort("jobs", "list").err == "Nothing waits, and nothing was given up.\n"
