"""What runs inside a screening process: it loads the models once, and works on one photo at a time.

Every function here that takes a photo also takes the error that kept it from being read: then that is the answer.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fotopoort.errors import PhotoError
from fotopoort.photo.decode import Limits, decode
from fotopoort.photo.perceptual_hash import perceptual_hashes
from fotopoort.screening.analysis import Detectors, Inspection, failed, inspect
from fotopoort.screening.screen import Screening, ScreeningJob, screen, unjudged
from fotopoort.vision.models.catalogue import Catalogue

if TYPE_CHECKING:
    from fotopoort.vision.detector import FaceDetector
    from fotopoort.vision.text import PhotoReader

Prints: TypeAlias = tuple[str, tuple[str, ...]]  # SHA-256, and the perceptual hashes that it is recognised by


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What every screening process of a pool is given.

    Attributes:
        threads: processor threads per process; None: all.
        precision: see `vision.models.runtime.Runtime`.
    """

    models_folder: Path
    limits: Limits
    threads: int | None = None
    precision: str = "auto"


@dataclass(frozen=True, slots=True)
class InspectionJob:
    """A photo to look at without judging it: by how many pixels of its longer side, and whether its text is read."""

    long_side: int
    text: bool = True


@cache
def finder(config: WorkerConfig) -> FaceDetector:
    """The models that find faces, loaded once in each process."""
    from fotopoort.vision.detector import FaceDetector  # the runtime is loaded only where photos are looked at

    catalogue = Catalogue(config.models_folder)
    return FaceDetector.load(catalogue, threads=config.threads, precision=config.precision)


@cache
def reader(config: WorkerConfig) -> PhotoReader:
    """The models that read text, loaded once in each process."""
    from fotopoort.vision.models.runtime import Runtime
    from fotopoort.vision.text import PhotoReader

    return PhotoReader.load(Runtime(Catalogue(config.models_folder), config.threads, config.precision))


def start(log_level: int) -> None:
    """Make a new process log as much as the program that it belongs to."""
    logging.basicConfig(level=log_level, format="%(message)s")


def load_models(config: WorkerConfig) -> None:
    """Load all models.

    Raises:
        ModelMissing, ModelCorrupt, ModelFailed: a model is not here, is not the right one, or does not run.
    """
    with ThreadPoolExecutor() as executor:  # compiling a model takes one thread, so two at once
        list(executor.map(lambda load: load(config), (finder, reader)))


def screen_photo(config: WorkerConfig, data: bytes | PhotoError, job: ScreeningJob) -> Screening:
    """Judge one photo."""
    if isinstance(data, PhotoError):
        return unjudged(b"", job.request, data, policy=job.policy, people=job.people)
    return screen(data, job, Detectors(finder(config), reader(config)), config.limits)


def inspect_photo(config: WorkerConfig, data: bytes | PhotoError, job: InspectionJob) -> Inspection:
    """Look at one photo without judging it."""
    if isinstance(data, PhotoError):
        return failed(b"", data), {}
    detectors = Detectors(finder(config), reader(config) if job.text else None)
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
