"""`fotopoort watch`: photos that arrive, that are still being written, that change and that go, while it looks on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.results import documents
from tests.unit.cli.folders.runs import Step, names_of_renditions, nothing

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done


@pytest.mark.quick
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
    assert names_of_renditions(out) >= {"IMG_1.jpg", "nieuw.jpg"}
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
    assert "IMG_1.jpg" in names_of_renditions(out)
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
    assert "IMG_1.jpg" not in names_of_renditions(out)


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
        assert "IMG_1.jpg" in names_of_renditions(out)
        if how == "empty":
            photos.rmdir()
        (photos.parent / "weg").rename(photos)

    done = watch(nothing, go, nothing, nothing, come_back, nothing, nothing)
    assert screened_photos == ["IMG_1", "IMG_2"]
    assert set(documents(out)) == {"IMG_1.png", "IMG_2.jpg"}
    assert done.err.count("Trying again.") == 1, "it is told once"


def test_all_is_told_in_the_language_that_is_asked_for(watch: Callable[..., Done], photos: Path, out: Path) -> None:
    away = photos.parent / "weg"
    done = watch(
        nothing,
        lambda: photos.rename(away),
        nothing,
        nothing,
        lambda: away.rename(photos),
        nothing,
        before=("--lang", "nl"),
    )
    assert "Trying again" not in done.err
    assert done.err.count("Deze map kan niet worden gelezen.") == 1
    assert done.err.count("Het wordt opnieuw geprobeerd.") == 1
    assert done.err.startswith("Kijkt naar ")
    assert "2 beoordeeld, verslag in " in done.err


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
