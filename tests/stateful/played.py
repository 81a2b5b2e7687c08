"""Screening in this very process, by eyes that know the hues of the made photos; a photo can be held back.

`screening.screen.screen` is the real one, with everything that it does to pixels.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from tests.stateful import photos

from fotopoort.errors import PhotoError
from fotopoort.photo.decode import Limits
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors, failed, inspect
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Screening, ScreeningJob, screen, unjudged
from fotopoort.settings import Settings
from fotopoort.vocabulary import Box, Face, Figure

MIN_HEIGHT: Final = 10  # pixels of the picture that is looked at; smaller faces are not found


class Nobody:
    """Sees no whole figures."""

    def find(self, pixels: Array, scale: float = 1.0) -> tuple[Figure, ...]:
        return ()


class HueFinder:
    """Finds the patches of the made photos: heads turned aside, but for the huge ones, which are full in the face."""

    fingerprint = "eyes for hues"

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), told: Sequence[Box] = (), /
    ) -> tuple[Face, ...]:
        """See `screening.analysis.FaceFinder`."""
        boxes = [box for _, box in photos.found(pixels, MIN_HEIGHT)]
        numbers = itertools.count(1)
        return tuple(
            Face(f"f{next(numbers)}", full, (full.centre,) * 5, 0.9, _yaw(full), 0.0, 0.0, True)
            for full in (Box(box.x / scale, box.y / scale, box.w / scale, box.h / scale) for box in boxes)
        )


def _yaw(box: Box) -> float:
    return 0.0 if box.h > (photos.HUGE[1] + photos.LARGE[1]) / 2 else 60.0


class PlayedPool(ScreeningPool):
    """A pool of no processes.

    Attributes:
        holding: from now on photos are taken in and not judged until `release`.
        meanwhile: is done once, while the next photo is being judged.
    """

    def __init__(self, policy: Policy) -> None:
        self.config, self.count, self._policy = worker.WorkerConfig(Path(), Limits()), 2, policy
        self.holding, self._held = False, deque[Callable[[], None]]()
        self.meanwhile: Callable[[], None] = lambda: None

    @classmethod
    def open(
        cls, settings: Settings, policy: Policy, *, max_processes: int | None = None, gives_way: bool = False
    ) -> PlayedPool:
        """See `ScreeningPool.open`."""
        return cls(policy)

    def close(self) -> None:
        """Nothing is open."""

    @property
    def held(self) -> int:
        """How many photos wait for `release`."""
        return len(self._held)

    def release(self) -> None:
        """Judge all that was held."""
        while self._held:
            self._held.popleft()()

    def submit(self, data: bytes | PhotoError, job: ScreeningJob, **_: Any) -> Future[Screening]:  # noqa: ANN401
        """See `ScreeningPool.submit`."""
        future: Future[Screening] = Future()

        def judge() -> None:
            meanwhile, self.meanwhile = self.meanwhile, lambda: None
            meanwhile()
            if isinstance(data, bytes):
                future.set_result(screen(data, job, Detectors(HueFinder(), Nobody())))
            else:
                future.set_result(unjudged(b"", job.request, data, policy=job.policy, people=job.people))

        if self.holding:
            self._held.append(judge)
        else:
            judge()
        return future

    def inspect(self, data: bytes | PhotoError, long_side: int, *, text: bool = True) -> Future[Any]:
        """See `ScreeningPool.inspect`."""
        future: Future[Any] = Future()
        if isinstance(data, bytes):
            future.set_result(inspect(data, Detectors(HueFinder(), Nobody()), limits=Limits(), long_side=long_side))
        else:
            future.set_result((failed(b"", data), {}))
        return future

    def prints(self, data: bytes) -> Future[Any]:
        """See `ScreeningPool.prints`."""
        future: Future[Any] = Future()
        future.set_result(worker.prints_of_photo(self.config, data, max(c.max_side for c in self._policy.channels)))
        return future
