"""kill -9 at any moment of a run over a folder: the next one ends with what an undisturbed one would have made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.results import comparable_documents, made

import fotopoort

from .played import picture

KILLS = 20
PHOTOS = 300
PACKAGE = Path(next(iter(fotopoort.__path__))).parent
RUN = "from tests.hostile.killed_batch import main; main()"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three hundred small photos in folders: some dark, some named after a child, one broken, one twice."""
    folder = tmp_path / "fotos"
    chance = np.random.default_rng(3)
    for number in range(PHOTOS - 3):
        place = folder / ("2023-2024/groep 5" if number % 3 else "schoolreis")
        name = f"Noor Bakker {number}" if number % 7 == 0 else f"IMG_{number:04}"
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        picture(chance, number, (320, 240)).save(place / f"{name}.jpg")
    Image.new("RGB", (320, 240), (200, 180, 160)).save(folder / "schoolreis" / "IMG_0003.png")
    (folder / "Noor Bakker en Daan.jpg").write_bytes((folder / "2023-2024" / "groep 5" / "IMG_0001.jpg").read_bytes())
    (folder / "kapot.jpg").write_bytes(b"\xff\xd8\xff geen foto")
    return folder


def run(rounds: int, photos: Path, out: Path, class_list: Path) -> str:
    command = ["batch", str(photos), "--channel", "website", "--channel", "social_schools"]
    command += ["--registry", str(class_list), "--group-from", "folder", "--quiet", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(rounds), *command],
        env=os.environ | {"PYTHONPATH": f"{PACKAGE}:{Path(__file__).parents[2]}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_whenever_it_is_killed_the_next_run_goes_on(photos: Path, class_list: Path, tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "uit", tmp_path / "vaak-gestopt"
    assert run(0, photos, undisturbed, class_list) == "0 1"  # one photo is broken
    assert sum("error" in document for document in comparable_documents(undisturbed)) == 1
    assert run(KILLS, photos, killed, class_list) == f"{KILLS} 1"
    assert made(killed) == made(undisturbed)
    assert comparable_documents(killed) == comparable_documents(undisturbed)
    assert len(comparable_documents(killed)) == PHOTOS
    assert (killed / "results.csv").read_bytes() == (undisturbed / "results.csv").read_bytes()
    assert not list(killed.rglob("*.part"))
