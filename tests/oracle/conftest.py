"""MediaPipe's own runtime, in an environment of its own that `make oracle` makes; without it, all here is skipped."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-oracle" / "bin" / "python"
ANSWERS = Path(__file__).with_name("mediapipe_answers.py")

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Ask: TypeAlias = Callable[[Mapping[str, Array]], Mapping[str, Array]]


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Questions and answers as `mediapipe_answers.py` takes and gives them."""
    if not PYTHON.exists():
        pytest.skip("MediaPipe is not here: make oracle")

    def asked(questions: Mapping[str, Array]) -> Mapping[str, Array]:
        folder = tmp_path_factory.mktemp("oracle")
        given: dict[str, Any] = dict(questions)
        np.savez(folder / "questions.npz", **given)
        command = [PYTHON, ANSWERS, folder / "questions.npz", folder / "answers.npz"]
        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        with np.load(folder / "answers.npz") as answers:
            return dict(answers)

    return asked
