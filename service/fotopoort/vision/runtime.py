"""What runs a model: OpenVINO, on whatever processor this machine has.

A model is compiled once for input of any shape, in a tenth of a second, and again for each of a few shapes that keep
coming. Nothing compiled is kept on disk, where it could be altered. The first picture of a shape costs some tens of
milliseconds more: the shapes are few, at most sixty for photos of every kind.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import openvino as ov

from fotopoort.errors import ModelFailed

Array = np.ndarray[Any, np.dtype[Any]]
Shape: TypeAlias = tuple[int, ...]

OFTEN: Final = 40  # times that a shape came: compiling for it takes as long as it wins in some fifty
MOST_OWN: Final = 12  # shapes that have a model of their own, of 10 to 30 MB
MOST_AREA: Final = 4_000_000  # pixels of these shapes together, of 90 MB a million
LARGE: Final = 1_000_000  # pixels
CENTRED: Final = frozenset({"text_detector", "text_recogniser"})  # models that want their values around 0


class Models(Protocol):
    """Where model files come from; `vision.catalogue.Catalogue` is the real one."""

    def path(self, model_id: str) -> Path: ...


class Session:
    """One model, compiled for input of any shape. Calls from several threads wait for each other.

    A shape that keeps coming, as photos of one camera bring, gets the model compiled for it alone, which is a tenth
    faster. That one is used only if it gives the very same numbers, so that no answer hangs on what came before.

    Args:
        compile_model: compiles the model for input of one shape, or of any.
    """

    def __init__(self, compile_model: Callable[[Shape | None], ov.CompiledModel]) -> None:
        self._compile = compile_model
        self._any = compile_model(None).create_infer_request()
        self._own: dict[Shape, ov.InferRequest] = {}
        self._times: Counter[Shape] = Counter()
        self._room = MOST_AREA
        self._lock = threading.Lock()

    def __call__(self, batch: Array) -> list[Array]:
        """Run the model on `batch` (N, H, W, 3) and return its outputs as float32 arrays, in the model's order.

        Raises:
            ModelFailed: the runtime gave up, or the output holds NaN or infinity.
        """
        with self._lock:
            try:
                outputs = self._outputs(batch)
            except RuntimeError as error:  # what failed once never works again
                self._own.clear()
                self._times.clear()
                self._room = MOST_AREA
                self._any = self._compile(None).create_infer_request()
                raise ModelFailed from error
        with np.errstate(all="ignore"):
            if not all(np.isfinite(output.sum()) for output in outputs):  # the sum is, where every number is
                raise ModelFailed
        return outputs

    def _outputs(self, batch: Array) -> list[Array]:
        shape = batch.shape
        if own := self._own.get(shape):
            return _infer(own, batch)
        outputs = _infer(self._any, batch)
        self._times[shape] += 1
        if self._times[shape] == OFTEN and shape[0] == 1:  # more are crops, which are small and come in many shapes
            self._add_own(batch, outputs)
        return outputs

    def _add_own(self, batch: Array, expected: list[Array]) -> None:
        area = batch.shape[1] * batch.shape[2]
        if area > self._room or len(self._own) == MOST_OWN:
            return
        if area >= LARGE:  # gives back the memory that it took
            self._any = self._compile(None).create_infer_request()
        own = self._compile(batch.shape).create_infer_request()
        if not all(map(np.array_equal, _infer(own, batch), expected)):
            self._room = 0  # it will be so for every shape
            return
        self._own[batch.shape] = own
        self._room -= area


def _infer(request: ov.InferRequest, batch: Array) -> list[Array]:
    request.infer([batch], share_outputs=True)
    return [np.array(tensor.data, dtype=np.float32) for tensor in request.output_tensors]


class Runtime:
    """Every compiled model of one process.

    Args:
        models: where the model files are.
        threads: how many processor threads one look may use; None = all.
        precision: "auto" (bf16 where the processor has it, else f32) or "f32".

    Attributes:
        precision: what is calculated in, "bf16" or "f32".
    """

    def __init__(self, models: Models, threads: int | None = None, precision: str = "auto") -> None:
        self._models = models
        self._core = ov.Core()
        self._options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        bf16 = precision == "auto" and "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.precision = "bf16" if bf16 else "f32"
        self._options["INFERENCE_PRECISION_HINT"] = self.precision
        if threads is not None:
            self._options["INFERENCE_NUM_THREADS"] = threads
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def session(self, model_id: str) -> Session:
        """The model, compiled at the first call. What it takes: see the module that uses it.

        Models that take planes (CenterFace, PP-OCR) are given pictures (N, H, W, 3) uint8 all the same; the centred
        ones among them get their values as -1 to 1.

        Raises:
            ModelMissing, ModelCorrupt: the model is not here, or is not the one the manifest names.
            ModelFailed: the runtime cannot make anything of the file.
        """
        with self._lock:
            if known := self._sessions.get(model_id):
                return known
        compiled = partial(self._compile, self._read(model_id), model_id in CENTRED)
        session = Session(compiled)  # several at a time
        with self._lock:
            return self._sessions.setdefault(model_id, session)

    def characters(self, model_id: str) -> list[str]:
        """The characters that a reading model knows, as its own file lists them.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as for `session`.
        """
        try:
            model = self._read(model_id)
            return str(model.get_rt_info(["framework", "character"]).astype(str)).split("\n")
        except RuntimeError as error:
            raise ModelFailed(hint="Run `fotopoort models verify`.") from error

    def _read(self, model_id: str) -> ov.Model:
        try:
            return self._core.read_model(self._models.path(model_id))
        except RuntimeError as error:
            raise ModelFailed(hint="Run `fotopoort models verify`.") from error

    def _compile(self, original: ov.Model, centred: bool, batch: Shape | None) -> ov.CompiledModel:
        try:
            model = original.clone()
            shape = model.input().partial_shape
            shape[0] = batch[0] if batch else -1
            options = self._options
            if shape[1] == 3:  # planes first
                if shape.rank == 4 and not shape[3].is_dynamic:  # CenterFace, which takes pictures of any size
                    shape[2] = shape[3] = -1
                if batch:
                    shape[2], shape[3] = batch[1:3]
                    options = {**options, "SNIPPETS_MODE": "DISABLE"}  # fusing what is not fused for any shape rounds
                model.reshape(shape)
                steps = ov.preprocess.PrePostProcessor(model)
                steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
                steps.input().preprocess().convert_element_type(ov.Type.f32)
                if centred:
                    steps.input().preprocess().mean(127.5).scale(127.5)
                steps.input().model().set_layout(ov.Layout("NCHW"))
                model = steps.build()
            else:
                model.reshape(shape)
            return self._core.compile_model(model, "CPU", options)
        except RuntimeError as error:
            raise ModelFailed(hint="Run `fotopoort models verify`.") from error
