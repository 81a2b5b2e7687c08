"""Reading a model's file: the whole of it, or the part that is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import openvino as ov
from openvino.frontend import FrontEndManager

# Of some of TensorFlow's models only a part is taken, from one tensor to others: what comes before and after it, such
# as a decoding with loops, takes longer to read than all the rest.
PARTS: Final = {"person_detector": ("Preprocessor/sub:0", ("concat:0", "concat_1:0"))}

# Models that are cut: after these operations comes a decoding of their own, which drops all that they doubt.
HEADS: Final = {
    "retinaface": (
        "RetinaFaceModel/tf_op_layer_concat/concat",
        "RetinaFaceModel/tf_op_layer_concat_1/concat_1",
        "RetinaFaceModel/softmax/Softmax",
    )
}


def read_model(core: ov.Core, model_id: str, path: Path) -> ov.Model:
    """The model in the file at `path`, whose content the caller has checked, or the part of it that is used.

    Raises:
        RuntimeError: the file cannot be read, or has no such part.
    """
    part = PARTS.get(model_id)
    model = _read_part(path, *part) if part else core.read_model(path)
    return _cut(model, HEADS[model_id]) if model_id in HEADS else model


def _read_part(path: Path, first: str, last: Sequence[str]) -> ov.Model:
    """What lies between the tensor `first` and the tensors `last` of a model of TensorFlow.

    Raises:
        RuntimeError: the file cannot be read, or has no such tensor.
    """
    reader = FrontEndManager().load_by_framework("tf")
    whole = reader.load(str(path))
    places = [whole.get_place_by_tensor_name(name) for name in (first, *last)]
    if None in places:
        raise RuntimeError
    whole.override_all_inputs(places[:1])
    whole.override_all_outputs(places[1:])
    whole.set_partial_shape(places[0], ov.PartialShape([-1, 300, 300, 3]))
    part = reader.convert(whole)
    inputs = [given for given in part.get_parameters() if first in given.output(0).names]
    return ov.Model(part.outputs, inputs)


def _cut(model: ov.Model, heads: Sequence[str]) -> ov.Model:
    """The model up to the operations `heads`, which become its outputs.

    Raises:
        RuntimeError: it has no such operation.
    """
    named = {operation.get_friendly_name(): operation for operation in model.get_ordered_ops()}
    if not set(heads) <= set(named):
        raise RuntimeError
    return ov.Model([named[head].output(0) for head in heads], model.get_parameters())
