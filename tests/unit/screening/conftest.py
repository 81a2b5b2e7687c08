"""Photos to screen, and the models, which look at the same pixels once in all the tests together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.remembered import remembering

from fotopoort.screening.analysis import Array
from fotopoort.screening.processes import worker
from fotopoort.screening.processes.worker import WorkerConfig
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.text.reader import PhotoReader


@pytest.fixture(scope="session")
def finder(worker_config: WorkerConfig, looks: Path) -> FaceDetector:
    return remembering(FaceDetector, looks, worker.finder, worker_config)


@pytest.fixture(scope="session")
def reader(worker_config: WorkerConfig, looks: Path) -> PhotoReader:
    return remembering(PhotoReader, looks, worker.reader, worker_config)


@pytest.fixture(scope="module")
def read(samples: Path) -> Callable[[str], bytes]:
    return lambda name: (samples / name).read_bytes()


@pytest.fixture(scope="module")
def plain(jpeg: Callable[[Array], bytes]) -> bytes:
    """A photo of 1200 × 900 pixels with nothing in it."""
    return jpeg(np.full((900, 1200, 3), (120, 150, 170), np.uint8))
