"""A `fotopoort` that screens in its own process, by eyes that see one large face in dark photos: always alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np
from PIL import Image

from fotopoort.cli.app import main as fotopoort
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.settings import Settings
from fotopoort.vocabulary import Box, Face, Figure

DARK = 100  # levels


def picture(chance: np.random.Generator, number: int, size: tuple[int, int]) -> Image.Image:
    """Like no other; every fifth is dark."""
    level = 60 if number % 5 == 0 else 180
    pixels = chance.integers(level - 40, level + 40, (120, 160, 3)).astype(np.uint8)
    return Image.fromarray(pixels).resize(size)


class FaceFinder:
    """One frontal face over most of a dark photo, none in a light one."""

    fingerprint = "eyes of a test"

    def find(
        self, pixels: np.ndarray[Any, Any], scale: float = 1.0, known: Sequence[Box] = (), told: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        if pixels.mean() > DARK:
            return ()
        height, width = pixels.shape[:2]
        box = Box(0.2 * width / scale, 0.2 * height / scale, 0.6 * width / scale, 0.6 * height / scale)
        return (Face("f1", box, (box.centre,) * 5, 0.9, 0.0, 0.0, 0.0, True),)


class PersonFinder:
    """Nobody as a whole."""

    def find(self, pixels: np.ndarray[Any, Any], scale: float = 1.0) -> tuple[Figure, ...]:
        return ()


class Here(ScreeningPool):
    """Screening in this very process."""

    def __init__(self, policy: Policy, settings: Settings) -> None:
        self.config, self.count, self._policy = WorkerConfig(settings.models_folder, Limits()), 2, policy

    @classmethod
    def open(
        cls, settings: Settings, policy: Policy, *, max_processes: int | None = None, gives_way: bool = False
    ) -> Here:
        return cls(policy, settings)

    def close(self) -> None:
        pass

    def _run(
        self, work: Callable[..., Any], data: object, job: object, on_error: Callable[[Exception], Any]
    ) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(self.config, data, job))
        return future


def play() -> None:
    """From now on screening is played in this process."""
    worker.finder, worker.reader = lambda config: FaceFinder(), lambda config: None  # type: ignore[assignment]
    worker.people = lambda config: PersonFinder()  # type: ignore[assignment]
    ScreeningPool.open = Here.open  # type: ignore[method-assign]


def main() -> None:
    """`fotopoort`, with the arguments of this process."""
    play()
    fotopoort()
