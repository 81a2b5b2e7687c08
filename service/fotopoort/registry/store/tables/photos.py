"""Photos: hashes and findings, never pixels; what was said and decided about them, and what came of that."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKeyConstraint, Index, Integer, String, Table, Text, true

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, of_person, tenant_key

screening = Table(
    "screening",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("likeness", Text, nullable=False),  # perceptual hash, see photo/perceptual_hash.py
    Column("at", Moment, nullable=False),
    Column("taken", Date),  # the day of the photo, where it is known
    Column("years", JSON),  # the school years it can be of; []: any; null: it was recorded before these were
    Column("actor", String(40), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("request", JSON, nullable=False),
    # Digest of the names that were searched for; "": there was nothing to search in; null: it was not kept yet.
    Column("names_searched", String(64)),
    Column("held_until", Moment),  # the encrypted original is kept until then; null: it is not kept
    Index(None, "tenant", "sha256"),
    Index(None, "tenant", "at"),
)

answer = Table(
    "answer",
    metadata,
    tenant_key(),
    Column("screening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),  # 0: the answers that came with the photo
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("sha256", String(64), nullable=False, server_default=""),  # of the photo
    Column("kind", String(10), nullable=False, server_default="answer"),  # or "retraction", of the answer `retracts`
    Column("retracts", Integer),
    ForeignKeyConstraint(["tenant", "screening"], ["screening.tenant", "screening.id"], ondelete="CASCADE"),
    Index(None, "tenant", "sha256"),
)

override = Table(
    "override",
    metadata,
    tenant_key(),
    Column("screening", String(32), primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("rule", String(10), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("reason", FreeText, nullable=False),
    ForeignKeyConstraint(["tenant", "screening"], ["screening.tenant", "screening.id"], ondelete="CASCADE"),
)

verdict = Table(
    "verdict",
    metadata,
    tenant_key(),
    Column("screening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),  # of the last answer that was taken into account
    Column("channel", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("basis", String(10), nullable=False),
    Column("policy", Text, nullable=False),
    Column("registry", Text),
    Column("rules", JSON, nullable=False),
    Column("rendition", String(64)),  # SHA-256 of the file that may go out
    Column("place", FreeText, nullable=False),  # where the caller said that it would appear
    Column("groups", JSON, nullable=False),  # whose members the faces that nobody identified could be
    Column("by_group", Boolean, nullable=False),  # a face is shown because everyone in the groups may be
    ForeignKeyConstraint(["tenant", "screening"], ["screening.tenant", "screening.id"], ondelete="CASCADE"),
)

shown = Table(  # who can be seen, according to the teacher, in a rendition that may be published
    "shown",
    metadata,
    tenant_key(),
    Column("screening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("certain", Boolean, nullable=False, server_default=true()),  # False: only a part went out; they may be in it
    ForeignKeyConstraint(
        ["tenant", "screening", "number", "channel"],
        ["verdict.tenant", "verdict.screening", "verdict.number", "verdict.channel"],
        ondelete="CASCADE",
    ),
    of_person(),
    Index(None, "tenant", "person"),
)

takedown = Table(
    "takedown",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False),  # no foreign key: the task outlives the person; "": nobody's
    Column("consent", String(32), nullable=False),  # the statement that requires it; "": another cause
    Column("cause", String(20), nullable=False, server_default="consent"),  # or "erasure", "block"
    Column("channel", String(40), nullable=False),
    Column("photo", String(64), nullable=False),  # SHA-256
    Column("rendition", String(64)),
    Column("place", FreeText, nullable=False),
    Column("certain", Boolean, nullable=False),  # False: they may be in the group that is shown
    Column("at", Moment, nullable=False),
    Column("due", Date, nullable=False),
    Column("done", Moment),
    Column("done_by", String(40)),
    Index(None, "tenant", "due"),
)

block = Table(
    "block",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("likenesses", JSON, nullable=False),  # empty: only this very file is recognised
    Column("reason", FreeText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("lifted", Moment),
    Column("lifted_by", String(40)),
    Column("lift_reason", FreeText),
    Index(None, "tenant", "sha256"),
)
