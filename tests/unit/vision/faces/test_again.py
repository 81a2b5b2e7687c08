"""Searching a picture again at a few places finds there what searching all of it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import pytest

from fotopoort.vision.faces import again, centerface, pyramid
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession

Array = np.ndarray[Any, np.dtype[Any]]
CLOSE = 0.12  # by how much a score in a pass may differ from that in the whole picture


def grown_pair(
    pixels: Array, places: Array, runtime: Runtime, everything: Sequence[pyramid.Candidate]
) -> list[tuple[pyramid.Candidate, pyramid.Candidate]]:
    """Candidates of the whole search that reach into the places, each with the one that is found again.

    Args:
        everything: what the whole search found.
    """
    upright = [one for one in everything if one.turn == 0]
    whole = [one for one in upright if (centerface.iou(one.box[None], places) > 0).any()]
    found = again.search_again(pixels, places, runtime).candidates
    boxes = np.array([one.box for one in found]).reshape(-1, 4)
    pairs = []
    for one in whole:
        overlaps = centerface.iou(one.box[None], boxes)[0]
        assert overlaps.max(initial=0.0) > 0.5 or np.nanmax(one.scores) < pyramid.CANDIDATE + CLOSE, one
        if overlaps.max(initial=0.0) > 0.5:
            pairs.append((one, found[int(overlaps.argmax())]))
    everywhere = np.array([one.box for one in upright])
    for one in found:  # a face that a window's edge cuts through would be another one there
        same = centerface.iou(one.box[None], everywhere)[0].max(initial=0.0) > 0.5
        assert same or np.nanmax(one.scores) < pyramid.CANDIDATE + CLOSE, one
    return pairs


@pytest.mark.parametrize("name", ["IMG_2040.jpg"])
@pytest.mark.parametrize("side", [1600, 1100, 700])
def test_a_face_at_a_place_has_the_scores_of_the_whole_search(
    name: str, side: int, pixels_of: Callable[[str], Array], runtime: Runtime
) -> None:
    pixels = pixels_of(name)
    factor = side / max(pixels.shape)
    pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    everything = pyramid.search(pixels, runtime).candidates
    faces = [one for one in everything if np.nanmax(one.scores) > 0.5 and one.turn == 0]
    assert faces
    for face in faces:
        pairs = grown_pair(pixels, face.box[None], runtime, everything)
        assert pairs
        for one, other in pairs:
            assert np.nanmax(np.abs(one.scores - other.scores)) <= CLOSE


def test_a_large_face_that_reaches_into_a_small_place_has_the_scores_of_the_whole_search(
    pixels_of: Callable[[str], Array], runtime: Runtime
) -> None:
    """Its centre is far outside the window that the place alone would get; without its score in the large pass it was
    taken for no face."""
    one = cv2.resize(pixels_of("IMG_2040.jpg")[400:660, 130:390], (420, 420), interpolation=cv2.INTER_CUBIC)
    pixels = np.full((960, 1280, 3), (120, 140, 110), np.uint8)
    pixels[300:720, 500:920] = one
    everything = pyramid.search(pixels, runtime).candidates
    face = max(everything, key=lambda one: float(np.nanmax(one.scores)))
    assert face.height > 150
    x, y = face.box[0], face.box[1]
    for corner in ((x - 12, y - 12, x + 6, y + 6), (x + 20, y + 30, x + 32, y + 42)):
        pairs = grown_pair(pixels, np.array([corner]), runtime, everything)
        assert any(centerface.iou(found.box[None], face.box[None])[0, 0] > 0.5 for _, found in pairs)
        for whole, found in pairs:
            assert np.nanmax(np.abs(whole.scores - found.scores)) <= CLOSE


def test_a_face_that_the_edge_of_a_window_would_cut_through_is_no_other_face(
    pixels_of: Callable[[str], Array], runtime: Runtime
) -> None:
    """Places at every distance beside a face; half of it, seen in a window, once took the place of it."""
    pixels = pixels_of("IMG_2040.jpg")
    everything = pyramid.search(pixels, runtime).candidates
    face = max(everything, key=lambda one: float(np.nanmax(one.scores)))
    _, y1, x2, y2 = face.box
    for away in (60, 120, 170, 220):
        grown_pair(pixels, np.array([[x2 + away, y1, x2 + away + 40, y2]]), runtime, everything)


def test_one_small_place_costs_a_small_part_of_the_search(
    pixels_of: Callable[[str], Array], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    call = ModelSession.__call__

    def counted(self: ModelSession, batch: Array) -> list[Array]:
        looked.append(int(np.prod(batch.shape[:3])))
        return call(self, batch)

    monkeypatch.setattr(ModelSession, "__call__", counted)
    pixels = pixels_of("IMG_2040.jpg")
    pyramid.search(pixels, runtime)
    whole = sum(looked)
    looked.clear()
    again.search_again(pixels, np.array([[200.0, 470.0, 310.0, 610.0]]), runtime)
    assert sum(looked) < whole / 3


def test_a_long_picture_is_searched_whole(pixels_of: Callable[[str], Array], runtime: Runtime) -> None:
    pixels = pixels_of("IMG_2040.jpg")[300:800]
    long = np.hstack([pixels, pixels])
    places = np.array([[0.0, 0.0, 20.0, 20.0]])
    found, whole = again.search_again(long, places, runtime), pyramid.search(long, runtime)
    assert [one.box.tolist() for one in found.candidates] == [one.box.tolist() for one in whole.candidates]
