"""RetinaFace: the meaning of its input and output.

Input: RGB, 0 to 255, height and width multiples of 32. Output, before the decoding that its file brings along: for each
anchor the offsets of the box, those of five landmarks, and the probabilities of nothing and of a face. At every step of
three grids stand two square anchors. Method and constants: Deng et al., "RetinaFace: Single-stage Dense Face
Localisation in the Wild", 2019, as trained by peteryuX/retinaface-tf2.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np

from fotopoort.errors import ModelFailed
from fotopoort.vision.faces.centerface import MAX_PEAKS, Detections, suppress

Array = np.ndarray[Any, np.dtype[Any]]

STRIDES: Final = (8, 16, 32)  # pixels between two places in each grid
ANCHORS: Final = ((16, 32), (64, 128), (256, 512))  # sides in pixels of the anchors at each place
CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2
MAX_LOG_SIZE = 20.0  # logarithm of a box's size in anchors: some billion pixels
MAX_IOU = 0.4  # above it two boxes are one face


def read(outputs: list[Array], index: int, height: int, width: int, threshold: float) -> Detections:
    """The faces of picture `index` of a batch of (height, width) pixels that score more than `threshold`, best first.

    Raises:
        ModelFailed: a box is larger than any picture.
    """
    offsets, points, probabilities = (output[index] for output in outputs)
    scores = probabilities[:, 1]
    chosen = np.flatnonzero(scores > threshold)
    if len(chosen) > MAX_PEAKS:
        chosen = chosen[np.argsort(-scores[chosen], kind="stable")[:MAX_PEAKS]]
    anchors = _anchors(height, width)[chosen]
    middles, sides = anchors[:, :2], anchors[:, 2:]
    growth = offsets[chosen, 2:] * SIZE_VARIANCE
    if (growth > MAX_LOG_SIZE).any():
        raise ModelFailed
    centres, sizes = middles + offsets[chosen, :2] * CENTRE_VARIANCE * sides, sides * np.exp(growth)
    boxes = np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1)
    landmarks = middles[:, None] + points[chosen].reshape(-1, 5, 2) * CENTRE_VARIANCE * sides[:, None]
    detections = Detections(boxes, scores[chosen], landmarks)
    return detections[suppress(boxes, scores[chosen], MAX_IOU)]


@lru_cache(maxsize=8)  # as many as there are shapes
def _anchors(height: int, width: int) -> Array:
    """Centre and side (N, 4) as x, y, side, side of each anchor of a picture, in the order of the outputs."""
    grids = []
    for stride, sides in zip(STRIDES, ANCHORS, strict=True):
        rows, columns = np.mgrid[: -(-height // stride), : -(-width // stride)]
        x, y = (columns + 0.5) * stride, (rows + 0.5) * stride
        at_each_place = [np.stack([x, y, np.full_like(x, side), np.full_like(x, side)], axis=-1) for side in sides]
        grids.append(np.stack(at_each_place, axis=2).reshape(-1, 4))
    return np.concatenate(grids)
