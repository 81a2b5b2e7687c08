"""What is kept of texts that are too long together."""

from __future__ import annotations

import pytest

from fotopoort.application.gate.requests import latest_lines
from fotopoort.registry.posts.posts import MAX_TEXT


@pytest.mark.parametrize("length", [1, 7, 99, MAX_TEXT // 2, MAX_TEXT])
def test_the_last_lines_that_fit_stay(length: int) -> None:
    lines = [f"{number:>{length}}"[-length:] for number in range(3 * MAX_TEXT // length + 3)]
    kept = latest_lines(lines)
    assert kept == lines[-len(kept) :]
    assert len("\n".join(kept)) <= MAX_TEXT < len("\n".join(lines[-len(kept) - 1 :]))


def test_what_fits_is_kept_whole() -> None:
    assert latest_lines([]) == []
    assert latest_lines(["Titel", "x" * (MAX_TEXT - 6)]) == ["Titel", "x" * (MAX_TEXT - 6)]
