"""`fotopoort inspect`: what is in a photo, without judging it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort


@pytest.mark.quick
def test_json_has_what_is_documented_in_the_order_given(fotopoort: Fotopoort, samples: Path) -> None:
    names = ["20260312_101544.jpg", "IMG_2051.jpg", "IMG_2045.jpg"]
    done = fotopoort("inspect", *(samples / name for name in names), "--json")
    assert done.status == 0
    assert [document["file"] for document in done.documents] == [str(samples / name) for name in names]
    sideways, behind, close = done.documents
    assert {"file", "width", "height", "scene", "faces", "text", "hints", "ms"} <= sideways.keys()
    assert (sideways["width"], sideways["height"]) == (1050, 1400), "upright"
    assert {"gps", "thumbnail"} <= {hint["kind"] for hint in sideways["hints"]}
    assert (behind["scene"], behind["faces"]) == ("no_faces", [])
    assert close["scene"] == "close_up"
    (face,) = close["faces"]
    assert {
        "id",
        "box",
        "score",
        "yaw",
        "pitch",
        "roll",
        "frontal",
        "close_up",
        "recognisable",
        "landmarks",
    } <= face.keys()
    assert (face["frontal"], face["close_up"], face["recognisable"]) == (True, True, True)


def test_people_read_a_summary(fotopoort: Fotopoort, samples: Path) -> None:
    done = fotopoort("inspect", samples / "IMG_2045.jpg", samples / "20260312_101544.jpg")
    assert done.status == 0
    assert "close_up, 1 faces" in done.out
    assert "gps" in done.out
    assert "Fenna" not in done.out, "kinds, not what they say"


def test_a_file_that_cannot_be_looked_at_is_an_error_and_status_1(
    fotopoort: Fotopoort, samples: Path, tmp_path: Path
) -> None:
    (tmp_path / "[b]tekst.jpg").write_text("geen foto")
    named = (tmp_path / "[b]tekst.jpg", samples / "IMG_2055.png")
    done = fotopoort("inspect", *named, "--json")
    assert done.status == 1
    assert done.documents[0].keys() == {"file", "error"}
    assert done.documents[0]["error"]["code"] == "not_a_photo"
    assert done.documents[1]["scene"] == "no_faces"
    shown = fotopoort("inspect", *named)
    assert "[b]tekst.jpg" in shown.out


@pytest.mark.parametrize("arguments", [(), ("nergens.jpg",)])
def test_wrong_use_is_status_2(arguments: tuple[str, ...], fotopoort: Fotopoort) -> None:
    done = fotopoort("inspect", *arguments)
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err
