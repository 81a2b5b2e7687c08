"""Reading a model's file: the whole of it, or the part that is used.

OpenVINO takes a third of a second for a file of TensorFlow's, and a fiftieth for one of its own. So what was read from
those once is kept beside them in its own format. Such a copy is used only where it is exactly what `COPIES` names, and
made anew where it is anything else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import openvino as ov
from openvino.frontend import FrontEndManager

from fotopoort.errors import OutputUnwritable
from fotopoort.files import write_whole

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

NAMED_BY_NUMBER: Final = re.compile(r"[A-Za-z]+_\d+")  # an operation without a name: the number counts all in a process


@dataclass(frozen=True, slots=True)
class Copy:
    """A model in OpenVINO's own format: the SHA-256 of its graph, an .xml, and of its weights, a .bin."""

    graph: str
    weights: str


# As the pinned version of OpenVINO writes them. Another version may write the same otherwise: then nothing is kept.
COPIES: Final = {
    "retinaface": Copy(
        "35979e87ba9e39eb0adc4d9916a9cfd1c647b891cade4bd6291cc0a3238a51ed",
        "d1f298f8271370e870957433aecb000a13b7cb7f429f70626c6c7f9b698f9568",
    ),
    "person_detector": Copy(
        "d7a3bf7778368c2a18c7b9add42d9fb45f45e4f0f6a816da6cd8eff492d51b52",
        "414ec03a2eb7bfd6e5b50b06c3856ec93b38081770cb1fe7d7e2f1e4e9c9f089",
    ),
}


def read_model(core: ov.Core, model_id: str, path: Path) -> ov.Model:
    """The model in the file at `path`, whose content the caller has checked, or the part of it that is used.

    Raises:
        RuntimeError: the file cannot be read, or has no such part.
    """
    copy = COPIES.get(model_id)
    if copy is None:
        return _read(core, model_id, path)
    graph, weights = path.with_suffix(".xml"), path.with_suffix(".bin")
    with suppress(OSError, RuntimeError):
        content = graph.read_bytes(), weights.read_bytes()
        if _copy(*content) == copy:
            return core.read_model(*content)
    model = _read(core, model_id, path)
    with suppress(OSError, RuntimeError, OutputUnwritable):  # without a copy it is read the long way each time
        content = written(model)
        if _copy(*content) == copy:
            write_whole(graph, content[0])
            write_whole(weights, content[1])
    return model


def written(model: ov.Model) -> tuple[bytes, bytes]:
    """The model in OpenVINO's own format, as graph and weights: the same whatever else this process has read. Of the
    model itself only names are changed that have no meaning."""
    model.set_friendly_name("model")
    for number, operation in enumerate(model.get_ordered_ops()):
        if NAMED_BY_NUMBER.fullmatch(operation.get_friendly_name()):
            operation.set_friendly_name(f"{operation.get_type_name()}_{number}")
    with TemporaryDirectory(prefix="fotopoort-", ignore_cleanup_errors=True) as folder:
        graph, weights = Path(folder, "model.xml"), Path(folder, "model.bin")
        ov.serialize(model, graph, weights)
        return graph.read_bytes(), weights.read_bytes()


def _copy(graph: bytes, weights: bytes) -> Copy:
    return Copy(hashlib.sha256(graph).hexdigest(), hashlib.sha256(weights).hexdigest())


def _read(core: ov.Core, model_id: str, path: Path) -> ov.Model:
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
