from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .hoster import PlayedHoster, served
from .school import PlayedSchool, open_school


@pytest.fixture
def hoster(tmp_path: Path) -> Iterator[PlayedHoster]:
    with served(tmp_path / "hoster") as website:
        yield website


@pytest.fixture(scope="session")
def new_school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a new school, to be copied."""
    folder = tmp_path_factory.mktemp("new") / "school"
    open_school(folder).close()
    return folder


@pytest.fixture
def school(tmp_path: Path, new_school: Path) -> Iterator[PlayedSchool]:
    shutil.copytree(new_school, tmp_path / "school")
    registry = open_school(tmp_path / "school")
    played = PlayedSchool(registry)
    try:
        yield played
    finally:
        registry.close()
