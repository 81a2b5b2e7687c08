"""The clock that all programs on one database share: those of machines differ."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select


def database_clock(connection: Connection) -> datetime:
    """This moment by that clock."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)  # who shares the file shares the machine
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now
