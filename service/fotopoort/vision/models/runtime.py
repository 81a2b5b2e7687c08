"""Running the models with OpenVINO, on whatever processor this machine has.

Each model is compiled for input of any shape, which takes a tenth of a second, and for each of its `OWN_SHAPES` when
the first picture of it comes. What was compiled is kept on disk (`compiled_cache`). The first picture of any other
shape takes some tens of milliseconds longer. There are few shapes: at most sixty for photos of every kind.

A call keeps the memory that it needed for the next one, up to 160 MB, or 330 for a shape that is not compiled alone. As
one model runs at a time, those whose turn it is not give theirs back where memory would become short.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import openvino as ov
from openvino import opset13 as operations

from fotopoort import allocator
from fotopoort.errors import ModelFailed
from fotopoort.vision.models import compiled_cache, integers
from fotopoort.vision.models.reading import HEADS, read_model
from fotopoort.vision.models.session import ModelSession, Shape

Array = np.ndarray[Any, np.dtype[Any]]
Key: TypeAlias = tuple[str, tuple[int, ...] | None]  # of a model and of which columns of its output are wanted

# The first time that the bindings of OpenVINO touch an array they set themselves up, and let others run meanwhile: two
# threads that did so at once, as while models are loaded, would wait for each other for ever. So it is done here.
operations.constant(np.zeros(1, np.float32)).get_data()

# What a model keeps of each shape, for each of its layers: at least of the latest dozen. By itself OpenVINO keeps what
# 5,000 such layers need, and grows by half a gigabyte in a hundred shapes.
SHAPED_LAYERS: Final = 500
MAX_RESIDENT: Final = 820_000_000  # bytes of memory of a process, before models give back what they do not use

# The search looks at every photo in these shapes, and the reader at those of 4:3. Nothing is won with smaller ones.
OWN_SHAPES: Final[dict[str, frozenset[Shape]]] = {
    "centerface": frozenset({(1, 480, 480, 3), (1, 960, 1280, 3), (1, 1280, 960, 3)}),
    "retinaface": frozenset({(1, 768, 1024, 3), (1, 1024, 768, 3)}),
    "text_detector": frozenset({(1, 480, 640, 3), (1, 640, 480, 3), (1, 960, 1280, 3), (1, 1280, 960, 3)}),
}

CENTRED: Final = frozenset({"text_detector", "text_recogniser", "person_detector"})  # want their values around 0


class Models(Protocol):
    """Where model files come from; `vision.models.catalogue.Catalogue` is the real one."""

    def path(self, model_id: str) -> Path: ...


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
        self._built: dict[Key, ov.Model] = {}  # those that are compiled again for a shape
        self._sessions: dict[Key, ModelSession] = {}
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
        compile_model = partial(self._compile, model_id, columns)
        own_shapes = OWN_SHAPES.get(model_id, frozenset())
        session = ModelSession(compile_model, self._make_room, own_shapes, self.precision)
        with self._lock:
            return self._sessions.setdefault(key, session)

    def release_memory(self) -> None:
        """Give back the memory that calls of models needed, see `ModelSession.release_memory`."""
        for _, session, shape in self._held():
            session.release_memory(shape)

    def _make_room(self, wanted: int) -> None:
        """Have models give memory back, the most first, until there is room for so many bytes."""
        for _, session, shape in self._held():
            if allocator.resident() + wanted <= MAX_RESIDENT:
                break
            with suppress(RuntimeError):  # whoever calls that model next is told
                session.release_memory(shape, wait=False)

    def _held(self) -> list[tuple[int, ModelSession, Shape | None]]:
        """What calls of models hold, the most first: bytes, and of which model and shape, see `ModelSession.held`."""
        held = [(size, session, shape) for session in self._all_sessions() for shape, size in session.held().items()]
        return sorted(held, key=lambda entry: entry[0], reverse=True)

    def _all_sessions(self) -> tuple[ModelSession, ...]:
        with self._lock:
            return tuple(self._sessions.values())

    def characters(self, model_id: str) -> list[str]:
        """The characters that a text recogniser knows, as its own file lists them.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as for `session`.
        """
        path = self._models.path(model_id)
        name = f"{model_id}-characters"
        kept = compiled_cache.read(self._core, path, name, ())
        if kept is None:
            try:
                model = self._read_ahead[model_id] = self._read(model_id)
                kept = str(model.get_rt_info(["framework", "character"]).astype(str)).encode()
            except RuntimeError as error:
                raise ModelFailed from error
            compiled_cache.write(self._core, path, name, (), kept)
        return kept.decode().split("\n")

    def _read(self, model_id: str) -> ov.Model:
        path = self._models.path(model_id)
        try:
            return read_model(self._core, model_id, path)
        except RuntimeError as error:
            raise ModelFailed from error

    def _compile(self, model_id: str, columns: tuple[int, ...] | None, shape: Shape | None = None) -> ov.CompiledModel:
        """The model, compiled for batches of one shape; without one, for any: out of the cache, or kept there.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: see `session`.
        """
        path, precision = self._models.path(model_id), "int8" if self.integers else self.precision
        name = f"{model_id}-{precision}-{'x'.join(map(str, shape)) if shape else 'any'}"
        made_of = columns, self.precision, sorted(self._rounded(model_id).items())
        kept = compiled_cache.read(self._core, path, name, made_of)
        if kept is not None:
            with suppress(RuntimeError, MemoryError):
                compiled = self._core.import_model(kept, "CPU", self._options)
                self._read_ahead.pop(model_id, None)
                return compiled
        key = model_id, columns
        try:
            model = self._built.get(key) or self._build(model_id, columns)
            if model_id in OWN_SHAPES:
                self._built[key] = model
            if shape is not None:
                model = model.clone()
                model.reshape({model.input(): ov.PartialShape(list(shape))})
            compiled = self._core.compile_model(model, "CPU", self._options)
        except (RuntimeError, ValueError) as error:
            raise ModelFailed from error
        with suppress(RuntimeError, MemoryError):  # it need not be kept
            if compiled_cache.is_writable(path):
                compiled_cache.write(self._core, path, name, made_of, compiled.export_model().getvalue())
        return compiled

    def _rounded(self, model_id: str) -> Mapping[str, tuple[float, float]]:
        """Which layers calculate in integers, see `integers.round_layers`."""
        return integers.ranges().get(model_id, {}) if self.integers else {}

    def _build(self, model_id: str, columns: tuple[int, ...] | None) -> ov.Model:
        """The model from its file, with what is done to its input, to be compiled.

        Raises:
            ModelMissing, ModelCorrupt: see `session`.
            RuntimeError, ValueError: it cannot be built.
        """
        centred = model_id in CENTRED
        original = self._read_ahead.pop(model_id, None) or self._read(model_id)
        model = original if columns is None else _with_columns(original, columns)
        integers.round_layers(model, self._rounded(model_id))
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
        return model


def _with_columns(model: ov.Model, columns: tuple[int, ...]) -> ov.Model:
    """The model, with no more than these columns of its output's last axis: of 18,710 characters few are wanted."""
    values = model.output().get_node().input_value(0)
    last = np.int64(values.get_partial_shape().rank.get_length() - 1)
    return ov.Model([operations.gather(values, np.array(columns, np.int64), last)], model.get_parameters())
