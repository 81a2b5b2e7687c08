"""Which photos of a folder nobody is writing, and when there is something to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.waiting import PATIENCE

from fotopoort.application.folders.passed_over import PassedOver
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import walk
from fotopoort.batch.watch import MAX_LOOKS, Watch, ignoring_lease_breaks, states_of
from fotopoort.errors import FolderUnreadable, NothingToScreen

LONG_AGO, FAR_AHEAD = 1, 2**33  # seconds since 1970


@pytest.fixture(autouse=True)
def _no_signal() -> Iterator[None]:
    with ignoring_lease_breaks():
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With one photo in it."""
    place = tmp_path / "fotos"
    place.mkdir()
    (place / "a.jpg").write_bytes(b"een")
    return place


@pytest.fixture
def watch(folder: Path) -> Watch:
    return Watch(Folder(folder), Folder(folder / "uit"))


def run(watch: Watch, folder: Path, *, again: bool = False) -> list[str]:
    """A run that finds everything in order; the photos that it would have had."""
    watch.begin()
    had = [file.path for file in walk(Folder(folder), Folder(folder / "uit"), PassedOver()) if watch.is_still(file)]
    watch.end(again=again)
    return had


def looks(watch: Watch, count: int) -> None:
    for _ in range(count):
        watch.look()


# --- when a photo is still -------------------------------------------------------------------------------


def test_a_photo_is_still_when_two_looks_see_the_same(watch: Watch, folder: Path) -> None:
    watch.look()
    assert not watch.is_due()
    assert run(watch, folder) == []
    watch.look()
    assert watch.is_due()
    assert run(watch, folder) == ["a.jpg"]


def test_one_that_grows_is_not(watch: Watch, folder: Path) -> None:
    for _ in range(4):
        watch.look()
        assert not watch.is_due()
        with (folder / "a.jpg").open("ab") as file:
            file.write(b"meer")


def test_one_that_is_written_over_in_its_size_is_not(watch: Watch, folder: Path) -> None:
    looks(watch, 2)
    os.utime(folder / "a.jpg", ns=(5, 5))
    assert not watch.is_due()
    assert run(watch, folder) == [], "it changed after the look"
    watch.look()
    assert not watch.is_due()
    watch.look()
    assert run(watch, folder) == ["a.jpg"]


@pytest.mark.parametrize("time", [LONG_AGO, FAR_AHEAD], ids=["long ago", "far ahead"])
def test_any_time_of_a_file_will_do(time: int, watch: Watch, folder: Path) -> None:
    os.utime(folder / "a.jpg", (time, time))
    looks(watch, 2)
    assert run(watch, folder) == ["a.jpg"]
    os.utime(folder / "a.jpg", (time + 1, time + 1))
    looks(watch, 2)
    assert watch.is_due()


def test_others_do_not_wait_for_one_that_is_always_written(watch: Watch, folder: Path) -> None:
    had = []
    for number in range(5):
        (folder / f"{number}.jpg").write_bytes(b"nieuw")
        (folder / "a.jpg").write_bytes(b"x" * number)
        watch.look()
        had += run(watch, folder)
    assert had == ["0.jpg", "0.jpg", "1.jpg", "0.jpg", "1.jpg", "2.jpg", "0.jpg", "1.jpg", "2.jpg", "3.jpg"]


def test_one_that_somebody_has_open_for_writing_is_not_still(watch: Watch, folder: Path) -> None:
    with (folder / "a.jpg").open("ab"):
        looks(watch, 3)
        assert not watch.is_due()
        assert run(watch, folder) == []
    assert watch.is_due()
    assert run(watch, folder) == ["a.jpg"]


def test_one_that_is_only_read_is_still(watch: Watch, folder: Path) -> None:
    with (folder / "a.jpg").open("rb"):
        looks(watch, 2)
        assert watch.is_due()


def test_another_program_that_writes_counts_as_well(watch: Watch, folder: Path) -> None:
    program = "import sys; file = open(sys.argv[1], 'ab'); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(folder / "a.jpg")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        looks(watch, 2)
        assert not watch.is_due()
        other.communicate(timeout=PATIENCE)
    assert watch.is_due()


