"""Photos by their hashes: what was seen, said and decided, where it went, and what is blocked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "screening",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("likeness", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("taken", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("held_until", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_screening_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_screening")),
    )
    op.create_index(op.f("ix_screening_tenant_at"), "screening", ["tenant", "at"], unique=False)
    op.create_index(op.f("ix_screening_tenant_sha256"), "screening", ["tenant", "sha256"], unique=False)
    op.create_table(
        "answer",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("screening", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "screening"],
            ["screening.tenant", "screening.id"],
            name=op.f("fk_answer_tenant_screening"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_answer_tenant")),
        sa.PrimaryKeyConstraint("tenant", "screening", "number", name=op.f("pk_answer")),
    )
    op.create_table(
        "override",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("screening", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "screening"],
            ["screening.tenant", "screening.id"],
            name=op.f("fk_override_tenant_screening"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_override_tenant")),
        sa.PrimaryKeyConstraint("tenant", "screening", "channel", "rule", name=op.f("pk_override")),
    )
    op.create_table(
        "verdict",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("screening", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("registry", sa.Text(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("rendition", sa.String(length=64), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("by_group", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "screening"],
            ["screening.tenant", "screening.id"],
            name=op.f("fk_verdict_tenant_screening"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_verdict_tenant")),
        sa.PrimaryKeyConstraint("tenant", "screening", "number", "channel", name=op.f("pk_verdict")),
    )
    op.create_table(
        "shown",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("screening", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person"],
            ["person.tenant", "person.ref"],
            name=op.f("fk_shown_tenant_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "screening", "number", "channel"],
            ["verdict.tenant", "verdict.screening", "verdict.number", "verdict.channel"],
            name=op.f("fk_shown_tenant_screening_number_channel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_shown_tenant")),
        sa.PrimaryKeyConstraint("tenant", "screening", "number", "channel", "person", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_tenant_person"), "shown", ["tenant", "person"], unique=False)
    op.create_table(
        "takedown",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=False),
        sa.Column("rendition", sa.String(length=64), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done", sa.String(length=27), nullable=True),
        sa.Column("done_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_takedown_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_takedown")),
    )
    op.create_index(op.f("ix_takedown_tenant_due"), "takedown", ["tenant", "due"], unique=False)
    op.create_table(
        "block",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("likenesses", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("lifted", sa.String(length=27), nullable=True),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_block_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_tenant_sha256"), "block", ["tenant", "sha256"], unique=False)
