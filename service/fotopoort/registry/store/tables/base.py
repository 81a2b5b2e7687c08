"""What all tables have in common."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def tenant_key() -> Column[str]:
    """The first column of every table's key: the school that a row belongs to."""
    return Column("tenant", ForeignKey("tenant.id"), primary_key=True)


def of_person() -> ForeignKeyConstraint:
    """For a table with a column `person`: its rows go when that person is erased."""
    return ForeignKeyConstraint(["tenant", "person"], ["person.tenant", "person.ref"], ondelete="CASCADE")
