"""Of several photos of one moment `screen` says which to use."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "nl",
            "Gebruik liever {better} in plaats van {photo}: bijna dezelfde foto, en daarvan mag je meer laten zien.",
        ),
        ("en", "Better use {better} than {photo}: nearly the same photo, and you may show more of it."),
    ],
)
def test_a_photo_of_which_more_can_go_out_is_named(
    fotopoort: Fotopoort, photos: Path, tmp_path: Path, language: str, says: str
) -> None:
    again = photos / "IMG_1-[b]nogeens[_b].png"  # another file, and the same to look at
    again.write_bytes((photos / "IMG_1.png").read_bytes() + bytes(1))
    sha256 = hashlib.sha256(again.read_bytes()).hexdigest()
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"photos": {sha256: {"harmful": True}}}))
    said = ("screen", photos / "IMG_1.png", again, "--channel", "website", "--answers", answers)
    shown = fotopoort(*said, "--lang", language).out
    assert says.format(better=photos / "IMG_1.png", photo=again) in " ".join(shown.split("\n"))
    *_, about_all = fotopoort(*said, "--json", "--post").documents
    better = hashlib.sha256((photos / "IMG_1.png").read_bytes()).hexdigest()
    assert about_all["post"]["instead"] == {sha256: better}
    assert about_all["post"]["bursts"] == [[better, sha256]], "they are shown together"
