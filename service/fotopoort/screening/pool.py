"""Processes that screen: a photo that crashes a decoder or takes too long costs that photo, never the program.

Each process loads the models once and screens one photo at a time; the front doors hand it bytes and get a `Screening`
back. A process that dies or runs out of time is replaced, and its photo is rejected by rule R01.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from pebble import ProcessExpired, ProcessPool

from fotopoort.errors import ModelError, ModelFailed, PhotoError, ScreenerCrashed, ScreeningTimeout
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.perceptual_hash import Blocklist, perceptual_hashes
from fotopoort.policy.policy import Policy, StaffNames
from fotopoort.screening.analysis import Detectors, failed, inspect
from fotopoort.screening.name_search import name_list
from fotopoort.screening.screen import NOTHING_BLOCKED, Request, Screening, screen, unjudged
from fotopoort.settings import Settings, processors
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vocabulary import Findings, NameEntry, People

if TYPE_CHECKING:
    from fotopoort.vision.detector import FaceDetector
    from fotopoort.vision.text import PhotoReader

Result = TypeVar("Result")
Inspection: TypeAlias = tuple[Findings, dict[str, float]]  # and milliseconds per step

Prints: TypeAlias = tuple[str, tuple[str, ...]]  # SHA-256, and what it is recognised by

WIDE = 2**20  # bytes; the most that Linux gives those who are not root
SECONDS_TO_LOAD = 120  # on a slow and busy machine


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What every screening process has before it: the same in each."""

    models_folder: Path
    limits: Limits
    threads: int | None = None  # processor threads per process; None = all
    precision: str = "auto"  # see `vision.runtime.Runtime`


@cache
def finder(bench: WorkerConfig) -> FaceDetector:
    """The models, loaded once in each process."""
    from fotopoort.vision.detector import FaceDetector  # the runtime is only for those who look

    catalogue = Catalogue(bench.models_folder)
    return FaceDetector.load(catalogue, threads=bench.threads, precision=bench.precision)


@cache
def reader(bench: WorkerConfig) -> PhotoReader:
    """The models that read text, loaded once in each process."""
    from fotopoort.vision.models.runtime import Runtime
    from fotopoort.vision.text import PhotoReader

    return PhotoReader.load(Runtime(Catalogue(bench.models_folder), bench.threads, bench.precision))


