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

OFTEN: Final = 40  # calls with a shape until the model is compiled for it; that takes as long as is won in some fifty
MAX_OWN: Final = 12  # shapes with a model of their own, for each model; each takes 10 to 30 MB
MAX_AREA: Final = 4_000_000  # pixels of these shapes together; a million take 90 MB
LARGE: Final = 1_000_000  # pixels
CENTRED: Final = frozenset({"text_detector", "text_recogniser"})  # models that want their values around 0


class Models(Protocol):
    """Where model files come from; `vision.catalogue.Catalogue` is the real one."""

    def path(self, model_id: str) -> Path: ...


class Session:
    """One model, compiled for input of any shape. Calls from several threads wait for each other.

    A shape that keeps coming, as photos of one camera bring, gets the model compiled for it alone, which is a tenth
    faster. That one is used only where it gave the very same numbers for three pictures, so that no answer hangs on
    what came before.

    Args:
        compile_model: compiles the model for input of one shape, or of any.
    """

    def __init__(self, compile_model: Callable[[Shape | None], ov.CompiledModel]) -> None:
        self._compile = compile_model
        self._any = compile_model(None).create_infer_request()
        self._own: dict[Shape, ov.InferRequest] = {}
        self._calls: Counter[Shape] = Counter()
        self._takes_own = True  # False: one of them failed, or gave other numbers
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
                self._calls.clear()
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
        self._calls[shape] += 1
        if self._calls[shape] == OFTEN and self._has_room(shape):
            try:
                self._add_own(batch)
            except (ModelFailed, RuntimeError):  # the photo has its answer
                self._takes_own = False
        return outputs

    def _has_room(self, shape: Shape) -> bool:
        if shape[0] > 1 or not self._takes_own:  # several pictures are crops, which are small and of many shapes
            return False
        return len(self._own) < MAX_OWN and sum(map(_area, [*self._own, shape])) <= MAX_AREA

    def _add_own(self, batch: Array) -> None:
        pictures = (batch, batch[:, :, ::-1], 255 - batch)  # mirrored, negative
        expected = [_infer(self._any, picture) for picture in pictures]
        if _area(batch.shape) >= LARGE:  # one that has not seen the shape yet has no memory for it
            self._any = self._compile(None).create_infer_request()
        own = self._compile(batch.shape).create_infer_request()
        found = [_infer(own, picture) for picture in pictures]
        self._takes_own = all(all(map(np.array_equal, *pair)) for pair in zip(found, expected, strict=True))
        if self._takes_own:
            self._own[batch.shape] = own


def _area(shape: Shape) -> int:
    return shape[1] * shape[2]


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
