"""Work that waits to be done."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due", sa.String(length=27), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("finished", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_job_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_job")),
        sa.UniqueConstraint("tenant", "kind", "key", name=op.f("uq_job_tenant_kind_key")),
    )
    op.create_index(op.f("ix_job_tenant_state_finished"), "job", ["tenant", "state", "finished"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_job_waiting", "job", ["kind", "due"], sqlite_where=waiting, postgresql_where=waiting)
