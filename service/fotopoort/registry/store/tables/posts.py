"""Posts: what a teacher puts together before it is published, its photos, and what was said of them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key

post = Table(
    "post",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("owner", String(40), nullable=False),  # the id of the caller who made it
    Column("groups", JSON, nullable=False),  # who is in its photos, where nothing else was said
    Column("channels", JSON, nullable=False),
    Column("together", Boolean, nullable=False, server_default=false()),  # all channels get the same, by the strictest
    Column("day", Date, nullable=False),
    Column("text", FreeText, nullable=False),  # erased when the post ends
    Column("state", String(10), nullable=False),  # "open", "finished" or "expired"
    Column("revision", Integer, nullable=False),  # goes up with every change, but not with each part of a photo
    # The revision of the latest change by a person. Later ones are of photos that came in and were judged.
    Column("edited", Integer, nullable=False),
    Column("made", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("until", Moment, nullable=False),  # it expires then
    Column(
        "origin", String(10), nullable=False, server_default="page"
    ),  # "page", or "cms": its photos came by the gate
    Column(
        "reference", FreeText, nullable=False, server_default=""
    ),  # what the CMS calls it; erased when the post ends
    Column("day_known", Boolean, nullable=False, server_default=true()),  # false: `day` is when it was made, no more
    Index(None, "tenant", "state", "until"),
    Index(None, "tenant", "made"),
)

post_photo = Table(
    "post_photo",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("post", String(32), nullable=False),
    Column("client_id", String(64), nullable=False),  # what the sender calls it: the same one is the same photo
    Column("number", Integer, nullable=False),  # its place in the post
    Column("file_name", FreeText, nullable=False),  # as it was on the sender's disk; erased when the post ends
    Column("size", Integer, nullable=False),  # bytes, as they were announced
    Column("received", Integer, nullable=False),  # bytes that are kept, from the first
    Column("sha256", String(64)),  # null: it is not whole yet
    Column("state", String(10), nullable=False),  # "uploading", "waiting", "seen", "judged", "failed" or "removed"
    Column("error", String(40)),  # the code of why it failed
    Column("screening", String(32)),  # the latest; no foreign key: photos of a post outlive what is kept of them
    Column("renditions", JSON, nullable=False),  # by channel, what was made: see `KeptRendition`
    Column("added", Moment, nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),  # goes up with all that it is judged by
    Column("moment", String(19)),  # when it was taken, see `CaptureDate.moment`; erased when the post ends
    Column("revision", Integer, nullable=False, server_default="0"),  # of the post when this photo changed last
    ForeignKeyConstraint(["tenant", "post"], ["post.tenant", "post.id"], ondelete="CASCADE"),
    UniqueConstraint("tenant", "post", "client_id"),
    Index(None, "tenant", "sha256"),
)

post_answer = Table(  # rows are only added, see answers/answer_log.py
    "post_answer",
    metadata,
    tenant_key(),
    Column("post", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("kind", String(10), nullable=False),  # "answer", or "retraction" of the answer `retracts`
    Column("retracts", Integer),
    Column("photo", String(32)),  # the only one that it was said of; null: it was said of several at once
    Column("photos", JSON, nullable=False),  # the SHA-256 of each that it was said of
    Column("answers", JSON, nullable=False),
    ForeignKeyConstraint(["tenant", "post"], ["post.tenant", "post.id"], ondelete="CASCADE"),
)