class ScreeningPool:
    """A pool of screening processes.

    Args:
        bench: the same for every process.
        policy: the school's rules.
        count: how many processes.
        seconds: how long one photo may take.

    Attributes:
        bench: what every process has before it.
        count: how many processes.
    """

    def __init__(self, bench: WorkerConfig, policy: Policy, *, count: int, seconds: float) -> None:
        self.bench, self.count, self._policy, self._seconds = bench, count, policy, seconds
        self._pool = self._new_pool()
        self._replacing = threading.Lock()
        self._unsettled: dict[Future[Any], Callable[[Exception], Any]] = {}  # and what an error makes of them
        self._closed = False

    @classmethod
    def open(cls, settings: Settings, policy: Policy, *, most: int | None = None) -> Self:
        """As many processes as the settings say, at most `most`, models loaded.

        Raises:
            ModelMissing, ModelCorrupt: a model is not here, or is not the one the manifest names.
        """
        Catalogue(settings.models_folder).pull()
        count = min(settings.screeners, most or settings.screeners)
        limits = Limits(settings.max_bytes, settings.max_pixels)
        threads = max(1, processors() // count)
        bench = WorkerConfig(settings.models_folder, limits, threads, settings.precision)
        screeners = cls(bench, policy, count=count, seconds=settings.seconds_per_photo)
        try:
            screeners.warm_up()
        except BaseException:
            screeners.close()
            raise
        return screeners

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop at once: what is being screened is cancelled, nothing half-done remains."""
        with self._replacing:
            self._closed = True
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        for outcome in tuple(self._unsettled):
            with suppress(InvalidStateError):  # settled in the meantime
                outcome.set_exception(CancelledError())

    def warm_up(self) -> None:
        """Load the models in every process.

        Raises:
            ModelMissing, ModelCorrupt, ModelFailed: as the process said.
        """
        self._mend()
        with self._replacing:
            pool = self._pool
            loading = [pool.schedule(_load, args=[self.bench], timeout=SECONDS_TO_LOAD) for _ in range(self.count)]
        for future in loading:
            try:
                future.result()
            except (ProcessExpired, BrokenProcessPool, TimeoutError):
                raise ModelFailed("The models could not be loaded.") from None

    def submit(
        self,
        data: bytes | PhotoError,
        request: Request,
        people: People | None,
        *,
        names: tuple[NameEntry, ...] = (),
        policy: Policy | None = None,
        blocked: Blocklist = NOTHING_BLOCKED,
        findings: Findings | None = None,
        preview_side: int = 0,
    ) -> Future[Screening]:
        """Screen one photo (or what kept it from being read) as soon as a process is free.

        Args:
            names: what is searched for; none: names are not checked.
            policy: in place of these processes' own.
            findings: of an earlier screening of the same photo: it is judged again by them.
            preview_side: see `screening.screen`.

        The future never fails for anything about the photo.
        """
        rules = policy or self._policy

        def refused(error: Exception) -> Screening:
            photo = data if isinstance(data, bytes) else b""
            return unjudged(photo, request, error, policy=rules, people=people)

        arguments = [self.bench, rules, data, request, people, names, blocked, findings, preview_side]
        return self._run(_screen, arguments, refused)

    def inspect(self, data: bytes | PhotoError, long_side: int, *, text: bool = True) -> Future[Inspection]:
        """Look at one photo without judging it, as soon as a process is free. The future never fails.

        Args:
            text: what can be read in it is wanted too.
        """

        def refused(error: Exception) -> Inspection:
            return failed(data if isinstance(data, bytes) else b"", error), {}

        return self._run(_inspect, [self.bench, data, long_side, text], refused)

    def prints(self, data: bytes) -> Future[Prints | PhotoError]:
        """A photo's SHA-256 and its `photo.perceptual_hash.perceptual_hashes`, or why there are none."""

        def refused(error: Exception) -> PhotoError:
            return error if isinstance(error, PhotoError) else ScreenerCrashed()

        side = max(channel.max_side for channel in self._policy.channels)
        return self._run(_prints, [self.bench, data, side], refused)

    def in_order(self, futures: Iterable[Future[Result]]) -> Iterator[Result]:
        """The results of lazily submitted work in order; only a few photos are in memory at a time."""
        waiting: deque[Future[Result]] = deque()
        for future in futures:
            waiting.append(future)
            if len(waiting) > 2 * self.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _run(
        self, work: Callable[..., Result], arguments: list[Any], refused: Callable[[Exception], Result]
    ) -> Future[Result]:
        """Do `work` in a process; what goes wrong with the process becomes what `refused` makes of it."""
        outcome: Future[Result] = Future()
        outcome.set_running_or_notify_cancel()  # from here on nobody cancels it: its process is busy until it ends

        def result_of(task: Future[Result]) -> Result:
            if self._closed:  # its process was stopped: nothing is known about the photo
                raise CancelledError
            try:
                return task.result()
            except TimeoutError:
                return refused(ScreeningTimeout())
            except (ProcessExpired, BrokenProcessPool):
                return refused(ScreenerCrashed())
            except ModelError as error:  # a process that took the place of another could not load its models
                return refused(error)

        def settle(task: Future[Result]) -> None:
            with suppress(InvalidStateError):  # settled in the meantime
                try:
                    result = result_of(task)
                except BaseException as error:
                    outcome.set_exception(error)
                else:
                    outcome.set_result(result)

        outcome.add_done_callback(lambda done: self._unsettled.pop(done, None))
        self._mend()
        with self._replacing:
            task = self._pool.schedule(work, args=arguments, timeout=self._seconds)
            self._unsettled[outcome] = refused
        task.add_done_callback(settle)
        return outcome

    def _mend(self) -> None:
        """Put another pool in the place of a broken one, as it is once an idle process has died. What was still to be
        handed to a process of that one is not screened any more."""
        with self._replacing:
            if self._pool.active or self._closed:
                return
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = self._new_pool()
            lost = tuple(self._unsettled.items())
        for outcome, refused in lost:
            with suppress(InvalidStateError):  # settled in the meantime
                outcome.set_result(refused(ScreenerCrashed()))

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.count,
            context=_Spawning(),
            initializer=_log_from,
            initargs=(logging.getLogger().getEffectiveLevel(),),
        )


class _Spawning(SpawnContext):
    """Starts processes afresh, with pipes as wide as anyone may have them: a photo is through in half the time."""

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:
        ends = super().Pipe(duplex)
        with suppress(OSError):
            fcntl.fcntl(ends[1].fileno(), fcntl.F_SETPIPE_SZ, WIDE)
        return ends


def _log_from(level: int) -> None:
    """A screening process says as much as the program that it belongs to."""
    logging.basicConfig(level=level, format="%(message)s")


def _load(bench: WorkerConfig) -> None:
    with ThreadPoolExecutor() as pool:  # one thread compiles a model, so two at once
        list(pool.map(lambda load: load(bench), (finder, reader)))


def _screen(
    bench: WorkerConfig,
    policy: Policy,
    data: bytes | PhotoError,
    request: Request,
    people: People | None,
    names: tuple[NameEntry, ...],
    blocked: Blocklist,
    findings: Findings | None,
    preview_side: int,
) -> Screening:
    if isinstance(data, PhotoError):
        return unjudged(b"", request, data, policy=policy, people=people)
    counts = policy.settings.staff_names is StaffNames.COUNT
    said = request.answers
    there = said.present | {answer.person for answer in said.faces.values() if answer.person}
    listed = name_list(names, said.groups, there, counts) if names else None
    return screen(
        data,
        request,
        finder=finder(bench),
        policy=policy,
        people=people,
        names=listed if listed else None,
        reader=reader(bench),
        blocked=blocked,
        findings=findings,
        limits=bench.limits,
        preview_side=preview_side,
    )


def _prints(bench: WorkerConfig, data: bytes, long_side: int) -> Prints | PhotoError:
    try:
        photo = decode(data, bench.limits, long_side)
    except PhotoError as error:
        return error
    return photo.sha256, perceptual_hashes(photo.pixels)


def _inspect(bench: WorkerConfig, data: bytes | PhotoError, long_side: int, text: bool) -> Inspection:
    if isinstance(data, PhotoError):
        return failed(b"", data), {}
    eyes = Detectors(finder(bench), reader(bench) if text else None)
    return inspect(data, eyes=eyes, limits=bench.limits, long_side=long_side)
