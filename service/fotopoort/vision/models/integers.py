"""Models in eight bits: half to two thirds of the time of f32, on processors that multiply integers (VNNI).

What is rounded is the input and the weights of convolutions and matrix products; the rest stays as it is. For each of
them `models/ranges.json` has the range of its input, which `models/quantize.py` measured; the weights' own range is
told by the weights. OpenVINO makes integers of it where the processor has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import openvino as ov
from openvino import opset13 as operations

from fotopoort.resources import resource

Array = np.ndarray[Any, np.dtype[Any]]

LEVELS: Final = 256  # of an input
WEIGHT_LEVELS: Final = 255  # of weights: as many below zero as above
OUTPUTS: Final = {"Convolution": 0, "ConvolutionBackpropData": 1}  # which axis of the weights is the output's
CPUINFO: Final = Path("/proc/cpuinfo")
INSTRUCTIONS: Final = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})  # by name in /proc/cpuinfo


@cache
def ranges() -> Mapping[str, Mapping[str, tuple[float, float]]]:
    """For each model that can be calculated in integers: lowest and highest input of each layer, by its name."""
    content = json.loads(resource("models/ranges.json").read_text(encoding="utf-8"))
    return {model: {name: (low, high) for name, (low, high) in found.items()} for model, found in content.items()}


@cache
def is_fast(cpuinfo: Path = CPUINFO) -> bool:
    """Whether this processor multiplies integers faster than it multiplies f32, and without an overflow."""
    return not INSTRUCTIONS.isdisjoint(processor_flags(cpuinfo))


@cache
def processor_flags(cpuinfo: Path = CPUINFO) -> frozenset[str]:
    """What this processor can do, as Linux names it; empty where that cannot be known."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(flag for line in lines if line.startswith("flags") for flag in line.split()[2:])


def round_layers(model: ov.Model, layers: Mapping[str, tuple[float, float]]) -> None:
    """Let `layers` of a model be calculated in integers. The model is changed in place; what it takes and gives is not.

    Args:
        layers: the range of each one's input, by its name.

    Raises:
        ValueError: the model has no such layer, or not one that can be rounded. It may have been changed in part.
    """
    found = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    if missing := layers.keys() - found.keys():
        raise ValueError(f"the model has no layer {', '.join(sorted(missing))}")
    inputs: dict[tuple[str, int, float, float], ov.Output] = {}  # one rounding for all that take the same
    for name, (low, high) in layers.items():
        node = found[name]
        value = node.input_value(0)
        key = value.get_node().get_name(), value.get_index(), low, high
        if key not in inputs:
            inputs[key] = _rounded(value, np.float32(low), np.float32(high), LEVELS)
        node.input(0).replace_source_output(inputs[key])
        _round_weights(node)


def _round_weights(node: ov.Node) -> None:
    kind, name = node.get_type_name(), node.get_friendly_name()
    if kind != "MatMul" and kind not in OUTPUTS:
        raise ValueError(f"{name} is a {kind}, which cannot be rounded")
    weights = node.input_value(1)
    if weights.get_node().get_type_name() != "Constant":
        raise ValueError(f"{name} has no weights of its own")
    values = weights.get_node().get_data()
    last = 2 if kind == "MatMul" and node.get_attributes()["transpose_b"] else 1
    kept = OUTPUTS.get(kind, values.ndim - last)
    others = tuple(axis for axis in range(values.ndim) if axis != kept)
    highest = np.abs(values).max(axis=others, keepdims=True)
    highest[highest == 0] = 1.0  # a channel of zeros: any range
    node.input(1).replace_source_output(_rounded(weights, -highest, highest, WEIGHT_LEVELS))


def _rounded(value: ov.Output, low: Array | np.float32, high: Array | np.float32, levels: int) -> ov.Output:
    return operations.fake_quantize(value, low, high, low, high, levels).output(0)
