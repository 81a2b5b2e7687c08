#!/usr/bin/env python3
"""Measure `ranges.json`: between which numbers the inputs of each layer lie, so that it can be calculated in integers.

    make ranges             # all of them; ARGS=text_detector: of one

NNCF runs each model on pictures and notes the range of every input. Nothing else of what it does is kept: no weights,
no corrections. The pictures are the samples of `fixtures/demo`, and texts drawn by `benchmarks/text_scenes.py` (with
other numbers than those that are measured there); none are of the evaluation. Left in float: layers that are cheap,
and the last ones of each model, whose output is a score.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import nncf
import numpy as np
import openvino as ov
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "service")]

from benchmarks import text_scenes  # noqa: E402

from fotopoort.settings import load_settings  # noqa: E402
from fotopoort.vision.faces.pyramid import LARGE, SQUARES, canvas, letterbox  # noqa: E402
from fotopoort.vision.levels import shrink  # noqa: E402
from fotopoort.vision.models.catalogue import Catalogue  # noqa: E402
from fotopoort.vision.models.runtime import Runtime  # noqa: E402
from fotopoort.vision.text.lines import _copy  # noqa: E402
from fotopoort.vision.text.reader import LARGE_SIDE, SMALL_SIDE, PhotoReader  # noqa: E402

Array = np.ndarray[Any, np.dtype[Any]]

FIRST = 1000  # number of the first scene; those of the measurements begin at 0
SMALL, READ = 8, 24  # scenes that the text detector sees at its small size, and whose lines the recogniser reads
ROUNDED = ("Convolution", "ConvolutionBackpropData", "MatMul")
FLOAT = ("GroupConvolution", "Add", "Subtract", "Multiply", "Divide", "ReduceMean", "MaxPool", "Concat", "Interpolate")
HEADS = {
    "centerface": {"536/WithoutBiases", "538/WithoutBiases", "539/WithoutBiases", "540/WithoutBiases"},
    "text_detector": {"ConvTranspose.2"},
    "text_recogniser": {"MatMul.12"},
}


@dataclass(frozen=True)
class Calibration:
    """A model's pictures (N, H, W, 3) uint8, and the range of the numbers that the model makes of 0 to 255."""

    pictures: Callable[[], Iterator[Array]]
    first: str  # the first layer; any picture can have both black and white in it
    range: tuple[float, float]


def main() -> None:
    catalogue = Catalogue(load_settings().models_folder)
    runtime = Runtime(catalogue, precision="f32")
    calibrations = {
        "centerface": Calibration(faces, "363/WithoutBiases", (0.0, 255.0)),
        "text_detector": Calibration(copies, "Conv.0", (-1.0, 1.0)),
        "text_recogniser": Calibration(lambda: strips(runtime), "Conv.0", (-1.0, 1.0)),
    }
    target = Path(__file__).with_name("ranges.json")
    found = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    for model_id in sys.argv[1:] or calibrations:
        found[model_id] = measured(model_id, catalogue.path(model_id), calibrations[model_id])
        print(f"{model_id}: {len(found[model_id])} layers", flush=True)
        target.write_text(_as_text(found), encoding="utf-8")


def _as_text(found: dict[str, dict[str, tuple[float, float]]]) -> str:
    """JSON with a line for each layer."""
    models = []
    for model, spans in found.items():
        layers = ",\n".join(f'    "{name}": {json.dumps(span)}' for name, span in spans.items())
        models.append(f'  "{model}": {{\n{layers}\n  }}')
    return "{\n" + ",\n".join(models) + "\n}\n"


def measured(model_id: str, path: Path, calibration: Calibration) -> dict[str, tuple[float, float]]:
    """The range of the input of each layer that is to be rounded."""
    model = ov.Core().read_model(path)
    shape = model.input().partial_shape
    shape[0] = -1
    if not shape[3].is_dynamic:
        shape[2] = shape[3] = -1
    model.reshape(shape)
    wanted = {node.get_friendly_name() for node in model.get_ordered_ops() if _is_wanted(node)} - HEADS[model_id]
    black, white = calibration.range

    def planes(batch: Array) -> Array:
        return (batch.transpose(0, 3, 1, 2) / 255 * (white - black) + black).astype(np.float32)

    pictures = list(calibration.pictures())
    quantized = nncf.quantize(
        model,
        nncf.Dataset(pictures, planes),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(pictures),
        ignored_scope=nncf.IgnoredScope(types=list(FLOAT), validate=False),
        advanced_parameters=nncf.AdvancedQuantizationParameters(disable_bias_correction=True),
    )
    spans = {}
    for node in quantized.get_ordered_ops():
        if node.get_friendly_name() in wanted:
            rounding = node.input_value(0).get_node()
            if rounding.get_type_name() != "FakeQuantize":
                print(f"  {node.get_friendly_name()} stays in float")
                continue
            low, high = (rounding.input_value(index).get_node().get_data() for index in (1, 2))
            spans[node.get_friendly_name()] = (_short(low.min()), _short(high.max()))
    return {**spans, calibration.first: calibration.range}


def _short(number: float) -> float:
    return float(f"{number:.5g}")


def _is_wanted(node: ov.Node) -> bool:
    """Whether it has weights, and looks at more than one pixel ("squeeze and excitation" does not: it is cheap)."""
    if node.get_type_name() not in ROUNDED or node.input_value(1).get_node().get_type_name() != "Constant":
        return False
    shape = node.input(0).get_partial_shape()
    return len(shape) != 4 or any(shape[axis].is_dynamic or shape[axis].get_length() > 1 for axis in (2, 3))


def samples() -> list[Array]:
    paths = sorted(path for path in (ROOT / "fixtures/demo").iterdir() if path.suffix in (".jpg", ".png"))
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def faces() -> Iterator[Array]:
    """The samples as CenterFace sees them: small ones in each size, and a third of them large."""
    for number, pixels in enumerate(samples()):
        levels = shrink(pixels)
        for side in SQUARES:
            yield letterbox(levels, side, side)[0][None]
        if number % 3 == 0:
            yield canvas(levels, LARGE)[0][None]


def scene(number: int) -> Array:
    return text_scenes.scene(FIRST + number).pixels


def copies() -> Iterator[Array]:
    """Scenes and samples as the text detector sees them: small, and some of them large."""
    for pixels in [*map(scene, range(SMALL)), *samples()[::3]]:
        yield cv2.cvtColor(_copy(pixels, SMALL_SIDE), cv2.COLOR_RGB2BGR)[None]
    for pixels in (scene(SMALL), scene(SMALL + 1), samples()[8]):
        yield cv2.cvtColor(_copy(pixels, LARGE_SIDE), cv2.COLOR_RGB2BGR)[None]


def strips(runtime: Runtime) -> Iterator[Array]:
    """What the recogniser is given of scenes and samples."""
    reader, given = PhotoReader.load(runtime), []
    session = reader._recogniser

    def recorded(batch: Array) -> list[Array]:
        given.append(batch.copy())
        return session(batch)

    reader._recogniser = recorded  # type: ignore[assignment]
    for pixels in [*map(scene, range(10, 10 + READ)), *samples()[::3]]:
        reader._read_all(pixels, reader._lines.regions(pixels, SMALL_SIDE, False), False)
    yield from (batch[:2] for batch in given)


if __name__ == "__main__":
    main()
