"""What SQLite and PostgreSQL do in their own ways."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def database_clock(connection: Connection) -> datetime:
    """This moment by the clock that all programs on one database share: those of machines differ."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)  # who shares the file shares the machine
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


def insert_into(connection: Connection, table: Table) -> Insert:
    """An insert that can say what happens to a row whose key is taken."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
