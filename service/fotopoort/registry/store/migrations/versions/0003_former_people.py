"""Memberships with dates, how many people of a group were erased, the school years of a photo, causes of takedowns."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("membership", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("membership", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("screening", sa.Column("years", sa.JSON(), nullable=True))
    op.add_column("takedown", sa.Column("cause", sa.String(length=20), nullable=False, server_default="consent"))
    op.create_table(
        "former",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("never_locatable", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_former_tenant")),
        sa.PrimaryKeyConstraint("tenant", "school_year", "group", name=op.f("pk_former")),
    )
    op.create_table(
        "former_consent",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "school_year", "group"],
            ["former.tenant", "former.school_year", "former.group"],
            name=op.f("fk_former_consent_tenant_school_year_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_former_consent_tenant")),
        sa.PrimaryKeyConstraint("tenant", "school_year", "group", "purpose", name=op.f("pk_former_consent")),
    )
