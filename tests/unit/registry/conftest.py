"""Registries to test with: real ones, on SQLite and on PostgreSQL, with one school in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest
from tests.postgresql import fresh_database
from tests.waiting import PATIENCE

from fotopoort.registry.access.roles import Caller, console
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url

from .screened_photos import fill

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
Make: TypeAlias = Callable[[], str]  # a URL of a new database with the schema in it


@dataclass
class Clock:
    """A clock that stands still until the test moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database with the schema in it."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "registry.db"
        path.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
        return
    server: str = request.getfixturevalue("postgresql")
    template: str = request.getfixturevalue("postgresql_template")
    with fresh_database(server, template) as fresh:
        yield fresh


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(url: str, tmp_path: Path, clock: Clock) -> Iterator[Registry]:
    """A registry with one empty school in it."""
    database = Database(url, seconds=PATIENCE)
    registry = Registry(database, data_folder=tmp_path / "data", keys_folder=tmp_path / "keys", clock=clock)
    registry.add_school(console("school"), "De Regenboog")
    yield registry
    registry.close()


@pytest.fixture
def caller() -> Caller:
    """Whoever sits at the machine."""
    return console("school")


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    """The school with a group of two, who may be shown on the website."""
    fill(registry, caller)
    return registry


@pytest.fixture
def other_school(registry: Registry) -> Caller:
    """Whoever sits at the machine, on behalf of another school in the same database."""
    other = console("other")
    registry.add_school(other, "Het Kompas")
    return other
