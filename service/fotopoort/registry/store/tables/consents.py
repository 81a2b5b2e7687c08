"""What was said about whom, and what it was said to."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKeyConstraint, Index, String, Table

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, of_person, tenant_key

consent = Table(  # rows are only added; erasing a person takes theirs away
    "consent",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("purpose", String(40), nullable=False),  # a channel or a purpose; "biometric_matching" is no longer used
    Column("word", String(10), nullable=False),
    Column("speaker", FreeText, nullable=False),
    Column("capacity", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("verified", FreeText, nullable=False),
    Column("wording", FreeText, nullable=False),
    Column("evidence", FreeText, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("recorded", Moment, nullable=False),
    Column("to_confirm", Boolean, nullable=False),  # by a teacher: it holds at once, and the office looks at it
    Column("undoes", String(32)),  # the no that the same guardian takes back with this
    Column("asked_for", String(40)),  # the purpose that the channel had then; null: called as the channel, or not kept
    Column("wording_sha256", String(64)),  # the question that was answered, word for word: a row of `wording`
    Column("purposes_then", JSON(none_as_null=True)),  # of every channel, when it was recorded; null: not kept yet
    of_person(),
    Index(None, "tenant", "person", "purpose"),
)

wording = Table(  # the questions that were answered, word for word; rows are only added
    "wording",
    metadata,
    tenant_key(),
    Column("sha256", String(64), primary_key=True),  # of all that follows but the last, see school_file.py
    Column("purpose", String(40), nullable=False),
    Column("version", FreeText, nullable=False),
    Column("channels", JSON, nullable=False),
    Column("nl", FreeText, nullable=False),
    Column("en", FreeText, nullable=False),
    Column("since", Moment, nullable=False),  # when the first answer to it was recorded
)

confirmation = Table(
    "confirmation",
    metadata,
    tenant_key(),
    Column("consent", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    ForeignKeyConstraint(["tenant", "consent"], ["consent.tenant", "consent.id"], ondelete="CASCADE"),
)

noes_seen = Table(  # who could not be shown when it was last looked, see consent/new_noes.py
    "noes_seen",
    metadata,
    tenant_key(),
    Column("at", Moment, nullable=False),
    Column("noes", JSON, nullable=False),  # refs and channels
)
