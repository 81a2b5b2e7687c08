"""One real service for all tests of the HTTP door, as it takes seconds to start; and a school for those of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.settings import Settings

from .posts.posting import School, posting_school
from .service import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "data"
    class_list = resource("fixtures/classlist.csv")
    with serving(folder, "--registry", str(class_list), screeners=2, waiting=4, max_megabytes=20) as service:
        yield service


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the class list of the fixtures in its registry."""
    folder = tmp_path_factory.mktemp("school") / "data"
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
    return folder


@pytest.fixture(scope="module")
def holding(folder: Path) -> Iterator[Served]:
    with serving(folder, "--new-key", screeners=1) as service:
        assert service.url
        yield service


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school for the tests of a module: each test has photos and posts of its own."""
    with posting_school(tmp_path_factory.mktemp("school") / "data", max_megabytes=1) as school:
        yield school
