"""`fotopoort batch`: what goes wrong, and what stops it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.programs import running
from tests.results import documents
from tests.unit.cli.folders.runs import CHANNELS, SERVICE, Run, renditions
from tests.waiting import PATIENCE

from fotopoort.batch.ledger.ledger import Ledger

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort


@pytest.mark.parametrize("name", [b"twee\nregels.jpg", b"geen-\xff-utf8.jpg", b"<b>&;=1+1.jpg", b"'.jpg"])
def test_a_name_of_any_bytes_is_a_photo_like_others(name: bytes, batch: Run, folder: Path, out: Path) -> None:
    path = os.fsdecode(name)
    shutil.copy(folder / "IMG_1.png", folder / path)
    done = batch("--json", channels=("--channel", "social_schools"))
    assert done.status == 0
    document = documents(out)[path]
    assert (out / document["verdicts"]["social_schools"]["rendition"]["path"]).is_file()
    assert path in [document["file"] for document in done.documents]


def test_a_photo_that_cannot_be_judged_leaves_the_others(batch: Run, folder: Path, out: Path) -> None:
    (folder / "kapot.jpg").write_bytes(b"geen foto")
    done = batch()
    assert done.status == 1
    assert "1 could not be judged" in done.err
    assert documents(out)["kapot.jpg"]["error"]["code"] == "not_a_photo"
    assert len(documents(out)) == 4
    assert "0 judged now" in batch().err, "it is no use trying again"


def test_a_photo_that_vanishes_is_told_and_the_run_goes_on(
    batch: Run, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Ledger.plan

    def and_then_it_goes(self: Ledger, *arguments: Any) -> int:  # noqa: ANN401
        wanted = plan(self, *arguments)
        (folder / "IMG_1.png").unlink()
        return wanted

    monkeypatch.setattr(Ledger, "plan", and_then_it_goes)
    done = batch()
    assert done.status == 1
    assert documents(out)["IMG_1.png"]["error"]["code"] == "file_unreadable"
    assert len(documents(out)) == 3


def test_a_folder_that_cannot_be_read_is_told_and_what_was_made_of_it_stays(
    batch: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch()
    before = renditions(out)
    scandir = os.scandir

    def refuse(folder: Any) -> Any:  # noqa: ANN401
        if str(folder).endswith("fotos/2023-2024"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    done = batch()
    assert done.status == 1
    assert "1 folder could not be read" in done.err
    assert renditions(out) == before
    assert len(documents(out)) == 3


def test_the_output_folder_may_lie_in_the_folder(fotopoort: Fotopoort, folder: Path) -> None:
    for _ in range(2):
        done = fotopoort("batch", folder, *CHANNELS, "--out", folder / "uit")
        assert done.status == 0
    assert len(documents(folder / "uit")) == 3


def test_a_day_that_has_not_come_is_refused(fotopoort: Fotopoort, folder: Path, out: Path) -> None:
    done = fotopoort("batch", folder, *CHANNELS, "--taken", "2999-01-01", "--out", out)
    assert done.status == 2
    assert not out.exists()


@pytest.mark.parametrize("place", ["", "2023-2024"])
def test_originals_are_never_in_the_output_folder(place: str, fotopoort: Fotopoort, folder: Path) -> None:
    done = fotopoort("batch", folder / place, *CHANNELS, "--out", folder)
    assert done.status == 2
    assert "--out" in done.err
    assert not (folder / ".fotopoort").exists()


def test_another_folders_output_is_not_touched(
    batch: Run, fotopoort: Fotopoort, out: Path, tmp_path: Path, samples: Path
) -> None:
    batch()
    before = renditions(out)
    other = tmp_path / "andere"
    other.mkdir()
    shutil.copy(samples / "IMG_2055.png", other)
    done = fotopoort("batch", other, *CHANNELS, "--out", out)
    assert done.status == 2
    assert renditions(out) == before
    assert "0 judged now" in batch().err


def test_an_empty_folder_takes_nothing_away(batch: Run, folder: Path, out: Path, tmp_path: Path) -> None:
    """A drive that is not there looks like one."""
    batch()
    before = renditions(out)
    folder.rename(tmp_path / "weg")
    folder.mkdir()
    assert batch().status == 2
    assert renditions(out) == before


def test_two_runs_do_not_work_in_one_output_folder(batch: Run, out: Path) -> None:
    batch()
    with (out / ".fotopoort" / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = batch()
    assert done.status == 2
    assert "Another run" in done.err


def test_a_folder_that_cannot_be_written_to_is_told_before_any_work(
    fotopoort: Fotopoort, folder: Path, tmp_path: Path, screened_photos: list[str]
) -> None:
    (tmp_path / "bestand").write_bytes(b"")
    done = fotopoort("batch", folder, *CHANNELS, "--out", tmp_path / "bestand" / "uit")
    assert done.status == 2
    assert screened_photos == []


PHOTOS = 9  # more than are on their way at a time: the stop falls in the middle


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_cleanly_and_says_how_to_go_on(
    by: signal.Signals, fotopoort: Fotopoort, samples: Path, class_list: Path, tmp_path: Path, out: Path
) -> None:
    photos = tmp_path / "veel"
    photos.mkdir()
    for number in range(PHOTOS):
        shutil.copy(samples / "IMG_2055.png", photos / f"IMG_{number}.png")
    command: list[str | Path] = [
        "batch", photos, "--channel", "social_schools", "--registry", class_list, "--out", out
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(SERVICE), "FOTOPOORT_SCREENERS": "1"}
    with running([sys.executable, "-m", "fotopoort", *command], environment) as first:
        until = time.monotonic() + PATIENCE
        while first.poll() is None and not any(out.glob("social_schools/*.jpg")) and time.monotonic() < until:
            time.sleep(0.02)
        first.send_signal(by)
        _, errors = first.communicate(timeout=PATIENCE)
    assert first.returncode == 130, errors
    assert "the same command goes on" in errors
    done = len(list(out.glob("social_schools/*.jpg")))
    assert done < PHOTOS
    again = fotopoort(*command)
    assert again.status == 0
    judged = re.search(r"(\d+) judged now", again.err)
    assert judged is not None
    assert int(judged[1]) >= PHOTOS - done
    assert len(documents(out)) == PHOTOS


def test_a_full_disk_ends_cleanly(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def full(descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").rpartition("/")[0].endswith("social_schools"):
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        done = batch(channels=("--channel", "social_schools"))
    assert done.status == 2
    assert "No space left" in done.err
    assert "free space" in done.err
    assert batch(channels=("--channel", "social_schools")).status == 0


@pytest.mark.parametrize(
    "arguments",
    [("--group-from", "naam"), ("--group-from", "csv:"), ("--group", "groep 5", "--group-from", "folder"),
     ("--group", "groep 99"), ("--group-from", "csv:nergens.csv"), ("--answers", "nergens.json"), ("--channel", "x")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_told_before_any_work(arguments: tuple[str, ...], batch: Run, screened_photos: list[str]) -> None:
    assert batch(*arguments).status == 2
    assert screened_photos == []


def test_a_folder_that_is_not_there_is_told(fotopoort: Fotopoort, tmp_path: Path) -> None:
    assert fotopoort("batch", tmp_path / "nergens", *CHANNELS).status == 2
