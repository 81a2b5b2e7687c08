"""Which question a consent answers, what consent was asked for, and whether a pupil was told that they decide."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("person", sa.Column("informed", sa.Date(), nullable=True))
    op.add_column("consent", sa.Column("asked_for", sa.String(length=40), nullable=True))
    op.add_column("consent", sa.Column("wording_sha256", sa.String(length=64), nullable=True))
    op.create_table(
        "wording",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("nl", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_wording_tenant")),
        sa.PrimaryKeyConstraint("tenant", "sha256", name=op.f("pk_wording")),
    )
