"""Schools, their settings, and the keys that open them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key

tenant = Table(
    "tenant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", FreeText, nullable=False),
    Column("time_zone", String(60), nullable=False),  # consents begin and end at midnight there
    Column("revision", Integer, nullable=False),  # goes up with every change that a verdict could depend on
)

setting = Table(  # rows are only added; the newest row of a key is in force
    "setting",
    metadata,
    tenant_key(),
    Column("key", String(60), primary_key=True),  # "basis.website", "retention.verdict"
    Column("since", Moment, primary_key=True),
    Column("value", FreeText, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("reason", FreeText, nullable=False),
)

key = Table(
    "key",
    metadata,
    tenant_key(),
    Column("id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of 256 random bits
    Column("role", String(20), nullable=False),
    Column("groups", JSON, nullable=False),  # a teacher's own
    Column("label", FreeText, nullable=False),
    Column("made", Moment, nullable=False),
    Column("revoked", Moment),
)
