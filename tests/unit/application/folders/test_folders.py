"""What of a folder is looked at, by name, and by content where the name tells nothing."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from tests.other_files import OTHER_FILES, OtherFile, film, zipped

from fotopoort.application.folders.passed_over import MAX_ENDINGS, PassedOver, ending_of
from fotopoort.application.folders.sorting import ENDINGS, NO_PHOTOS, Sort, other_endings, sort
from fotopoort.application.folders.system_folders import system_folder
from fotopoort.application.input_files import collect
from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.walk import walk
from fotopoort.errors import NothingToScreen
from fotopoort.photo.formats.other import FORMATS

SYSTEM = [
    *("@eaDir", "@EADIR", "@eadir", "#recycle", "#Recycle", "#RECYCLE", "#snapshot", "@tmp", "@sharebin", "@database"),
    *("@Recycle", "@recycle", "@Recently-Snapshot", "@__thumb", "@snapshot", "@snapshots", "~snapshot", "@appstore"),
    *("$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "System Volume Information", "SYSTEM VOLUME INFORMATION", "Thumbs"),
    *("thumbs", "__MACOSX", "__macosx", "lost+found", "LOST.DIR", "Network Trash Folder", "Temporary Items"),
    *("Lightroom Catalog Previews.lrdata", "Smart Previews.lrdata", "Foto's-bibliotheek.photoslibrary"),
    *("iPhoto Library.photolibrary", "Aperture.aplibrary", "Photos Library.PhotosLibrary", "klas.cocatalog"),
    *("files_trashbin", "files_versions", "appdata_oc1a2b3c4d5e", "appdata_ocqwertyuiop", "found.000", "FOUND.001"),
]
OWN = [
    *("Recycle", "recycle", "Recycled", "Project recyclen", "thumbnails", "Klas 5", "@school", "#klas", "#recycle2024"),
    *(
        "eaDir",
        "a@eaDir",
        "snapshot",
        "tmp",
        "Foto's",
        "System",
        "lost",
        "found",
        "foundation.000",
        "MACOSX",
        "appdata",
    ),
    *(
        "appdata_5",
        "files",
        "lrdata",
        "Prullenbak",
        "Duimen (thumbs)",
        "photoslibrary",
        "2024-2025",
        "Previews",
    ),
]
HIDDEN = [
    *("._a.jpg", ".DS_Store", ".hidden.jpg", ".picasa.ini", ".nomedia", ".foto.jpg.part", ".syncthing.a.jpg.tmp"),
    *("Thumbs.db", "THUMBS.DB", "thumbs.db", "desktop.ini", "Desktop.ini", "ehthumbs.db", "Picasa.ini", "Icon\r"),
    *(
        "~$brief.docx",
        "a.jpg@SynoEAStream",
        "a.jpg@SynoResource",
        "ZbThumbnail.info",
        ".owncloudsync.log",
        ".directory",
    ),
]


def unread() -> bytes:
    raise AssertionError("its name tells, so nobody looks into it")


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "JPEG")
    return out.getvalue()


def touch(folder: Path, name: str, content: bytes = b"") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


# --- folders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SYSTEM)
@pytest.mark.parametrize(
    "place", ["{}/a.jpg", "{}/diep/a.jpg/THUMB.jpg", "groep 5/{}/a.jpg", "groep 5/2024/{}/x/a.jpg"]
)
def test_a_folder_of_the_system_is_looked_into_by_no_door(name: str, place: str, tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg")
    touch(tmp_path, place.format(name))
    photos, passed_over = collect([tmp_path])
    assert [photo.path.name for photo in photos] == ["b.jpg"]
    assert passed_over.system_folders.total() == 1
    by_walk = PassedOver()
    assert [file.path for file in walk(Folder(tmp_path), Folder(tmp_path / "uit"), by_walk)] == ["b.jpg"]
    assert by_walk == passed_over


@pytest.mark.parametrize("name", OWN)
def test_a_folder_that_people_may_call_so_is_looked_into(name: str, tmp_path: Path) -> None:
    assert system_folder(name) is None
    touch(tmp_path, f"{name}/a.jpg")
    assert len(collect([tmp_path])[0]) == 1
    assert len(list(walk(Folder(tmp_path), Folder(tmp_path / "uit"), PassedOver()))) == 1


@pytest.mark.parametrize("name", [".Trash-1000", ".Trashes", ".thumbnails", ".@__thumb", ".AppleDouble", ".stversions"])
def test_what_begins_with_a_dot_is_hidden_whatever_it_is(name: str, tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg")
    touch(tmp_path, f"{name}/a.jpg")
    photos, passed_over = collect([tmp_path])
    assert len(photos) == 1
    assert not passed_over.system_folders


@pytest.mark.parametrize("name", ["#recycle", "@eaDir", "Thumbs", "klas.lrdata"])
def test_a_folder_of_the_system_that_is_named_alone_is_what_the_user_means(name: str, tmp_path: Path) -> None:
    touch(tmp_path, f"{name}/a.jpg")
    touch(tmp_path, f"{name}/@eaDir/a.jpg")
    photos, passed_over = collect([tmp_path / name])
    assert [photo.relative.as_posix() for photo in photos] == ["a.jpg"]
    assert len(passed_over.named_system_folders) == 1


def test_beside_other_things_it_is_passed_over_as_for_a_star_in_a_shell(tmp_path: Path) -> None:
    for name in ("a.jpg", "groep 5/b.jpg", "#recycle/c.jpg", "@eaDir/d.jpg"):
        touch(tmp_path, name)
    photos, passed_over = collect(sorted(tmp_path.iterdir()))
    assert [photo.path.name for photo in photos] == ["a.jpg", "b.jpg"]
    assert passed_over.system_folders == {"#recycle": 1, "@eaDir": 1}
    assert not passed_over.named_system_folders
    assert len(collect([tmp_path / "#recycle", tmp_path / "@eaDir"])[0]) == 2


def test_a_file_in_such_a_folder_that_is_named_itself_is_taken(tmp_path: Path) -> None:
    touch(tmp_path, "#recycle/c.jpg")
    assert len(collect([tmp_path / "#recycle" / "c.jpg"])[0]) == 1


def test_where_there_is_nothing_else_it_is_told_what_was_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "#recycle/c.jpg")
    with pytest.raises(NothingToScreen) as told:
        collect([tmp_path])
    assert all("#recycle" in text for text in told.value.hint)


# --- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HIDDEN)
def test_files_of_the_system_make_no_noise(name: str) -> None:
    assert sort(name, unread) is Sort.HIDDEN


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_photos_are_taken_by_their_name(ending: str) -> None:
    assert sort(f"foto{ending}", unread) is sort(f"FOTO{ending.upper()}", unread) is Sort.TAKEN


@pytest.mark.parametrize("ending", sorted(NO_PHOTOS))
def test_what_certainly_is_no_photo_is_only_counted(ending: str) -> None:
    assert sort(f"a{ending}", unread) is sort(f"a.jpg{ending.upper()}", unread) is Sort.OTHER
    assert ending not in ENDINGS
    assert ending not in FORMATS


@pytest.mark.parametrize("file", OTHER_FILES, ids=lambda file: file.name)
def test_what_may_be_a_photo_is_taken(file: OtherFile) -> None:
    assert sort(file.name, lambda: file.content) is (Sort.TAKEN if file.is_listed else Sort.OTHER)


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        (".IMG_1.HEIC.icloud", True),
        (".IMG_1.PNG.icloud", True),
        ("IMG_1.jpg.icloud", True),
        (".IMG_1.dng.icloud", True),
        (".zonder-einde.icloud", True),
        (".klas.pdf.icloud", True),
        (".film.MOV.icloud", False),
        (".lijst.xlsx.icloud", False),
        (".muziek.mp3.icloud", False),
        ("a.jpg.part", True),
        ("a.jpeg.crdownload", True),
        ("a.png.filepart", True),
        ("a.heic.partial", True),
        ("Unconfirmed 1234.crdownload", True),
        ("a.jpg.tmp", True),
        ("~WRL0001.tmp", False),
        ("film.mp4.part", False),
        ("lijst.csv.part", False),
        ("a.jpg.nextcloud", True),
        ("a.txt.owncloud", False),
    ],
)
def test_what_is_still_to_come_is_told_by_what_it_will_be(name: str, is_taken: bool) -> None:
    assert sort(name, unread) is (Sort.TAKEN if is_taken else Sort.OTHER)


@pytest.mark.parametrize(
    "name", ["IMG_1234", "foto.jpg~", "foto.jpg_original", "foto.jpg_large", "a.bak", "b.001", "x.weg"]
)
def test_a_name_that_tells_nothing_is_looked_into(name: str) -> None:
    assert sort(name, jpeg) is Sort.TAKEN
    assert sort(name, lambda: b"%PDF-1.4") is Sort.TAKEN
    assert sort(name, lambda: zipped("a.jpg")) is Sort.TAKEN
    for content in (b"", b"tekst", bytes(4096), film(b"isom"), b"ID3\4", b"<html>"):
        assert sort(name, partial(bytes, content)) is Sort.OTHER


def test_files_are_counted_by_endings_that_can_be_shown() -> None:
    counted = PassedOver()
    for name in ("a.TXT", "b.txt", "c.mov", "d", "e.geheim van noor", "f." + "x" * 30, "g.Ä"):
        counted.note_unsupported(name)
    assert counted.endings == {".txt": 2, ".mov": 1, "": 4}
    assert ending_of("klas.PDF") == ".pdf"
    for number in range(2 * MAX_ENDINGS):
        counted.note_unsupported(f"a.{number}")
    assert len(counted.endings) <= MAX_ENDINGS
    assert counted.endings.total() == counted.unsupported
    assert other_endings(["a.jpg", "b.pdf", "map.x/c.PDF", "d.HEIC"]) == {".pdf": 2}
