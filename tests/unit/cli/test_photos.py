"""Which photos a command line means, and what their renditions are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fotopoort.application.input_files import PhotoFile, collect, printable
from fotopoort.application.output_paths import OutputPaths
from fotopoort.errors import FileMissing, FolderUnreadable, NothingToScreen
from fotopoort.vocabulary import Outcome, Verdict

SHA256 = "0123456789ab" + "c" * 52


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def verdict(channel: str, *, neutral_name: bool) -> Verdict:
    return Verdict(channel, Outcome.PUBLISH, {}, (), (), (), neutral_name, "consent", "1", None)


# --- what is meant ---------------------------------------------------------------------------------------


def test_photos_come_in_the_order_given(tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg", "a.jpg", "map/d.jpg", "map/c.jpg", "map/diep/e.HEIC")
    named = [tmp_path / name for name in ("b.jpg", "map", "a.jpg")]
    photos, passed_over = collect(named)
    assert [photo.relative.as_posix() for photo in photos] == ["b.jpg", "c.jpg", "d.jpg", "diep/e.HEIC", "a.jpg"]
    assert [photo.display_name for photo in photos[:2]] == [str(tmp_path / "b.jpg"), str(tmp_path / "map" / "c.jpg")]
    assert passed_over == 0


def test_in_a_folder_only_photos_are_taken_and_the_rest_is_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.JPG", "b.tiff", "c.gif", "lijst.csv", "film.mp4", "zonder")
    photos, passed_over = collect([tmp_path])
    assert [photo.path.name for photo in photos] == ["a.JPG", "b.tiff", "c.gif"], "also what will be refused"
    assert passed_over == 3


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
    assert passed_over == 3


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


# --- what renditions are called --------------------------------------------------------------------------


def place(relative: str, channel: str = "website", *, neutral_name: bool = True) -> str:
    file = PhotoFile(Path("/photos") / relative, relative, Path(relative))
    path = OutputPaths(Path("/uit")).reserve(file, SHA256, verdict(channel, neutral_name=neutral_name))
    return path.relative_to("/uit").as_posix()


@pytest.mark.parametrize(
    "name",
    ["IMG_2031", "DSC01234", "DSCN0042", "P1010023", "PXL_20260312_101544123", "20260312_101544", "IMG-20260312-WA0001",
     "image 3", "IMG_2031-2", "_DSC1234", "GOPR0012", "IMG_20260312_101544_BURST002"],
)  # fmt: skip
def test_names_that_cameras_give_are_kept(name: str) -> None:
    assert place(f"{name}.jpg") == f"website/{name}.jpg"


@pytest.mark.parametrize(
    "name",
    ["Fenna op het plein", "Sam 3", "sam-2", "SAM", "Pim2", "IMG_2031 Fenna", "Fenna IMG_2031", "IMG_2031_Fenna",
     "groep 5", "foto", "Jip-en-Janneke 1"],
)  # fmt: skip
def test_names_that_people_give_are_not_kept_on_a_public_channel(name: str) -> None:
    assert place(f"{name}.jpg") == "website/foto-0123456789ab.jpg"
    assert place(f"{name}.jpg", "social_schools", neutral_name=False) == f"social_schools/{name}.jpg"


def test_a_folder_may_hold_a_name_as_well() -> None:
    assert place("Fenna/IMG_2031.jpg") == "website/foto-0123456789ab.jpg"
    assert place("groep 5/IMG_2031.jpg", neutral_name=False) == "website/groep 5/IMG_2031.jpg"


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.jpeg", "IMG_1.png", "IMG_1"])
def test_a_rendition_is_a_jpeg(name: str) -> None:
    assert place(name) == "website/IMG_1.jpg"


def test_no_two_photos_of_a_run_share_a_place() -> None:
    paths = OutputPaths(Path("uit"))
    names = ["IMG_1.jpg", "IMG_1.png", "IMG_1-2.jpg", "IMG_1.HEIC"]
    judged = verdict("website", neutral_name=False)
    places = [paths.reserve(PhotoFile(Path(name), name, Path(name)), SHA256, judged) for name in names]
    assert len(set(places)) == len(names)
    assert places[0] == Path("uit/website/IMG_1.jpg")


def test_other_places_of_a_photo_are_those_that_this_run_did_not_take() -> None:
    paths = OutputPaths(Path("uit"))
    file = PhotoFile(Path("Fenna.jpg"), "Fenna.jpg", Path("Fenna.jpg"))
    own, neutral = Path("uit/website/Fenna.jpg"), Path("uit/website/foto-0123456789ab.jpg")
    assert set(paths.earlier(file, SHA256, "website")) == {own, neutral}
    paths.reserve(file, SHA256, verdict("website", neutral_name=True))
    assert set(paths.earlier(file, SHA256, "website")) == {own}
