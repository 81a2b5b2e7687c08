"""Faces in pictures that are much longer than high: none is lost at an end. The search has no seams: it looks at the
whole picture at once, at the scale of an ordinary photo that is as long."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.long_scenes import contact_sheet, panorama

from fotopoort.vision.faces.detector import FaceDetector


@pytest.mark.parametrize(("height", "face", "standing"), [(334, 36, False), (150, 44, False), (150, 44, True)])
def test_every_face_along_a_panorama_is_found(height: int, face: int, standing: bool, finder: FaceDetector) -> None:
    """As large as the smallest that is recognisable, in 12,000 and 20,000 pixels seen at 2,000."""
    wide = panorama(2000, height, face)
    pixels = np.ascontiguousarray(np.rot90(wide.pixels)) if standing else wide.pixels
    found = finder.find(pixels)
    assert len(found) >= wide.faces
    along = sorted(face.box.centre[1 if standing else 0] for face in found)
    assert along[0] < 60
    assert along[-1] > 1940


def test_every_portrait_of_a_contact_sheet_is_found(finder: FaceDetector) -> None:
    sheet = contact_sheet()
    assert len(finder.find(sheet.pixels[::2, ::2])) >= sheet.faces
