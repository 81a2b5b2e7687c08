"""Models that are compiled for one shape: the same answers, for the shapes that photos come in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import openvino as ov
import pytest
from PIL import Image
from tests.waiting import PATIENCE

from fotopoort.errors import ModelFailed, ModelMissing
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.runtime import OWN_SHAPES, Runtime
from fotopoort.vision.models.session import ModelSession, Shape
from fotopoort.vision.text.reader import PhotoReader

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


@pytest.mark.parametrize("model", OWN_SHAPES)
def test_one_shape_gives_what_any_shape_gives(model: str, runtime: Runtime, samples: Path) -> None:
    shape = min(OWN_SHAPES[model])
    one = ModelSession(partial(runtime._compile, model, None), own_shapes={shape}, precision=runtime.precision)
    with Image.open(samples / "20260312_101544.jpg") as photo:
        seen = np.array(photo.convert("RGB").resize((shape[2], shape[1])))
    batch = cv2.putText(seen, "Noor", (40, 80), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (255, 255, 255), 3)[None]
    expected = runtime._compile(model, None).create_infer_request().infer([batch]).to_tuple()
    assert max(np.abs(output).max() for output in expected) > 0.5  # something is seen
    for output, other in zip(one(batch), expected, strict=True):
        np.testing.assert_allclose(output, other, atol=0.08 * max(np.abs(other).max(), 1.0))  # of bf16
    assert set(one.held()) == {shape}


def test_photos_come_in_these_shapes(finder: FaceDetector) -> None:
    """A shape that nothing uses any more would be compiled for nobody."""
    runtime = finder._runtime
    runtime.release_memory()  # what other tests needed
    reader = PhotoReader.load(runtime)
    for size in (1500, 2000), (2000, 1500):
        photo = np.full((*size, 3), 90, np.uint8)
        finder.find(photo)  # nobody is certain in it, so every pass runs
        reader.read(photo)
    for model, shapes in OWN_SHAPES.items():
        assert set(runtime.session(model).held()) >= shapes, model


class Compiling:
    """A model, and for which shapes it was compiled, in that order."""

    def __init__(self, runtime: Runtime) -> None:
        self.shapes: list[Shape | None] = []
        self._runtime = runtime

    def __call__(self, shape: Shape | None) -> ov.CompiledModel:
        self.shapes.append(shape)
        return self._runtime._compile("centerface", None, shape)


OWN: Shape = (1, 96, 96, 3)


def picture(*shape: int) -> Array:
    return np.zeros(shape, np.uint8)


def test_it_is_compiled_for_a_shape_at_the_first_call(runtime: Runtime) -> None:
    compiling = Compiling(runtime)
    session = ModelSession(compiling, own_shapes={OWN})
    session(picture(1, 64, 64, 3))
    assert compiling.shapes == [None]
    session(picture(*OWN))
    session(picture(*OWN))
    assert compiling.shapes == [None, OWN]


def test_after_a_failure_it_is_compiled_for_each_shape_anew(runtime: Runtime) -> None:
    """A request that failed never works again, and the file may be another one now."""
    compiling = Compiling(runtime)
    session = ModelSession(compiling, own_shapes={OWN})
    session(picture(*OWN))
    with pytest.raises(ModelFailed):
        session(picture(1, 50, 50, 3))
    assert session.held() == {}
    session(picture(*OWN))
    assert compiling.shapes == [None, OWN, None, OWN]


def test_a_shape_that_it_cannot_be_compiled_for_holds_nothing(runtime: Runtime) -> None:
    """Its other shapes are asked for memory as before, and the next call of that shape tries again."""
    compiling, broken = Compiling(runtime), {OWN}

    def compile_model(shape: Shape | None) -> ov.CompiledModel:
        if shape in broken:
            raise ModelFailed
        return compiling(shape)

    session = ModelSession(compile_model, own_shapes={OWN})
    session(picture(1, 64, 64, 3))
    with pytest.raises(ModelFailed):
        session(picture(*OWN))
    assert set(session.held()) == {None}
    session.release_memory(OWN)
    broken.clear()
    session(picture(*OWN))
    assert set(session.held()) == {None, OWN}


def test_a_file_that_is_gone_after_a_failure_is_told_until_it_is_back(runtime: Runtime) -> None:
    compiling, gone = Compiling(runtime), list[bool]()

    def compile_model(shape: Shape | None) -> ov.CompiledModel:
        if gone:
            raise ModelMissing
        return compiling(shape)

    session = ModelSession(compile_model)
    gone.append(True)
    for side in (50, 64):  # the first is a failure of the runtime
        with pytest.raises(ModelMissing):
            session(picture(1, side, side, 3))
        assert session.held() == {}
        session.release_memory(None)
    gone.clear()
    assert session(picture(1, 64, 64, 3))


def test_what_a_shape_holds_is_given_back_alone(runtime: Runtime) -> None:
    session = ModelSession(Compiling(runtime), own_shapes={OWN}, precision=runtime.precision)
    session(picture(*OWN))
    session(picture(1, 64, 64, 3))
    assert 0 < session.held()[OWN] < 2 * session.held()[None]
    session.release_memory(OWN)
    assert set(session.held()) == {None}
    session(picture(*OWN))
    assert set(session.held()) == {None, OWN}


def test_it_asks_for_room_for_what_it_does_not_hold(runtime: Runtime) -> None:
    """What its other shapes hold it gives back where it is told to: it is the one that calls."""
    asked: list[int] = []

    def make_room(wanted: int) -> None:
        asked.append(wanted)
        for shape in session.held():
            session.release_memory(shape, wait=False)

    session = ModelSession(Compiling(runtime), make_room, own_shapes={OWN}, precision=runtime.precision)
    for side in (64, 32, 128):
        session(picture(1, side, side, 3))
    assert asked == [asked[0], 3 * asked[0]]  # four times as many values, of which it holds a quarter
    session(picture(*OWN))
    assert set(session.held()) == {OWN}


def test_a_model_that_is_called_keeps_its_memory_unless_somebody_waits(runtime: Runtime) -> None:
    begun, told = threading.Event(), threading.Event()

    def make_room(wanted: int) -> None:
        begun.set()
        assert told.wait(PATIENCE)

    session = ModelSession(Compiling(runtime), make_room, own_shapes={OWN}, precision=runtime.precision)
    told.set()
    session(picture(*OWN))
    begun.clear()
    told.clear()
    with ThreadPoolExecutor(2) as threads:
        calling = threads.submit(session, picture(1, 64, 64, 3))
        assert begun.wait(PATIENCE)
        session.release_memory(OWN, wait=False)
        assert OWN in session.held()
        waiting = threads.submit(session.release_memory, OWN)
        told.set()
        calling.result()
        waiting.result()
    assert set(session.held()) == {None}
