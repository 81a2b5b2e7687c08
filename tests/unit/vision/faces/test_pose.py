"""Which way a face looks, against faces whose pose is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fotopoort.vision.faces.detector import FaceDetector

EVAL = Path(__file__).parents[5] / "shared" / "eval"


@pytest.mark.eval
@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation photos are not beside the project")
def test_yaw_and_pitch_have_the_right_sign_and_size(finder: FaceDetector) -> None:
    """The five faces that look furthest each way; the labels are estimates, good to about 4 degrees."""
    labelled = json.loads((EVAL / "pose.json").read_text())
    for angle in ("yaw", "pitch"):
        by_angle = sorted(labelled, key=lambda face: float(face[f"{angle}_deg"]))
        errors, signs = [], []
        for label in by_angle[:5] + by_angle[-5:]:
            with Image.open(EVAL / label["file"]) as image:
                faces = finder.find(np.asarray(image.convert("RGB")))
            face = max(faces, key=lambda face: face.box.area)
            measured, expected = getattr(face, angle), label[f"{angle}_deg"]
            errors.append(abs(measured - expected))
            signs.append(measured * expected > 0)
        assert np.median(errors) < 8, angle
        assert np.mean(signs) > 0.8, angle
