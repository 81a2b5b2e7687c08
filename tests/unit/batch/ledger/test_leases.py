"""Who judges which photos, on SQLite and on PostgreSQL: what is leased, taken over and recorded."""

from __future__ import annotations

import pytest
from tests.unit.batch.ledger.runs import ODD, entry, every_photo, found, leased_run, run_out, states

from fotopoort.batch.ledger.database import PAGE
from fotopoort.batch.ledger.leases import NOT_IN_FORCE, Lease, LeaseLost
from fotopoort.batch.ledger.ledger import SHARD, Ledger
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.storage.walk import FoundFile


def test_photos_are_handed_out_in_shards_by_path_until_there_are_no_more(ledger: Ledger) -> None:
    run = ledger.begin("/fotos")
    paths = [f"{number:03}.jpg" for number in range(2 * SHARD + 1)]
    assert ledger.record_found(run, map(found, reversed(paths))) == len(paths)
    assert ledger.plan(run, every_photo) == len(paths)
    handed = []
    while lease := ledger.leases.claim(run, "one"):
        handed.append([file.path for file, _ in ledger.leases.remaining_in(lease)])
    assert handed == [paths[:SHARD], paths[SHARD : 2 * SHARD], paths[2 * SHARD :]]


def test_only_what_is_wanted_is_handed_out(ledger: Ledger) -> None:
    run = ledger.begin("/fotos")
    ledger.record_found(run, map(found, ["a.jpg", "b.jpg", ODD]))
    assert ledger.plan(run, lambda file, state: file.path != "a.jpg") == 2
    lease = ledger.leases.claim(run, "one")
    assert lease
    assert [file for file, _ in ledger.leases.remaining_in(lease)] == [found("b.jpg"), found(ODD)]


def test_a_shard_goes_to_another_when_its_lease_has_run_out(ledger: Ledger, url: str) -> None:
    run, lease = leased_run(ledger, "a.jpg", "b.jpg")
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", [])
    assert ledger.leases.claim(run, "two") is None
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second == Lease(run, lease.shard, lease.token + 1, failures=1)
    assert [file.path for file, _ in ledger.leases.remaining_in(second)] == ["b.jpg"], (
        "what is recorded is not done twice"
    )


def test_who_lost_a_lease_writes_nothing(ledger: Ledger, url: str) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second
    with pytest.raises(LeaseLost):
        ledger.leases.intend(lease, "a.jpg", ["website/a.jpg"])
    with pytest.raises(LeaseLost):
        ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "late", [])
    with pytest.raises(LeaseLost):
        ledger.leases.record_unchanged(lease, found("a.jpg"))
    ledger.leases.finish(lease)
    ledger.leases.record(second, entry("a.jpg"), found("a.jpg"), "k", [])
    assert ledger.places("a.jpg") == []
    assert len(list(ledger.entries())) == 1


def test_a_finished_shard_is_not_handed_out_again(ledger: Ledger, url: str) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    ledger.leases.finish(lease)
    run_out(url)
    assert ledger.leases.claim(run, "two") is None


def test_the_shards_of_an_earlier_run_are_nobodys(ledger: Ledger) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    ledger.begin("/fotos")
    assert ledger.leases.claim(run, "one") is None
    with pytest.raises(LeaseLost):
        ledger.leases.record_unchanged(lease, found("a.jpg"))


def test_a_shard_that_is_given_back_is_anyones_and_nobody_failed(ledger: Ledger) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    ledger.leases.release(lease)
    assert ledger.leases.claim(run, "two") == Lease(run, lease.shard, lease.token + 1)


def test_a_shard_whose_worker_never_came_back_can_be_split(ledger: Ledger, url: str) -> None:
    run, _ = leased_run(ledger, "a.jpg", "b.jpg", "c.jpg")
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second
    photos = [file for file, _ in ledger.leases.remaining_in(second)]
    ledger.leases.split(second, photos[:2])
    handed = []
    while lease := ledger.leases.claim(run, "two"):
        assert lease.failures == 1
        handed.append([file.path for file, _ in ledger.leases.remaining_in(lease)])
    assert sorted(handed) == [["a.jpg"], ["b.jpg"]]


