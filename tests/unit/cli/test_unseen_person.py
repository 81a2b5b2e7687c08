"""Six children from behind, in whom no face is found: asked about by `screen` and `batch`, and answered in the file."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.results import documents

from .conftest import Fotopoort

CHANNELS = ("--channel", "social_schools", "--channel", "website")


@pytest.fixture
def photo(samples: Path, tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return Path(shutil.copy(samples / "IMG_2051.jpg", tmp_path / "in"))


def answers(photo: Path, **said: object) -> Path:
    file = photo.parent.parent / "answers.json"
    file.write_text(json.dumps({"photos": {hashlib.sha256(photo.read_bytes()).hexdigest(): said}}))
    return file


def rules(verdict: dict[str, Any]) -> set[str]:
    return {reason["rule"] for reason in verdict["reasons"]}


def asked(document: dict[str, Any]) -> None:
    website, closed = (document["verdicts"][channel] for channel in ("website", "social_schools"))
    assert (website["outcome"], website["not_yet"], website["rendition"]) == ("reject", True, None)
    assert "R17" in rules(website)
    (question,) = website["questions"]
    assert question["kind"] == "unseen_person"
    assert {tuple(box) for box in question["boxes"]} <= {tuple(figure["box"]) for figure in document["figures"]}
    assert closed["outcome"] == "publish"


def test_screen_asks_and_is_answered(photo: Path, fotopoort: Fotopoort, tmp_path: Path) -> None:
    first = fotopoort("screen", photo, *CHANNELS, "--json", "--fail-on", "reject")
    assert first.status == 3
    asked(first.documents[0])
    told = fotopoort("screen", photo, *CHANNELS)
    assert "R17" in told.out
    assert "? Staat er iemand op deze foto van wie het gezicht niet is gevonden" in " ".join(told.out.split())
    out = ("--out", tmp_path / "out", "--json", "--fail-on", "reject")
    nobody = fotopoort("screen", photo, *CHANNELS, *out, "--answers", answers(photo, no_unseen_people=True))
    assert nobody.status == 0
    (document,) = nobody.documents
    assert {verdict["outcome"] for verdict in document["verdicts"].values()} == {"publish"}
    assert (tmp_path / "out" / document["verdicts"]["website"]["rendition"]["path"]).is_file()
    assert document["receipt"]["answers"] != first.documents[0]["receipt"]["answers"]
    somebody = answers(photo, drawn=[{"box": [200, 660, 80, 90]}])
    (document,) = fotopoort("screen", photo, *CHANNELS, "--json", "--answers", somebody).documents
    assert {"R17", "R21"} <= rules(document["verdicts"]["website"])


def test_batch_asks_once_for_all_and_is_answered(photo: Path, fotopoort: Fotopoort, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = ("batch", photo.parent, *CHANNELS, "--out", out)
    assert fotopoort(*run).status == 0
    asked(documents(out)["IMG_2051.jpg"])
    (questions,) = (out / "report").glob("*questions.js")
    assert "no_unseen_people" in questions.read_text("utf-8")
    done = fotopoort(*run, "--answers", answers(photo, no_unseen_people=True))
    assert "1 judged now" in done.err
    assert documents(out)["IMG_2051.jpg"]["verdicts"]["website"]["outcome"] == "publish"
