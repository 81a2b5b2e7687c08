"""`fotopoort watch`: photos that arrive, that are still being written, that change and that go, while it looks on."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.results import documents

from fotopoort.errors import RegistryUnavailable
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.consent_log import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.settings import load_settings
from fotopoort.vocabulary import ConsentState

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort

Step = Callable[[], object]
SERVICE = Path(__file__).parents[4] / "service"


def nothing() -> None:
    """What happens between most looks."""


@pytest.fixture
def watch(fotopoort: Fotopoort, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Watch a folder with two photos: `watch(first, second, …, options=(…))`, a step before each look but the first.

    When they have all been done, and there was a look after the last, it is stopped.
    """

    def run(*steps: Step, options: tuple[str | Path, ...] = ()) -> Done:
        left = iter(steps)

        def pause(seconds: float) -> None:
            assert seconds == 10
            step = next(left, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr("fotopoort.cli.folders.watch.sleep", pause)
        done = fotopoort("watch", photos, "--channel", "social_schools", "--out", out, *options)
        assert next(left, None) is None, f"it ended by itself: {done.err}"
        return done

    return run


def outcome(out: Path, file: str) -> str:
    return str(documents(out)[file]["verdicts"]["social_schools"]["outcome"])


def renditions(out: Path) -> set[str]:
    return {path.name for path in (out / "social_schools").glob("*.jpg")}


# --- photos that come, change and go ---------------------------------------------------------------------


def test_what_lies_there_is_judged_once_it_is_still(
    watch: Callable[..., Done], out: Path, screened_photos: list[str]
) -> None:
    done = watch(lambda: screened_photos.append("second look"), nothing, nothing)
    assert screened_photos == ["second look", "IMG_1", "IMG_2"]
    assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}
    assert (out / "report.html").is_file()
    assert done.status == 130
    watching, judged, stopped = done.err.splitlines()
    assert watching.startswith("Watching ")
    assert judged.startswith("2 judged, report in ")
    assert "the same command goes on" in stopped


def test_a_photo_that_arrives_is_judged(
    watch: Callable[..., Done], photos: Path, out: Path, screened_photos: list[str]
) -> None:
    done = watch(nothing, lambda: shutil.copy2(photos / "IMG_1.png", photos / "nieuw.png"), nothing, nothing)
    assert screened_photos == ["IMG_1", "IMG_2", "nieuw"]
    assert renditions(out) >= {"IMG_1.jpg", "nieuw.jpg"}
    assert "1 judged" in done.err
    assert "nieuw" not in done.err, "no name of a file"


def test_what_was_done_before_is_not_done_again(watch: Callable[..., Done], screened_photos: list[str]) -> None:
    watch(nothing)
    screened_photos.clear()
    done = watch(nothing, nothing)
    assert screened_photos == []
    assert "judged" not in done.err


