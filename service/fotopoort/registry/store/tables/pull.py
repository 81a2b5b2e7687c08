"""Websites whose photos are fetched (pull mode), and their photos; see the room `pull`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, String, Table

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key

pull_pairing = Table(
    "pull_pairing",
    metadata,
    tenant_key(),
    Column("id", String(16), primary_key=True),  # of our public key's hash
    Column("address", FreeText, nullable=False),  # of the website's routes
    Column("secret", String(200), nullable=False),  # our private keys, encrypted, in Base64
    Column("sequence", BigInteger, nullable=False),  # of the last message to it
    Column("worker", String(80)),  # who polls it; none: nobody
    Column("until", Moment),  # when that ends
    Column("made", Moment, nullable=False),
    Column("reached", Moment),  # when it answered last
    Column("error", String(80)),  # the code of what went wrong since
)

pull_photo = Table(
    "pull_photo",
    metadata,
    tenant_key(),
    Column("pairing", String(16), primary_key=True),
    Column("id", String(64), primary_key=True),  # the website's own
    Column("sealed", String(64), nullable=False),  # SHA-256 of the file as it was fetched
    Column("original", String(64)),  # SHA-256 of the photo; none: it was a text, or could not be opened
    Column("ticket", String(80)),  # by which its verdict is asked for; none: it could not be judged
    Column("refusal", String(80)),  # the code of why
    Column("sent", String(64)),  # SHA-256 of the verdict that the website has; none: it has none yet
    Column("rendition", String(64)),  # SHA-256 of the rendition that the website has and may show
    Column("changed", Integer, nullable=False),  # what the website is to be told of; 0: of nothing
    Column("made", Moment, nullable=False),
    ForeignKeyConstraint(["tenant", "pairing"], ["pull_pairing.tenant", "pull_pairing.id"], ondelete="CASCADE"),
    Index(None, "tenant", "ticket"),
    Index(None, "tenant", "pairing", "changed"),
)
