"""Models that are kept in OpenVINO's own format: the same models, and never anything else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openvino as ov
import pytest

from fotopoort.vision.models import reading
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.reading import COPIES, Copy, read_model, written

MODEL = "retinaface"


@pytest.fixture
def core() -> ov.Core:
    return ov.Core()


@pytest.fixture
def original(models_folder: Path, tmp_path: Path) -> Path:
    """The file of a model, without a copy beside it."""
    found = Catalogue(models_folder).path(MODEL)
    return Path(shutil.copy(found, tmp_path / found.name))


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which models were read from their own files."""
    read, really = list[str](), reading._read

    def noted(core: ov.Core, model_id: str, path: Path) -> ov.Model:
        read.append(model_id)
        return really(core, model_id, path)

    monkeypatch.setattr(reading, "_read", noted)
    return read


def copies_of(original: Path) -> list[Path]:
    return [original.with_suffix(ending) for ending in (".xml", ".bin")]


@pytest.mark.parametrize("model_id", COPIES)
def test_a_copy_is_what_openvino_writes_whatever_was_read_before(
    model_id: str, core: ov.Core, models_folder: Path
) -> None:
    """With another version of OpenVINO, what this finds is what `COPIES` should say."""
    catalogue = Catalogue(models_folder)
    for other in COPIES:
        reading._read(core, other, catalogue.path(other))
    assert reading._copy(*written(reading._read(core, model_id, catalogue.path(model_id)))) == COPIES[model_id]


@pytest.mark.parametrize("model_id", COPIES)
def test_a_copy_gives_the_very_same_answers(model_id: str, core: ov.Core, models_folder: Path) -> None:
    first = reading._read(core, model_id, Catalogue(models_folder).path(model_id))
    shape = [1, *(96 if side.is_dynamic else side.get_length() for side in first.input().partial_shape)][-4:]
    values = np.random.default_rng(3).uniform(-1, 1, [1, *shape[1:]]).astype(np.float32)
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    models = [core.compile_model(model, "CPU", options) for model in (first, core.read_model(*written(first)))]
    answers, again = (compiled(values).to_tuple() for compiled in models)
    for answer, other in zip(answers, again, strict=True):
        np.testing.assert_array_equal(answer, other)


def test_a_copy_is_made_once_and_read_from_then_on(core: ov.Core, original: Path, long_way: list[str]) -> None:
    for _ in range(3):
        assert len(read_model(core, MODEL, original).outputs) == 3
    assert long_way == [MODEL]
    assert reading._copy(*(path.read_bytes() for path in copies_of(original))) == COPIES[MODEL]
    assert {path.suffix for path in original.parent.iterdir()} == {original.suffix, ".xml", ".bin"}


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"0", b"1", 1)),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_copy_that_is_anything_else_is_not_used(
    spoil: Callable[[Path], object], number: int, core: ov.Core, original: Path, long_way: list[str]
) -> None:
    read_model(core, MODEL, original)
    spoil(copies_of(original)[number])
    read_model(core, MODEL, original)
    assert long_way == [MODEL] * 2
    if not copies_of(original)[number].is_dir():  # and it is made anew
        read_model(core, MODEL, original)
        assert long_way == [MODEL] * 2


def test_what_another_version_writes_is_not_kept(
    core: ov.Core, original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COPIES, MODEL, Copy("0" * 64, "0" * 64))
    read_model(core, MODEL, original)
    assert list(original.parent.iterdir()) == [original]


def test_nothing_needs_to_be_kept(core: ov.Core, original: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that cannot be written to, or beside a full disk."""

    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("openvino.serialize", full)
    assert read_model(core, MODEL, original).inputs
    monkeypatch.undo()
    graph = original.with_suffix(".xml")
    (graph / "in the way").mkdir(parents=True)
    assert read_model(core, MODEL, original).inputs
