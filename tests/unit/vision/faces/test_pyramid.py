"""Sizes and turns: every point found in some pass is brought back to where it is in the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.vision.faces.centerface import STRIDE, Detections
from fotopoort.vision.faces.pyramid import (
    ALWAYS,
    PASSES,
    RETINAFACE_LARGE,
    RETINAFACE_SMALL,
    SQUARES,
    Array,
    Square,
    letterbox,
    search,
    unturn,
)
from fotopoort.vision.levels import shrink
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession

turns = st.integers(0, 3)
sides = st.integers(1, 60)


@given(st.data(), turns, sides, sides)
def test_unturn_finds_the_pixel_again(data: st.DataObject, turn: int, width: int, height: int) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    picture = np.zeros((height, width))
    picture[y, x] = 1
    row, column = np.argwhere(np.rot90(picture, turn))[0]
    back = unturn(np.array([column + 0.5, row + 0.5]), turn, width, height)
    np.testing.assert_allclose(back, [x + 0.5, y + 0.5])


@given(turns, sides, sides, st.lists(st.tuples(st.floats(-9, 99), st.floats(-9, 99)), min_size=1, max_size=5))
def test_unturn_and_turning_on_come_round(turn: int, width: int, height: int, some: list[tuple[float, float]]) -> None:
    """Turned by `turn` and then by the rest of the circle, nothing has moved."""
    points = np.array(some)
    across, down = (height, width) if turn % 2 else (width, height)
    np.testing.assert_allclose(
        unturn(unturn(points, (4 - turn) % 4, across, down), turn, width, height), points, atol=1e-9
    )


@given(st.integers(1, 500), st.integers(1, 500), st.sampled_from([(160, 160), (480, 480), (736, 960), (96, 32)]))
def test_a_letterboxed_picture_fits_and_the_rest_is_black(width: int, height: int, canvas: tuple[int, int]) -> None:
    levels = shrink(np.full((height, width, 3), 255, np.uint8))
    picture, factor = letterbox(levels, *canvas)
    assert picture.shape == (*canvas, 3)
    rows, columns = (np.flatnonzero(picture[..., 0].any(axis=axis)) for axis in (1, 0))
    assert picture[: len(rows), : len(columns)].min() == 255
    assert int(picture.sum()) == 255 * 3 * len(rows) * len(columns), "only the picture, in the top left"
    assert len(rows) == pytest.approx(height * factor, abs=1)
    assert len(columns) == pytest.approx(width * factor, abs=1)
    assert len(rows) == canvas[0] or len(columns) == canvas[1]


@pytest.mark.parametrize("turn", range(4))
def test_a_turned_photo_is_seen_to_lie_turned(turn: int, pixels_of: Callable[[str], Array], runtime: Runtime) -> None:
    """By as many quarters back as it was turned; and its faces stay in its own frame."""
    photo = pixels_of("IMG_2031.jpg")[::2, ::2]
    upright = search(photo, runtime)
    lying = search(np.ascontiguousarray(np.rot90(photo, -turn)), runtime)
    assert upright.lies == 0
    assert lying.lies == turn
    best = max(upright.upright, key=lambda candidate: float(candidate.scores.sum()))
    height, width = photo.shape[:2]
    across, down = (height, width) if turn % 2 else (width, height)
    corners = unturn(best.box.reshape(2, 2), turn, across, down)
    expected = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
    assert min(np.abs(candidate.box - expected).max() for candidate in lying.upright) < 0.35 * best.size


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("shape", [(600, 900), (900, 600), (500, 900)])
def test_a_face_is_in_the_same_place_whichever_way_the_photo_is_looked_at(turn: int, shape: tuple[int, int]) -> None:
    """With the black beside it and without; what sees it marks the brightest spot."""
    pixels: Array = np.zeros((*shape, 3), np.uint8)
    pixels[120:180, 330:420] = 255
    square = Square.of(shrink(pixels), 320)
    for with_margin in (False, True):
        (box,) = square.detect(_Spotting(), turn, with_margin=with_margin).boxes  # type: ignore[arg-type]
        np.testing.assert_allclose((box[:2] + box[2:]) / 2, [375, 150], atol=12)


class _Spotting:
    """Stands for CenterFace: one face, at the middle of what is bright."""

    def __call__(self, batch: Array) -> list[Array]:
        height, width = batch.shape[1] // STRIDE, batch.shape[2] // STRIDE
        rows, columns = np.nonzero(batch[0, ..., 0] > 127)
        heat = np.zeros((1, 1, height, width), np.float32)
        heat[0, 0, int(rows.mean()) // STRIDE, int(columns.mean()) // STRIDE] = 0.9
        size, offset = np.full((1, 2, height, width), 2.0, np.float32), np.zeros((1, 2, height, width), np.float32)
        return [heat, size, offset, np.zeros((1, 10, height, width), np.float32)]


@pytest.mark.parametrize("votes", [0.9, 0.3])
def test_a_photo_lies_turned_only_where_that_is_seen_with_the_black_beside_it(
    votes: float, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def detect(square: Square, session: ModelSession, turn: int, *, with_margin: bool = False) -> Detections:
        score = (votes if with_margin else 0.9) if turn == 2 else 0.1
        return Detections(np.array([[10.0, 10.0, 60.0, 60.0]]), np.array([score]), np.zeros((1, 5, 2)))

    monkeypatch.setattr(Square, "detect", detect)
    assert search(np.zeros((300, 400, 3), np.uint8), runtime).lies == (2 if votes == 0.9 else 0)


def test_candidates_say_which_passes_looked_their_way(pixels_of: Callable[[str], Array], runtime: Runtime) -> None:
    found = search(pixels_of("IMG_2058.jpg"), runtime)  # a child upside down
    assert {candidate.turn for candidate in found.candidates} > {found.lies}
    for candidate in found.candidates:
        assert candidate.scores.shape == (PASSES,)
        looked = PASSES - 1 if candidate.turn == found.lies else len(SQUARES)  # the last where there is doubt
        assert np.isnan(candidate.scores[: PASSES - 1]).tolist() == [number >= looked for number in range(PASSES - 1)]


@pytest.mark.parametrize(
    ("best", "is_looked_at"),
    [
        pytest.param((), True, id="nothing"),
        pytest.param((0.15,), True, id="no certain face"),
        pytest.param((0.9,), False, id="a certain face"),
        pytest.param((0.9, 0.25), False, id="a certain face, and noise"),
        pytest.param((0.9, 0.35), True, id="a certain face, and a doubtful one"),
    ],
)
def test_the_large_pass_of_retinaface_runs_where_something_is_in_doubt(
    best: tuple[float, ...], is_looked_at: bool, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, ...]] = []

    def session(_: Runtime, model_id: str) -> Callable[[Array], list[Array]]:
        def call(batch: Array) -> list[Array]:
            if model_id == "retinaface":
                seen.append(batch.shape[1:3])
            return outputs[model_id](batch)

        outputs = {name: real(runtime, name) for name in ("centerface", "retinaface")}
        return call

    real = Runtime.session
    monkeypatch.setattr(Runtime, "session", session)
    boxes = np.array([[60.0 * k, 10.0, 60.0 * k + 40, 60.0] for k in range(len(best))]).reshape(-1, 4)
    found = Detections(boxes, np.array(best), np.zeros((len(best), 5, 2)))
    monkeypatch.setattr(Square, "detect", lambda self, session, turn, *, with_margin=False: found)
    search(np.zeros((300, 400, 3), np.uint8), runtime)
    assert seen == [RETINAFACE_SMALL, RETINAFACE_LARGE][: 1 + is_looked_at]


def test_where_upright_faces_are_plain_the_turned_photo_is_looked_at_in_its_smallest_sizes_alone(
    pixels_of: Callable[[str], Array], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[int, int]] = []
    real = Square.detect

    def detect(square: Square, session: ModelSession, turn: int, *, with_margin: bool = False) -> Detections:
        looks.append((max(square.canvas.shape), turn))
        return real(square, session, turn, with_margin=with_margin)

    monkeypatch.setattr(Square, "detect", detect)
    search(pixels_of("IMG_2040.jpg"), runtime)
    smallest = [(side, turn) for turn in (1, 2, 3) for side in SQUARES[:ALWAYS]]
    assert sorted(looks) == sorted([(side, 0) for side in SQUARES] + smallest)
    looks.clear()
    search(pixels_of("IMG_2051.jpg"), runtime)  # nobody
    assert set(looks) == {(side, turn) for side in SQUARES for turn in range(4)}


@pytest.mark.parametrize("shape", [(16, 16), (40, 4000), (4000, 40), (1, 1), (3000, 16)], ids=str)
def test_pictures_of_any_shape_are_searched(shape: tuple[int, int], runtime: Runtime) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (*shape, 3), np.uint8)
    for candidate in search(noise, runtime).candidates:
        assert np.isfinite(candidate.box).all()
