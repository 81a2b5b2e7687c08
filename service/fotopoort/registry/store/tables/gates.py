"""The gate: what a CMS sent, what it was told, and what may be out."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKeyConstraint, Index, Integer, String, Table, UniqueConstraint

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key

gate = Table(
    "gate",
    metadata,
    tenant_key(),
    Column("id", String(40), primary_key=True),
    Column("owner", String(40), nullable=False),  # the id of the key that sent it
    Column("content", String(64), nullable=False),  # digest of all that was sent: the same is the same gate
    Column("channel", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),  # of the photo; without one, of the text in UTF-8
    Column("post", String(32), nullable=False),  # in which it is decided about now
    Column("photo", String(32)),  # of that post; null: a text alone
    Column("text", FreeText),  # null: none was sent; erased when the post ends
    Column("text_outcome", String(10)),  # the latest, which stays when the text is erased
    Column("sent", Moment, nullable=False),  # last
    Column("told", String(10), nullable=False),  # "": nothing yet; "review" or "done"
    Column("told_digest", String(64), nullable=False),  # of what was told then
    ForeignKeyConstraint(["tenant", "post"], ["post.tenant", "post.id"], ondelete="CASCADE"),
    UniqueConstraint("tenant", "owner", "content"),
    Index(None, "tenant", "sha256"),
    Index(None, "tenant", "post"),
)

gate_key = Table(  # the keys under which requests came, so that each is done once
    "gate_key",
    metadata,
    tenant_key(),
    Column("owner", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),  # the hash of what the sender wrote
    Column("gate", String(40), nullable=False),
    ForeignKeyConstraint(["tenant", "gate"], ["gate.tenant", "gate.id"], ondelete="CASCADE"),
)

gate_rendition = Table(  # everything that may have been published
    "gate_rendition",
    metadata,
    tenant_key(),
    Column("gate", String(40), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("post", String(32), nullable=False),  # the photo that it was made of: it is decided about by that
    Column("photo", String(32), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("shows", JSON, nullable=False),  # what it was decided to show, see `application/gate/visibility.py`
    Column("made", Moment, nullable=False),
    Column("revoked", Moment),  # since when it must be taken down
    Column("is_current", Boolean, nullable=False),  # false: another one took its place
    ForeignKeyConstraint(["tenant", "gate"], ["gate.tenant", "gate.id"], ondelete="CASCADE"),
    Index(None, "tenant", "sha256"),
    Index(None, "tenant", "post"),
)
