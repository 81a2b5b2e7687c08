"""The fitted weights: what they make of evidence, and that a damaged file is never used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fotopoort.errors import ModelCorrupt
from fotopoort.resources import resource
from fotopoort.vision.faces import features
from fotopoort.vision.faces.fusion import Fusion, Logistic
from fotopoort.vision.faces.pyramid import PASSES, Candidate

FITTED: dict[str, Any] = {
    "first": {"weights": [1.0, 2.0], "intercept": -1.0},
    "full": {"weights": [0.5], "intercept": 0.0},
    "drop": 0.01, "sure": 0.95, "face": 0.3, "small": 20, "small_face": 0.55,
}  # fmt: skip


def written(folder: Path, content: object) -> Path:
    path = folder / "fusion.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_what_is_written_is_what_weighs(tmp_path: Path) -> None:
    fusion = Fusion.load(written(tmp_path, FITTED))
    assert fusion.first(np.array([0.5, 0.25])) == pytest.approx(0.5)  # 0.5 + 0.5 − 1 = 0
    assert fusion.first(np.array([3.0, 0.0])) == pytest.approx(1 / (1 + np.exp(-2)))
    assert (fusion.drop, fusion.sure, fusion.face, fusion.small, fusion.small_face) == (0.01, 0.95, 0.3, 20, 0.55)


def test_overwhelming_evidence_is_a_probability_too() -> None:
    logistic = Logistic(np.array([1.0]), 0.0)
    assert logistic(np.array([-1e4])) == pytest.approx(0.0)
    assert logistic(np.array([1e4])) == 1.0


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param('{"first": ', id="cut off"),
        pytest.param([FITTED], id="a list"),
        pytest.param({key: value for key, value in FITTED.items() if key != "sure"}, id="a limit is missing"),
        pytest.param(FITTED | {"first": {"weights": [1.0]}}, id="an intercept is missing"),
        pytest.param(FITTED | {"full": [1.0, 2.0]}, id="a stage is a list"),
        pytest.param(FITTED | {"full": {"weights": ["x"], "intercept": 0}}, id="a weight is a word"),
        pytest.param(FITTED | {"full": {"weights": [[1.0]], "intercept": 0}}, id="weights in a table"),
        pytest.param(FITTED | {"first": {"weights": [float("nan"), 1], "intercept": 0}}, id="a weight is not a number"),
        pytest.param(FITTED | {"first": {"weights": [1, 1], "intercept": float("inf")}}, id="an endless intercept"),
        pytest.param(FITTED | {"sure": float("nan")}, id="a limit is not a number"),
    ],
)
def test_damaged_weights_are_refused(content: object, tmp_path: Path) -> None:
    """Weights that make no number of the evidence would find no face in any photo, and let them all pass."""
    with pytest.raises(ModelCorrupt):
        Fusion.load(written(tmp_path, content))


def test_no_weights_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelCorrupt):
        Fusion.load(tmp_path / "nowhere.json")


def test_the_fitted_weights_fit_the_evidence_and_sit_in_order() -> None:
    fusion = Fusion.load(resource("models/fusion.json"))
    candidate = Candidate(np.array([0.0, 0, 50, 60]), np.zeros((5, 2)), 0, np.full(PASSES, 0.9))
    assert fusion.first(features.first_stage(candidate)) > fusion.drop
    assert fusion.full(features.second_stage(candidate, (0.9, 0.9))) > fusion.face
    assert 0 < fusion.drop < fusion.sure < 1
