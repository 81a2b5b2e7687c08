"""What the fusion knows of a candidate: features from the search, and from a second look at the candidate alone.

In the second look the candidate is cut out, also mirrored, and judged again by RetinaFace. The logistic fusion in
`models/fusion.json` weighs these features; `models/fit_fusion.py` fits it with this same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from fotopoort.vision.faces import centerface, retinaface
from fotopoort.vision.faces.centerface import Detections
from fotopoort.vision.faces.crop import cut
from fotopoort.vision.faces.pyramid import CENTERFACE_PASSES, Candidate
from fotopoort.vision.models.runtime import Runtime

Array = np.ndarray[Any, np.dtype[Any]]

# Side of a crop in pixels, and crops in a call, always. Crops of 192 pixels tell faces from nothing no better (area
# under the curve 0.963; 0.967 with 128) and take two and a half times as long.
CROP, BATCH = 128, 8
VIEW = 2.6  # side of a crop over the face's size
MIRRORED: Final = (False, True)  # of the crops of one candidate
SAME_FACE_IOU = 0.3  # a detection in a crop that overlaps the candidate by more is the candidate
MIDDLE = 45  # pixels; heights are measured relative to it
MAX_HEIGHT = 120  # pixels; taller faces count as this tall, as they are no less likely to be faces
FUSED: Final = CENTERFACE_PASSES + 1  # passes that always run, and have a weight
MIN_SCORE = 0.02  # scores are clipped to at least this distance from 0 and 1


def first_stage(candidate: Candidate) -> Array:
    """The features (F,) of `Fusion.first`: what the search alone says of a candidate.

    The face's height enters in pixels, never relative to the photo: photos without people are often smaller, and a fit
    would learn that.
    """
    passes = _logit(np.nan_to_num(candidate.scores[:FUSED]))
    height = np.log(min(candidate.height, MAX_HEIGHT) / MIDDLE)
    return np.array([*passes, passes[:CENTERFACE_PASSES].max(), height, height**2])


def second_stage(candidate: Candidate, scores: Sequence[float]) -> Array:
    """The features (F,) of `Fusion.full`: everything known of a candidate.

    Args:
        scores: its row of `seen_again`.
    """
    return np.concatenate([first_stage(candidate), _logit(np.array(scores))])


def seen_again(levels: Sequence[Array], candidates: Sequence[Candidate], runtime: Runtime) -> list[list[float]]:
    """For each candidate, RetinaFace's score (0 to 1) in a crop, and in the mirrored crop.

    Args:
        levels: the picture and its halves, as `vision.levels` makes them.

    Raises:
        ModelFailed: the model gave up on a crop.
    """
    session = runtime.session("retinaface")
    looks = [(candidate, mirrored) for candidate in candidates for mirrored in MIRRORED]
    scores: list[float] = []
    for start in range(0, len(looks), BATCH):
        crops = np.zeros((BATCH, CROP, CROP, 3), np.uint8)  # one shape: a new one costs more than what stays black
        chunk = looks[start : start + BATCH]
        for row, (candidate, mirrored) in enumerate(chunk):
            crop, _ = cut(levels, candidate, VIEW, CROP, 90 * candidate.turn)
            crops[row] = crop[:, ::-1] if mirrored else crop
        outputs = session(crops)
        for row, (candidate, _) in enumerate(chunk):
            scores.append(_score_at_centre(retinaface.read(outputs, row, CROP, CROP, MIN_SCORE), candidate))
    return [scores[number : number + len(MIRRORED)] for number in range(0, len(scores), len(MIRRORED))]


def _score_at_centre(detections: Detections, candidate: Candidate) -> float:
    """The best score of those detections in a crop that are the candidate; 0 where there are none."""
    width, height = candidate.box[2:] - candidate.box[:2]
    half = np.array([height, width] if candidate.turn % 2 else [width, height]) / candidate.size * CROP / VIEW / 2
    expected = np.concatenate([CROP / 2 - half, CROP / 2 + half])[None]
    same = centerface.iou(expected, detections.boxes)[0] > SAME_FACE_IOU
    return float(detections.scores[same].max(initial=0.0))


def _logit(scores: Array) -> Array:
    bounded = np.clip(scores, MIN_SCORE, 1 - MIN_SCORE)
    return np.asarray(np.log(bounded / (1 - bounded)))
