"""One model, compiled: calls of it, and the memory that they hold.

A model compiled for one shape alone takes a tenth to a third less time for it than one for any shape, and holds half
the memory, as it is known beforehand what can share a place. Compiling it takes some 0.2 s, about what the first
picture of a new shape costs a model for any. So the few shapes that most photos come in have models of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any, Final, TypeAlias

import numpy as np
import openvino as ov

from fotopoort.errors import ModelFailed

Array = np.ndarray[Any, np.dtype[Any]]
Shape: TypeAlias = tuple[int, ...]  # of a batch: (N, H, W, 3)
CompileModel: TypeAlias = Callable[[Shape | None], ov.CompiledModel]  # for one shape; None: for any

# Bytes for each value of a batch that a call holds until memory is given back: what the hungriest models take for a
# large picture, compiled for any shape and for one.
ANY_SHAPE: Final = {"f32": 100, "bf16": 60}
ONE_SHAPE: Final = {"f32": 45, "bf16": 30}


class ModelSession:
    """One model. Calls from several threads wait for each other.

    Args:
        compile_model: compiles the model. For any shape at once, and again after a failure: a request that failed never
            works again; for one of `own_shapes` at its first call.
        make_room: called before calls hold more memory than they do, with how many bytes more. It may have this model,
            too, give memory back.
        own_shapes: batches of these shapes get a compiled model each.
        precision: that the model calculates in, which tells what calls hold.
    """

    def __init__(
        self,
        compile_model: CompileModel,
        make_room: Callable[[int], None] = lambda _: None,
        own_shapes: Collection[Shape] = (),
        precision: str = "f32",
    ) -> None:
        self._compile, self._make_room, self._own_shapes = compile_model, make_room, own_shapes
        self._precision = precision
        self._requests: dict[Shape | None, ov.InferRequest] = {None: self._compiled(None)}
        self._held: dict[Shape | None, int] = {}
        self._lock = threading.RLock()

    def held(self) -> dict[Shape | None, int]:
        """About how many bytes earlier calls hold, by the shape that is compiled alone; None: of all other shapes."""
        return self._held.copy()

    def release_memory(self, shape: Shape | None, *, wait: bool = True) -> None:
        """Give back what earlier calls needed; the next call takes it again, which costs some tens of milliseconds.

        Args:
            shape: as in `held`.
            wait: for a call of another thread; without it a model that is being called keeps its memory.
        """
        if self._lock.acquire(blocking=wait):
            try:
                if self._held.pop(shape, 0):
                    self._requests[shape].get_compiled_model().release_memory()
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
                outputs = self._infer(batch)
            except RuntimeError as error:
                self._held.clear()
                self._requests = {None: self._compiled(None)}
                raise ModelFailed from error
        with np.errstate(all="ignore"):
            if not all(np.isfinite(output.sum()) for output in outputs):  # finite if and only if every number is
                raise ModelFailed
        return outputs

    def _infer(self, batch: Array) -> list[Array]:
        shape = batch.shape if batch.shape in self._own_shapes else None
        if shape not in self._requests:
            self._requests[shape] = self._compiled(shape)
        needed = batch.size * (ANY_SHAPE if shape is None else ONE_SHAPE)[self._precision]
        held = self._held.get(shape, 0)
        if needed > held:
            self._make_room(needed - held)
            self._held[shape] = needed
        request = self._requests[shape]
        request.infer([batch], share_outputs=True)
        return [np.array(tensor.data, dtype=np.float32) for tensor in request.output_tensors]

    def _compiled(self, shape: Shape | None) -> ov.InferRequest:
        return self._compile(shape).create_infer_request()
