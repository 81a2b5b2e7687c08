"""The records of a run, on SQLite and on PostgreSQL: what is found, planned and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update
from tests.unit.batch.ledger.runs import ODD, SECONDS, entry, every_photo, found, leased_run, states

from fotopoort.batch.ledger.leases import LeaseLost
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.ledger.tables import SCHEMA, about
from fotopoort.errors import OutputUnwritable
from fotopoort.registry.store.database import Database, sqlite_url


def test_what_was_recorded_is_known_when_planning(ledger: Ledger) -> None:
    _, lease = leased_run(ledger, ODD)
    ledger.leases.record(lease, entry(ODD), found(ODD), "k", [])
    run = ledger.begin("/fotos")
    ledger.record_found(run, [found(ODD, size=9)])
    assert states(ledger, run) == [
        (found(ODD, size=9), PhotoState("k", 1, 2, "a" * 64, "2024-03-12", "beef", settled=True))
    ]


@pytest.mark.parametrize(
    ("code", "settled"),
    [("not_a_photo", True), ("damaged", True), ("timeout", False), ("file_unreadable", False)],
)
def test_only_what_is_wrong_with_the_file_itself_is_settled(code: str, settled: bool, ledger: Ledger) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg", code=code), found("a.jpg"), "k", [])
    assert [state and state.settled for _, state in states(ledger, run)] == [settled]
    assert ledger.unjudged_count() == 1


def test_others_see_what_was_asked_as_long_as_there_is_work(ledger: Ledger) -> None:
    assert ledger.claimable_run() is None
    run = ledger.begin("/fotos", {"channels": ["website"]})
    ledger.record_found(run, [found("a.jpg")])
    assert ledger.claimable_run() is None, "nothing is planned yet"
    ledger.plan(run, every_photo)
    assert ledger.claimable_run() == (run, {"channels": ["website"]})
    assert (ledger.remaining(run), ledger.workers(run)) == (1, 0)
    lease = ledger.leases.claim(run, "one")
    assert lease
    assert (ledger.remaining(run), ledger.workers(run)) == (1, 1)
    assert ledger.claimable_run() is None, "somebody has it"
    ledger.leases.release(lease)
    assert ledger.claimable_run()
    lease = ledger.leases.claim(run, "one")
    assert lease
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", [])
    ledger.leases.finish(lease)
    assert (ledger.remaining(run), ledger.workers(run)) == (0, 0)
    assert ledger.claimable_run() is None
    leased_run(ledger, "a.jpg")
    assert ledger.claimable_run() is None, "a run of this machine alone is nobody else's"


def test_a_run_that_has_ended_says_no_more_what_was_asked(ledger: Ledger) -> None:
    run = ledger.begin("/fotos", {"channels": ["website"]})
    ledger.record_found(run, [found("a.jpg")])
    ledger.plan(run, every_photo)
    ledger.end(run)
    assert ledger.claimable_run() is None


def test_a_run_that_another_took_the_place_of_takes_nothing_away(ledger: Ledger) -> None:
    """As of a laptop that slept while it planned."""
    _, lease = leased_run(ledger, "a.jpg", "b.jpg")
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", [])
    asleep, awake = ledger.begin("/fotos"), ledger.begin("/fotos")
    ledger.record_found(awake, map(found, ["a.jpg", "b.jpg"]))
    assert list(ledger.gone(asleep)) == []
    for late in (
        lambda: ledger.record_found(asleep, [found("a.jpg")]),
        lambda: ledger.forget(asleep, ["a.jpg"]),
        lambda: ledger.remaining(asleep),
    ):
        with pytest.raises(LeaseLost):
            late()
    assert ledger.plan(asleep, every_photo) == 0
    assert ledger.photo_count() == 2


def test_an_entry_comes_back_as_it_was_and_by_path(ledger: Ledger) -> None:
    _, lease = leased_run(ledger, "b.jpg", ODD, "a.jpg")
    for path in ("b.jpg", ODD, "a.jpg", "a.jpg"):
        ledger.leases.record(lease, entry(path), found(path), "k", [])
    assert list(ledger.entries()) == [entry("a.jpg"), entry("b.jpg"), entry(ODD)]


def test_photos_that_are_gone_are_told_and_forgotten(ledger: Ledger) -> None:
    _, lease = leased_run(ledger, "a.jpg", ODD)
    ledger.leases.intend(lease, ODD, ["website/b.jpg"])
    ledger.leases.record(lease, entry(ODD), found(ODD), "k", ["website/b.jpg"])
    run = ledger.begin("/fotos")
    ledger.record_found(run, [found("a.jpg")])
    assert list(ledger.gone(run)) == [ODD]
    ledger.forget(run, [ODD])
    assert (ledger.places(ODD), list(ledger.gone(run)), list(ledger.entries())) == ([], [], [])
    assert ledger.photo_count() == 1


def test_a_run_can_be_undone(ledger: Ledger) -> None:
    _, lease = leased_run(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", [])
    run = ledger.begin("/elders")
    ledger.record_found(run, map(found, ["a.jpg", "b.jpg"]))
    ledger.undo(run)
    assert ledger.last_folder() == "/fotos"
    assert ledger.photo_count() == 1
    assert ledger.begin("/fotos") > run, "its number is not given again"


def test_thumbnails_are_found_by_their_folder(ledger: Ledger) -> None:
    _, lease = leased_run(ledger, "a.jpg", "b.jpg")
    ledger.leases.record(lease, entry("a.jpg", thumbnail="t/ab/1.jpg"), found("a.jpg"), "k", [])
    ledger.leases.record(lease, entry("b.jpg", thumbnail="t/cd/2.jpg"), found("b.jpg"), "k", [])
    assert ledger.thumbnails("t/ab/") == {"t/ab/1.jpg"}


def test_another_versions_ledger_is_not_touched(ledger: Ledger, url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(update(about).values(schema=SCHEMA + 1))
    database.close()
    with pytest.raises(OutputUnwritable, match="another version"), Ledger.open(url, SECONDS):
        pytest.fail("opened")


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"geen database" * 100)
    with pytest.raises(OutputUnwritable), Ledger.open(sqlite_url(tmp_path / "ledger.sqlite"), SECONDS):
        pytest.fail("opened")
