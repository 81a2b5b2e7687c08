"""What nobody could do faster, and what others take: the models alone, decoding and encoding alone, and `deface`."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import openvino as ov

from benchmarks import deface
from benchmarks.cost.recording import Recorder, Trace
from benchmarks.cost.scenes import Scene
from benchmarks.processes import Run, fotopoort
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.render import encode

RUNS: Final = 5  # of a model alone; the fastest counts
PAIRS: Final = 2

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds: on the clock, and of the processor, of all threads together."""

    clock: float = 0.0
    processor: float = 0.0

    def __add__(self, other: Time) -> Time:
        return Time(self.clock + other.clock, self.processor + other.processor)

    def less(self, other: Time) -> Time:
        return Time(self.clock - other.clock, self.processor - other.processor)

    def times(self, count: int) -> Time:
        return Time(self.clock * count, self.processor * count)


class Alone:
    """Models run by themselves, each compiled for the one shape it is given: the least that any of some calls took.

    Args:
        recorder: knows the models as the program compiled them, and with which options.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._models = dict(recorder.models)
        self._core = ov.Core()
        self._times: dict[tuple[str, Shape], Time | None] = {}

    def time(self, model: str, shape: Shape) -> Time | None:
        """Of one call. None: the model cannot be given this shape."""
        if (model, shape) not in self._times:
            self._times[model, shape] = self._measured(model, shape)
        return self._times[model, shape]

    def of(self, trace: Trace) -> Time:
        """Of all calls in a photo; where a model cannot be run alone, what it took in the photo."""
        total = Time()
        for (model, shape), count in Counter((call.name, call.shape) for call in trace.calls).items():
            alone = self.time(model, shape)
            calls = [call for call in trace.calls if (call.name, call.shape) == (model, shape)]
            there = Time(sum(call.seconds for call in calls), sum(call.processor for call in calls))
            total += there if alone is None else alone.times(count)
        return total

    def _measured(self, model: str, shape: Shape) -> Time | None:
        if model not in self._models:
            return None
        original, options = self._models[model]
        try:
            fixed = original.clone()
            fixed.reshape(ov.PartialShape(list(shape)))
            request = self._core.compile_model(fixed, "CPU", options).create_infer_request()
            given = _noise(shape, fixed.input().element_type.to_dtype())
            request.infer([given])
            runs = [_timed(lambda: request.infer([given])) for _ in range(RUNS)]
            return Time(min(run.clock for run in runs), min(run.processor for run in runs))
        except RuntimeError:
            return None


def _noise(shape: Shape, kind: Any) -> Any:  # noqa: ANN401 - numpy's
    random = np.random.default_rng(0)
    return random.integers(0, 256, shape, np.uint8) if kind == np.uint8 else random.random(shape).astype(kind)


def _timed(run: Callable[[], object]) -> Time:
    start, processor = time.perf_counter(), time.process_time()
    run()
    return Time(time.perf_counter() - start, time.process_time() - processor)


def decoded_and_encoded(data: bytes, seen: int, sides: Sequence[int], runs: int = 5) -> Time:
    """What it takes to decode a photo and to encode it for each of the sides, with nothing covered."""

    def once() -> None:
        photo = decode(data, Limits(), seen)
        for side in sorted(set(sides)):
            encode(photo, (), side)

    times = [_timed(once) for _ in range(runs)]
    return Time(median(time.clock for time in times), median(time.processor for time in times))


@dataclass(frozen=True, slots=True)
class Peers:
    """Whole programs on the same files, in turn. `ours` by precision."""

    photos: int
    ours: dict[str, list[Run]]
    deface: list[Run]
    versions: str

    def ratios(self, precision: str) -> list[float]:
        """How many times as fast as `deface` we were, pair by pair."""
        return [b.seconds / a.seconds for a, b in zip(self.ours[precision], self.deface, strict=True)]


def against_deface(scenes: Sequence[Scene], precisions: dict[str, str], channels: Sequence[str]) -> Peers:
    """Run `fotopoort screen` with renditions, in each precision, and `deface`, in turn.

    Args:
        precisions: what each is called, and the setting that chooses it.
    """
    versions = deface.install()
    ours: dict[str, list[Run]] = {name: [] for name in precisions}
    theirs: list[Run] = []
    wanted = [word for channel in channels for word in ("--channel", channel)]
    with tempfile.TemporaryDirectory() as temporary:
        photos = Path(temporary) / "photos"
        photos.mkdir()
        for scene in scenes:
            (photos / f"{scene.id}.jpg").write_bytes(scene.data)
        for number in range(PAIRS):
            for name, setting in precisions.items():
                out = Path(temporary) / f"out-{name}-{number}"
                run = fotopoort("screen", photos, *wanted, "--out", out, "--json", precision=setting)
                if run.status:
                    raise RuntimeError(f"fotopoort screen ended with {run.status}: {run.errors[-500:]}")
                ours[name].append(run)
            theirs.append(deface.anonymise(photos))
    return Peers(len(scenes), ours, theirs, versions)
