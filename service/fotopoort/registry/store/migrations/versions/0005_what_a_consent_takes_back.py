"""Which no a consent takes back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("consent", sa.Column("undoes", sa.String(length=32), nullable=True))
