"""Screening processes that look at the same pixels once in all the tests together.

What the models see in a picture hangs on its pixels alone, and many tests judge the same few photos. The first look is
the real one; its answer is kept in a folder that all processes of a run share. The models are loaded where there is
something to look at that nobody has looked at yet: that takes seconds, in every process.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import numpy as np

from fotopoort.cli.app import main
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.people import PersonDetector
from fotopoort.vision.text.reader import PhotoReader

Kind = TypeVar("Kind")

FOLDER: Final = "FOTOPOORT_TEST_LOOKS"  # where it is, for programs that tests start
LOOKS: Final[dict[type, tuple[str, ...]]] = {
    FaceDetector: ("find", "find_again"),
    PersonDetector: ("find",),
    PhotoReader: ("read", "read_again", "codes"),
}
FACTS: Final = ("fingerprint", "precision")  # of a detector, whatever it looks at


def load_and_remember(folder: Path, config: WorkerConfig) -> None:
    """What a screening process of the tests does first; with `folder` bound, the `load` of a `ScreeningPool`."""
    for kind, name in ((FaceDetector, "finder"), (PhotoReader, "reader"), (PersonDetector, "people")):
        setattr(worker, name, cache(partial(remembering, kind, folder, getattr(worker, name))))


def remembering(kind: type[Kind], folder: Path, load: Callable[[WorkerConfig], Kind], config: WorkerConfig) -> Kind:
    """A detector of the kind that `load` loads, once it must really look."""
    detector_id = kind.__qualname__, str(config.models_folder), config.precision
    lock = threading.RLock()

    def load_attribute(self: object, name: str) -> object:
        """One that is not there yet."""
        with lock:
            if name.startswith("__") or (self.__dict__ and name not in self.__dict__):
                raise AttributeError(name)
            if name not in self.__dict__:
                self.__dict__.update(load(config).__dict__)
            return self.__dict__[name]

    def attribute(self: object, name: str) -> object:
        if name not in FACTS:
            return load_attribute(self, name)
        return kept(folder, (detector_id, name), partial(load_attribute, self, name))

    looks = {name: remembered(getattr(kind, name), folder, detector_id) for name in LOOKS[kind]}
    return object.__new__(type(kind.__name__, (kind,), looks | {"__getattr__": attribute}))


def remembered(look: Callable[..., Any], folder: Path, detector_id: object) -> Callable[..., Any]:
    """The method, answering from the folder what it was asked before about the same pixels with the same arguments."""

    def answer(self: object, pixels: np.ndarray[Any, Any], *arguments: object, **named: object) -> object:
        seen = hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=32).digest()
        key = detector_id, look.__name__, pixels.shape, seen, arguments, sorted(named.items())
        return kept(folder, key, partial(look, self, pixels, *arguments, **named))

    return answer


def kept(folder: Path, key: object, ask: Callable[[], object]) -> object:
    """What is in the folder by this key, once it was asked."""
    path = folder / hashlib.blake2b(pickle.dumps(key), digest_size=32).hexdigest()
    if path.exists():
        return pickle.loads(path.read_bytes())  # noqa: S301 - the tests' own
    answer = ask()
    part = path.with_name(uuid4().hex)
    part.write_bytes(pickle.dumps(answer))
    os.replace(part, path)
    return answer


def fotopoort() -> None:
    """The command, in whose screening processes the models look at the same pixels once."""
    ScreeningPool.__init__.__kwdefaults__["load"] = partial(load_and_remember, Path(os.environ[FOLDER]))  # type: ignore[index]
    main()
