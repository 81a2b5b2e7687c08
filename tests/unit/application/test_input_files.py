"""Which photos the paths on a command line name, and how they are shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fotopoort.application.input_files import collect, printable
from fotopoort.errors import FileMissing, FolderUnreadable, NothingToScreen


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


# --- what is meant ---------------------------------------------------------------------------------------


def test_photos_come_in_the_order_given(tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg", "a.jpg", "map/d.jpg", "map/c.jpg", "map/diep/e.HEIC")
    named = [tmp_path / name for name in ("b.jpg", "map", "a.jpg")]
    photos, passed_over = collect(named)
    assert [photo.relative.as_posix() for photo in photos] == ["b.jpg", "c.jpg", "d.jpg", "diep/e.HEIC", "a.jpg"]
    assert [photo.display_name for photo in photos[:2]] == [str(tmp_path / "b.jpg"), str(tmp_path / "map" / "c.jpg")]
    assert passed_over.unsupported + passed_over.links == 0


def test_in_a_folder_only_photos_are_taken_and_the_rest_is_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.JPG", "b.tiff", "c.gif", "lijst.csv", "film.mp4", "zonder")
    photos, passed_over = collect([tmp_path])
    assert [photo.path.name for photo in photos] == ["a.JPG", "b.tiff", "c.gif"], "also what will be refused"
    assert passed_over.unsupported + passed_over.links == 3


def test_what_is_named_by_itself_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    touch(tmp_path, "lijst.csv", ".verborgen.jpg")
    photos, _ = collect([tmp_path / "lijst.csv", tmp_path / ".verborgen.jpg"])
    assert len(photos) == 2


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "._a.jpg", ".thumbnails/a.jpg")
    assert [photo.path.name for photo in collect([tmp_path])[0]] == ["a.jpg"]


def test_links_are_followed_when_named_and_not_when_come_upon(tmp_path: Path) -> None:
    touch(tmp_path, "elders/a.jpg", "fotos/b.jpg")
    (tmp_path / "fotos" / "rond").symlink_to(tmp_path / "fotos")
    (tmp_path / "fotos" / "c.jpg").symlink_to(tmp_path / "elders" / "a.jpg")
    (tmp_path / "fotos" / "zichzelf.jpg").symlink_to("zichzelf.jpg")
    (tmp_path / "naar-map").symlink_to(tmp_path / "fotos")
    (tmp_path / "naar-foto.jpg").symlink_to(tmp_path / "elders" / "a.jpg")
    photos, passed_over = collect([tmp_path / "naar-map", tmp_path / "naar-foto.jpg"])
    assert [photo.relative.as_posix() for photo in photos] == ["b.jpg", "naar-foto.jpg"]
    assert passed_over.unsupported + passed_over.links == 3


@pytest.mark.parametrize("name", ["nergens.jpg", "a.jpg/b.jpg", "x" * 300, "dood"])
def test_a_name_that_leads_nowhere_is_told(name: str, tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    (tmp_path / "dood").symlink_to("nergens")
    with pytest.raises(FileMissing):
        collect([tmp_path / "a.jpg", tmp_path / name])


def test_nothing_to_screen_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "lijst.csv")
    with pytest.raises(NothingToScreen):
        collect([tmp_path])


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(FolderUnreadable):
        collect([tmp_path])


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("gewoon é.jpg", "gewoon é.jpg"),
        ("twee\nregels.jpg", "twee\\nregels.jpg"),
        (os.fsdecode(b"geen-\xff-utf8.jpg"), "geen-\\xff-utf8.jpg"),
        ("\x1b[31mrood.jpg", "\\x1b[31mrood.jpg"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
    ],
)
def test_a_path_is_shown_without_tricks(path: str, shown: str) -> None:
    assert printable(path) == shown
    assert printable(Path(path)) == shown
