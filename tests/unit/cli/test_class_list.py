"""A class list on the command line, where there is a registry as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import console
from fotopoort.settings import Settings

from .conftest import Fotopoort


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an empty registry."""
    folder = tmp_path / "data"
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(folder))
    with open_registry(Settings(data_folder=folder), make=True):
        return folder


@pytest.mark.usefixtures("data")
def test_a_photo_that_was_blocked_stays_blocked_beside_a_class_list(
    fotopoort: Fotopoort, photos: Path, class_list: Path
) -> None:
    screen = ("screen", photos / "IMG_1.png", "--channel", "website", "--registry", class_list, "--json")
    assert fotopoort(*screen).documents[0]["verdicts"]["website"]["outcome"] == "publish"
    assert fotopoort("block", photos / "IMG_1.png", "--reason", "ouder belde").status == 0
    (document,) = fotopoort(*screen).documents
    assert [reason["rule"] for reason in document["verdicts"]["website"]["reasons"]] == ["R02"]


def test_a_registry_that_cannot_be_used_is_not_passed_over_for_a_class_list(
    fotopoort: Fotopoort, photos: Path, class_list: Path, data: Path
) -> None:
    (data / "registry.db").write_bytes(b"no database at all" * 1000)
    done = fotopoort("screen", photos / "IMG_1.png", "--channel", "website", "--registry", class_list, "--json")
    assert done.documents[0]["error"]["code"] == "registry_unavailable"


@pytest.mark.parametrize("command", [("screen", "{photo}", "--channel", "website"), ("serve", "--port", "0")])
def test_where_there_are_several_schools_a_class_list_is_refused(
    fotopoort: Fotopoort, photos: Path, class_list: Path, data: Path, command: tuple[str, ...]
) -> None:
    with open_registry(Settings(data_folder=data)) as (registry, _):
        registry.add_school(console("another"), "De Ark")
    given = [part.format(photo=photos / "IMG_1.png") for part in command]
    done = fotopoort(*given, "--registry", class_list)
    assert done.status == 2
    assert "several schools" in done.err
    assert len(done.err.splitlines()) == 1
