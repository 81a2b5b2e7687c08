"""Running the models with OpenVINO, on whatever processor this machine has.

Each model is compiled once, for input of any shape; that takes a tenth of a second. Nothing compiled is kept on disk,
where it could be altered. The first picture of a shape takes some tens of milliseconds longer. There are few shapes: at
most sixty for photos of every kind.

A call keeps the memory that it needed for the next one, up to 360 MB. As one model runs at a time, those whose turn it
is not give theirs back where memory would become short.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import openvino as ov
from openvino import opset13 as operations
from openvino.frontend import FrontEndManager

from fotopoort import allocator
from fotopoort.errors import ModelFailed
from fotopoort.vision.models import integers

Array = np.ndarray[Any, np.dtype[Any]]

# The first time that the bindings of OpenVINO touch an array they set themselves up, and let others run meanwhile: two
# threads that did so at once, as while models are loaded, would wait for each other for ever. So it is done here.
operations.constant(np.zeros(1, np.float32)).get_data()

# What a model keeps of each shape, for each of its layers: at least of the latest dozen. By itself OpenVINO keeps what
# 5,000 such layers need, and grows by half a gigabyte in a hundred shapes.
SHAPED_LAYERS: Final = 500
BYTES_PER_VALUE: Final = {"f32": 100, "bf16": 60}  # of a batch: what the hungriest models take for a large picture
MAX_RESIDENT: Final = 820_000_000  # bytes of memory of a process, before models give back what they do not use

CENTRED: Final = frozenset({"text_detector", "text_recogniser", "person_detector"})  # want their values around 0

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


class Models(Protocol):
    """Where model files come from; `vision.models.catalogue.Catalogue` is the real one."""

    def path(self, model_id: str) -> Path: ...


class ModelSession:
    """One compiled model. Calls from several threads wait for each other.

    It keeps the memory that its largest call needed, see `release_memory`.

    Args:
        compile_model: compiles the model. Called again after a failure: a request that failed never works again.
        make_room: called before this model takes more memory than it has, with so many more values of a batch.
    """

    def __init__(self, compile_model: Callable[[], ov.CompiledModel], make_room: Callable[[int], None]) -> None:
        self._compile, self._make_room = compile_model, make_room
        self._request = compile_model().create_infer_request()
        self._lock = threading.Lock()
        self.largest = 0  # values of a batch, since memory was released

    def release_memory(self, *, wait: bool = True) -> None:
        """Give back what earlier calls needed; the next call takes it again, which costs some tens of milliseconds.

        Args:
            wait: for a call of another thread; without it a model that is being called keeps its memory.
        """
        if self.largest and self._lock.acquire(blocking=wait):
            try:
                self._request.get_compiled_model().release_memory()
                self.largest = 0
            finally:
                self._lock.release()

    def __call__(self, batch: Array) -> list[Array]:
        """Run the model on `batch` (N, H, W, 3) and return its outputs as float32 arrays, in the model's order.

        Raises:
            ModelFailed: the runtime gave up, or the output holds NaN or infinity.
            ModelMissing, ModelCorrupt: the runtime gave up, and the model's file is no longer what it was.
        """
        with self._lock:
            try:
                if batch.size > self.largest:
                    self._make_room(batch.size - self.largest)
                    self.largest = batch.size
                self._request.infer([batch], share_outputs=True)
                outputs = [np.array(tensor.data, dtype=np.float32) for tensor in self._request.output_tensors]
            except RuntimeError as error:
                self.largest = 0
                self._request = self._compile().create_infer_request()
                raise ModelFailed from error
        with np.errstate(all="ignore"):
            if not all(np.isfinite(output.sum()) for output in outputs):  # finite if and only if every number is
                raise ModelFailed
        return outputs


def has_bf16(core: ov.Core | None = None) -> bool:
    """Whether this processor calculates in bf16, which is about twice as fast."""
    return "BF16" in (core or ov.Core()).get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class Runtime:
    """Every compiled model of one process.

    Args:
        models: where the model files are.
        threads: how many processor threads one call may use; None = all.
        precision: "auto" and "bf16": bf16 where the processor has it, else f32;
            "int8": integers besides, where it multiplies those; "f32".

    Attributes:
        precision: the type the models calculate in, "bf16" or "f32".
        integers: whether those layers of which `models/ranges.json` has the ranges calculate in integers instead.
    """

    def __init__(self, models: Models, threads: int | None = None, precision: str = "auto") -> None:
        self._models = models
        self._core = ov.Core()
        self._options: dict[str, Any] = {
            "PERFORMANCE_HINT": "LATENCY",
            "ENABLE_CPU_PINNING": False,
            "CPU_RUNTIME_CACHE_CAPACITY": SHAPED_LAYERS,
        }
        bf16 = precision != "f32" and has_bf16(self._core)
        self.precision = "bf16" if bf16 else "f32"
        self.integers = precision == "int8" and integers.is_fast()
        self._options["INFERENCE_PRECISION_HINT"] = self.precision
        if threads is not None:
            self._options["INFERENCE_NUM_THREADS"] = threads
        self._read_ahead: dict[str, ov.Model] = {}  # until compiled: reading one takes as long as compiling it
        self._sessions: dict[tuple[str, tuple[int, ...] | None], ModelSession] = {}
        self._lock = threading.Lock()

    def session(self, model_id: str, columns: tuple[int, ...] | None = None) -> ModelSession:
        """The model, compiled at the first call. The module that uses it says what it takes.

        Args:
            columns: which of its only output's last axis are wanted; None: all of it.

        Models that take planes (CenterFace, PP-OCR) are still called with pictures (N, H, W, 3) uint8, and so are those
        that are cut; the centred ones among them receive the values as -1 to 1.

        Raises:
            ModelMissing, ModelCorrupt: the model is not here, or is not the one the manifest names.
            ModelFailed: the file cannot be compiled.
        """
        key = model_id, columns
        with self._lock:
            if session := self._sessions.get(key):
                return session
        # Outside the lock, so that several models are compiled at a time.
        session = ModelSession(partial(self._compile, model_id, columns), self._make_room)
        with self._lock:
            return self._sessions.setdefault(key, session)

    def release_memory(self) -> None:
        """Give back the memory that calls of models needed, see `ModelSession.release_memory`."""
        for session in self._all_sessions():
            session.release_memory()

    def _make_room(self, values: int) -> None:
        """Have other models give memory back, those first that hold most, until so many values of a batch have room."""
        wanted = values * BYTES_PER_VALUE[self.precision]
        for session in sorted(self._all_sessions(), key=lambda session: -session.largest):
            if allocator.resident() + wanted <= MAX_RESIDENT:
                break
            with suppress(RuntimeError):  # whoever calls that model next is told
                session.release_memory(wait=False)

    def _all_sessions(self) -> tuple[ModelSession, ...]:
        with self._lock:
            return tuple(self._sessions.values())

    def characters(self, model_id: str) -> list[str]:
        """The characters that a text recogniser knows, as its own file lists them.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as for `session`.
        """
        try:
            model = self._read_ahead[model_id] = self._read(model_id)
            return str(model.get_rt_info(["framework", "character"]).astype(str)).split("\n")
        except RuntimeError as error:
            raise ModelFailed from error

    def _read(self, model_id: str) -> ov.Model:
        path, part = self._models.path(model_id), PARTS.get(model_id)
        try:
            model = _read_part(path, *part) if part else self._core.read_model(path)
            return _cut(model, HEADS[model_id]) if model_id in HEADS else model
        except RuntimeError as error:
            raise ModelFailed from error

    def _compile(self, model_id: str, columns: tuple[int, ...] | None) -> ov.CompiledModel:
        centred = model_id in CENTRED
        layers = integers.ranges().get(model_id, {}) if self.integers else {}
        original = self._read_ahead.pop(model_id, None) or self._read(model_id)
        try:
            model = original if columns is None else _with_columns(original, columns)
            integers.round_layers(model, layers)
            shape = model.input().partial_shape
            shape[0] = -1
            takes_planes = shape[1] == 3
            if takes_planes and shape.rank == 4 and not shape[3].is_dynamic:
                shape[2] = shape[3] = -1  # CenterFace: its file names a size, but it takes pictures of any size
            model.reshape(shape)
            if takes_planes or centred:
                steps = ov.preprocess.PrePostProcessor(model)
                steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
                steps.input().preprocess().convert_element_type(ov.Type.f32)
                if centred:
                    steps.input().preprocess().mean(127.5).scale(127.5)
                steps.input().model().set_layout(ov.Layout("NCHW" if takes_planes else "NHWC"))
                model = steps.build()
            elif model_id in HEADS:
                steps = ov.preprocess.PrePostProcessor(model)
                steps.input().tensor().set_element_type(ov.Type.u8)
                model = steps.build()
            return self._core.compile_model(model, "CPU", self._options)
        except (RuntimeError, ValueError) as error:
            raise ModelFailed from error


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


def _with_columns(model: ov.Model, columns: tuple[int, ...]) -> ov.Model:
    """The model, with no more than these columns of its output's last axis: of 18,710 characters few are wanted."""
    values = model.output().get_node().input_value(0)
    last = np.int64(values.get_partial_shape().rank.get_length() - 1)
    return ov.Model([operations.gather(values, np.array(columns, np.int64), last)], model.get_parameters())
