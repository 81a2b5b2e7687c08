"""`fotopoort screen` of a class sheet, a tall screenshot and a newspaper page: every name in them is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from benchmarks.long_scenes import LongPicture, class_sheet, full_names, screenshot

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort


@pytest.mark.parametrize(
    ("picture", "kind", "expected"), [(class_sheet(120), "TIFF", 120), (screenshot(1080, 6000), "PNG", 43)]
)
def test_every_name_is_found_and_nothing_goes_out_unread(
    picture: LongPicture, kind: str, expected: int, fotopoort: Fotopoort, tmp_path: Path
) -> None:
    """A sheet of 120 names was once published with none of them read."""
    path = tmp_path / f"blad.{kind.lower()}"
    path.write_bytes(picture.encoded(kind))
    names = tmp_path / "klas.csv"
    rows = [f"p{number};{name};leerling;groep 5;;;" for number, name in enumerate(full_names(expected), start=1)]
    names.write_text("\n".join(["id;naam;rol;groep;social_schools;website;facebook", *rows]), encoding="utf-8")
    done = fotopoort("screen", path, "--registry", names, "--group", "groep 5", "--channel", "website", "--json")
    (document,) = done.documents
    assert "error" not in document, json.dumps(document.get("error"))
    assert len(picture.names) == expected
    persons = {hit["person"] for hit in document["names"]} - {None}  # None: capitals that nobody on the list is called
    assert persons == {f"p{number}" for number in range(1, expected + 1)}
    assert document["verdicts"]["website"]["outcome"] != "publish"
