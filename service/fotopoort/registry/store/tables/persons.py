"""People and the groups they are in, and what stays of those who were erased."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, of_person, tenant_key

person = Table(
    "person",
    metadata,
    tenant_key(),
    Column("ref", String(32), primary_key=True),
    Column("id", String(80), nullable=False),  # the school's own, such as a pupil number
    Column("name", FreeText, nullable=False),  # as it is used, such as "Noor van den Berg"
    Column("call_name", FreeText, nullable=False),
    Column("given_names", FreeText, nullable=False),
    Column("prefix", FreeText, nullable=False),  # "van den"
    Column("surname", FreeText, nullable=False),
    Column("nicknames", JSON, nullable=False),
    Column("role", String(10), nullable=False),
    Column("own_from", Date),  # the 16th birthday, from which their own statements count
    Column("leaves", Date),  # the last day at school
    Column("leaves_recorded", Moment),  # when that was written down; null: not kept yet
    Column("had_left", JSON(none_as_null=True)),  # of who came back: from when they had left, which ended consents
    Column("never_locatable", Boolean, nullable=False),
    Column("informed", Date),  # the day on which a pupil was told that they decide from their 16th birthday on
    Column("added", Moment, nullable=False),
    Column("salt", String(32)),  # new with every change: of the digest of `never_locatable` in the audit log
    UniqueConstraint("tenant", "id"),
)

membership = Table(  # rows end and are not deleted: who was in a group at any time of a year can be in its photos
    "membership",
    metadata,
    tenant_key(),
    Column("person", String(32), primary_key=True),
    Column("school_year", Integer, primary_key=True),  # the year it begins in
    Column("group", String(80), primary_key=True),
    Column("since", Date),  # the day it was recorded; null: not known
    Column("until", Date),  # the day it ended; null: it has not
    of_person(),
    Index(None, "tenant", "school_year", "group"),
)

former = Table(  # how many people of a group were erased: somebody whom no row tells of may still be in its photos
    "former",
    metadata,
    tenant_key(),
    Column("school_year", Integer, primary_key=True),  # of `group` "": the last one in which they were at school
    Column("group", String(80), primary_key=True),  # "": the school as a whole
    Column("persons", Integer, nullable=False),
    Column("never_locatable", Integer, nullable=False),
)

former_consent = Table(  # and what held for them when they were erased
    "former_consent",
    metadata,
    tenant_key(),
    Column("school_year", Integer, primary_key=True),
    Column("group", String(80), primary_key=True),
    Column("purpose", String(40), primary_key=True),  # a channel, or what consent is asked for
    Column("refused", Integer, nullable=False),
    Column("silent", Integer, nullable=False),
    Column("granted", Integer, nullable=False),
    ForeignKeyConstraint(
        ["tenant", "school_year", "group"], ["former.tenant", "former.school_year", "former.group"], ondelete="CASCADE"
    ),
)
