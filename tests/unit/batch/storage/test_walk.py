"""What lies in a folder, whatever is in it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from fotopoort.application.folders.passed_over import MAX_UNREADABLE, PassedOver
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import shown, unique_stems, walk


def touch(folder: Path, *names: str | bytes) -> None:
    for name in names:
        path = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def paths(folder: Path, out: Path | None = None, passed_over: PassedOver | None = None) -> list[str]:
    return [file.path for file in walk(Folder(folder), Folder(out or folder / "nergens"), passed_over or PassedOver())]


def test_photos_come_by_the_bytes_of_their_paths(tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg", "a/z.jpg", "a/b/c.HEIC", "a.jpg", "é.jpg", "Z.jpg")
    assert paths(tmp_path) == sorted(paths(tmp_path), key=os.fsencode)
    assert set(paths(tmp_path)) == {"b.jpg", "a/z.jpg", "a/b/c.HEIC", "a.jpg", "é.jpg", "Z.jpg"}


def test_size_and_time_are_the_files_own(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    os.utime(tmp_path / "a.jpg", ns=(5, 1_234_567_891))
    (file,) = walk(Folder(tmp_path), Folder(tmp_path / "uit"), PassedOver())
    assert (file.size, file.modified) == (1, 1_234_567_891)


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", ".b.jpg", ".map/c.jpg", "lijst.csv", "film.mp4", "map/d.txt")
    (tmp_path / "rond").symlink_to(tmp_path)
    (tmp_path / "naar.jpg").symlink_to(tmp_path / "a.jpg")
    os.mkfifo(tmp_path / "pijp.jpg")
    passed_over = PassedOver()
    assert paths(tmp_path, passed_over=passed_over) == ["a.jpg"]
    assert (passed_over.hidden, passed_over.unsupported, passed_over.links) == (2, 4, 2)


def test_names_of_any_bytes_are_taken(tmp_path: Path) -> None:
    names = [b"twee\nregels.jpg", b"geen-\xff-utf8.jpg", b"m\xffp/a.jpg"]
    touch(tmp_path, *names)
    assert {os.fsencode(path) for path in paths(tmp_path)} == set(names)


@pytest.mark.parametrize("place", ["uit", "diep/uit"])
def test_the_output_folder_is_left_out_by_whatever_name_it_goes(place: str, tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "diep/b.jpg", f"{place}/website/a.jpg")
    (tmp_path / "ook-uit").symlink_to(tmp_path / place)
    assert paths(tmp_path, tmp_path / place) == paths(tmp_path, tmp_path / "ook-uit") == ["a.jpg", "diep/b.jpg"]


def test_a_folder_that_cannot_be_read_is_told_and_the_walk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.jpg", "dicht\n/b.jpg", "open/c.jpg")
    scandir = os.scandir

    def refuse(folder: Path) -> object:
        if folder.name == "dicht\n":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    passed_over = PassedOver()
    assert paths(tmp_path, passed_over=passed_over) == ["a.jpg", "open/c.jpg"]
    assert shown(passed_over.unreadable) == ("dicht\\n",)
    assert passed_over.hides("dicht\n/b.jpg")
    assert not passed_over.hides("open/b.jpg")


def test_on_a_disk_that_fails_nothing_counts_as_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.jpg", "map/b.jpg")

    class Failing:
        name = "b.jpg"

        def is_symlink(self) -> bool:
            raise OSError(5, "Input/output error")

    scandir = os.scandir
    failing = nullcontext(iter([Failing()]))
    monkeypatch.setattr(os, "scandir", lambda place: failing if place.name == "map" else scandir(place))
    passed_over = PassedOver()
    assert paths(tmp_path, passed_over=passed_over) == ["a.jpg"]
    assert passed_over.hides("map/b.jpg")


def test_where_too_many_folders_cannot_be_read_everything_may_be_hidden() -> None:
    passed_over = PassedOver(unreadable=[f"map {number}" for number in range(MAX_UNREADABLE)])
    assert passed_over.hides("elders/a.jpg")


def test_when_the_folder_itself_is_gone_everything_is_hidden(tmp_path: Path) -> None:
    passed_over = PassedOver()
    assert paths(tmp_path / "weg", passed_over=passed_over) == []
    assert passed_over.hides("a.jpg")
    assert shown(passed_over.unreadable) == (".",)


def test_a_deep_folder_is_walked_to_its_bottom(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 900)
    touch(tmp_path, f"{deep}/a.jpg")
    assert paths(tmp_path) == [f"{deep}/a.jpg"]


# --- what renditions are called by -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["a.jpg", "b.jpg"], ["a", "b"]),
        (["a.heic", "a.jpg", "a.png"], ["a", "a-2", "a-3"]),
        (["a-2.jpg", "a.heic", "a.jpg"], ["a-2", "a", "a-3"]),
        (["A.jpg", "a.png"], ["A", "a-2"]),
        (["a.b.jpg"], ["a.b"]),
    ],
)
def test_no_two_photos_of_a_folder_have_one_stem(names: list[str], stems: list[str]) -> None:
    assert unique_stems(names) == stems


def test_no_rendition_is_called_as_a_folder_is() -> None:
    assert unique_stems(["a.png"], ["a.jpg", "b"]) == ["a-2"]


def test_a_stem_leaves_room_for_an_ending() -> None:
    long = "é" * 125
    stems = unique_stems([f"{long}.heic", f"{long}.png"])
    assert len(set(stems)) == 2
    assert all(len(os.fsencode(f"{stem}.jpg")) <= 255 for stem in stems)


def test_a_photo_in_a_folder_has_its_folder_before_its_stem(tmp_path: Path) -> None:
    touch(tmp_path, "map/a.heic", "map/a.jpg")
    assert [file.stem for file in walk(Folder(tmp_path), Folder(tmp_path / "uit"), PassedOver())] == [
        "map/a",
        "map/a-2",
    ]
