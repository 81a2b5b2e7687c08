"""How well faces are found and directions read: the limits that `benchmarks/quality.py` names.

In this machine's own precision: f32 on a processor without bf16. `python -m benchmarks quality` measures both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from benchmarks import quality
from tests.measurements import measured

pytestmark = pytest.mark.eval

Measured = Callable[[str], Any]  # set of photos → what score.py says


@pytest.fixture(scope="module")
def scores_of(photos: Path) -> Iterator[Measured]:
    with quality.photo_sets(photos) as sets:

        @cache
        def measure(name: str) -> Any:  # noqa: ANN401 - as JSON has it
            inputs = [*sets[name].photos.iterdir(), *photos.glob("*.json"), *photos.glob("*.py")]
            return measured(
                f"quality-{name}",
                inputs,
                lambda: quality.measure(photos, {name: sets[name]}, quality.inspected("auto"))[name],
                [Path(quality.__file__)],
            )

        yield measure


@pytest.mark.parametrize("target", quality.TARGETS, ids=lambda target: target.title)
def test_the_limit_is_kept(target: quality.Target, scores_of: Measured) -> None:
    scores = {target.photos: scores_of(target.photos)}
    assert target.met(scores), f"{target.figure(scores)}, where {target.limit()} is asked"


@pytest.mark.parametrize("name", ["faces", "closeup", "turned"])
def test_every_photo_is_scored(name: str, scores_of: Measured) -> None:
    scores = scores_of(name)
    assert scores["photos"] > 80
    assert scores["missing_photos"] == 0
