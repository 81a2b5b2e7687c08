"""Weighing the evidence: is this candidate a face? The weights are fitted by `models/fit_fusion.py`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
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
        """Probability, 0 to 1. Features (F,)."""
        evidence = float(features @ self.weights + self.intercept)
        return 1 / (1 + math.exp(-max(evidence, -500.0)))

    def settles(self, features: Sequence[Array], least: float) -> bool:
        """Whether all of these are on the same side of `least`."""
        return len({self(one) >= least for one in features}) == 1


@dataclass(frozen=True, slots=True)
class Fusion:
    """Fitted on candidates that lie the way the photo does.

    `first` weighs the search alone: below `drop` a candidate is nothing (unless it fills the frame, see `finder`), from
    `sure` on a face; what lies between is looked at again and weighed by `full`: a face from `face` on. Small
    candidates (below `small` pixels, where nobody is recognised and a closer look shows nothing) are weighed by `first`
    alone: a face from `small_face` on.
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
        """Read the fitted weights.

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
    """As a float. NaN and infinity, which JSON in Python lets in, would weigh every face as nothing."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
