"""Which no a consent takes back, and the salt of what the audit log holds of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("consent", sa.Column("undoes", sa.String(length=32), nullable=True))
    op.add_column("person", sa.Column("salt", sa.String(length=32), nullable=True))
