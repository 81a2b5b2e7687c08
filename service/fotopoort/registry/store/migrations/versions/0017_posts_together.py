"""Posts of which all channels get the same."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("post", sa.Column("together", sa.Boolean(), nullable=False, server_default=sa.false()))
