"""The models folder: what gets into it, what is refused, and what a person is told when a model is not there."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.unit.vision.models.toy_models import EARS, EYES, HERE, NOWHERE, entry

from fotopoort.errors import ModelCorrupt, ModelMissing, UseError
from fotopoort.vision.models import catalogue as module
from fotopoort.vision.models.catalogue import Catalogue, State


def test_a_pulled_model_is_there_and_stays_there_without_an_index(
    catalogue: Callable[..., Catalogue], models: Path, index: Path
) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    assert [model.id for model in eyes.pull()] == ["eyes"]
    shutil.rmtree(index)
    assert eyes.pull() == ()
    assert eyes.path("eyes") == models / "eyes.onnx"
    assert (models / "eyes.onnx").read_bytes() == EYES
    assert [file.name for file in models.iterdir()] == ["eyes.onnx"]
    assert (models / "eyes.onnx").stat().st_mode & 0o444 == 0o444


def test_path_never_fetches_unless_told_to(catalogue: Callable[..., Catalogue], models: Path) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(ModelMissing) as missing:
        eyes.path("eyes")
    assert not models.exists()
    assert str(models / "eyes.onnx") in missing.value.hint.en
    assert hashlib.sha256(EYES).hexdigest() in missing.value.hint.en
    assert eyes.path("eyes", fetch=True).read_bytes() == EYES


def test_a_model_put_there_by_hand_is_taken(catalogue: Callable[..., Catalogue], models: Path, index: Path) -> None:
    shutil.rmtree(index)
    models.mkdir(parents=True)
    (models / "eyes.onnx").write_bytes(EYES)
    assert catalogue(entry("eyes", EYES, HERE)).path("eyes").read_bytes() == EYES


@pytest.mark.parametrize(
    "content", [b"", EYES[:-1], EYES + b"!", EYES[:-1] + b"?"], ids=["empty", "cut off", "longer", "one byte off"]
)
def test_a_file_that_is_not_the_models_is_not_used(
    catalogue: Callable[..., Catalogue], models: Path, content: bytes
) -> None:
    models.mkdir(parents=True)
    (models / "eyes.onnx").write_bytes(content)
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(ModelCorrupt):
        eyes.path("eyes")
    assert [check.state for check in eyes.verify()] == [State.CORRUPT]
    eyes.pull()
    assert eyes.path("eyes").read_bytes() == EYES


def test_a_model_that_changes_after_it_was_checked_is_checked_again(
    catalogue: Callable[..., Catalogue], models: Path
) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    eyes.pull()
    eyes.path("eyes")
    (models / "eyes.onnx").write_bytes(EYES[:-1] + b"?")
    with pytest.raises(ModelCorrupt):
        eyes.path("eyes")


def test_the_next_source_is_tried_and_a_failure_names_them_all(catalogue: Callable[..., Catalogue]) -> None:
    wrong = HERE.replace("eyes.onnx", "ears.onnx")
    assert catalogue(entry("eyes", EYES, NOWHERE, wrong, HERE)).path("eyes", fetch=True).read_bytes() == EYES
    with pytest.raises(ModelMissing) as missing:
        catalogue(entry("nose", b"nose", NOWHERE, wrong)).pull()
    assert "does not have no-such-package==1.0" in missing.value.message.en
    assert "heeft no-such-package==1.0 niet, en wat er kwam" in missing.value.message.nl
    assert "another sha256" in missing.value.message.en


def test_every_model_is_tried_before_one_is_reported(catalogue: Callable[..., Catalogue], models: Path) -> None:
    both = catalogue(entry("nose", b"nose", NOWHERE), entry("eyes", EYES, HERE))
    with pytest.raises(ModelMissing, match="Nose") as missing:
        both.pull()
    assert "Eyes" not in missing.value.message.en + missing.value.message.nl
    assert both.path("eyes") == models / "eyes.onnx"


def test_a_models_folder_that_cannot_be_written_to(catalogue: Callable[..., Catalogue], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should come")
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(ModelMissing, match="FOTOPOORT_MODELS_FOLDER"):
        eyes.pull()
    assert [check.state for check in eyes.verify()] == [State.MISSING]


def test_a_write_that_fails_leaves_nothing_behind(catalogue: Callable[..., Catalogue], models: Path) -> None:
    (models / "eyes.onnx").mkdir(parents=True)  # nothing can take its place
    with pytest.raises(ModelMissing, match="cannot be written"):
        catalogue(entry("eyes", EYES, HERE)).pull()
    assert [file.name for file in models.iterdir()] == ["eyes.onnx"]


def test_pulling_at_the_same_time_is_safe(catalogue: Callable[..., Catalogue], models: Path) -> None:
    content = entry("eyes", EYES, HERE)
    catalogues = [catalogue(content) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Catalogue.pull, catalogues))
    assert [each.path("eyes").read_bytes() for each in catalogues] == [EYES] * 4
    assert [file.name for file in models.iterdir()] == ["eyes.onnx"]


def test_only_required_models_are_pulled_unless_named(catalogue: Callable[..., Catalogue]) -> None:
    both = catalogue(entry("eyes", EYES, HERE), entry("ears", EARS, HERE.replace("eyes", "ears"), required=False))
    both.pull()
    assert [check.state for check in both.verify()] == [State.READY, State.MISSING]
    both.pull(["ears"])
    assert [check.state for check in both.verify(["ears"])] == [State.READY]


def test_force_fetches_again(catalogue: Callable[..., Catalogue]) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    eyes.pull()
    assert [model.id for model in eyes.pull(force=True)] == ["eyes"]


def test_an_unknown_model_is_wrong_use(catalogue: Callable[..., Catalogue]) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    with pytest.raises(UseError) as unknown:
        eyes.pull(["noses"])
    assert "eyes" in unknown.value.hint.en


def test_the_fingerprint_tells_one_set_of_models_from_another(catalogue: Callable[..., Catalogue]) -> None:
    eyes, ears = entry("eyes", EYES, HERE), entry("ears", EARS, HERE, required=False)
    more_ears = entry("ears", EARS, HERE)
    assert catalogue(eyes, ears).fingerprint() == catalogue(ears, eyes).fingerprint() == catalogue(eyes).fingerprint()
    assert catalogue(eyes, more_ears).fingerprint() == catalogue(more_ears, eyes).fingerprint()
    assert catalogue(eyes, more_ears).fingerprint() != catalogue(eyes).fingerprint()
    assert catalogue(entry("eyes", EYES + b"!", HERE)).fingerprint() != catalogue(eyes).fingerprint()


def test_the_fingerprint_tells_one_way_of_looking_from_another(
    catalogue: Callable[..., Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    eyes = catalogue(entry("eyes", EYES, HERE))
    before = eyes.fingerprint()
    monkeypatch.setattr(module, "GENERATION", module.GENERATION + 1)
    assert eyes.fingerprint() != before
