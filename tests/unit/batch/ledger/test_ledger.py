"""The records of a run, on SQLite and on PostgreSQL: what is planned, leased, recorded and told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.postgresql import fresh_database

from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.database import PAGE
from fotopoort.batch.ledger.leases import NOT_IN_FORCE, Lease, LeaseLost
from fotopoort.batch.ledger.ledger import SHARD, Ledger
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.ledger.tables import SCHEMA, about, shard
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.errors import OutputUnwritable
from fotopoort.registry.store.database import Database, sqlite_url

SECONDS = 120
ODD = os.fsdecode(b"twee\nregels/geen-\xff-utf8.jpg")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "ledger.sqlite")
        return
    with fresh_database(request.getfixturevalue("postgresql")) as fresh:
        yield fresh


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url, SECONDS) as ledger:
        yield ledger


def seen(path: str, size: int = 1) -> FoundFile:
    return FoundFile(path, size, 2, path.rpartition(".")[0])


def entry(path: str, *, code: str | None = None, thumbnail: str | None = None) -> Entry:
    error = {"code": code, "message": "It went wrong.", "hint": "Try again."}
    document = {"file": path, "verdicts": {}} | ({"error": error} if code else {})
    return Entry(path, "a" * 64, "2024-03-12", ("groep 5",), "beef", document, thumbnail)


def everything(photo: FoundFile, earlier: PhotoState | None) -> bool:
    return True


def begun(ledger: Ledger, *paths: str) -> tuple[int, Lease]:
    """A run over these photos, all of them to be done, and its first lease."""
    run = ledger.begin("/fotos")
    ledger.record_found(run, map(seen, paths))
    ledger.plan(run, everything)
    lease = ledger.leases.claim(run, "one")
    assert lease
    return run, lease


def known(ledger: Ledger, run: int) -> list[tuple[FoundFile, PhotoState | None]]:
    """What is known of each photo when it is planned; none of them is wanted."""
    asked: list[tuple[FoundFile, PhotoState | None]] = []

    def note(photo: FoundFile, earlier: PhotoState | None) -> bool:
        asked.append((photo, earlier))
        return False

    ledger.plan(run, note)
    return asked


# --- planning and leases ---------------------------------------------------------------------------------


def test_photos_are_handed_out_in_shards_by_path_until_there_are_no_more(ledger: Ledger) -> None:
    run = ledger.begin("/fotos")
    paths = [f"{number:03}.jpg" for number in range(2 * SHARD + 1)]
    assert ledger.record_found(run, map(seen, reversed(paths))) == len(paths)
    assert ledger.plan(run, everything) == len(paths)
    handed = []
    while lease := ledger.leases.claim(run, "one"):
        handed.append([photo.path for photo, _ in ledger.leases.remaining_in(lease)])
    assert handed == [paths[:SHARD], paths[SHARD : 2 * SHARD], paths[2 * SHARD :]]


def test_only_what_is_wanted_is_handed_out(ledger: Ledger) -> None:
    run = ledger.begin("/fotos")
    ledger.record_found(run, map(seen, ["a.jpg", "b.jpg", ODD]))
    assert ledger.plan(run, lambda photo, earlier: photo.path != "a.jpg") == 2
    lease = ledger.leases.claim(run, "one")
    assert lease
    assert [photo for photo, _ in ledger.leases.remaining_in(lease)] == [seen("b.jpg"), seen(ODD)]


def test_what_was_recorded_is_known_when_planning(ledger: Ledger) -> None:
    _, lease = begun(ledger, ODD)
    ledger.leases.record(lease, entry(ODD), seen(ODD), "k", [])
    run = ledger.begin("/fotos")
    ledger.record_found(run, [seen(ODD, size=9)])
    assert known(ledger, run) == [
        (seen(ODD, size=9), PhotoState("k", 1, 2, "a" * 64, "2024-03-12", "beef", settled=True))
    ]


@pytest.mark.parametrize(
    ("code", "settled"),
    [("not_a_photo", True), ("damaged", True), ("timeout", False), ("file_unreadable", False)],
)
def test_only_what_is_wrong_with_the_file_itself_is_settled(code: str, settled: bool, ledger: Ledger) -> None:
    run, lease = begun(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg", code=code), seen("a.jpg"), "k", [])
    assert [earlier and earlier.settled for _, earlier in known(ledger, run)] == [settled]
    assert ledger.unjudged_count() == 1


def test_a_shard_goes_to_another_when_its_lease_has_run_out(ledger: Ledger, url: str) -> None:
    run, lease = begun(ledger, "a.jpg", "b.jpg")
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", [])
    assert ledger.leases.claim(run, "two") is None
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second == Lease(run, lease.shard, lease.token + 1, failures=1)
    assert [photo.path for photo, _ in ledger.leases.remaining_in(second)] == ["b.jpg"], (
        "what is recorded is not done twice"
    )


def test_who_lost_a_lease_writes_nothing(ledger: Ledger, url: str) -> None:
    run, lease = begun(ledger, "a.jpg")
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second
    with pytest.raises(LeaseLost):
        ledger.leases.intend(lease, "a.jpg", ["website/a.jpg"])
    with pytest.raises(LeaseLost):
        ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "late", [])
    with pytest.raises(LeaseLost):
        ledger.leases.record_unchanged(lease, seen("a.jpg"))
    ledger.leases.finish(lease)
    ledger.leases.record(second, entry("a.jpg"), seen("a.jpg"), "k", [])
    assert ledger.places("a.jpg") == []
    assert len(list(ledger.entries())) == 1


def test_a_finished_shard_is_not_handed_out_again(ledger: Ledger, url: str) -> None:
    run, lease = begun(ledger, "a.jpg")
    ledger.leases.finish(lease)
    run_out(url)
    assert ledger.leases.claim(run, "two") is None


def test_the_shards_of_an_earlier_run_are_nobodys(ledger: Ledger) -> None:
    run, lease = begun(ledger, "a.jpg")
    ledger.begin("/fotos")
    assert ledger.leases.claim(run, "one") is None
    with pytest.raises(LeaseLost):
        ledger.leases.record_unchanged(lease, seen("a.jpg"))


def run_out(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(update(shard).values(until=1.0))
    database.close()


def test_a_shard_that_is_given_back_is_anyones_and_nobody_failed(ledger: Ledger) -> None:
    run, lease = begun(ledger, "a.jpg")
    ledger.leases.release(lease)
    assert ledger.leases.claim(run, "two") == Lease(run, lease.shard, lease.token + 1)


def test_a_shard_whose_worker_never_came_back_can_be_split(ledger: Ledger, url: str) -> None:
    run, _ = begun(ledger, "a.jpg", "b.jpg", "c.jpg")
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second
    photos = [seen for seen, _ in ledger.leases.remaining_in(second)]
    ledger.leases.split(second, photos[:2])
    handed = []
    while lease := ledger.leases.claim(run, "two"):
        assert lease.failures == 1
        handed.append([photo.path for photo, _ in ledger.leases.remaining_in(lease)])
    assert sorted(handed) == [["a.jpg"], ["b.jpg"]]


def test_shards_can_be_split_more_than_once(ledger: Ledger, url: str) -> None:
    run = ledger.begin("/fotos")
    paths = [f"{number:03}.jpg" for number in range(2 * SHARD)]
    ledger.record_found(run, map(seen, paths))
    ledger.plan(run, everything)
    for _ in range(2):
        lease = ledger.leases.claim(run, "one")
        assert lease
        ledger.leases.split(lease, [photo for photo, _ in ledger.leases.remaining_in(lease)])
    handed = []
    while lease := ledger.leases.claim(run, "one"):
        handed += [photo.path for photo, _ in ledger.leases.remaining_in(lease)]
    assert sorted(handed) == paths


def test_what_is_put_in_place_is_put_by_who_has_the_lease(ledger: Ledger, url: str) -> None:
    run, lease = begun(ledger, "a.jpg")
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second
    put: list[str] = []
    with pytest.raises(LeaseLost):
        ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", [], lambda earlier, hold: put.append("one"))
    ledger.leases.record(second, entry("a.jpg"), seen("a.jpg"), "k", [], lambda earlier, hold: put.append("two"))
    assert put == ["two"]


def test_others_see_what_was_asked_as_long_as_there_is_work(ledger: Ledger) -> None:
    assert ledger.claimable_run() is None
    run = ledger.begin("/fotos", {"channels": ["website"]})
    ledger.record_found(run, [seen("a.jpg")])
    assert ledger.claimable_run() is None, "nothing is planned yet"
    ledger.plan(run, everything)
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
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", [])
    ledger.leases.finish(lease)
    assert (ledger.remaining(run), ledger.workers(run)) == (0, 0)
    assert ledger.claimable_run() is None
    begun(ledger, "a.jpg")
    assert ledger.claimable_run() is None, "a run of this machine alone is nobody else's"


def test_a_run_that_has_ended_says_no_more_what_was_asked(ledger: Ledger) -> None:
    run = ledger.begin("/fotos", {"channels": ["website"]})
    ledger.record_found(run, [seen("a.jpg")])
    ledger.plan(run, everything)
    ledger.end(run)
    assert ledger.claimable_run() is None


def test_a_run_that_another_took_the_place_of_takes_nothing_away(ledger: Ledger) -> None:
    """As of a laptop that slept while it planned."""
    _, lease = begun(ledger, "a.jpg", "b.jpg")
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", [])
    asleep, awake = ledger.begin("/fotos"), ledger.begin("/fotos")
    ledger.record_found(awake, map(seen, ["a.jpg", "b.jpg"]))
    assert list(ledger.gone(asleep)) == []
    for late in (
        lambda: ledger.record_found(asleep, [seen("a.jpg")]),
        lambda: ledger.forget(asleep, ["a.jpg"]),
        lambda: ledger.remaining(asleep),
    ):
        with pytest.raises(LeaseLost):
            late()
    assert ledger.plan(asleep, everything) == 0
    assert ledger.photo_count() == 2


def test_a_shard_is_whole_when_it_can_be_claimed(ledger: Ledger) -> None:
    """Also where few photos of a page are wanted, and workers begin while the rest is planned."""
    run = ledger.begin("/fotos", {})
    paths = [f"{number:05}.jpg" for number in range(4 * PAGE)]
    ledger.record_found(run, map(seen, paths))
    claimed: list[Lease] = []

    def every_second(photo: FoundFile, earlier: PhotoState | None) -> bool:
        number = int(photo.path[:5])
        if number % 100 == 0 and (lease := ledger.leases.claim(run, "one")):
            claimed.append(lease)
        return number % 2 == 0

    wanted = ledger.plan(run, every_second)
    assert claimed, "while it was planned"
    while lease := ledger.leases.claim(run, "one"):
        claimed.append(lease)
    handed = [photo.path for lease in claimed for photo, _ in ledger.leases.remaining_in(lease)]
    assert sorted(handed) == paths[::2]
    assert len(claimed) == -(-wanted // SHARD)
    assert all(lease.token == 1 for lease in claimed)


# --- results and renditions ------------------------------------------------------------------------------


def test_an_entry_comes_back_as_it_was_and_by_path(ledger: Ledger) -> None:
    _, lease = begun(ledger, "b.jpg", ODD, "a.jpg")
    for path in ("b.jpg", ODD, "a.jpg", "a.jpg"):
        ledger.leases.record(lease, entry(path), seen(path), "k", [])
    assert list(ledger.entries()) == [entry("a.jpg"), entry("b.jpg"), entry(ODD)]


def test_earlier_renditions_are_named_before_new_ones_are_written(ledger: Ledger) -> None:
    """Also those that a run which was killed only meant to write."""
    _, lease = begun(ledger, ODD)
    ledger.leases.intend(lease, ODD, ["website/a.jpg", "facebook/a.jpg"])
    ledger.leases.intend(lease, ODD, ["website/foto-1.jpg"])
    assert recorded(ledger, lease, ODD, "website/foto-1.jpg") == {"website/a.jpg", "facebook/a.jpg"}
    assert ledger.places(ODD) == ["website/foto-1.jpg"]


def test_a_place_that_another_photo_took_is_not_taken_away(ledger: Ledger) -> None:
    """`a.heic` came beside `a.jpg` and is now the one whose rendition is called a.jpg."""
    _, lease = begun(ledger, "a.heic", "a.jpg")
    ledger.leases.intend(lease, "a.jpg", ["website/a.jpg"])
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", ["website/a.jpg"])
    ledger.leases.intend(lease, "a.jpg", ["website/a-2.jpg"])
    ledger.leases.intend(lease, "a.heic", ["website/a.jpg"])
    assert recorded(ledger, lease, "a.jpg", "website/a-2.jpg") == set()
    assert ledger.places("a.heic") == ["website/a.jpg"]


def test_what_is_being_replaced_is_in_force_no_longer(ledger: Ledger) -> None:
    """Whatever happens next, it is judged again: the files may be those of a verdict that was never recorded."""
    run, lease = begun(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", ["website/a.jpg"])
    ledger.leases.intend(lease, "a.jpg", ["website/a.jpg"])
    assert [earlier and earlier.key for _, earlier in known(ledger, run)] == [NOT_IN_FORCE]


def recorded(ledger: Ledger, lease: Lease, path: str, *places: str) -> set[str]:
    """Where renditions lie that are to be taken away when a photo's result is recorded."""
    away: set[str] = set()
    ledger.leases.record(lease, entry(path), seen(path), "k", places, lambda earlier, hold: away.update(earlier))
    return away


