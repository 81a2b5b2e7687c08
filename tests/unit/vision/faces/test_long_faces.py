"""Faces in pictures that are much longer than high, upright and turned: none is lost at an end or at a seam."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.long_scenes import contact_sheet, panorama

from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.faces.fold import Fold


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize(
    ("width", "height", "face"),
    [(2000, 667, 36), (2000, 667, 250), (2000, 334, 36), (2000, 334, 130), (2000, 200, 36), (6000, 600, 110)],
)
def test_every_face_along_a_panorama_is_found(
    width: int, height: int, face: int, turn: int, finder: FaceDetector
) -> None:
    """From the smallest that is recognisable; of nine of 36 pixels on its side, two were once not found."""
    seams = [round(seam) for seam in Fold.of(height, width).seams.tolist()]
    wide = panorama(width, height, face, seams)
    found = finder.find(np.ascontiguousarray(np.rot90(wide.pixels, turn)))
    along = sorted(box.centre[turn % 2] for box in (each.box for each in found))
    if turn in (1, 2):  # the right end comes first
        along = sorted(width - centre for centre in along)
    assert len(found) >= wide.faces
    assert along[0] < 1.7 * face
    assert along[-1] > width - 1.7 * face
    assert all(min(abs(centre - seam) for centre in along) < face / 2 for seam in seams)


def test_every_portrait_of_a_contact_sheet_is_found(finder: FaceDetector) -> None:
    sheet = contact_sheet()
    assert len(finder.find(sheet.pixels[::2, ::2])) >= sheet.faces
