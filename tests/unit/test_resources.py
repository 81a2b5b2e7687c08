"""The files of the repository's top are found in a checkout, and travel inside the built package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.waiting import PATIENCE

from fotopoort.resources import resource

ROOT = Path(__file__).parents[2]


def test_a_checkout_uses_the_repositorys_own() -> None:
    assert resource("models/manifest.toml") == ROOT / "models" / "manifest.toml"


def test_what_is_nowhere_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"models/nothing\.toml"):
        resource("models/nothing.toml")


def test_an_installed_package_needs_no_repository(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", f"--wheel-dir={tmp_path}", ROOT],
        check=True,
        timeout=PATIENCE,
    )
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", f"--target={tmp_path / 'site'}", wheel], check=True, timeout=PATIENCE)
    wanted = ["models/manifest.toml", "models/cards", "fixtures/demo", "fixtures/classlist.csv"]
    wanted += [f"models/{file.name}" for file in (ROOT / "models").glob("*.json")]
    program = "import sys; from fotopoort.resources import resource\nfor name in sys.argv[1:]: print(resource(name))"
    done = subprocess.run(
        [sys.executable, "-c", program, *wanted],
        cwd=tmp_path / "site",
        env={"PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stdout.splitlines() == [str(tmp_path / "site" / "fotopoort" / "_bundled" / name) for name in wanted]
