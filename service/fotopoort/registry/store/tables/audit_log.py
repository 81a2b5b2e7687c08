"""The audit log, which only grows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from fotopoort.registry.store.tables.base import metadata, tenant_key

audit = Table(  # rows are only added; see audit/chain.py
    "audit",
    metadata,
    tenant_key(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3, … for each tenant
    Column("at", String(27), nullable=False),  # as text, because that is what is hashed
    Column("kind", String(40), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("photo", String(64)),  # SHA-256
    Column("person", String(32)),  # a ref; no foreign key, because rows outlive the people they are about
    Column("detail", Text, nullable=False),  # canonical JSON; ids and hashes only
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "tenant", "photo"),
    Index(None, "tenant", "person"),
)

audit_head = Table(
    "audit_head",
    metadata,
    tenant_key(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
