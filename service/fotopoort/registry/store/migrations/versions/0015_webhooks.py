"""Webhooks: whom the service tells, and who tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("public_key", sa.String(length=60), nullable=True),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("disabled", sa.String(length=27), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("paused_until", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_webhook_endpoint_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("endpoint", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_webhook_delivery_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "id"], ["job.tenant", "job.id"], name=op.f("fk_webhook_delivery_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "endpoint"],
            ["webhook_endpoint.tenant", "webhook_endpoint.id"],
            name=op.f("fk_webhook_delivery_tenant_endpoint"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(op.f("ix_webhook_delivery_tenant_endpoint"), "webhook_delivery", ["tenant", "endpoint"])
    op.create_table(
        "webhook_source",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("revoked", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_webhook_source_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "key"], ["key.tenant", "key.id"], name=op.f("fk_webhook_source_tenant_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_webhook_source")),
    )
    op.create_table(
        "webhook_incoming",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_webhook_incoming_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "id"], ["job.tenant", "job.id"], name=op.f("fk_webhook_incoming_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "source"],
            ["webhook_source.tenant", "webhook_source.id"],
            name=op.f("fk_webhook_incoming_tenant_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_webhook_incoming")),
    )
