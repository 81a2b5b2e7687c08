"""`fotopoort models`: what is there, and what is fetched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.unit.cli.conftest import Fotopoort

from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.reading import COPIES


@pytest.mark.parametrize("model", COPIES)
def test_copies_are_kept_when_models_are_pulled(
    model: str, fotopoort: Fotopoort, models_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container's folder of models is often written only when it is built."""
    original = Catalogue(models_folder).path(model)
    shutil.copy(original, tmp_path)
    monkeypatch.setenv("FOTOPOORT_MODELS_FOLDER", str(tmp_path))
    assert fotopoort("models", "pull", model).status == 0
    assert {path.name for path in tmp_path.iterdir()} == {original.name, f"{original.stem}.xml", f"{original.stem}.bin"}