def test_a_file_that_was_only_touched_keeps_its_result(ledger: Ledger) -> None:
    run, lease = begun(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", [])
    ledger.leases.record_unchanged(lease, FoundFile("a.jpg", 1, 99, "a"))
    assert [earlier and (earlier.key, earlier.modified) for _, earlier in known(ledger, run)] == [("k", 99)]


def test_photos_that_are_gone_are_told_and_forgotten(ledger: Ledger) -> None:
    _, lease = begun(ledger, "a.jpg", ODD)
    ledger.leases.intend(lease, ODD, ["website/b.jpg"])
    ledger.leases.record(lease, entry(ODD), seen(ODD), "k", ["website/b.jpg"])
    run = ledger.begin("/fotos")
    ledger.record_found(run, [seen("a.jpg")])
    assert list(ledger.gone(run)) == [ODD]
    ledger.forget(run, [ODD])
    assert (ledger.places(ODD), list(ledger.gone(run)), list(ledger.entries())) == ([], [], [])
    assert ledger.photo_count() == 1


def test_a_run_can_be_undone(ledger: Ledger) -> None:
    _, lease = begun(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg"), seen("a.jpg"), "k", [])
    run = ledger.begin("/elders")
    ledger.record_found(run, map(seen, ["a.jpg", "b.jpg"]))
    ledger.undo(run)
    assert ledger.last_folder() == "/fotos"
    assert ledger.photo_count() == 1
    assert ledger.begin("/fotos") > run, "its number is not given again"


def test_thumbnails_are_found_by_their_folder(ledger: Ledger) -> None:
    _, lease = begun(ledger, "a.jpg", "b.jpg")
    ledger.leases.record(lease, entry("a.jpg", thumbnail="t/ab/1.jpg"), seen("a.jpg"), "k", [])
    ledger.leases.record(lease, entry("b.jpg", thumbnail="t/cd/2.jpg"), seen("b.jpg"), "k", [])
    assert ledger.thumbnails("t/ab/") == {"t/ab/1.jpg"}


# --- the database ----------------------------------------------------------------------------------------


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
