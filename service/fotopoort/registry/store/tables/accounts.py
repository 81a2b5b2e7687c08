"""People who log in, and where they are logged in."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE")


account = Table(
    "account",
    metadata,
    tenant_key(),
    Column("id", String(16), primary_key=True),
    Column("login", String(254), nullable=False),  # in small letters
    Column("name", FreeText, nullable=False),
    Column("role", String(20), nullable=False),
    Column("groups", JSON, nullable=False),  # a teacher's own
    Column("password", String(200)),  # Argon2id, in PHC format; none until an invitation was followed
    Column("second_factor", LargeBinary),  # the TOTP secret, encrypted
    Column("second_factor_begun", LargeBinary),  # one that was shown and not confirmed yet
    Column("second_factor_step", Integer),  # the last time step of which a code was used
    Column("made", Moment, nullable=False),
    Column("disabled", Moment),
    UniqueConstraint("tenant", "login"),
)

invitation = Table(  # to choose a password; once, and for some days
    "invitation",
    metadata,
    tenant_key(),
    Column("hash", String(64), primary_key=True),  # SHA-256 of 256 random bits
    Column("account", String(16)),  # none: to make the school's first account
    Column("until", Moment, nullable=False),
    _of_account(),
)

recovery_code = Table(  # each is used once, in place of a code of the second factor
    "recovery_code",
    metadata,
    tenant_key(),
    Column("account", String(16), primary_key=True),
    Column("hash", String(64), primary_key=True),  # SHA-256 of 80 random bits
    _of_account(),
)

login_session = Table(
    "login_session",
    metadata,
    tenant_key(),
    Column("hash", String(64), primary_key=True),  # SHA-256 of 256 random bits
    Column("account", String(16), nullable=False),
    Column("made", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("confirmed", Moment),  # when a code of the second factor was given
    _of_account(),
    Index(None, "tenant", "account"),
)