def test_where_it_cannot_be_told_who_writes_two_looks_must_do(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("fcntl.fcntl", refuse)
    with (folder / "a.jpg").open("ab"):
        looks(watch, 2)
        assert run(watch, folder) == ["a.jpg"]


def test_one_that_may_not_be_read_is_still_so_that_it_is_told(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    looks(watch, 2)
    monkeypatch.setattr(os, "open", refuse)
    assert watch.is_due()


def test_one_whose_drive_does_not_answer_is_not_still(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(116, "Stale file handle")

    looks(watch, 2)
    monkeypatch.setattr(os, "open", fail)
    assert not watch.is_due()


def test_one_that_went_since_is_not_still(watch: Watch, folder: Path) -> None:
    looks(watch, 2)
    (file,) = walk(Folder(folder), Folder(folder / "uit"), PassedOver())
    (folder / "a.jpg").unlink()
    assert not watch.is_due()
    assert not watch.is_still(file)


def test_whoever_breaks_a_lease_does_not_end_us() -> None:
    with ignoring_lease_breaks():
        signal.raise_signal(signal.SIGIO)


# --- when there is something to do -----------------------------------------------------------------------


def test_what_was_done_is_not_due_until_it_changes(watch: Watch, folder: Path) -> None:
    looks(watch, 2)
    run(watch, folder)
    looks(watch, 3)
    assert not watch.is_due()
    (folder / "a.jpg").write_bytes(b"twee")
    looks(watch, 2)
    assert watch.is_due()


def test_one_that_was_written_during_a_run_is_due_later(watch: Watch, folder: Path) -> None:
    looks(watch, 2)
    run(watch, folder)
    with (folder / "a.jpg").open("ab"):
        assert run(watch, folder) == []
        watch.look()
        assert not watch.is_due()
    assert watch.is_due()


def test_a_photo_that_is_gone_is_due_until_a_run_has_ended(watch: Watch, folder: Path) -> None:
    (folder / "b.jpg").write_bytes(b"twee")
    looks(watch, 2)
    run(watch, folder)
    (folder / "b.jpg").unlink()
    looks(watch, 2)
    assert watch.is_due()
    run(watch, folder)
    watch.look()
    assert not watch.is_due()


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_drive_that_is_not_there_for_a_while_changes_nothing(how: str, watch: Watch, folder: Path) -> None:
    looks(watch, 2)
    run(watch, folder)
    away = folder.rename(folder.parent / "weg")
    if how == "empty":
        folder.mkdir()
    for _ in range(3):
        with pytest.raises(FolderUnreadable if how == "gone" else NothingToScreen):
            watch.look()
    if how == "empty":
        folder.rmdir()
    away.rename(folder)
    watch.look()
    assert not watch.is_due()


def test_photos_in_a_folder_that_cannot_be_read_are_not_gone(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "map").mkdir()
    (folder / "map" / "b.jpg").write_bytes(b"twee")
    looks(watch, 2)
    run(watch, folder)
    scandir = os.scandir

    def refuse(place: Path) -> object:
        if place.name == "map":
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        watch.look()
        assert watch.unreadable == 1
        assert not watch.is_due()
    watch.look()
    assert watch.unreadable == 0
    assert not watch.is_due()


def test_what_another_try_may_help_is_tried_after_ever_more_looks(watch: Watch, folder: Path) -> None:
    looks(watch, 2)
    waited = []
    for _ in range(7):
        run(watch, folder, again=True)
        count = 0
        while not watch.is_due():
            watch.look()
            count += 1
        waited.append(count)
    assert waited == [2, 4, 8, 16, MAX_LOOKS, MAX_LOOKS, MAX_LOOKS]
    run(watch, folder)
    looks(watch, 2 * MAX_LOOKS)
    assert not watch.is_due()


# --- files beside the folder -----------------------------------------------------------------------------


def test_a_list_that_is_written_anew_is_noticed(tmp_path: Path) -> None:
    list_, none = tmp_path / "lijst.csv", tmp_path / "nergens.csv"
    list_.write_text("a")
    before = states_of([list_, none])
    assert states_of([list_, none]) == before
    none.write_text("")
    assert states_of([list_, none]) != before
