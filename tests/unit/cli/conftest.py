"""The command line inside this process, so that many runs share the screening processes."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from fotopoort.cli.app import main
from fotopoort.errors import PhotoError
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.screening.screen import Screening, ScreeningJob


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What `--json` printed; fails when anything else is on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


Fotopoort: TypeAlias = Callable[..., Done]


@pytest.fixture
def fotopoort(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> Fotopoort:
    """Run a command: `fotopoort("screen", photo, "--channel", "website")`."""

    def open_shared(*_: object, **__: object) -> nullcontext[ScreeningPool]:
        return nullcontext(request.getfixturevalue("screeners"))

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(ScreeningPool, "open", open_shared)
        monkeypatch.setattr(sys, "argv", ["fotopoort", *(str(argument) for argument in arguments)])
        capfd.readouterr()
        status = 0
        try:
            main()
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        printed = capfd.readouterr()
        return Done(status, printed.out, printed.err)

    return run


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where results go."""
    return tmp_path / "uit"


@pytest.fixture
def screened_photos(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names, without ending, of photos that were screened, as it goes on."""
    screened: list[str] = []
    submit = ScreeningPool.submit

    def note(self: ScreeningPool, data: bytes | PhotoError, job: ScreeningJob) -> Future[Screening]:
        screened.append(job.request.file_name or "")
        return submit(self, data, job)

    monkeypatch.setattr(ScreeningPool, "submit", note)
    return screened


@pytest.fixture
def photos(samples: Path, tmp_path: Path) -> Path:
    """A folder with a photo of nobody, `IMG_1.png`, and one of two children, `IMG_2.jpg`."""
    folder = tmp_path / "fotos"
    folder.mkdir()
    shutil.copy(samples / "IMG_2055.png", folder / "IMG_1.png")
    shutil.copy(samples / "IMG_2063.jpg", folder / "IMG_2.jpg")
    return folder
