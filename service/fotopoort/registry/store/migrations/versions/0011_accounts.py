"""People who log in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("login", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("second_factor", sa.LargeBinary(), nullable=True),
        sa.Column("second_factor_begun", sa.LargeBinary(), nullable=True),
        sa.Column("second_factor_step", sa.Integer(), nullable=True),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("disabled", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_account_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("tenant", "login", name=op.f("uq_account_tenant_login")),
    )
    op.create_table(
        "invitation",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=16), nullable=True),
        sa.Column("until", sa.String(length=27), nullable=False),
        *_keys("invitation", "hash"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        *_keys("recovery_code", "account", "hash"),
    )
    op.create_table(
        "login_session",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=16), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("seen", sa.String(length=27), nullable=False),
        sa.Column("confirmed", sa.String(length=27), nullable=True),
        *_keys("login_session", "hash"),
    )
    op.create_index(op.f("ix_login_session_tenant_account"), "login_session", ["tenant", "account"])


def _keys(table: str, *primary: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f(f"fk_{table}_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"],
            ["account.tenant", "account.id"],
            name=op.f(f"fk_{table}_tenant_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", *primary, name=op.f(f"pk_{table}")),
    )
