"""What runs the models: the same answer from any thread, and never a quiet failure."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fotopoort.errors import ModelFailed, ModelMissing
from fotopoort.vision.models import runtime as runtimes
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import CENTRED, Array, Runtime, Session, Shape


class Folder:
    """Model files by name, unchecked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, model_id: str) -> Path:
        return self.folder / model_id


class Played:
    """Compiles models that say what they are told to. Notes for what shape each is compiled, and is called."""

    def __init__(self, answers: Callable[[Shape | None, Array], Array]) -> None:
        self.answers, self.compiled, self.calls = answers, list[Shape | None](), list[Shape | None]()

    def __call__(self, shape: Shape | None) -> Any:  # noqa: ANN401
        self.compiled.append(shape)
        return SimpleNamespace(create_infer_request=lambda: self._request(shape))

    def _request(self, shape: Shape | None) -> Any:  # noqa: ANN401
        request = SimpleNamespace(output_tensors=[])

        def infer(inputs: list[Array], share_outputs: bool) -> None:
            self.calls.append(shape)
            request.output_tensors = [SimpleNamespace(data=self.answers(shape, inputs[0]))]

        request.infer = infer
        return request


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shape that comes twice comes often."""
    monkeypatch.setattr(runtimes, "OFTEN", 2)


SMALL, LARGE = (1, 96, 160, 3), (1, 1024, 1024, 3)


def test_a_model_is_compiled_once_for_pictures_of_any_size(runtime: Runtime) -> None:
    session = runtime.session("centerface")
    for shape in ((1, 192, 192), (2, 96, 160), (1, 192, 192)):
        assert session(np.zeros((*shape, 3), np.uint8))[0].shape == (shape[0], 1, shape[1] // 4, shape[2] // 4)
    assert runtime.session("centerface") is session


@pytest.mark.parametrize(("model", "side"), [("centerface", 96), ("blazeface_full_range", 192), ("face_landmark", 192)])
def test_pictures_together_give_what_each_gives_alone(model: str, side: int, runtime: Runtime) -> None:
    noise = np.random.default_rng(5).uniform(-1, 1, (3, side, side, 3)).astype(np.float32)
    pictures = ((noise + 1) * 127).astype(np.uint8) if model == "centerface" else noise
    together = runtime.session(model)(pictures)
    for number in range(3):
        alone = runtime.session(model)(pictures[number : number + 1])
        for output, expected in zip(together, alone, strict=True):
            mine = output.reshape(3, -1)[number]
            np.testing.assert_allclose(mine, expected.reshape(-1), atol=0.02 * np.abs(expected).max())


def test_threads_get_the_answers_to_their_own_pictures(runtime: Runtime) -> None:
    session = runtime.session("centerface")
    pictures = [np.random.default_rng(seed).integers(0, 255, (1, 192, 192, 3), np.uint8) for seed in range(8)]
    alone = [session(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(session, pictures * 4))
    for number, outputs in enumerate(together):
        for output, expected in zip(outputs, alone[number % 8], strict=True):
            np.testing.assert_array_equal(output, expected)


def test_outputs_stay_when_the_next_picture_comes(runtime: Runtime) -> None:
    session = runtime.session("centerface")
    first = session(np.zeros((1, 192, 192, 3), np.uint8))
    before = [output.copy() for output in first]
    session(np.full((1, 192, 192, 3), 255, np.uint8))
    for output, expected in zip(first, before, strict=True):
        np.testing.assert_array_equal(output, expected)


def test_a_model_that_answers_no_number_has_failed(runtime: Runtime) -> None:
    with pytest.raises(ModelFailed):
        runtime.session("face_landmark")(np.full((1, 192, 192, 3), np.nan, np.float32))


def test_a_picture_the_model_cannot_take_is_a_failure_and_the_next_is_seen(runtime: Runtime) -> None:
    session, picture = runtime.session("centerface"), np.full((1, 96, 96, 3), 90, np.uint8)
    before = session(picture)
    with pytest.raises(ModelFailed):
        session(np.zeros((1, 50, 50, 3), np.uint8))
    for output, expected in zip(session(picture), before, strict=True):
        np.testing.assert_array_equal(output, expected)


@pytest.mark.usefixtures("often")
def test_a_shape_that_keeps_coming_gets_a_model_of_its_own() -> None:
    model = Played(lambda shape, batch: batch[:, 0, 0])
    session = Session(model)
    for shape in (SMALL, LARGE):
        for _ in range(2):
            session(np.zeros(shape, np.uint8))
    assert model.compiled == [None, SMALL, None, LARGE]  # before the large one the memory for it is given back
    model.calls.clear()
    for shape in (SMALL, LARGE, (1, 32, 32, 3)):
        assert session(np.full(shape, 7, np.uint8))[0].tolist() == [[7.0] * 3]
    assert model.calls == [SMALL, LARGE, None]


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("otherwise", [lambda batch: batch.max() == 255, lambda batch: batch[0, 0, 0, 0] == 9])
def test_an_own_model_that_answers_otherwise_to_one_of_three_pictures_is_not_used(
    otherwise: Callable[[Array], bool],
) -> None:
    model = Played(lambda shape, batch: batch[:, 0, 0] + np.float32(shape is not None and otherwise(batch)) / 1000)
    session = Session(model)
    picture = np.zeros(SMALL, np.uint8)
    picture[..., -1, :] = 9
    for _ in range(3):
        assert session(picture)[0].tolist() == [[0.0] * 3]
    for _ in range(2):
        session(np.zeros((1, 160, 96, 3), np.uint8))
    assert model.compiled == [None, SMALL]  # and none for another shape


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("failure", [RuntimeError, ModelFailed])
def test_an_own_model_that_fails_costs_no_photo(failure: type[Exception]) -> None:
    def answers(shape: Shape | None, batch: Array) -> Array:
        if shape:
            raise failure
        return batch[:, 0, 0]

    model = Played(answers)
    session = Session(model)
    for _ in range(6):
        assert session(np.zeros(SMALL, np.uint8))[0].tolist() == [[0.0] * 3]
    assert model.compiled == [None, SMALL]


@pytest.mark.usefixtures("often")
def test_after_a_failure_nothing_that_was_compiled_is_used_again() -> None:
    failing: list[bool] = []

    def answers(shape: Shape | None, batch: Array) -> Array:
        if failing:
            failing.clear()
            raise RuntimeError
        return batch[:, 0, 0]

    model = Played(answers)
    session = Session(model)
    for _ in range(3):
        session(np.zeros(SMALL, np.uint8))
    failing.append(True)
    with pytest.raises(ModelFailed):
        session(np.zeros(SMALL, np.uint8))
    model.calls.clear()
    session(np.zeros(SMALL, np.uint8))
    assert model.compiled == [None, SMALL, None]
    assert model.calls == [None]


@pytest.mark.usefixtures("often")
def test_few_shapes_get_a_model_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "MOST_OWN", 2)
    monkeypatch.setattr(runtimes, "MOST_AREA", 40_000)
    model = Played(lambda shape, batch: batch[:, 0, 0])
    session = Session(model)
    for shape in ((2, 96, 96), (1, 256, 256), (1, 96, 96), (1, 160, 160), (1, 32, 32), (1, 64, 32)):
        for _ in range(2):
            session(np.zeros((*shape, 3), np.uint8))
    assert model.compiled == [None, (1, 96, 96, 3), (1, 160, 160, 3)]  # no crops, none that is too large, no third


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("model", ["centerface", "text_detector", "text_recogniser"])
def test_models_of_their_own_answer_as_the_one_for_any_shape(model: str, runtime: Runtime) -> None:
    noise = np.random.default_rng(3)
    shape = (1, 48, 320, 3) if model == "text_recogniser" else SMALL
    compiled = partial(runtime._compile, runtime._read(model), model in CENTRED)
    session, plain = Session(compiled), Session(compiled)
    plain._takes_own = False
    for _ in range(4):
        picture = noise.integers(0, 255, shape, np.uint8)
        for output, expected in zip(session(picture), plain(picture), strict=True):
            np.testing.assert_array_equal(output, expected)


def test_a_file_that_is_no_model_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelFailed) as failed:
        Runtime(Folder(tmp_path)).session("broken.onnx")
    assert "models verify" in failed.value.hint
    assert str(tmp_path) not in failed.value.message


def test_a_model_that_is_not_here_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        Runtime(Catalogue(tmp_path)).session("centerface")


def test_bf16_and_f32_see_the_same_face(models_folder: Path, runtime: Runtime) -> None:
    picture = np.random.default_rng(7).integers(0, 255, (1, 192, 192, 3), np.uint8)
    plain = Runtime(Catalogue(models_folder), precision="f32")
    assert plain.precision == "f32"
    exact = plain.session("centerface")(picture)
    for output, expected in zip(runtime.session("centerface")(picture), exact, strict=True):
        assert np.abs(output - expected).max() < 0.15
