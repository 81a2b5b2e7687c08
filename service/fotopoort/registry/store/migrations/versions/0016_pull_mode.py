"""Websites whose photos are fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "pull_pairing",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("until", sa.String(length=27), nullable=True),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("reached", sa.String(length=27), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_pull_pairing_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_pull_pairing")),
    )
    op.create_table(
        "pull_photo",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("pairing", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.String(length=64), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=True),
        sa.Column("ticket", sa.String(length=80), nullable=True),
        sa.Column("refusal", sa.String(length=80), nullable=True),
        sa.Column("sent", sa.String(length=64), nullable=True),
        sa.Column("rendition", sa.String(length=64), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_pull_photo_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "pairing"],
            ["pull_pairing.tenant", "pull_pairing.id"],
            name=op.f("fk_pull_photo_tenant_pairing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "pairing", "id", name=op.f("pk_pull_photo")),
    )
    op.create_index(op.f("ix_pull_photo_tenant_ticket"), "pull_photo", ["tenant", "ticket"])
    op.create_index(op.f("ix_pull_photo_tenant_pairing_changed"), "pull_photo", ["tenant", "pairing", "changed"])
