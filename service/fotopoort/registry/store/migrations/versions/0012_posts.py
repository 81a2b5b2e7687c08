"""Posts: what a teacher puts together before it is published."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "post",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Integer(), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("changed", sa.String(length=27), nullable=False),
        sa.Column("until", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_post_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_tenant_state_until"), "post", ["tenant", "state", "until"])
    op.create_index(op.f("ix_post_tenant_made"), "post", ["tenant", "made"])
    op.create_table(
        "post_photo",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("screening", sa.String(length=32), nullable=True),
        sa.Column("renditions", sa.JSON(), nullable=False),
        sa.Column("added", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_post_photo_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "post"],
            ["post.tenant", "post.id"],
            name=op.f("fk_post_photo_tenant_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_post_photo")),
        sa.UniqueConstraint("tenant", "post", "client_id", name=op.f("uq_post_photo_tenant_post_client_id")),
    )
    op.create_index(op.f("ix_post_photo_tenant_sha256"), "post_photo", ["tenant", "sha256"])
    op.create_table(
        "post_answer",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("retracts", sa.Integer(), nullable=True),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_post_answer_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant", "post"],
            ["post.tenant", "post.id"],
            name=op.f("fk_post_answer_tenant_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "post", "number", name=op.f("pk_post_answer")),
    )
