"""Files that hold no photo we take, through every door: the same code and words, and what the exit status tells."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.other_files import OTHER_FILES, OtherFile, film, icloud
from tests.results import documents
from tests.unit.cli.folders.runs import names_of_renditions, nothing, renditions

from fotopoort.errors import UNTIL_THEN

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort

LISTED = [file for file in OTHER_FILES if file.is_listed]
COUNTED = [file for file in OTHER_FILES if not file.is_listed]
CHANNEL = ("--channel", "website")
SUMMARY = "niet beoordeeld"


@pytest.fixture
def school(photos: Path) -> Path:
    """One photo of nobody, `IMG_1.png`, in a folder."""
    (photos / "IMG_2.jpg").unlink()
    return photos


def put(file: OtherFile, folder: Path) -> Path:
    (folder / file.name).write_bytes(file.content)
    return folder / file.name


def check(error: dict[str, Any], file: OtherFile, language: str) -> None:
    assert error["code"] == file.code
    words = file.nl if language == "nl" else file.en
    assert words[0] in error["message"]
    assert words[1] in error["hint"]
    assert error["hint"].endswith(f"{UNTIL_THEN:{language}}")


# --- named by itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["screen", "inspect"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_named_by_itself_each_is_refused_with_what_to_do(
    command: str, language: str, fotopoort: Fotopoort, tmp_path: Path
) -> None:
    files = [put(file, tmp_path) for file in OTHER_FILES]
    channel = CHANNEL if command == "screen" else ()
    done = fotopoort("--lang", language, command, *files, *channel, "--json")
    assert done.status == 1
    assert len(done.documents) == len(OTHER_FILES)
    for document, file in zip(done.documents, OTHER_FILES, strict=True):
        check(document["error"], file, language)
        if command == "screen":
            assert document["verdicts"]["website"]["outcome"] == "reject"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_people_read_it_beside_the_name(language: str, fotopoort: Fotopoort, tmp_path: Path) -> None:
    for file in (LISTED[0], COUNTED[0]):
        done = fotopoort("--lang", language, "screen", put(file, tmp_path), *CHANNEL)
        assert file.name in done.out
        assert all(words in done.out for words in (file.nl if language == "nl" else file.en))
        assert f"{UNTIL_THEN:{language}}" in done.out


# --- in a folder ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_may_be_a_photo_is_one_that_could_not_be_judged(
    language: str, fotopoort: Fotopoort, school: Path, out: Path
) -> None:
    for file in LISTED:
        put(file, school)
    done = fotopoort("--lang", language, "screen", school, *CHANNEL, "--json")
    assert done.status == 1
    found = {Path(document["file"]).name: document for document in done.documents}
    assert found.keys() == {"IMG_1.png", *(file.name for file in LISTED)}
    assert "error" not in found["IMG_1.png"]
    for file in LISTED:
        check(found[file.name]["error"], file, language)
    ran = fotopoort("--lang", language, "batch", school, *CHANNEL, "--out", out)
    assert ran.status == 1
    for document in documents(out).values():
        assert ("error" in document) is (document["file"] != "IMG_1.png")
    for file in LISTED:
        error = documents(out)[file.name]["error"]
        assert error["code"] == file.code
        check(error, file, "en")
        check(error | {"message": error["message_nl"], "hint": error["hint_nl"]}, file, "nl")
    for text in (done.err, ran.err):
        assert "1 .jxl" in text
        assert "3 .icloud" not in text
        assert "2 .icloud" in text


def test_the_table_and_the_report_say_what_each_is_and_what_to_do(
    fotopoort: Fotopoort, school: Path, out: Path
) -> None:
    for file in LISTED:
        put(file, school)
    fotopoort("batch", school, *CHANNEL, "--out", out)
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = {row["foto"]: row for row in csv.DictReader(table, delimiter=";")}
    report = (out / "report.html").read_text("utf-8")
    for file in LISTED:
        row = rows[file.name]
        assert row["website: oordeel"] == "reject"
        assert file.nl[0] in row["fout (Nederlands)"]
        assert file.nl[1] in row["advies (Nederlands)"]
        assert file.en[1] in row["advies (Engels)"]
        assert file.nl[1] in report or file.code in ("empty_file", "not_a_photo")


@pytest.mark.parametrize("file", COUNTED, ids=lambda file: file.name)
def test_what_is_no_photo_is_counted_by_name_and_the_status_is_that_of_a_folder_judged_whole(
    file: OtherFile, fotopoort: Fotopoort, school: Path, out: Path
) -> None:
    put(file, school)
    (school / "lijst.xlsx").write_bytes(b"PK\3\4")
    ending = Path(file.name).suffix.lower()
    for command in (("screen", school, *CHANNEL), ("batch", school, *CHANNEL, "--out", out), ("inspect", school)):
        done = fotopoort("--lang", "nl", *command)
        assert done.status == 0
        assert "2 andere bestanden overgeslagen" in done.err
        assert f"1 {ending}" in done.err
        assert "1 .xlsx" in done.err
        assert ("video's worden niet beoordeeld: niet plaatsen" in done.err) is ("video" in file.nl[0])
        assert SUMMARY + "," not in done.err
    assert f"1 {ending}" in (out / "report.html").read_text("utf-8")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_folder_of_a_nas(language: str, fotopoort: Fotopoort, school: Path, samples: Path, out: Path) -> None:
    """Thumbnails, a bin and its snapshots, and files that cannot be judged: only the photo is."""
    for place in ("@eaDir/IMG_1.png/SYNOPHOTO_THUMB_XL.jpg", "#recycle/weg.jpg", "#snapshot/GMT-1/klas/IMG_1.jpg"):
        (school / place).parent.mkdir(parents=True)
        shutil.copy(samples / "IMG_2045.jpg", school / place)
    (school / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (school / "._IMG_1.png").write_bytes(b"\0\5\x16\7")
    (school / "foto.jxl").write_bytes(b"\xff\x0a")
    (school / "foto.dng").write_bytes(b"onbekend")
    (school / "klassenfoto.pdf").write_bytes(b"%PDF-1.4\n")
    screened = fotopoort("--lang", language, "screen", school, *CHANNEL, "--json", "--out", out / "een")
    ran = fotopoort("--lang", language, "batch", school, *CHANNEL, "--out", out / "twee")
    found = {Path(document["file"]).name for document in screened.documents if "error" not in document}
    assert found == {"IMG_1.png"}
    assert len(screened.documents) == 4
    assert {path for path, document in documents(out / "twee").items() if "error" not in document} == {"IMG_1.png"}
    assert renditions(out / "een") == renditions(out / "twee") == {"website/IMG_1.jpg"}
    for done in (screened, ran):
        assert done.status == 1
        assert "(1 .dng, 1 .jxl, 1 .pdf)" in done.err
        assert "(#recycle, #snapshot, @eaDir)" in done.err
        assert ("3 systeemmappen overgeslagen" if language == "nl" else "3 system folders passed over") in done.err
        assert "Thumbs" not in done.err
    assert "1 × @eaDir" in (out / "twee" / "report.html").read_text("utf-8")


def test_a_bin_that_is_named_is_looked_into_and_that_is_said(fotopoort: Fotopoort, school: Path, out: Path) -> None:
    bin_ = school / "#recycle"
    bin_.mkdir()
    (school / "IMG_1.png").rename(bin_ / "IMG_1.png")
    for command in (("screen", bin_, *CHANNEL), ("inspect", bin_), ("batch", bin_, *CHANNEL, "--out", out)):
        done = fotopoort("--lang", "nl", *command)
        assert done.status == 0
        assert "#recycle is een map van de NAS of computer zelf" in done.err
        assert "is a folder that a NAS" in fotopoort("--lang", "en", *command).err
    nothing_there = fotopoort("--lang", "nl", "screen", school, *CHANNEL)
    assert nothing_there.status == 2
    assert "#recycle" in nothing_there.err


def test_what_an_earlier_version_made_of_thumbnails_and_bins_is_taken_away(
    fotopoort: Fotopoort, school: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (school / "@eaDir").mkdir()
    shutil.copy(school / "IMG_1.png", school / "@eaDir" / "klein.png")
    with monkeypatch.context() as earlier:
        earlier.setattr("fotopoort.batch.storage.walk.system_folder", lambda name: None)
        fotopoort("batch", school, *CHANNEL, "--out", out)
    assert len(renditions(out)) == 2
    assert fotopoort("batch", school, *CHANNEL, "--out", out).status == 0
    assert renditions(out) == {"website/IMG_1.jpg"}


def test_a_photo_keeps_the_name_of_its_rendition_beside_its_raw_file(
    fotopoort: Fotopoort, school: Path, out: Path
) -> None:
    for ending in ("dng", "cr3", "psd", "pdf"):
        (school / f"IMG_1.{ending}").write_bytes(b"onbekend")
    fotopoort("batch", school, *CHANNEL, "--out", out)
    assert renditions(out) == {"website/IMG_1.jpg"}


def test_a_large_film_is_not_to_be_made_smaller(
    fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_MAX_MEGABYTES", "1")
    (tmp_path / "film.jpg").write_bytes(film(b"qt  ") + bytes(1_100_000))
    (tmp_path / "film.mov").write_bytes(b"wie weet" * 200_000)
    (tmp_path / "groot.jpg").write_bytes(b"\xff\xd8\xff" + bytes(1_100_000))
    done = fotopoort("screen", *sorted(tmp_path.iterdir()), *CHANNEL, "--json")
    codes = [document["error"]["code"] for document in done.documents]
    assert codes == ["format_not_allowed", "format_not_allowed", "too_many_bytes"]


# --- as they arrive ------------------------------------------------------------------------------------


def test_what_icloud_has_not_downloaded_is_told_and_judged_once_it_is(
    watch: Callable[..., Done], photos: Path, out: Path, samples: Path
) -> None:
    (stub := photos / ".IMG_9.jpg.icloud").write_bytes(icloud("IMG_9.jpg"))
    (photos / "IMG_8.jpg.part").write_bytes((samples / "IMG_2063.jpg").read_bytes()[:1000])

    def download() -> None:
        found = documents(out)
        assert found[".IMG_9.jpg.icloud"]["error"]["code"] == "not_here_yet"
        assert not names_of_renditions(out) & {"IMG_8.jpg", "IMG_9.jpg"}
        stub.unlink()
        shutil.copy(samples / "IMG_2063.jpg", photos / "IMG_9.jpg")
        (photos / "IMG_8.jpg.part").unlink()
        shutil.copy(samples / "IMG_2055.png", photos / "IMG_8.jpg")

    done = watch(nothing, nothing, nothing, download, nothing, nothing, before=("--lang", "nl"))
    found = documents(out)
    assert found.keys() == {"IMG_1.png", "IMG_2.jpg", "IMG_8.jpg", "IMG_9.jpg"}
    assert not any("error" in document for document in found.values())
    assert {"IMG_8.jpg", "IMG_9.jpg"} <= names_of_renditions(out)
    assert "2 niet beoordeeld (1 .icloud, 1 .part)" in done.err


def test_bins_and_thumbnails_that_come_while_it_looks_on_are_no_photos(
    watch: Callable[..., Done], photos: Path, out: Path, screened_photos: list[str]
) -> None:
    def tidy() -> None:
        (photos / "#recycle").mkdir()
        (photos / "IMG_2.jpg").rename(photos / "#recycle" / "IMG_2.jpg")
        (photos / "@eaDir").mkdir()
        shutil.copy(photos / "IMG_1.png", photos / "@eaDir" / "klein.png")

    watch(nothing, nothing, tidy, nothing, nothing, nothing)
    assert set(screened_photos) == {"IMG_1", "IMG_2"}
    assert documents(out).keys() == {"IMG_1.png"}
    assert names_of_renditions(out) == {"IMG_1.jpg"}, "what was made of a photo in the bin is taken away"
