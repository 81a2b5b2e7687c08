"""Renditions with covers that fail: whatever looking at the whole of one finds is found at the places it was changed.

`python -m benchmarks verify` measures it over all the photos.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from benchmarks import verify
from tests.measurements import measured

from fotopoort.policy_file import load_policy
from fotopoort.settings import load_settings
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue

pytestmark = pytest.mark.eval

EVERY = 12  # photos


@pytest.fixture(scope="module")
def tallies(photos: Path) -> dict[str, Any]:
    paths = verify.photos(photos)[::EVERY]

    def measure() -> dict[str, Any]:
        finder = FaceDetector.load(Catalogue(load_settings().models_folder))
        found, _ = verify.measured(finder, load_policy(), paths)
        return {kind: dataclasses.asdict(tally) for kind, tally in found.items()}

    result: dict[str, Any] = measured("verify", paths, measure, [Path(verify.__file__)])
    return result


def test_enough_covers_fail_and_show_a_face(tallies: dict[str, Any]) -> None:
    partial = [tally["whole"] for kind, tally in tallies.items() if kind not in (verify.GOOD, "missing")]
    assert sum(partial) >= 10
    assert tallies["missing"]["whole"] >= 10


@pytest.mark.parametrize("kind", [verify.GOOD, *verify.FAILURES])
def test_what_the_whole_look_finds_is_found_at_the_places(kind: str, tallies: dict[str, Any]) -> None:
    assert tallies[kind]["lost"] == []
