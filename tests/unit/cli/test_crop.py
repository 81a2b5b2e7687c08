"""`fotopoort screen --crop` and `fotopoort own-child`, through the door and back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from PIL import Image
from tests.unit.screening.detectors import FOUR

from .conftest import Fotopoort


def test_a_crop_goes_out_where_it_is_asked_for(
    fotopoort: Fotopoort, samples: Path, class_list: Path, tmp_path: Path
) -> None:
    """p1 may not be on Facebook, and stands at the right; on the website everybody may be seen."""
    photo, taps = samples / "IMG_2040.jpg", ("p5", "p6", "p8", "p1")
    faces = {
        id: {"person": person, "box": [answer.box.x, answer.box.y, answer.box.w, answer.box.h]}
        for (id, answer), person in zip(FOUR.faces.items(), taps, strict=True)
        if answer.box
    }
    said = {hashlib.sha256(photo.read_bytes()).hexdigest(): {"group": ["groep 5"], "faces": faces}}
    (tmp_path / "answers.json").write_text(json.dumps({"photos": said}))
    channels = ("--channel", "website", "--channel", "facebook")
    given = ("--registry", class_list, "--answers", tmp_path / "answers.json", "--crop", "--json")
    (document,) = fotopoort("screen", photo, *channels, *given, "--out", tmp_path / "out").documents
    website, facebook = document["verdicts"]["website"], document["verdicts"]["facebook"]
    assert (website["outcome"], "crop" in website) == ("publish", False)
    assert (facebook["outcome"], facebook["crop"]["applied"], facebook["covered"]) == ("blur", True, [])
    assert facebook["reasons"][0]["rule"] == "R44"
    with Image.open(facebook["rendition"]["path"]) as written:
        assert list(written.size) == facebook["crop"]["box"][2:]


def test_a_parents_copy_is_made_of_a_photo_that_was_screened(
    fotopoort: Fotopoort, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    (tmp_path / "list.csv").write_text("Leerlingnummer;Roepnaam;Achternaam;Groep\n101;Noor;Berg;groep 5\n")
    assert fotopoort("registry", "import", tmp_path / "list.csv", "--apply").status == 0
    photo, box = samples / "IMG_2040.jpg", FOUR.faces["f2"].box
    assert box is not None
    said = {"group": ["groep 5"], "faces": {"f2": {"person": "101", "box": [box.x, box.y, box.w, box.h]}}}
    photos = {hashlib.sha256(photo.read_bytes()).hexdigest(): said}
    (tmp_path / "answers.json").write_text(json.dumps({"photos": photos}))
    asked = ("own-child", photo, "--child", "101", "--out", tmp_path / "out", "--json")
    never_screened = fotopoort(*asked)
    assert never_screened.status == 2
    assert "point the child out" in never_screened.err
    channels = ("--channel", "social_schools", "--channel", "website")
    screened = fotopoort("screen", photo, *channels, "--answers", tmp_path / "answers.json")
    assert screened.status == 0, screened.err
    (document,) = fotopoort(*asked).documents
    assert document["child"] == "101"
    path = Path(document["rendition"]["path"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == document["rendition"]["sha256"]
    assert "own_child" in fotopoort("audit", "show", "--photo", photo).out
    assert fotopoort("own-child", path, *asked[2:4], "--out", tmp_path / "other").status == 2, "that is another photo"


def test_a_parents_copy_needs_a_registry(fotopoort: Fotopoort, samples: Path, tmp_path: Path) -> None:
    done = fotopoort("own-child", samples / "IMG_2040.jpg", "--child", "p1", "--out", tmp_path / "out")
    assert done.status == 2
    assert not (tmp_path / "out").exists()
    missing = fotopoort("own-child", tmp_path / "nothing.jpg", "--child", "p1", "--out", tmp_path / "out")
    assert missing.status == 2
