"""Models that another process compiled: the same models, and never anything else."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openvino as ov
import pytest

from fotopoort.vision.models import compiled_cache
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.manifest import read_manifest
from fotopoort.vision.models.runtime import OWN_SHAPES, Runtime
from fotopoort.vision.models.session import Array

SMALL = "face_landmark"


@pytest.fixture
def folder(models_folder: Path, tmp_path: Path) -> Path:
    """The models without anything that was compiled of them."""
    folder = tmp_path / "models"
    folder.mkdir()
    for source in filter(Path.is_file, models_folder.iterdir()):
        (folder / source.name).symlink_to(source)
    small = Catalogue(folder).path(SMALL)
    small.unlink()
    shutil.copy2(Catalogue(models_folder).path(SMALL), small)  # this one is touched
    return folder


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which models were made of their files."""
    built, really = list[str](), Runtime._build

    def noted(self: Runtime, model_id: str, columns: tuple[int, ...] | None) -> ov.Model:
        built.append(model_id)
        return really(self, model_id, columns)

    monkeypatch.setattr(Runtime, "_build", noted)
    return built


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{compiled_cache.FOLDER}/*/*"))


def seen_by(runtime: Runtime, model_id: str) -> list[Array]:
    """What the model says of pictures of some shapes: of one that is compiled alone, where there is any."""
    gc.collect()  # of a runtime that nobody uses any more: what it holds would add up
    shapes = {"face_landmark": [(1, 192, 192, 3)], "text_recogniser": [(2, 48, 160, 3)]}
    shapes |= {"person_detector": [(1, 300, 300, 3)]}
    drawn = np.random.default_rng(17)
    outputs = []
    for shape in shapes.get(model_id, [(1, 96, 128, 3), *sorted(OWN_SHAPES.get(model_id, ()))[:1]]):
        picture = drawn.integers(0, 256, shape).astype(np.uint8)
        outputs += runtime.session(model_id)(picture / np.float32(255) if model_id == SMALL else picture)
    return outputs


@pytest.mark.parametrize("precision", ["f32", "auto", "int8"])
@pytest.mark.parametrize("model_id", [model.id for model in read_manifest() if model.required])
def test_what_was_compiled_says_the_same_to_the_last_bit(
    model_id: str, precision: str, folder: Path, built: list[str]
) -> None:
    first, *others = (seen_by(Runtime(Catalogue(folder), threads, precision), model_id) for threads in (2, 2, 1))
    assert built == [model_id]
    for other in others:
        assert all(np.array_equal(one, another) for one, another in zip(first, other, strict=True))


def test_a_list_of_characters_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    characters = Runtime(Catalogue(folder), 1).characters("text_recogniser")
    monkeypatch.setattr(Runtime, "_read", None)
    assert Runtime(Catalogue(folder), 1).characters("text_recogniser") == characters
    assert len(characters) > 18_000


def moved_over(path: Path) -> None:
    """Something that was compiled of another model, in its place."""
    seen_by(Runtime(Catalogue(path.parents[2]), 1), "person_detector")
    other = next(other for other in files(path.parents[2]) if other != path)
    os.replace(other, path)


def of_another_maker(path: Path) -> None:
    """What was compiled by another version of the code, in its place."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ov, "get_version", lambda: "another")
        compiled_cache._maker.cache_clear()
        seen_by(Runtime(Catalogue(path.parents[2]), 1), SMALL)
    compiled_cache._maker.cache_clear()
    [other] = (found for found in files(path.parents[2]) if found.name == path.name and found != path)
    os.replace(other, path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        of_another_maker,
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b"x" + path.read_bytes()[1:]),
        lambda path: path.chmod(0o664),
        lambda path: path.chmod(0o646),
        lambda path: os.chown(path, 12345, 0),
        lambda path: (path.unlink(), path.mkdir()),
        moved_over,
    ],
    ids=["gone", "empty", "another maker", "cut", "altered", "group", "everybody", "another user", "folder", "another"],
)
def test_what_may_be_anything_else_is_not_used(spoil: Callable[[Path], object], folder: Path, built: list[str]) -> None:
    expected = seen_by(Runtime(Catalogue(folder), 1), SMALL)
    [path] = files(folder)
    try:
        spoil(path)
    except PermissionError:
        pytest.skip("only root gives files to others")
    built.clear()
    for again in (1, 2):
        outputs = seen_by(Runtime(Catalogue(folder), 1), SMALL)
        assert all(np.array_equal(one, other) for one, other in zip(outputs, expected, strict=True))
        assert built == [SMALL] * (again if path.is_dir() else 1)  # it was made anew


@pytest.mark.parametrize("part", ["file", "processor", "openvino", "precision"])
def test_what_was_made_of_anything_else_is_not_used(
    part: str, folder: Path, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = Runtime(Catalogue(folder), 1, "f32"), Runtime(Catalogue(folder), 1, "int8")
    if part == "precision" and (first.precision, first.integers) == (other.precision, other.integers):
        pytest.skip("this processor has f32 alone")
    seen_by(first, SMALL)
    compiled_cache._maker.cache_clear()
    if part == "file":
        os.utime(Catalogue(folder).path(SMALL), ns=(1, 1))
    elif part == "processor":
        monkeypatch.setattr(compiled_cache, "processor_flags", lambda: frozenset({"sse2"}))
    elif part == "openvino":
        monkeypatch.setattr(ov, "get_version", lambda: "another")
    seen_by(other if part == "precision" else Runtime(Catalogue(folder), 1, "f32"), SMALL)
    compiled_cache._maker.cache_clear()
    assert built == [SMALL] * 2
    assert len(files(folder)) == (1 if part == "file" else 2)  # the other one goes, where nothing makes it any more


def test_what_nobody_makes_any_more_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        monkeypatch.setattr(ov, "get_version", lambda version=f"{number}": version)
        compiled_cache._maker.cache_clear()
        seen_by(Runtime(Catalogue(folder), 1), SMALL)
    compiled_cache._maker.cache_clear()
    assert len(files(folder)) == compiled_cache.MAX_MAKERS


def test_nothing_needs_to_be_kept(folder: Path, built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that cannot be written to, beside a full disk, or where OpenVINO cannot put it into words."""
    (folder / compiled_cache.FOLDER).write_bytes(b"in the way")
    assert seen_by(Runtime(Catalogue(folder), 1), SMALL)
    (folder / compiled_cache.FOLDER).unlink()
    monkeypatch.setattr(ov.CompiledModel, "export_model", lambda _: (_ for _ in ()).throw(RuntimeError))
    assert seen_by(Runtime(Catalogue(folder), 1), SMALL)
    assert built == [SMALL] * 2
    assert not files(folder)


def test_what_openvino_does_not_take_up_is_compiled(folder: Path, built: list[str]) -> None:
    catalogue = Catalogue(folder)
    runtime = Runtime(catalogue, 1, "f32")
    compiled_cache.write(runtime._core, catalogue.path(SMALL), f"{SMALL}-f32-any", (None, "f32", []), b"no model")
    assert seen_by(runtime, SMALL)
    assert built == [SMALL]
