"""A photo whose file names somebody, through the commands, with the real models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.regions import StatedRegion, mwg_elements, packet, with_xmp
from tests.results import documents

from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vocabulary import Box

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort

TYGO = "p28"  # of groep 6, who objected everywhere
FACE = Box(199.3, 465.4, 117.4, 143.9)  # f1 of IMG_2040, of 1600 × 1200 pixels
WALL = Box(60, 60, 90, 110)


def area(box: Box) -> tuple[float, ...]:
    return box.x / 1600, box.y / 1200, box.w / 1600, box.h / 1200


@pytest.fixture
def named(samples: Path, tmp_path: Path) -> Path:
    """A photo of four children of groep 5, in which a program saw Tygo, and a face where there is only a wall."""
    said = [StatedRegion("Tygo Maas", area(FACE)), StatedRegion(None, area(WALL))]
    path = tmp_path / "in" / "IMG_2040.jpg"
    path.parent.mkdir()
    path.write_bytes(with_xmp((samples / "IMG_2040.jpg").read_bytes(), packet(mwg_elements(said, (1600, 1200)))))
    return path


def screened(fotopoort: Fotopoort, photo: Path, class_list: Path, *more: str) -> dict[str, Any]:
    said = ("--channel", "website", "--channel", "social_schools", "--registry", class_list, "--group", "groep 5")
    done: Done = fotopoort("screen", photo, "--json", *said, *more)
    assert done.status == 0, done.err
    assert "Tygo" not in done.err
    (document,) = done.documents
    return document


def test_screen_asks_and_both_answers_change_what_happens(
    fotopoort: Fotopoort, named: Path, samples: Path, class_list: Path
) -> None:
    bare = screened(fotopoort, samples / "IMG_2040.jpg", class_list)
    first = screened(fotopoort, named, class_list)
    assert "regions" not in bare
    on_face, on_wall = first["regions"]
    assert (on_face["face"], on_face["persons"], on_face["named"]) == ("f1", [TYGO], True)
    assert (on_wall["face"], on_wall["persons"], on_wall["named"]) == ("f5", [], False)
    assert [face["id"] for face in first["faces"]] == ["f1", "f2", "f3", "f4", "f5"]
    assert [face["box"] for face in first["faces"][:4]] == [face["box"] for face in bare["faces"]]
    assert {"xmp", "person_name"} <= set(first["removed"])
    for channel in ("website", "social_schools"):
        verdict = first["verdicts"][channel]
        assert (verdict["outcome"], verdict["not_yet"]) == ("reject", True)
        assert "R25" in {reason["rule"] for reason in verdict["reasons"]}
        question = next(question for question in verdict["questions"] if question.get("person") == TYGO)
        assert question["nl"].startswith("Tygo Maas wordt in dit bestand genoemd. Staat Tygo Maas op de foto?")
        assert question["box"] == on_face["box"]
    absent = screened(fotopoort, named, class_list, "--absent", TYGO)
    present = screened(fotopoort, named, class_list, "--present", TYGO)
    for channel in ("website", "social_schools"):
        assert "R25" not in {reason["rule"] for reason in absent["verdicts"][channel]["reasons"]}
        asked = present["verdicts"][channel]["questions"]
        assert [question["id"] for question in asked if question["kind"] == "point_out"] == [f"q-point-out-{TYGO}"]
    others = ("--absent", "p2", "--absent", "p15", "--absent", "p14")
    assert screened(fotopoort, named, class_list, "--absent", TYGO, *others)["verdicts"]["social_schools"][
        "outcome"
    ] in ("publish", "blur")


def test_inspect_shows_what_the_file_says(fotopoort: Fotopoort, named: Path, finder: FaceDetector) -> None:
    done = fotopoort("inspect", named, "--json")
    assert done.status == 0
    (document,) = done.documents
    assert [(region["face"], region["named"]) for region in document["regions"]] == [("f1", True), ("f5", False)]
    assert "Tygo Maas" in {hint.get("text") for hint in document["hints"]}
    assert fotopoort("inspect", named).status == 0


def test_a_batch_asks_as_well_and_decides_the_same_again(
    fotopoort: Fotopoort, named: Path, class_list: Path, tmp_path: Path
) -> None:
    out = tmp_path / "uit"
    said = ("--channel", "social_schools", "--registry", class_list, "--group", "groep 5", "--out", out)
    assert fotopoort("batch", named.parent, *said).status == 0
    first = documents(out)["IMG_2040.jpg"]
    assert "R25" in {reason["rule"] for reason in first["verdicts"]["social_schools"]["reasons"]}
    assert first["regions"][0]["persons"] == [TYGO]
    (questions,) = (out / "report").glob("*questions.js")
    assert "Let op: deze 2 mogen niet overal te zien zijn: Daan Visser en Tygo Maas." in questions.read_text("utf-8")
    assert fotopoort("batch", named.parent, *said).status == 0
    assert documents(out)["IMG_2040.jpg"] == first