def test_a_photo_in_two_halves_is_judged_once_with_its_whole_content(
    watch: Callable[..., Done], photos: Path, out: Path, samples: Path, screened_photos: list[str]
) -> None:
    """As by a program on this machine, which keeps it open and takes its time."""
    content = (samples / "IMG_2063.jpg").read_bytes()
    with (photos / "half.jpg").open("wb", buffering=0) as half:

        def finish() -> None:
            assert "half" not in screened_photos
            half.write(content[1000:])
            half.close()

        watch(lambda: half.write(content[:1000]), nothing, nothing, nothing, finish, nothing, nothing)
    assert screened_photos.count("half") == 1
    assert documents(out)["half.jpg"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_photo_that_another_machine_writes_is_judged_when_it_has_stopped_growing(
    watch: Callable[..., Done], photos: Path, out: Path, samples: Path, screened_photos: list[str]
) -> None:
    """Nobody here has it open: as seen on a network drive."""
    content = (samples / "IMG_2063.jpg").read_bytes()

    def grow(start: int, stop: int | None = None) -> Step:
        def write() -> None:
            assert "half" not in screened_photos
            with (photos / "half.jpg").open("ab") as half:
                half.write(content[start:stop])

        return write

    watch(grow(0, 1000), grow(1000, 2000), grow(2000, 3000), grow(3000), nothing, nothing)
    assert screened_photos.count("half") == 1
    assert documents(out)["half.jpg"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_one_that_is_being_written_over_keeps_what_was_made_of_it(
    watch: Callable[..., Done], photos: Path, out: Path, samples: Path
) -> None:
    def write_over() -> None:
        with (photos / "IMG_1.png").open("ab", buffering=0) as file:
            file.write(b"meer")

    shutil.copy(samples / "IMG_2063.jpg", photos / "IMG_3.jpg")
    watch(nothing)
    with (photos / "IMG_1.png").open("ab"):
        watch(nothing, (photos / "IMG_3.jpg").unlink, nothing)
    watch(nothing, write_over, write_over, write_over)
    assert "IMG_1.jpg" in renditions(out)
    assert "IMG_1.png" in documents(out)
    assert "IMG_3.jpg" not in documents(out), "there were runs meanwhile"


def test_one_that_is_opened_for_writing_while_it_is_read_is_left_for_another_time(
    watch: Callable[..., Done], photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch, screened_photos: list[str]
) -> None:
    with (photos / "IMG_1.png").open("rb+") as file:
        file.close()
        real = Path.read_bytes

        def and_then_somebody_writes(path: Path) -> bytes:
            nonlocal file
            content = real(path)
            if path.name == "IMG_1.png" and file.closed:
                file = path.open("rb+")
            return content

        def close() -> None:
            assert screened_photos == ["IMG_2"]
            monkeypatch.setattr(Path, "read_bytes", real)
            file.close()

        monkeypatch.setattr(Path, "read_bytes", and_then_somebody_writes)
        watch(nothing, nothing, close, nothing)
    assert screened_photos == ["IMG_2", "IMG_1"]
    assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}


def test_what_was_made_of_a_photo_that_is_gone_goes(watch: Callable[..., Done], photos: Path, out: Path) -> None:
    done = watch(nothing, (photos / "IMG_1.png").unlink, nothing)
    assert "1 no longer there" in done.err
    assert set(documents(out)) == {"IMG_2.jpg"}
    assert "IMG_1.jpg" not in renditions(out)


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_drive_that_is_not_there_for_a_while_loses_nothing(
    how: str, watch: Callable[..., Done], photos: Path, out: Path, screened_photos: list[str]
) -> None:
    def go() -> None:
        photos.rename(photos.parent / "weg")
        if how == "empty":
            photos.mkdir()

    def come_back() -> None:
        assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}
        assert "IMG_1.jpg" in renditions(out)
        if how == "empty":
            photos.rmdir()
        (photos.parent / "weg").rename(photos)

    done = watch(nothing, go, nothing, nothing, come_back, nothing, nothing)
    assert screened_photos == ["IMG_1", "IMG_2"]
    assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}
    assert done.err.count("Trying again.") == 1, "it is told once"


def test_a_folder_that_is_empty_yet_is_watched(
    watch: Callable[..., Done], photos: Path, out: Path, samples: Path
) -> None:
    for photo in list(photos.iterdir()):
        photo.unlink()
    done = watch(nothing, lambda: shutil.copy(samples / "IMG_2055.png", photos), nothing, nothing)
    assert "There is no photo here. Photos that come will be seen." in done.err
    assert set(documents(out)) == {"IMG_2055.png"}


