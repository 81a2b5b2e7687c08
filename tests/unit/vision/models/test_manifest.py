"""The manifest: what in it is refused, and what ours must say of every model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.vision.models.toy_models import EYES, HERE, entry

from fotopoort.errors import ModelError
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.manifest import PackageSource, read_manifest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('kind = "package"', 'kind = "ftp"'),
        ('kind = "package", requirement = "toymodels==1.0"', 'kind = "https", url = "http://example.org/eyes"'),
        ("sha256 = ", 'sha256 = "abc" #'),
        ('file = "eyes.onnx"', 'file = "../eyes.onnx"'),
        ("licence = ", "license = "),
        ("[[model]]", "[[modell]]"),
        ("[[model]]", "[[model"),
    ],
    ids=["kind", "not https", "sha256", "file outside the folder", "unknown key", "no models", "not toml"],
)
def test_a_manifest_that_cannot_be_is_refused(catalogue: Callable[..., Catalogue], before: str, after: str) -> None:
    content = entry("eyes", EYES, HERE)
    assert before in content
    with pytest.raises(ModelError, match="manifest"):
        catalogue(content.replace(before, after))


def test_two_models_may_not_share_an_id(catalogue: Callable[..., Catalogue]) -> None:
    with pytest.raises(ModelError, match="same id"):
        catalogue(entry("eyes", EYES, HERE), entry("eyes", EYES, HERE))


def test_our_own_manifest_has_a_card_and_an_open_licence_for_every_model() -> None:
    folder = Path(__file__).parents[4] / "models"
    models = read_manifest(folder / "manifest.toml")
    for model in models:
        card = (folder / model.card).read_text()
        assert f"`{model.id}`" in card
        assert model.licence in card
        assert model.licence in {"MIT", "Apache-2.0"}
        assert model.licence_url.startswith("https://")


def test_every_required_model_of_ours_comes_from_an_exact_package() -> None:
    required = [model for model in read_manifest() if model.required]
    assert required
    for model in required:
        assert isinstance(model.sources[0], PackageSource)
        assert "==" in model.sources[0].requirement
