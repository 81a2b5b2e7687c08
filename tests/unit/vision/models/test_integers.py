"""Models in eight bits: they see what they see in f32, the ranges fit the models, and who does without has f32."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov
import pytest
from PIL import Image, ImageDraw, ImageFont

from fotopoort.errors import ModelFailed
from fotopoort.vision.models import integers
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime

Array = np.ndarray[Any, np.dtype[Any]]

MODELS = tuple(integers.ranges())


@pytest.fixture(scope="module")
def runtimes(models_folder: Path) -> dict[str, Runtime]:
    made = {precision: Runtime(Catalogue(models_folder), 1, precision) for precision in ("f32", "int8")}
    made["int8"].integers = True  # on any processor
    return made


def rounded(runtime: Runtime, model: str, **ranges: tuple[float, float]) -> list[str]:
    """The names of the roundings in a model."""
    copy = runtime._read(model).clone()
    integers.round_layers(copy, ranges or integers.ranges()[model])
    return [node.get_friendly_name() for node in copy.get_ordered_ops() if node.get_type_name() == "FakeQuantize"]


@pytest.mark.parametrize("model", MODELS)
def test_every_layer_that_has_a_range_is_rounded_and_its_weights_too(model: str, runtimes: dict[str, Runtime]) -> None:
    layers = integers.ranges()[model]
    assert all(low <= 0 < high for low, high in layers.values()), "no zero is rounded to anything else"
    weights_and_inputs = rounded(runtimes["f32"], model)
    assert len(layers) < len(weights_and_inputs) <= 2 * len(layers)


@pytest.fixture
def pictures(pixels_of: Callable[[str], Array]) -> dict[str, Array]:
    """For each model a picture with something in it."""
    board = pixels_of("IMG_2063.jpg")
    line = Image.new("RGB", (320, 48), (243, 240, 228))
    ImageDraw.Draw(line).text((8, 2), "Noor Bakker", (30, 35, 60), font=ImageFont.load_default(36))
    return {
        "centerface": cv2.resize(pixels_of("IMG_2034.jpg"), (480, 352), interpolation=cv2.INTER_AREA)[None],
        "text_detector": cv2.resize(board, (640, 480), interpolation=cv2.INTER_AREA)[None, ..., ::-1],
        "text_recogniser": np.asarray(line)[None, ..., ::-1],
    }


@pytest.mark.parametrize("model", MODELS)
def test_in_integers_a_model_answers_about_what_it_answers_in_float(
    model: str, runtimes: dict[str, Runtime], pictures: dict[str, Array]
) -> None:
    picture = np.ascontiguousarray(pictures[model])
    scores, expected = (runtimes[precision].session(model)(picture)[0] for precision in ("int8", "f32"))
    assert expected.max() > 0.5, "there is something to see"
    assert (scores != expected).any(), "it is calculated otherwise"
    assert np.abs(scores - expected).mean() < 0.01
    assert np.corrcoef(scores.ravel(), expected.ravel())[0, 1] > 0.97


def test_a_layer_that_is_not_there_is_a_failure(runtimes: dict[str, Runtime], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integers, "ranges", lambda: {"centerface": {"nothing": (0.0, 1.0)}})
    runtime = Runtime(runtimes["int8"]._models, 1, "int8")
    runtime.integers = True
    with pytest.raises(ModelFailed):
        runtime.session("centerface")


@pytest.mark.parametrize(
    ("model", "layer"),
    [("centerface", "368"), ("text_recogniser", "MatMul.1"), ("text_detector", "Mul.4")],
    ids=["an activation", "a product without weights", "a product of two pictures"],
)
def test_a_layer_without_weights_is_refused(model: str, layer: str, runtimes: dict[str, Runtime]) -> None:
    with pytest.raises(ValueError, match=layer):
        rounded(runtimes["f32"], model, **{layer: (0.0, 1.0)})


@pytest.mark.parametrize(
    ("flags", "fast"),
    [
        ("flags\t\t: fpu avx2 avx512f avx512_vnni", True),
        ("flags\t\t: fpu avx2 avx_vnni", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("vmx flags\t: avx512_vnni_not", False),
        ("model name : avx512_vnni", False),
        ("", False),
    ],
)
def test_integers_are_fast_only_where_the_processor_multiplies_them(flags: str, fast: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor : 0\n{flags}\n")
    assert integers.is_fast(tmp_path / "cpuinfo") is fast
    assert not integers.is_fast(tmp_path / "none")


def test_each_setting_means_what_it_says(models_folder: Path) -> None:
    settings = ("auto", "f32", "bf16", "int8")
    runtimes = {setting: Runtime(Catalogue(models_folder), 1, setting) for setting in settings}
    assert [runtimes[setting].integers for setting in settings] == [False, False, False, integers.is_fast()]
    has_bf16 = "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert [runtimes[setting].precision == "bf16" for setting in settings] == [has_bf16, False, has_bf16, has_bf16]
