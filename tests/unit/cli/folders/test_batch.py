"""`fotopoort batch`: what it makes of a folder, what it does again, and what stops it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from tests.results import documents

from fotopoort.batch.ledger.ledger import Ledger

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort

Run = Callable[..., "Done"]
SERVICE = Path(__file__).parents[4] / "service"
CHANNELS = ("--channel", "website", "--channel", "social_schools")


@pytest.fixture
def folder(photos: Path) -> Path:
    """`IMG_1.png` of nobody, `IMG_2.jpg` of two children, and Fenna.jpg in a folder of groep 5."""
    place = photos / "2023-2024" / "Groep 5"
    place.mkdir(parents=True)
    Image.fromarray(np.full((300, 400, 3), 180, np.uint8)).save(place / "Fenna Vos.jpg")
    (photos / ".verborgen").write_bytes(b"")
    (photos / "lijst.txt").write_bytes(b"")
    return photos


@pytest.fixture
def batch(fotopoort: Fotopoort, folder: Path, out: Path, class_list: Path) -> Run:
    def run(*arguments: str | Path, channels: tuple[str, ...] = CHANNELS) -> Done:
        people = () if "--registry" in arguments else ("--registry", class_list)
        return fotopoort("batch", folder, *channels, *people, "--out", out, *arguments)

    return run


def renditions(out: Path) -> set[str]:
    return {
        path.relative_to(out).as_posix()
        for channel in ("website", "social_schools", "facebook")
        for path in (out / channel).rglob("*.jpg")
    }


# --- what comes out --------------------------------------------------------------------------------------


def test_a_folder_comes_out_mirrored_with_results_and_a_report(batch: Run, folder: Path, out: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = batch("--group-from", "folder")
    assert done.status == 0
    assert "3 photos, 3 judged now, 2 other files passed over" in done.err
    found = documents(out)
    assert list(found) == sorted(["2023-2024/Groep 5/Fenna Vos.jpg", "IMG_1.png", "IMG_2.jpg"])
    for document in found.values():
        for verdict in document["verdicts"].values():
            if verdict["rendition"]:
                assert (out / verdict["rendition"]["path"]).is_file()
    assert {"website/IMG_1.jpg", "social_schools/IMG_1.jpg"} <= renditions(out)
    assert "social_schools/2023-2024/Groep 5/Fenna Vos.jpg" in renditions(out)
    (neutral,) = [name for name in renditions(out) if name.startswith("website/foto-")]
    assert found["2023-2024/Groep 5/Fenna Vos.jpg"]["verdicts"]["website"]["rendition"]["path"] == neutral
    assert (out / "report.html").is_file()
    assert len((out / "results.csv").read_text("utf-8-sig").splitlines()) == 4
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_group_is_that_of_the_folder(batch: Run, out: Path) -> None:
    batch("--group-from", "folder")
    table = (out / "results.csv").read_text("utf-8-sig")
    assert [line.split(";")[3] for line in table.splitlines()[1:]] == ["groep 5", "", ""]


def test_as_json_each_photo_that_was_judged_now_is_a_line(batch: Run) -> None:
    assert len(batch("--json").documents) == 3
    assert batch("--json").documents == []


def test_quiet_says_one_line(batch: Run) -> None:
    assert len(batch("--quiet").err.splitlines()) == 1


def test_two_photos_of_one_name_have_two_renditions(batch: Run, folder: Path, out: Path) -> None:
    shutil.copy(folder / "IMG_1.png", folder / "IMG_1.jpeg")
    batch()
    assert {"website/IMG_1.jpg", "website/IMG_1-2.jpg"} <= renditions(out)


# --- what is done again ----------------------------------------------------------------------------------


def test_nothing_is_done_twice(batch: Run, screened_photos: list[str], out: Path) -> None:
    batch()
    first = documents(out)
    assert len(screened_photos) == 3
    done = batch()
    assert len(screened_photos) == 3
    assert "3 photos, 0 judged now" in done.err
    assert documents(out) == first


def test_a_touched_file_is_read_and_not_judged_again(batch: Run, folder: Path, screened_photos: list[str]) -> None:
    batch()
    screened_photos.clear()
    os.utime(folder / "IMG_2.jpg", (1, 1))
    assert "1 judged now" in batch().err
    assert screened_photos == []
    assert "0 judged now" in batch().err


@pytest.mark.parametrize(
    "more",
    [("--channel", "facebook"), ("--group", "groep 5"), ("--group-from", "folder")],
    ids=["channel", "group", "group-from"],
)
def test_what_the_verdicts_rest_on_makes_them_stale(
    more: tuple[str, ...], batch: Run, screened_photos: list[str]
) -> None:
    batch()
    screened_photos.clear()
    batch(*more)
    by_folder = ["2023-2024/Groep 5/Fenna Vos"]
    assert screened_photos == (by_folder if "folder" in more else [*by_folder, "IMG_1", "IMG_2"])


def test_a_changed_consent_takes_away_what_may_no_longer_be_shown(
    batch: Run, folder: Path, out: Path, class_list: Path, tmp_path: Path, screened_photos: list[str]
) -> None:
    batch()
    stricter = tmp_path / "lijst.csv"
    stricter.write_text(class_list.read_text().replace("ja", "nee"))
    Image.new("RGB", (64, 64)).save(folder / "nieuw.jpg")
    screened_photos.clear()
    done = batch("--registry", stricter, "--only-stale")
    assert "nieuw" not in screened_photos
    assert len(screened_photos) == 3
    assert "4 photos, 3 judged now" in done.err
    assert "nieuw.jpg" not in documents(out)


def test_answers_hold_for_the_photo_they_name(
    batch: Run, tmp_path: Path, out: Path, screened_photos: list[str]
) -> None:
    batch()
    screened_photos.clear()
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"photos": {"IMG_2.jpg": {"faces": {"f1": "cover"}}}}))
    batch("--answers", answers)
    assert screened_photos == ["IMG_2"]


def test_a_changed_photo_leaves_nothing_of_its_old_renditions(batch: Run, folder: Path, out: Path) -> None:
    batch("--group-from", "folder")
    before = renditions(out)
    assert any(name.startswith("website/foto-") for name in before)
    (folder / "2023-2024" / "Groep 5" / "Fenna Vos.jpg").write_bytes(b"geen foto")
    done = batch("--group-from", "folder")
    assert done.status == 1
    assert renditions(out) == {name for name in before if "foto-" not in name and "Fenna" not in name}


def test_a_photo_that_is_gone_is_told_and_so_are_its_renditions(batch: Run, folder: Path, out: Path) -> None:
    batch()
    (folder / "IMG_1.png").unlink()
    done = batch()
    assert "1 no longer there" in done.err
    assert "IMG_1.png" not in documents(out)
    assert not any("IMG_1" in name for name in renditions(out))


def test_thumbnails_that_belong_to_nothing_are_taken_away(batch: Run, folder: Path, out: Path) -> None:
    batch()
    assert len(list(out.glob("report/thumbnails/*/*.jpg"))) == 3
    (folder / "IMG_1.png").unlink()
    batch()
    assert len(list(out.glob("report/thumbnails/*/*.jpg"))) == 2


def test_what_a_killed_run_left_is_taken_away(batch: Run, out: Path) -> None:
    left = out / "website" / "map" / ".fotopoort-abc.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    batch()
    assert not left.exists()


# --- what goes wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [b"twee\nregels.jpg", b"geen-\xff-utf8.jpg", b"<b>&;=1+1.jpg", b"'.jpg"])
def test_a_name_of_any_bytes_is_a_photo_like_others(name: bytes, batch: Run, folder: Path, out: Path) -> None:
    path = os.fsdecode(name)
    shutil.copy(folder / "IMG_1.png", folder / path)
    done = batch("--json", channels=("--channel", "social_schools"))
    assert done.status == 0
    document = documents(out)[path]
    assert (out / document["verdicts"]["social_schools"]["rendition"]["path"]).is_file()
    assert path in [one["file"] for one in done.documents]


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


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_cleanly_and_says_how_to_go_on(
    by: signal.Signals, samples: Path, class_list: Path, tmp_path: Path, out: Path
) -> None:
    photos = tmp_path / "veel"
    photos.mkdir()
    for number in range(15):
        shutil.copy(samples / "IMG_2055.png", photos / f"IMG_{number}.png")
    command: list[str | Path] = [sys.executable, "-m", "fotopoort", "batch", photos, "--channel", "social_schools"]
    command += ["--registry", class_list, "--out", out]
    environment = os.environ | {"PYTHONPATH": str(SERVICE)}
    first = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    with first:
        until = time.monotonic() + 60
        while first.poll() is None and not any(out.glob("social_schools/*.jpg")) and time.monotonic() < until:
            time.sleep(0.02)
        first.send_signal(by)
        _, said = first.communicate(timeout=60)
    assert first.returncode == 130, said
    assert "the same command goes on" in said
    done = len(list(out.glob("social_schools/*.jpg")))
    assert done < 15
    again = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=True, timeout=120)
    judged = re.search(r"(\d+) judged now", again.stderr)
    assert judged is not None
    assert int(judged[1]) >= 15 - done
    assert len(documents(out)) == 15


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
