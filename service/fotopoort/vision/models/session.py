"""One model, compiled: calls of it, and the memory that they hold.

A model compiled for one shape alone takes a tenth to a third less time for it than one for any shape, and its calls
hold half the memory, because the plan for reusing buffers is made at compile time. Compiling takes some 0.2 s and holds
20 to 50 MB more. So the few shapes that most photos come in have a model each, compiled at the first call.
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

# What a call holds for each value of its batch until memory is given back: of the hungriest models, for large pictures.
BYTES_PER_VALUE_ANY_SHAPE: Final = {"f32": 100, "bf16": 60}
BYTES_PER_VALUE_ONE_SHAPE: Final = {"f32": 45, "bf16": 30}


class ModelSession:
    """One model. Calls from several threads wait for each other.

    Args:
        compile_model: compiles the model: immediately for any shape, and for each of `own_shapes` at its first call.
            After a failure both are done again: a request that failed never works again.
        make_room: called before calls hold more memory than they do, with how many bytes more. It may have this model
            give back what its other shapes hold.
        own_shapes: batches of these shapes get a compiled model each.
        precision: that the model calculates in, "f32" or "bf16", which tells what calls hold.
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
        self._requests: dict[Shape | None, ov.InferRequest] = {None: self._new_request(None)}
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
            ModelFailed: the runtime gave up, the model cannot be compiled for that shape, or the output holds NaN or
                infinity.
            ModelMissing, ModelCorrupt: the runtime gave up, and the model's file is no longer what it was.
        """
        with self._lock:
            try:
                outputs = self._infer(batch)
            except RuntimeError as error:
                self._held.clear()
                self._requests.clear()  # first, as they hold memory
                self._requests[None] = self._new_request(None)
                raise ModelFailed from error
        with np.errstate(all="ignore"):
            if not all(np.isfinite(output.sum()) for output in outputs):  # finite if and only if every number is
                raise ModelFailed
        return outputs

    def _infer(self, batch: Array) -> list[Array]:
        shape = batch.shape if batch.shape in self._own_shapes else None
        bytes_per_value = BYTES_PER_VALUE_ANY_SHAPE if shape is None else BYTES_PER_VALUE_ONE_SHAPE
        needed, held = batch.size * bytes_per_value[self._precision], self._held.get(shape, 0)
        if needed > held:
            self._held.pop(shape, None)  # what this call goes on to use is not given back
            self._make_room(needed - held)
        if shape not in self._requests:
            self._requests[shape] = self._new_request(shape)
        self._held[shape] = max(needed, held)
        request = self._requests[shape]
        request.infer([batch], share_outputs=True)
        return [np.array(tensor.data, dtype=np.float32) for tensor in request.output_tensors]

    def _new_request(self, shape: Shape | None) -> ov.InferRequest:
        return self._compile(shape).create_infer_request()
