"""The types of columns that no database has by itself: the same content in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, String, Text, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment, as text in UTC: the same in every database, readable, and in order when sorted as text."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class FreeText(TypeDecorator[str]):
    """A text that somebody wrote. What no database can store (half a character, NUL) becomes a question mark."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text as every database can store it."""
    return text.encode(errors="replace").decode().replace("\0", "?")


def utc_text(moment: datetime) -> str:
    """A moment as text: 2026-11-24T07:16:53.000000Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
