"""The commands for whole folders, with photos to run them on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from tests.unit.cli.folders.runs import CHANNELS, Run, Step

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort


@pytest.fixture
def folder(photos: Path) -> Path:
    """`IMG_1.png` of nobody, `IMG_2.jpg` of two children, and Fenna.jpg in a folder of groep 5."""
    place = photos / "2023-2024" / "Groep 5"
    place.mkdir(parents=True)
    Image.fromarray(np.full((300, 400, 3), 180, np.uint8)).save(place / "Fenna Vos.jpg")
    (photos / ".verborgen").write_bytes(b"")
    (photos / "lijst.txt").write_bytes(b"")
    return photos


@pytest.fixture
def batch(fotopoort: Fotopoort, folder: Path, out: Path, class_list: Path) -> Run:
    def run(*arguments: str | Path, channels: tuple[str, ...] = CHANNELS) -> Done:
        people = () if "--registry" in arguments else ("--registry", class_list)
        return fotopoort("batch", folder, *channels, *people, "--out", out, *arguments)

    return run


@pytest.fixture
def watch(fotopoort: Fotopoort, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Watch a folder with two photos: `watch(first, second, …, options=(…))`, a step before each look but the first.

    When they have all been done, and there was a look after the last, it is stopped. `before`: what stands before the
    command.
    """

    def run(*steps: Step, options: tuple[str | Path, ...] = (), before: tuple[str, ...] = ()) -> Done:
        remaining = iter(steps)

        def pause(seconds: float) -> None:
            assert seconds == 10
            step = next(remaining, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr("fotopoort.cli.folders.watch.sleep", pause)
        done = fotopoort(*before, "watch", photos, "--channel", "social_schools", "--out", out, *options)
        assert next(remaining, None) is None, f"it ended by itself: {done.err}"
        return done

    return run
