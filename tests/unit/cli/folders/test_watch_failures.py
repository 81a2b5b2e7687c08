"""`fotopoort watch`: what goes wrong, and what stops it."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.programs import running
from tests.results import documents
from tests.unit.cli.folders.runs import SERVICE, names_of_renditions, nothing, outcome
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort


def test_quiet_says_only_what_went_wrong(watch: Callable[..., Done], photos: Path) -> None:
    assert watch(nothing, options=("--quiet",)).err == ""
    (photos / "kapot.jpg").write_bytes(b"geen foto")
    (line,) = watch(nothing, nothing, options=("--quiet",)).err.splitlines()
    assert line.startswith("1 judged, 1 could not be judged, report in ")


def test_one_that_another_try_may_help_is_tried_again(
    watch: Callable[..., Done], photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "IMG_1.png":
            raise OSError(5, "Input/output error")
        return real(path)

    def mend() -> None:
        assert documents(out)["IMG_1.png"]["error"]["code"] == "file_unreadable"
        monkeypatch.setattr(Path, "read_bytes", real)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    watch(nothing, mend, nothing, nothing)
    assert outcome(out, "IMG_1.png") == "publish"


def test_a_full_disk_is_told_once_and_tried_again(
    watch: Callable[..., Done], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def full(descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").rpartition("/")[0].endswith("social_schools"):
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    done = watch(nothing, nothing, lambda: monkeypatch.setattr(os, "fsync", real), nothing)
    assert done.err.count("No space left") == 1
    assert outcome(out, "IMG_1.png") == "publish"


def test_another_run_in_the_output_folder_is_not_disturbed(fotopoort: Fotopoort, photos: Path, out: Path) -> None:
    (out / ".fotopoort").mkdir(parents=True)
    with (out / ".fotopoort" / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = fotopoort("watch", photos, "--channel", "website", "--out", out)
    assert done.status == 2
    assert "Another run" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("--every", "0"), ("--channel", "x"), ("--answers", "nergens.json"), ("--group-from", "csv:nergens.csv"),
     ("--registry", "nergens.csv")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_ends_it_at_the_start(
    arguments: tuple[str, ...], fotopoort: Fotopoort, photos: Path, out: Path
) -> None:
    assert fotopoort("watch", photos, "--channel", "website", "--out", out, *arguments).status == 2


def test_a_folder_that_is_not_there_at_the_start_is_told(fotopoort: Fotopoort, tmp_path: Path) -> None:
    assert fotopoort("watch", tmp_path / "nergens", "--channel", "website").status == 2


def test_a_bucket_is_not_watched(fotopoort: Fotopoort) -> None:
    assert fotopoort("watch", "s3://fotos", "--channel", "website").status == 2


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_in_the_middle_leaves_nothing_half_done(
    by: signal.Signals, fotopoort: Fotopoort, samples: Path, tmp_path: Path, out: Path
) -> None:
    folder = tmp_path / "veel"
    folder.mkdir()
    for number in range(15):
        shutil.copy(samples / "IMG_2055.png", folder / f"IMG_{number}.png")
    arguments: list[str | Path] = [folder, "--channel", "social_schools", "--out", out]
    command = [sys.executable, "-m", "fotopoort", "watch", *arguments, "--every", "1"]
    environment = os.environ | {"PYTHONPATH": str(SERVICE), "FOTOPOORT_SCREENERS": "1"}
    with running(command, environment) as process:
        until = time.monotonic() + PATIENCE
        while process.poll() is None and not names_of_renditions(out) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(by)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, errors
    assert "the same command goes on" in errors
    done = len(names_of_renditions(out))
    assert 0 < done < 15
    assert not list(out.rglob("*.part"))
    again = fotopoort("batch", *arguments)
    assert again.status == 0
    assert len(documents(out)) == 15
    assert f"{15 - done} judged now" in again.err or f"{16 - done} judged now" in again.err