def test_a_folder_of_years_is_shown_as_it_is_done(
    watch: Callable[..., Done], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fotopoort.cli.folders.watch.SECONDS_OF_WORK", 0.0)
    done = watch(nothing, nothing)
    assert done.err.count("1 judged, report in") == 2
    assert len(documents(out)) == 2


# --- what the verdicts rest on ---------------------------------------------------------------------------


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The school's, with Noor in it, who may be shown."""
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    database = Database(sqlite_url(tmp_path / "data" / "registry.db"))
    database.migrate()
    registry = Registry(database, data_folder=tmp_path / "data", keys_folder=tmp_path / "keys")
    registry.add_school(caller(), "De Regenboog")
    with registry.write(caller(), Act.IMPORT) as session:
        people.add(session, PersonRecord("noor", name="Noor"))
        consent_log.record(session, Statement("noor", "social_schools", ConsentState.GRANTED))
    return registry


def caller() -> Any:  # noqa: ANN401
    return console(load_settings().tenant)


def test_a_withdrawal_takes_away_what_was_made(watch: Callable[..., Done], out: Path, registry: Registry) -> None:
    def withdraw() -> None:
        assert outcome(out, "IMG_2.jpg") == "publish"
        with registry.write(caller(), Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("noor", "social_schools", ConsentState.WITHDRAWN))

    done = watch(nothing, nothing, withdraw, nothing)
    assert outcome(out, "IMG_1.png") == "publish", "nobody is in it"
    assert outcome(out, "IMG_2.jpg") != "publish"
    assert done.err.count("2 judged") == 2


def test_a_withdrawal_counts_for_photos_of_a_day_and_however_long_it_takes(
    watch: Callable[..., Done], photos: Path, out: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        shutil.copy(photos / "IMG_2.jpg", photos / f"2026-03-{12 + number}_IMG_2.jpg")

    def withdraw() -> None:
        assert {outcome(out, name) for name in documents(out) if "IMG_2" in name} == {"publish"}
        monkeypatch.setattr("fotopoort.cli.folders.watch.SECONDS_OF_WORK", 0)  # a run is one photo
        with registry.write(caller(), Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("noor", "social_schools", ConsentState.WITHDRAWN))

    watch(nothing, nothing, withdraw, nothing)
    assert "publish" not in {outcome(out, name) for name in documents(out) if "IMG_2" in name}


def test_a_registry_that_does_not_answer_is_told_once_and_waited_for(
    watch: Callable[..., Done], photos: Path, out: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Registry.read

    def refuse(*_: object) -> Any:  # noqa: ANN401
        raise RegistryUnavailable

    def answer_again() -> None:
        assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}
        monkeypatch.setattr(Registry, "read", real)

    def refuse_from_now_on() -> None:
        shutil.copy(photos / "IMG_1.png", photos / "nieuw.png")
        monkeypatch.setattr(Registry, "read", refuse)

    done = watch(nothing, refuse_from_now_on, nothing, nothing, answer_again, nothing)
    assert done.err.count("does not answer") == 1
    assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg", "nieuw.png"}


def test_a_registry_that_does_not_answer_at_the_start_is_waited_for_as_well(
    watch: Callable[..., Done], out: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Any:  # noqa: ANN401
        raise RegistryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(Registry, "open", refuse)
        done = watch(nothing, nothing, patch.undo, nothing, nothing)
    assert done.err.count("does not answer") == 1
    assert outcome(out, "IMG_2.jpg") == "publish"


def test_a_class_list_that_is_written_anew_holds_once_it_is_still(
    watch: Callable[..., Done], out: Path, tmp_path: Path
) -> None:
    people = tmp_path / "lijst.csv"
    yes = "id;naam;rol;groep;social_schools\np1;Noor Bakker;leerling;groep 5;ja\n"
    was = []

    def write(text: str) -> Step:
        def then() -> None:
            was.append(outcome(out, "IMG_2.jpg"))
            people.write_text(text)

        return then

    people.write_text(yes)
    steps = (nothing, nothing, write(yes[:20]), nothing, nothing, nothing, write(yes.replace("ja", "nee")))
    done = watch(*steps, nothing, nothing, options=("--registry", people))
    assert was == ["publish", "publish"], "while the list cannot be read, nothing is judged by it"
    assert outcome(out, "IMG_2.jpg") != "publish"
    assert done.err.count("Trying again.") == 1


# --- what goes wrong -------------------------------------------------------------------------------------


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
    asked: list[str | Path] = [folder, "--channel", "social_schools", "--out", out]
    command = [sys.executable, "-m", "fotopoort", "watch", *asked, "--every", "1"]
    environment = os.environ | {"PYTHONPATH": str(SERVICE)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while process.poll() is None and not renditions(out) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(by)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "the same command goes on" in said
    done = len(renditions(out))
    assert 0 < done < 15
    assert not list(out.rglob("*.part"))
    again = fotopoort("batch", *asked)
    assert again.status == 0
    assert len(documents(out)) == 15
    assert f"{15 - done} judged now" in again.err or f"{16 - done} judged now" in again.err
