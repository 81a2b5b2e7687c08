"""The order in which faces are numbered: as one reads."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

ROW_HEIGHT: Final = 0.6  # of the size of a row's highest face: how much lower the row's other faces may be


def reading_order(boxes: Array) -> list[int]:
    """Indices of `boxes` (N, 4), as x1, y1, x2, y2: row by row from the top, each row from left to right.

    A face belongs to the row above if its centre is less than `ROW_HEIGHT` below that of the row's highest face.
    """
    centres, sizes = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0)
    rows: list[list[int]] = []
    for k in sorted(range(len(boxes)), key=lambda k: float(centres[k, 1])):
        if rows and centres[k, 1] - centres[rows[-1][0], 1] < ROW_HEIGHT * sizes[rows[-1][0]]:
            rows[-1].append(k)
        else:
            rows.append([k])
    return [k for row in rows for k in sorted(row, key=lambda k: float(centres[k, 0]))]
