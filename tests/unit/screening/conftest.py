"""Photos to screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fotopoort.screening.analysis import Array


@pytest.fixture(scope="module")
def read(samples: Path) -> Callable[[str], bytes]:
    return lambda name: (samples / name).read_bytes()


@pytest.fixture(scope="module")
def plain(jpeg: Callable[[Array], bytes]) -> bytes:
    """A photo of 1200 × 900 pixels with nothing in it."""
    return jpeg(np.full((900, 1200, 3), (120, 150, 170), np.uint8))
