"""The second look: in batches of one shape, and of one face the same whoever else is looked at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fotopoort.vision.faces import features
from fotopoort.vision.faces.features import BATCH, CROP, MIRRORED, seen_again
from fotopoort.vision.faces.pyramid import Array, Candidate, search
from fotopoort.vision.levels import shrink
from fotopoort.vision.models.runtime import Runtime


class _Counting:
    """Stands for the runtime, and notes the shapes a model is called with."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.shapes: list[tuple[int, ...]] = []

    def session(self, model_id: str) -> Callable[[Array], list[Array]]:
        session = self._runtime.session(model_id)

        def call(batch: Array) -> list[Array]:
            self.shapes.append(batch.shape)
            return session(batch)

        return call


@pytest.mark.parametrize("number", [0, 1, 4, 5, 12])
def test_every_call_has_one_shape_and_none_is_for_nothing(number: int, runtime: Runtime) -> None:
    noise = np.random.default_rng(2).integers(0, 255, (300, 400, 3), np.uint8)
    candidate = Candidate(np.array([50.0, 60, 90, 110]), np.zeros((5, 2)), 0, np.zeros(1))
    counting = _Counting(runtime)
    scores = seen_again(shrink(noise), [candidate] * number, counting)  # type: ignore[arg-type]
    assert [len(row) for row in scores] == [len(MIRRORED)] * number
    assert counting.shapes == [(BATCH, CROP, CROP, 3)] * -(-number * len(MIRRORED) // BATCH)


def test_a_face_is_seen_as_well_beside_others_as_alone(pixels_of: Callable[[str], Array], runtime: Runtime) -> None:
    found = search(pixels_of("IMG_2040.jpg"), runtime)
    candidates = found.upright[:7]
    together = seen_again(found.levels, candidates, runtime)
    assert max(max(row) for row in together) > 0.9
    for candidate, scores in zip(candidates, together, strict=True):
        np.testing.assert_allclose(seen_again(found.levels, [candidate], runtime)[0], scores, atol=0.02)


@pytest.mark.parametrize("turn", range(4))
def test_a_turned_face_is_seen_as_one_that_stands(
    turn: int, pixels_of: Callable[[str], Array], runtime: Runtime
) -> None:
    photo = np.ascontiguousarray(np.rot90(pixels_of("IMG_2060.jpg"), -turn))
    found = search(photo, runtime)
    best = max(found.upright, key=lambda candidate: float(np.nanmax(candidate.scores)))
    assert best.turn == turn
    assert min(seen_again(found.levels, [best], runtime)[0]) > 0.8


def test_the_features_are_numbers_for_every_candidate() -> None:
    """Also where a pass did not run, and however high it is."""
    for height in (1.0, 20.0, 5000.0):
        box = np.array([0.0, 0, height, height])
        candidate = Candidate(box, np.zeros((5, 2)), 0, np.array([0.9, np.nan, 0, 1, np.nan, 0.5]))
        assert np.isfinite(features.first_stage(candidate)).all()
        assert np.isfinite(features.second_stage(candidate, [0.0, 1.0])).all()
