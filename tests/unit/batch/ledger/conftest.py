"""A ledger, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.postgresql import fresh_database
from tests.unit.batch.ledger.runs import SECONDS

from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.registry.store.database import sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "ledger.sqlite")
        return
    with fresh_database(request.getfixturevalue("postgresql")) as fresh:
        yield fresh


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url, SECONDS) as ledger:
        yield ledger
