"""When who is back had left, what channels asked for when something was said, and who may be in a part of a photo."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("person", sa.Column("leaves_recorded", sa.String(length=27), nullable=True))
    op.add_column("person", sa.Column("had_left", sa.JSON(), nullable=True))
    op.add_column("consent", sa.Column("purposes_then", sa.JSON(), nullable=True))
    op.add_column("shown", sa.Column("certain", sa.Boolean(), nullable=False, server_default=sa.true()))
