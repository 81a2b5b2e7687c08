"""What a CMS sent to the gate, what it was told, and what may be out."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("post", sa.Column("origin", sa.String(length=10), nullable=False, server_default="page"))
    op.add_column("post", sa.Column("reference", sa.Text(), nullable=False, server_default=""))
    op.add_column("post", sa.Column("day_known", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "gate",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("text_outcome", sa.String(length=10), nullable=True),
        sa.Column("sent", sa.String(length=27), nullable=False),
        sa.Column("told", sa.String(length=10), nullable=False),
        sa.Column("told_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_gate_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "post"], ["post.tenant", "post.id"], name=op.f("fk_gate_tenant_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_gate")),
        sa.UniqueConstraint("tenant", "owner", "content", name=op.f("uq_gate_tenant_owner_content")),
    )
    op.create_index(op.f("ix_gate_tenant_sha256"), "gate", ["tenant", "sha256"])
    op.create_index(op.f("ix_gate_tenant_post"), "gate", ["tenant", "post"])
    op.create_table(
        "gate_key",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_gate_key_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "gate"], ["gate.tenant", "gate.id"], name=op.f("fk_gate_key_tenant_gate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "owner", "key", name=op.f("pk_gate_key")),
    )
    op.create_table(
        "gate_rendition",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("photo", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("shows", sa.JSON(), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("revoked", sa.String(length=27), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_gate_rendition_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "gate"],
            ["gate.tenant", "gate.id"],
            name=op.f("fk_gate_rendition_tenant_gate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "gate", "sha256", name=op.f("pk_gate_rendition")),
    )
    op.create_index(op.f("ix_gate_rendition_tenant_sha256"), "gate_rendition", ["tenant", "sha256"])
    op.create_index(op.f("ix_gate_rendition_tenant_post"), "gate_rendition", ["tenant", "post"])
