"""`fotopoort batch`: what it makes of a folder, and what it does again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.results import documents
from tests.unit.cli.folders.runs import Run, renditions

from fotopoort.vision.models import catalogue

if TYPE_CHECKING:
    pass


# --- what comes out ------------------------------------------------------------------------------------


@pytest.mark.quick
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


# --- what is done again --------------------------------------------------------------------------------


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


def test_what_an_earlier_program_judged_is_judged_again(
    batch: Run, screened_photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have published what this one would not: a picture that it read wrong, a pattern that it did not see."""
    batch()
    screened_photos.clear()
    monkeypatch.setattr(catalogue, "GENERATION", catalogue.GENERATION + 1)
    assert "3 judged now" in batch("--only-stale").err
    assert len(screened_photos) == 3
    screened_photos.clear()
    batch()
    assert screened_photos == []


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


@pytest.mark.parametrize("is_another", [False, True], ids=["touched", "another photo"])
def test_a_verdict_is_out_of_date_whatever_became_of_the_file_since(
    is_another: bool, batch: Run, folder: Path, class_list: Path, tmp_path: Path, screened_photos: list[str]
) -> None:
    """A file that changed is left out of such a run only where what was made of it still holds."""
    batch()
    if is_another:
        shutil.copy(folder / "IMG_1.png", folder / "IMG_2.jpg")
    os.utime(folder / "IMG_2.jpg", (1, 1))
    screened_photos.clear()
    assert "0 judged now" in batch("--only-stale").err
    stricter = tmp_path / "lijst.csv"
    stricter.write_text(class_list.read_text().replace("ja", "nee"))
    assert "3 judged now" in batch("--registry", stricter, "--only-stale").err
    assert len(screened_photos) == 3
    assert "0 judged now" in batch("--registry", stricter).err


def test_answers_hold_for_the_photo_they_name(
    batch: Run, tmp_path: Path, out: Path, screened_photos: list[str]
) -> None:
    batch()
    screened_photos.clear()
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"photos": {"IMG_2.jpg": {"faces": {"f1": "cover"}}}}))
    assert "tightens" not in batch("--answers", answers).err
    assert screened_photos == ["IMG_2"]
    screened_photos.clear()
    answers.write_text(json.dumps({"photos": {"IMG_2.jpg": {"absent": ["p1"]}}}))
    assert "Of 1 photo in the answers only what tightens counts" in batch("--answers", answers).err


def test_answers_that_name_somebody_who_is_gone_take_away_what_was_published(
    batch: Run, folder: Path, out: Path, class_list: Path, tmp_path: Path
) -> None:
    sha256 = hashlib.sha256((folder / "IMG_1.png").read_bytes()).hexdigest()
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"photos": {sha256: {"present": ["p1"]}}}))
    batch("--answers", answers)
    assert "website/IMG_1.jpg" in renditions(out)
    header, first, *others = class_list.read_text().splitlines()
    assert first.startswith("p1")
    without = tmp_path / "lijst.csv"
    without.write_text("\n".join([header, *others]))
    done = batch("--answers", answers, "--registry", without)
    assert done.status == 0
    assert "an id is not in the class list" in done.err
    assert "p1" not in done.err
    assert "website/IMG_1.jpg" not in renditions(out)
    assert [name for name in renditions(out) if name.startswith("website/foto-")], "of another photo"


def test_a_name_in_the_answers_that_two_photos_have_is_refused(batch: Run, folder: Path, tmp_path: Path) -> None:
    """Whether they lie in two folders or one of them is added later."""
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"photos": {"IMG_2.jpg": {"faces": {"f1": "cover"}}}}))
    assert batch("--answers", answers).status == 0
    (folder / "elders").mkdir()
    (folder / "elders" / "IMG_2.jpg").write_bytes(b"x")
    done = batch("--answers", answers)
    assert done.status == 2
    assert "photos[0] has a name that more than one photo has" in done.err
    assert "IMG_2" not in done.err


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
    half_written = out / "website" / "map" / ".fotopoort-abc.part"
    half_written.parent.mkdir(parents=True)
    half_written.write_bytes(b"half")
    batch()
    assert not half_written.exists()
