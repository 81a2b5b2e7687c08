"""Cutting one face out of the photo, upright and at a fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from fotopoort.vision.faces.pyramid import Candidate

Array = np.ndarray[Any, np.dtype[Any]]


def cut(levels: Sequence[Array], candidate: Candidate, view: float, size: int, degrees: float) -> tuple[Array, Array]:
    """A square around the candidate, turned counter-clockwise by `degrees`.

    Args:
        levels: the picture and its halves, see `vision.levels`; the smallest that has enough pixels is used.
        view: side of the square over the face's size.
        size: side of the crop in pixels.

    Returns:
        The crop (size, size, 3) uint8, black outside the picture, and the (2, 3) matrix from picture to crop.
    """
    angle = np.deg2rad(degrees)
    factor = size / max(view * candidate.size, 1.0)
    cosine, sine = np.cos(angle) * factor, np.sin(angle) * factor
    matrix = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0]])
    matrix[:, 2] = size / 2 - matrix[:, :2] @ ((candidate.box[:2] + candidate.box[2:]) / 2)
    level = min(int(np.log2(max(1 / factor, 1.0))), len(levels) - 1)
    image = levels[level]
    shrunk = [levels[0].shape[1] / image.shape[1], levels[0].shape[0] / image.shape[0], 1.0]
    return cv2.warpAffine(image, matrix * shrunk, (size, size), flags=cv2.INTER_LINEAR), matrix
