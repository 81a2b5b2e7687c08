"""Recording what a program does with one photo, from outside: nothing in the program knows of it.

Calls of models and steps are exact. What happens between them is told by samples of the stack, taken every other
millisecond: no function of the program is known here by name, so that it can be rebuilt without the measuring going
blind.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, Self
from unittest import mock

import openvino as ov

from fotopoort.screening.analysis import Stopwatch
from fotopoort.vision.models import compiled_cache, runtime
from fotopoort.vision.models.runtime import Runtime

PACKAGE: Final = "fotopoort."
INTERVAL: Final = 0.002  # seconds between two samples
SWITCH: Final = 0.0005  # seconds after which a thread must let the sampling one run

Stack = tuple[str, ...]  # functions as module.name, the outermost first


@dataclass(frozen=True, slots=True)
class Span:
    """A call of a model, or a step of the program's own stopwatch. Times in seconds from the start of the photo.

    Attributes:
        name: the model's, or the step's.
        shape: of what a model was given.
        processor: of a call, seconds of the processor's time, of all threads of the program.
    """

    name: str
    start: float
    end: float
    shape: tuple[int, ...] = ()
    processor: float = 0.0

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Sample:
    """What the thread that works on the photo did in a short while that ended at `end`, `seconds` long.

    Attributes:
        in_model: a model was running.
        beside: what the program's other threads did.
    """

    end: float
    seconds: float
    stack: Stack
    in_model: bool
    beside: tuple[Stack, ...]


@dataclass(slots=True)
class Trace:
    """All that was recorded of one photo. Times in seconds, on the clock where nothing else is said."""

    calls: list[Span] = field(default_factory=list)
    steps: list[Span] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0  # of all threads but the one that takes the samples
    sampling: float = 0.0  # of that one

    @property
    def in_models(self) -> float:
        return sum(call.seconds for call in self.calls)

    def between(self) -> dict[str, float]:
        """Seconds by the function of ours that was running, or that called something else, while no model was."""
        found: dict[str, float] = {}
        for sample in self.samples:
            if not sample.in_model:
                where = sample.stack[-1] if sample.stack else "elsewhere"
                found[where] = found.get(where, 0.0) + sample.seconds
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def of_steps(self) -> dict[str, float]:
        """Seconds by step, in the order in which the steps first began."""
        found: dict[str, float] = {}
        for step in sorted(self.steps, key=lambda step: step.start):
            found[step.name] = found.get(step.name, 0.0) + step.seconds
        return found


class Recorder:
    """While it is entered, every session that is made and every step of a stopwatch can be recorded.

    The models must be loaded while it is entered.

    Attributes:
        models: the last model that was compiled under each id, as it was given to the runtime, with the options.
    """

    def __init__(self) -> None:
        self.models: dict[str, tuple[ov.Model, dict[str, Any]]] = {}
        self._trace: Trace | None = None
        self._began = 0.0
        self._current = threading.local()  # the model that this thread is compiling or calling
        self._patches = ExitStack()

    def __enter__(self) -> Self:
        session, compile_model, step = Runtime.session, ov.Core.compile_model, Stopwatch.step

        def recorded_session(runtime: Runtime, model_id: str, *columns: tuple[int, ...]) -> _Recorded:
            with self._named(model_id):
                return _Recorded(session(runtime, model_id, *columns), model_id, self)

        def recorded_compile(core: ov.Core, model: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as the runtime's
            if self._name and isinstance(model, ov.Model):
                options = next((value for value in (*rest, *named.values()) if isinstance(value, dict)), {})
                self.models[self._name] = (model, options)
            return compile_model(core, model, *rest, **named)

        @contextmanager
        def recorded_step(stopwatch: Stopwatch, name: str) -> Iterator[None]:
            start = self._now()
            try:
                with step(stopwatch, name):
                    yield
            finally:
                if self._trace is not None:
                    self._trace.steps.append(Span(name, start, self._now()))

        self._patches.enter_context(mock.patch.object(Runtime, "session", recorded_session))
        self._patches.enter_context(mock.patch.object(ov.Core, "compile_model", recorded_compile))
        self._patches.enter_context(mock.patch.object(compiled_cache, "read", return_value=None))  # all are compiled
        self._patches.enter_context(mock.patch.object(Stopwatch, "step", recorded_step))
        return self

    def __exit__(self, *error: object) -> None:
        self._patches.close()

    @contextmanager
    def photo(self) -> Iterator[Trace]:
        """Record what is done within, on one photo."""
        self._trace = trace = Trace()
        before, self._began = time.process_time(), time.perf_counter()
        try:
            with _sampling(trace, self._began):
                yield trace
        finally:
            trace.seconds, trace.processor = self._now(), time.process_time() - before - trace.sampling
            self._trace = None

    def call(self, model: str, run: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever a session takes
        """Call a session, and record it where a photo is recorded."""
        start, before = self._now(), time.process_time()
        with self._named(model):
            outputs = run(*given, **named)
        if self._trace is not None:
            shape = tuple(getattr(given[0], "shape", ())) if given else ()
            self._trace.calls.append(Span(model, start, self._now(), shape, time.process_time() - before))
        return outputs

    def _now(self) -> float:
        return time.perf_counter() - self._began

    @property
    def _name(self) -> str | None:
        return getattr(self._current, "name", None)

    @contextmanager
    def _named(self, model_id: str) -> Iterator[None]:
        before, self._current.name = self._name, model_id
        try:
            yield
        finally:
            self._current.name = before


class _Recorded:
    """A session whose calls are recorded; in all else the session itself."""

    def __init__(self, session: Any, model: str, recorder: Recorder) -> None:  # noqa: ANN401 - whatever a session is
        self._session = session
        self._model = model
        self._recorder = recorder

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever a session takes
        return self._recorder.call(self._model, self._session, *given, **named)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a session has
        return getattr(self._session, name)


@contextmanager
def _sampling(trace: Trace, began: float) -> Iterator[None]:
    """Sample the stack of the thread that is here, and of the others, until the end of the `with` block."""
    worker, ended = threading.get_ident(), threading.Event()

    def sample() -> None:
        last = time.perf_counter()
        while not ended.wait(INTERVAL):
            frames = sys._current_frames()
            now = time.perf_counter()
            stack, in_model = _read(frames[worker])
            others = (_read(frame)[0] for thread, frame in frames.items() if thread != worker)
            beside = tuple(other for other in others if other)
            trace.samples.append(Sample(now - began, now - last, stack, in_model, beside))
            last = now
        trace.sampling = time.thread_time()

    sampler = threading.Thread(target=sample, daemon=True)
    switch = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    sampler.start()
    try:
        yield
    finally:
        ended.set()
        sampler.join()
        sys.setswitchinterval(switch)


def _read(frame: FrameType | None) -> tuple[Stack, bool]:
    """The functions of the program on a stack, the outermost first, down to the call of a model if there is one."""
    functions: list[str] = []
    in_model = False
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if frame.f_code is Recorder.call.__code__:
            in_model, functions = True, []
        elif module.startswith(PACKAGE) and module != runtime.__name__:
            functions.append(f"{module.rpartition('.')[2]}.{frame.f_code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(functions)), in_model
