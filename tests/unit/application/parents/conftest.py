"""The same school in each database that there can be one in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.postgresql import fresh_database

from fotopoort.registry.store.database import sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database for this test alone."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "registry.db")
        return
    server: str = request.getfixturevalue("postgresql")
    template: str = request.getfixturevalue("postgresql_template")
    with fresh_database(server, template) as made:
        yield made
