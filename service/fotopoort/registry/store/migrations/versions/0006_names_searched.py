"""Which names a photo was searched for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("screening", sa.Column("names_searched", sa.String(length=64), nullable=True))
