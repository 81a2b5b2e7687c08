"""The person detector's network: the meaning of its input and output.

Input: RGB, 0 to 255, 300 × 300. Output, before the decoding that its file brings along: for each anchor the offsets of
the box, and a logit for nothing and one for a person. At every place of six grids stand anchors of several shapes.
Method and constants: Liu et al., "SSD: Single Shot MultiBox Detector", 2016, as configured in TensorFlow's object
detection API for SSDLite with MobileNet v2.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np

from fotopoort.errors import ModelFailed
from fotopoort.vision.faces.centerface import suppress

Array = np.ndarray[Any, np.dtype[Any]]

SIDE: Final = 300  # pixels: what the model was trained at, whatever the shape of the photo
GRIDS: Final = (19, 10, 5, 3, 2, 1)  # places along each side
SCALES: Final = (0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0)  # of the picture: side of the anchors of each grid; of the next
SHAPES: Final = (1.0, 2.0, 1 / 2, 3.0, 1 / 3)  # width over height
FEWER: Final = ((0.1, 1.0), (0.2, 2.0), (0.2, 1 / 2))  # scale and shape in the first grid
CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2
MAX_LOG_SIZE: Final = 20.0  # logarithm of a box's size in anchors
MAX_IOU: Final = 0.6  # above it two boxes are one person


def read(outputs: list[Array], least: float) -> tuple[Array, Array]:
    """The people that score at least `least`, surest first: boxes (N, 4) as left, top, right, bottom in parts of the
    picture, and scores (N,) from 0 to 1.

    Raises:
        ModelFailed: a box is larger than any picture.
    """
    offsets, logits = outputs[0].reshape(-1, 4), outputs[1].reshape(-1, 2)
    scores = 1 / (1 + np.exp(-logits[:, 1]))
    chosen = np.flatnonzero(scores >= least)
    anchors, offsets, scores = _anchors()[chosen], offsets[chosen], scores[chosen]
    growth = offsets[:, 2:] * SIZE_VARIANCE
    if (growth > MAX_LOG_SIZE).any():
        raise ModelFailed
    centres, sizes = anchors[:, :2] + offsets[:, :2] * CENTRE_VARIANCE * anchors[:, 2:], anchors[:, 2:] * np.exp(growth)
    corners = np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1).clip(0, 1)
    boxes = corners[:, [1, 0, 3, 2]]  # the model's order is top, left, bottom, right
    kept = suppress(boxes, scores, MAX_IOU)
    return boxes[kept], scores[kept]


@cache
def _anchors() -> Array:
    """Centre and size (1917, 4) of each anchor, as y, x, height, width in parts of the picture, as the outputs go."""
    grids = []
    for number, places in enumerate(GRIDS):
        scale, between = SCALES[number], (SCALES[number] * SCALES[number + 1]) ** 0.5
        shapes = FEWER if number == 0 else (*((scale, shape) for shape in SHAPES), (between, 1.0))
        y, x = (np.mgrid[:places, :places] + 0.5) / places
        sizes = [(size / shape**0.5, size * shape**0.5) for size, shape in shapes]
        at_each_place = [np.stack([y, x, np.full_like(x, h), np.full_like(x, w)], axis=-1) for h, w in sizes]
        grids.append(np.stack(at_each_place, axis=2).reshape(-1, 4))
    return np.concatenate(grids)
