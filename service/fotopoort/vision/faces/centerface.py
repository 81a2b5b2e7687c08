"""CenterFace: the meaning of its input and output, and the geometry of its boxes.

Input: RGB, 0 to 255, without a mean subtracted, height and width multiples of 32. Output, at a quarter of that size: a
heat map of face centres, the logarithm of height and width, an offset of the centre, and five landmarks relative to the
box. Method and constants: Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fotopoort.errors import ModelFailed

Array = np.ndarray[Any, np.dtype[Any]]

STRIDE = 4
MULTIPLE = 32  # the input's height and width are multiples of it
MAX_LOG_SIZE = 20.0  # logarithm of a box's size in strides: some billion pixels
MAX_PEAKS = 1000  # per picture: no photo has more faces, and the time must have a bound


@dataclass(frozen=True, slots=True)
class Detections:
    """N faces, in input pixels: boxes (N, 4) as x1, y1, x2, y2; scores (N,) 0 to 1; landmarks (N, 5, 2) as x, y."""

    boxes: Array
    scores: Array
    landmarks: Array

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, indices: Array) -> Detections:
        return Detections(self.boxes[indices], self.scores[indices], self.landmarks[indices])


def read(outputs: list[Array], index: int, threshold: float) -> Detections:
    """The faces of picture `index` of a batch with a score above `threshold`, best first, overlaps removed.

    Raises:
        ModelFailed: a box is larger than any picture.
    """
    heat, size, offset, points = (output[index] for output in outputs)
    rows, columns = np.nonzero(heat[0] > threshold)
    if len(rows) > MAX_PEAKS:
        best = np.argsort(-heat[0, rows, columns])[:MAX_PEAKS]
        rows, columns = rows[best], columns[best]
    if (size[:, rows, columns] > MAX_LOG_SIZE).any():  # its IoU cannot be computed, and it would hide every other face
        raise ModelFailed
    height, width = np.exp(size[:, rows, columns]) * STRIDE
    top = (rows + offset[0, rows, columns] + 0.5) * STRIDE - height / 2
    left = (columns + offset[1, rows, columns] + 0.5) * STRIDE - width / 2
    relative = points[:, rows, columns].reshape(5, 2, -1)  # y before x
    landmarks = np.stack([relative[:, 1] * width + left, relative[:, 0] * height + top], axis=-1).transpose(1, 0, 2)
    boxes = np.stack([left, top, left + width, top + height], axis=1)
    detections = Detections(boxes, heat[0, rows, columns], landmarks)
    return detections[suppress(detections.boxes, detections.scores, 0.3)]


def iou(boxes: Array, others: Array) -> Array:
    """Intersection over union of every pair: boxes (N, 4) and (M, 4) as x1, y1, x2, y2 give (N, M)."""
    corner = np.minimum(boxes[:, None, 2:], others[None, :, 2:]) - np.maximum(boxes[:, None, :2], others[None, :, :2])
    shared = np.clip(corner, 0, None).prod(axis=2)
    return np.asarray(shared / np.maximum(area(boxes)[:, None] + area(others)[None] - shared, 1e-9))


def area(boxes: Array) -> Array:
    """Areas (N,) of boxes (N, 4) as x1, y1, x2, y2."""
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


def suppress(boxes: Array, scores: Array, max_iou: float) -> Array:
    """Non-maximum suppression: indices of the boxes to keep, best first. None overlaps a better one by more than
    `max_iou`. Boxes (N, 4) are finite, scores (N,) above 0.
    """
    corner_and_size: Any = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1).astype(np.float64)
    weights: Any = scores.astype(np.float32)
    indices = cv2.dnn.NMSBoxes(corner_and_size, weights, 0.0, max_iou)
    return np.asarray(indices, np.intp).reshape(-1)
