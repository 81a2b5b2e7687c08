"""Small files beside the project that went wrong once, through the real command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.processes import fotopoort

pytestmark = pytest.mark.eval

FACES = {
    "01_samsung_sos.jpg": 4,
    "03_extraneous_between_segments.jpg": 4,
    "04_no_eoi.jpg": 4,
    "09_tiff16_per_kanaal.tif": 4,
    "10_vreemde_subsampling.jpg": 4,
}
RAW = "11_android_camera2.dng"


@pytest.fixture(scope="module")
def documents(photos: Path) -> dict[str, dict[str, object]]:
    folder = photos.parent / "cases"
    if not folder.is_dir():
        pytest.skip("the files are not beside the project")
    paths = [folder / name for name in (*FACES, RAW)]
    run = fotopoort("screen", *paths, "--channel", "website", "--channel", "social_schools", "--json")
    return {Path(document["file"]).name: document for document in map(json.loads, run.lines)}


@pytest.mark.parametrize("name", FACES)
def test_all_faces_are_seen_and_none_is_published(name: str, documents: dict[str, dict[str, object]]) -> None:
    document = documents[name]
    assert "error" not in document
    assert isinstance(document["faces"], list)
    assert len(document["faces"]) == FACES[name]
    assert isinstance(document["verdicts"], dict)
    assert all(verdict["outcome"] != "publish" for verdict in document["verdicts"].values())


def test_a_raw_file_is_to_be_exported(documents: dict[str, dict[str, object]]) -> None:
    error = documents[RAW]["error"]
    assert isinstance(error, dict)
    assert error["code"] == "format_not_allowed"
    assert error["hint"].startswith("Export it as JPEG.")
