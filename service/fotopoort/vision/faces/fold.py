"""Long pictures, folded: parts that overlap, one below the other, in a picture about as high as wide.

A model that is given a whole panorama sees it as small as its length demands, with nearly all of its canvas black.
Folded, the same canvas shows it some two times larger, at the cost of one ordinary photo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from fotopoort.vision.faces.centerface import Detections

Array = np.ndarray[Any, np.dtype[Any]]

LONG: Final = 2.5  # longer side over shorter, from which on a picture is folded
# Over the shorter side: by how much parts overlap, so that a face as high as the picture is whole in one of them; and
# how much black lies between two, so that half of one face and half of another are not taken for one.
OVERLAP, GAP = 1.0, 0.1
ON_SEAM: Final = 0.25  # of its length, up to which a face whose centre is beyond the seam may still be on it


def is_long(height: int, width: int) -> bool:
    """Whether a picture of this size is folded."""
    return max(height, width) >= LONG * min(height, width)


@dataclass(frozen=True, slots=True)
class Fold:
    """How a picture is folded. Lengths are in pixels.

    Attributes:
        is_portrait: the picture is higher than wide; its parts lie side by side.
        starts: where along the picture each part begins.
        length: of each part, along the picture.
        pitch: from one part to the next in the folded picture.
    """

    is_portrait: bool
    starts: tuple[int, ...]
    length: int
    pitch: int

    @classmethod
    def of(cls, height: int, width: int) -> Self:
        """The fold that makes a long picture as nearly square as it can be."""
        longer, shorter = max(height, width), min(height, width)
        overlap, pitch = math.ceil(OVERLAP * shorter), math.ceil((1 + GAP) * shorter)

        def length(count: int) -> int:
            return math.ceil((longer + (count - 1) * overlap) / count)

        count = min(
            range(2, max(2, math.ceil(longer / shorter)) + 1), key=lambda count: max(length(count), count * pitch)
        )
        starts = np.linspace(0, longer - length(count), count).round().astype(int)
        return cls(height > width, tuple(starts.tolist()), length(count), pitch)

    @property
    def longer_side(self) -> int:
        """Of the folded picture."""
        return max(self.length, len(self.starts) * self.pitch)

    @property
    def seams(self) -> Array:
        """Where along the picture one part ends to answer for what is there and the next begins."""
        starts = np.array(self.starts)
        return np.asarray((starts[:-1] + self.length + starts[1:]) / 2)

    def folded(self, pixels: Array) -> Array:
        """The picture (H, W, 3), folded."""
        wide = pixels.transpose(1, 0, 2) if self.is_portrait else pixels
        folded: Array = np.zeros(((len(self.starts) - 1) * self.pitch + len(wide), self.length, 3), np.uint8)
        for number, start in enumerate(self.starts):
            top = number * self.pitch
            folded[top : top + len(wide)] = wide[:, start : start + self.length]
        return np.ascontiguousarray(folded.transpose(1, 0, 2)) if self.is_portrait else folded

    def unfolded(self, detections: Detections) -> Detections:
        """Detections in the folded picture, where they are in the picture.

        Where two parts overlap, each answers for the half that lies further from its own end: what it sees at its end
        may be cut off. A face on the seam is in both, as each may place it on the other's side.
        """
        along, across = (1, 0) if self.is_portrait else (0, 1)
        centres = (detections.boxes[:, :2] + detections.boxes[:, 2:]) / 2
        part = np.clip(centres[:, across] // self.pitch, 0, len(self.starts) - 1).astype(int)
        shift = np.zeros((len(part), 2))
        shift[:, along] = np.array(self.starts)[part]
        shift[:, across] = -part * self.pitch
        first, last = np.append(-np.inf, self.seams)[part], np.append(self.seams, np.inf)[part]
        slack = ON_SEAM * (detections.boxes[:, 2 + along] - detections.boxes[:, along])
        position = (centres + shift)[:, along]
        own = (position >= first - slack) & (position <= last + slack)
        return Detections(
            (detections.boxes + np.tile(shift, 2))[own],
            detections.scores[own],
            (detections.landmarks + shift[:, None])[own],
        )
