"""What the person detector's outputs mean: held against the decoding that its own file brings along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov
import pytest

from fotopoort.errors import ModelFailed
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.people import MODEL
from fotopoort.vision.ssdlite import SIDE, read

ANCHORS = 1917


def test_people_are_those_that_the_file_itself_decodes(
    pixels_of: Callable[[str], np.ndarray[Any, Any]], runtime: Runtime, models_folder: Path
) -> None:
    core = ov.Core()
    options = {"INFERENCE_PRECISION_HINT": runtime.precision, "INFERENCE_NUM_THREADS": 1}
    whole = core.compile_model(core.read_model(Catalogue(models_folder).path(MODEL)), "CPU", options)
    part = runtime.session(MODEL)
    for name in ("IMG_2040.jpg", "IMG_2051.jpg", "IMG_2055.png"):
        small = cv2.resize(pixels_of(name), (SIDE, SIDE), interpolation=cv2.INTER_AREA)[None]
        expected, _, certainties, _ = whole([small]).to_tuple()
        kept = certainties[0] >= 0.3
        boxes, scores = read(part(small), 0.3)
        assert boxes == pytest.approx(expected[0][kept][:, [1, 0, 3, 2]], abs=0.001)
        assert scores == pytest.approx(certainties[0][kept], abs=0.001)


def outputs(offset: float = 0.0, logit: float = -9.0) -> list[np.ndarray[Any, Any]]:
    offsets, logits = np.zeros((1, ANCHORS, 1, 4), np.float32), np.full((1, ANCHORS, 2), -9.0, np.float32)
    offsets[0, 1900, 0, 2], logits[0, 1900, 1] = offset, logit
    return [offsets, logits]


def test_where_nothing_scores_nobody_is() -> None:
    boxes, scores = read(outputs(), 0.3)
    assert (boxes.shape, scores.shape) == ((0, 4), (0,))
    boxes, scores = read(outputs(logit=3.0), 0.3)
    assert (boxes.shape, len(scores)) == ((1, 4), 1)
    assert ((boxes >= 0) & (boxes <= 1)).all()


def test_a_box_larger_than_any_picture_is_a_failure() -> None:
    with pytest.raises(ModelFailed):
        read(outputs(offset=1e6, logit=3.0), 0.3)
    read(outputs(offset=1e6), 0.3)  # of nobody
