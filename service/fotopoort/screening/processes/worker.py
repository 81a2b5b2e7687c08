"""What runs inside a screening process: it loads the models once, and works on one photo at a time.

Every function here that takes a photo also takes the error that kept it from being read: then that is the answer.
"""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from fotopoort import allocator, logs
from fotopoort.errors import PhotoError
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.perceptual_hash import perceptual_hashes
from fotopoort.screening.analysis import Detectors, Inspection, failed, inspect
from fotopoort.screening.processes.messages import Answer, MoreTime
from fotopoort.screening.screen import Screening, ScreeningJob, screen, unjudged
from fotopoort.vision.models.catalogue import Catalogue

if TYPE_CHECKING:
    from fotopoort.settings import Settings
    from fotopoort.vision.faces.detector import FaceDetector
    from fotopoort.vision.models.runtime import Runtime
    from fotopoort.vision.people import PersonDetector
    from fotopoort.vision.text.reader import PhotoReader

Prints: TypeAlias = tuple[str, tuple[str, ...]]  # SHA-256, and the perceptual hashes that it is recognised by

# Memory of a process, in bytes: 0.35 GB with the models loaded, some 0.7 with those compiled for the shapes of most
# photos, more with every other shape, and what the runtime's largest calls needed, of which it keeps itself below 0.9.
# From SWOLLEN on it gives all of that back. Where more than KEPT is left then, the process is replaced.
SWOLLEN: Final = 950_000_000
KEPT: Final = 750_000_000
# Of address space a process has 1.9 GB when it begins to look, and up to 4.5 when it holds as much as it ever does.
SPACE_TO_LOOK: Final = 4_000_000_000
SPACE_PER_PIXEL: Final = 24  # twice what a picture of four channels takes while its orientation and colours are changed

# Of lines that may be read, 48 pixels high, in the ordinary time of one photo: on two shared cores they take 3 seconds.
PIXELS_OF_TEXT: Final = 200_000
programs: Final[list[Connection]] = []  # that this process answers to, while it serves
runtimes: Final[dict[WorkerConfig, Runtime]] = {}  # of this process
MIN_THREADS: Final = 2  # of each process
making_runtime: Final = threading.Lock()  # models are loaded by several threads


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What every screening process of a pool is given.

    Attributes:
        threads: processor threads per process; None: all.
        precision: see `vision.models.runtime.Runtime`.
        niceness: how far the process stands behind other programs, see nice(2). It has no part in what it finds.
    """

    models_folder: Path
    limits: Limits
    threads: int | None = None
    precision: str = "auto"
    niceness: int = field(default=0, compare=False)

    @classmethod
    def of(cls, settings: Settings, count: int, niceness: int = 0) -> Self:
        """As the settings say, for each of `count` processes."""
        from fotopoort.settings import processors

        limits, threads = Limits(settings.max_bytes, settings.max_pixels), processors()
        # With two at least, a photo that comes alone takes no longer; beside others they use what those leave idle.
        threads = max(min(threads, MIN_THREADS), threads // count)
        return cls(settings.models_folder, limits, threads, settings.precision, niceness)


@dataclass(frozen=True, slots=True)
class InspectionJob:
    """A photo to look at without judging it: by how many pixels of its longer side, and whether its text is read."""

    long_side: int
    text: bool = True


def import_detectors() -> None:
    """Import what the functions below import, before it is known which models to load."""
    from fotopoort.vision.faces import detector  # noqa: F401
    from fotopoort.vision.models import runtime  # noqa: F401
    from fotopoort.vision.text import reader  # noqa: F401


@cache
def finder(config: WorkerConfig) -> FaceDetector:
    """The models that find faces, loaded once in each process."""
    from fotopoort.vision.faces.detector import FaceDetector  # the runtime is loaded only where photos are looked at

    return FaceDetector.load_into(runtime(config), Catalogue(config.models_folder))


def runtime(config: WorkerConfig) -> Runtime:
    """What compiles and runs models as this process is told to: one for all of them, as they share memory."""
    from fotopoort.vision.models.runtime import Runtime

    with making_runtime:
        if config not in runtimes:
            runtimes[config] = Runtime(Catalogue(config.models_folder), config.threads, config.precision)
        return runtimes[config]


@cache
def people(config: WorkerConfig) -> PersonDetector:
    """The model that finds people as whole figures, loaded once in each process."""
    from fotopoort.vision.people import PersonDetector

    return PersonDetector.load(runtime(config))


@cache
def reader(config: WorkerConfig) -> PhotoReader:
    """The models that read text, loaded once in each process."""
    from fotopoort.vision.text.reader import PhotoReader

    return PhotoReader.load(runtime(config), lambda pixels: ask_time(pixels / PIXELS_OF_TEXT))


def ask_time(times: float) -> None:
    """Tell the program that the photo at hand takes longer, by so many times the ordinary time."""
    for program in programs:
        program.send(MoreTime(times))


def serve(
    jobs: Connection,
    answers: Connection,
    config: WorkerConfig,
    load: Callable[[WorkerConfig], None],
    logging_as: tuple[logs.LogFormat, int],
) -> None:
    """What a process does: load, say so, and then one job after another until there are no more.

    Args:
        jobs: gives what to do: a function, and what it is given after `config`.
        answers: takes an `Answer` to each, the first to loading.
        logging_as: format and level of the program that this process belongs to.
    """
    logs.configure(*logging_as)
    logs.log_what_nobody_caught()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold a photo
    _give_way(config.niceness)
    programs.append(answers)
    with suppress(EOFError, BrokenPipeError):  # the program is no more
        answers.send(_answer(load, config))
        resource.setrlimit(resource.RLIMIT_AS, (_address_space(config),) * 2)
        while True:
            work, data, job = jobs.recv()
            answers.send(_answer(work, config, data, job))


def _give_way(niceness: int) -> None:
    """Let other programs go first. To Linux each thread is one that does or does not: those there are, of models that
    were loaded ahead, are told one by one; later ones do as the thread that starts them."""
    if niceness:
        lowest = min(19, os.getpriority(os.PRIO_PROCESS, 0) + niceness)
        for thread in Path("/proc/self/task").iterdir():
            with suppress(ProcessLookupError):  # it has ended
                os.setpriority(os.PRIO_PROCESS, int(thread.name), lowest)


def _answer(work: Callable[..., Any], *arguments: object) -> Answer:
    value, error = None, None
    try:
        value = work(*arguments)
    except Exception as raised:
        error = raised
    return Answer(value, error, _holds_too_much())


def _holds_too_much() -> bool:
    """Whether this process holds more memory than it should between two photos, also after giving back what it can."""
    if allocator.resident() <= SWOLLEN:
        return False
    allocator.trim()
    if allocator.resident() <= SWOLLEN:
        return False
    try:
        for made in runtimes.values():
            made.release_memory()
    except RuntimeError:  # the photo was judged; the next one gets another process
        return True
    allocator.trim()
    return allocator.resident() > KEPT


def _address_space(config: WorkerConfig) -> int:
    """Bytes of address space that this process may have: what it has with its models, and what a photo may take."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return now + SPACE_TO_LOOK + SPACE_PER_PIXEL * config.limits.max_pixels


