"""People, what was said about showing them, keys, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
    )
    op.create_table(
        "person",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("call_name", sa.Text(), nullable=False),
        sa.Column("given_names", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.Column("nicknames", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("own_from", sa.Date(), nullable=True),
        sa.Column("leaves", sa.Date(), nullable=True),
        sa.Column("never_locatable", sa.Boolean(), nullable=False),
        sa.Column("added", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_person_tenant")),
        sa.PrimaryKeyConstraint("tenant", "ref", name=op.f("pk_person")),
        sa.UniqueConstraint("tenant", "id", name=op.f("uq_person_tenant_id")),
    )
    op.create_table(
        "membership",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person"],
            ["person.tenant", "person.ref"],
            name=op.f("fk_membership_tenant_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_membership_tenant")),
        sa.PrimaryKeyConstraint("tenant", "person", "school_year", "group", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_tenant_school_year_group"), "membership", ["tenant", "school_year", "group"], unique=False
    )
    op.create_table(
        "consent",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=10), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("verified", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("recorded", sa.String(length=27), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person"],
            ["person.tenant", "person.ref"],
            name=op.f("fk_consent_tenant_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_consent_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_tenant_person_purpose"), "consent", ["tenant", "person", "purpose"], unique=False)
    op.create_table(
        "confirmation",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "consent"],
            ["consent.tenant", "consent.id"],
            name=op.f("fk_confirmation_tenant_consent"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_confirmation_tenant")),
        sa.PrimaryKeyConstraint("tenant", "consent", name=op.f("pk_confirmation")),
    )
    op.create_table(
        "setting",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_setting_tenant")),
        sa.PrimaryKeyConstraint("tenant", "key", "since", name=op.f("pk_setting")),
    )
    op.create_table(
        "key",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("revoked", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_key_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_key_hash")),
    )
    op.create_table(
        "audit",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_audit_tenant")),
        sa.PrimaryKeyConstraint("tenant", "seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_tenant_person"), "audit", ["tenant", "person"], unique=False)
    op.create_index(op.f("ix_audit_tenant_photo"), "audit", ["tenant", "photo"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_audit_head_tenant")),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_audit_head")),
    )
