"""When a photo of a post was taken and changed, and how often what it is judged by did."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("post_photo", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("post_photo", sa.Column("moment", sa.String(length=19), nullable=True))
    op.add_column("post_photo", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