def load_models(config: WorkerConfig) -> None:
    """Load all models.

    Raises:
        ModelMissing, ModelCorrupt, ModelFailed: a model is not here, is not the right one, or does not run.
    """
    with ThreadPoolExecutor() as executor:  # compiling a model takes one thread, so two at once
        list(executor.map(lambda load: load(config), (finder, reader, people)))


def load_ahead() -> None:
    """Load the models that the first screening process of a program will most likely need.

    An error is ignored here: if these models are asked for later, loading them fails again and is reported then.
    """
    from fotopoort.settings import load_settings

    with suppress(Exception):
        settings = load_settings()
        config = WorkerConfig.of(settings, settings.screeners)
        if config == WorkerConfig.of(settings, 1):  # however many there will be
            load_models(config)


def screen_photo(config: WorkerConfig, data: bytes | PhotoError, job: ScreeningJob) -> Screening:
    """Judge one photo."""
    if isinstance(data, PhotoError):
        return unjudged(b"", job.request, data, policy=job.policy, people=job.people)
    return screen(data, job, Detectors(finder(config), people(config), reader(config)), config.limits)


def inspect_photo(config: WorkerConfig, data: bytes | PhotoError, job: InspectionJob) -> Inspection:
    """Look at one photo without judging it."""
    if isinstance(data, PhotoError):
        return failed(b"", data), {}
    detectors = Detectors(finder(config), people(config), reader(config) if job.text else None)
    return inspect(data, detectors, limits=config.limits, long_side=job.long_side)


def prints_of_photo(config: WorkerConfig, data: bytes | PhotoError, long_side: int) -> Prints | PhotoError:
    """What a photo is recognised by, or why that cannot be had."""
    if isinstance(data, PhotoError):
        return data
    try:
        photo = decode(data, config.limits, long_side)
    except PhotoError as error:
        return error
    return photo.sha256, perceptual_hashes(photo.pixels)
