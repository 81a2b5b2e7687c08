"""Screening processes that look at the same pixels once in all the tests together.

What the models see in a picture hangs on its pixels alone, and many tests judge the same few photos. The first look is
the real one; its answer is kept in a folder that all processes of a run share.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np

from fotopoort.screening.processes import worker
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.people import PersonDetector
from fotopoort.vision.text.reader import PhotoReader

LOOKS: Final[dict[type, tuple[str, ...]]] = {
    FaceDetector: ("find", "find_again"),
    PersonDetector: ("find",),
    PhotoReader: ("read", "read_again", "codes"),
}


def load_and_remember(folder: Path, config: WorkerConfig) -> None:
    """What a screening process of the tests does first; with `folder` bound, the `load` of a `ScreeningPool`."""
    worker.load_models(config)
    for kind, names in LOOKS.items():
        for name in names:
            setattr(kind, name, remembered(getattr(kind, name), folder))


def remembered(look: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """The method, answering from the folder what it was asked before about the same pixels with the same arguments."""

    def answer(self: object, pixels: np.ndarray[Any, Any], *arguments: object, **named: object) -> object:
        asked = hashlib.blake2b(pickle.dumps((look.__qualname__, pixels.shape, arguments, sorted(named.items()))))
        asked.update(np.ascontiguousarray(pixels).data)
        path = folder / asked.hexdigest()
        if path.exists():
            return pickle.loads(path.read_bytes())  # noqa: S301 - the tests' own
        seen = look(self, pixels, *arguments, **named)
        part = path.with_name(uuid4().hex)
        part.write_bytes(pickle.dumps(seen))
        os.replace(part, path)
        return seen

    return answer