def test_shards_can_be_split_more_than_once(ledger: Ledger, url: str) -> None:
    run = ledger.begin("/fotos")
    paths = [f"{number:03}.jpg" for number in range(2 * SHARD)]
    ledger.record_found(run, map(found, paths))
    ledger.plan(run, every_photo)
    for _ in range(2):
        lease = ledger.leases.claim(run, "one")
        assert lease
        ledger.leases.split(lease, [file for file, _ in ledger.leases.remaining_in(lease)])
    handed = []
    while lease := ledger.leases.claim(run, "one"):
        handed += [file.path for file, _ in ledger.leases.remaining_in(lease)]
    assert sorted(handed) == paths


def test_what_is_put_in_place_is_put_by_who_has_the_lease(ledger: Ledger, url: str) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    run_out(url)
    second = ledger.leases.claim(run, "two")
    assert second
    put: list[str] = []
    with pytest.raises(LeaseLost):
        ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", [], lambda earlier, check: put.append("one"))
    ledger.leases.record(second, entry("a.jpg"), found("a.jpg"), "k", [], lambda earlier, check: put.append("two"))
    assert put == ["two"]


def test_a_shard_is_whole_when_it_can_be_claimed(ledger: Ledger) -> None:
    """Also where few photos of a page are wanted, and workers begin while the rest is planned."""
    run = ledger.begin("/fotos", {})
    paths = [f"{number:05}.jpg" for number in range(4 * PAGE)]
    ledger.record_found(run, map(found, paths))
    claimed: list[Lease] = []

    def every_second(file: FoundFile, state: PhotoState | None) -> bool:
        number = int(file.path[:5])
        if number % 100 == 0 and (lease := ledger.leases.claim(run, "one")):
            claimed.append(lease)
        return number % 2 == 0

    wanted = ledger.plan(run, every_second)
    assert claimed, "while it was planned"
    while lease := ledger.leases.claim(run, "one"):
        claimed.append(lease)
    handed = [file.path for lease in claimed for file, _ in ledger.leases.remaining_in(lease)]
    assert sorted(handed) == paths[::2]
    assert len(claimed) == -(-wanted // SHARD)
    assert all(lease.token == 1 for lease in claimed)


def test_earlier_renditions_are_named_before_new_ones_are_written(ledger: Ledger) -> None:
    """Also those that a run which was killed only meant to write."""
    _, lease = leased_run(ledger, ODD)
    ledger.leases.intend(lease, ODD, ["website/a.jpg", "facebook/a.jpg"])
    ledger.leases.intend(lease, ODD, ["website/foto-1.jpg"])
    assert recorded(ledger, lease, ODD, "website/foto-1.jpg") == {"website/a.jpg", "facebook/a.jpg"}
    assert ledger.places(ODD) == ["website/foto-1.jpg"]


def test_a_place_that_another_photo_took_is_not_taken_away(ledger: Ledger) -> None:
    """`a.heic` came beside `a.jpg` and is now the one whose rendition is called a.jpg."""
    _, lease = leased_run(ledger, "a.heic", "a.jpg")
    ledger.leases.intend(lease, "a.jpg", ["website/a.jpg"])
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", ["website/a.jpg"])
    ledger.leases.intend(lease, "a.jpg", ["website/a-2.jpg"])
    ledger.leases.intend(lease, "a.heic", ["website/a.jpg"])
    assert recorded(ledger, lease, "a.jpg", "website/a-2.jpg") == set()
    assert ledger.places("a.heic") == ["website/a.jpg"]


def test_what_is_being_replaced_is_in_force_no_longer(ledger: Ledger) -> None:
    """Whatever happens next, it is judged again: the files may be those of a verdict that was never recorded."""
    run, lease = leased_run(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", ["website/a.jpg"])
    ledger.leases.intend(lease, "a.jpg", ["website/a.jpg"])
    assert [state and state.key for _, state in states(ledger, run)] == [NOT_IN_FORCE]


def recorded(ledger: Ledger, lease: Lease, path: str, *places: str) -> set[str]:
    """Where renditions lie that are to be taken away when a photo's result is recorded."""
    away: set[str] = set()
    ledger.leases.record(lease, entry(path), found(path), "k", places, lambda earlier, check: away.update(earlier))
    return away


def test_a_file_that_was_only_touched_keeps_its_result(ledger: Ledger) -> None:
    run, lease = leased_run(ledger, "a.jpg")
    ledger.leases.record(lease, entry("a.jpg"), found("a.jpg"), "k", [])
    ledger.leases.record_unchanged(lease, FoundFile("a.jpg", 1, 99, "a"))
    assert [state and (state.key, state.modified) for _, state in states(ledger, run)] == [("k", 99)]
