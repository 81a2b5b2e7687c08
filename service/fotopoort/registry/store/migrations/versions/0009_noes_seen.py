"""Who could not be shown when it was last looked, so that a no that nobody records is seen to begin."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "noes_seen",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("noes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_noes_seen_tenant")),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_noes_seen")),
    )
