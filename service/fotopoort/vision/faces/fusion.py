"""The probability that a candidate is a face, from its features. `models/fit_fusion.py` fits the weights."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from fotopoort.errors import ModelCorrupt
from fotopoort.vocabulary import Text

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression on raw features: weights (F,) and an intercept."""

    weights: Array
    intercept: float

    def __call__(self, features: Array) -> float:
        """The probability, 0 to 1, for features (F,)."""
        logit = float(features @ self.weights + self.intercept)
        return 1 / (1 + math.exp(-max(logit, -500.0)))


@dataclass(frozen=True, slots=True)
class Fusion:
    """The fitted weights and their thresholds, for candidates that lie as the photo does.

    `first` weighs what the search alone says. Below `drop` a candidate is dropped (unless it fills the frame, see
    `detector`); from `sure` on it is a face. A candidate in between gets a second look, and `full` weighs everything:
    it is a face from `face` on. Small candidates, below `small` pixels, are weighed by `first` alone and are faces
    from `small_face` on: nobody can be recognised there, and a closer look shows nothing.
    """

    first: Logistic
    full: Logistic
    drop: float
    sure: float
    face: float
    small: float
    small_face: float

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the fitted weights from a JSON file.

        Raises:
            ModelCorrupt: the file is not what `models/fit_fusion.py` writes.
        """
        try:
            fitted = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                first=_logistic(fitted["first"]),
                full=_logistic(fitted["full"]),
                drop=_number(fitted["drop"]),
                sure=_number(fitted["sure"]),
                face=_number(fitted["face"]),
                small=_number(fitted["small"]),
                small_face=_number(fitted["small_face"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelCorrupt(
                hint=Text(
                    nl="Installeer fotopoort opnieuw: een bestand van het pakket is beschadigd.",
                    en="Install fotopoort again: a file of the package is damaged.",
                )
            ) from error


def _logistic(fitted: dict[str, Any]) -> Logistic:
    return Logistic(np.array([_number(weight) for weight in fitted["weights"]]), _number(fitted["intercept"]))


def _number(value: Any) -> float:  # noqa: ANN401 - from JSON
    """As a float. Python's JSON also reads NaN and infinity, with which no candidate would ever be a face."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
