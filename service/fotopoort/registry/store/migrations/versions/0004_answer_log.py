"""Answers as a log: each with the photo that it is about, and rows that take an earlier one back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("answer", sa.Column("sha256", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("answer", sa.Column("kind", sa.String(length=10), nullable=False, server_default="answer"))
    op.add_column("answer", sa.Column("retracts", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE answer SET sha256 = (SELECT screening.sha256 FROM screening"
        " WHERE screening.tenant = answer.tenant AND screening.id = answer.screening)"
    )
    op.create_index(op.f("ix_answer_tenant_sha256"), "answer", ["tenant", "sha256"], unique=False)
