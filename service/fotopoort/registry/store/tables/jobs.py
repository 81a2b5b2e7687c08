"""Work that waits to be done, and what became of it; see the room `jobs`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint

from fotopoort.registry.store.column_types import Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key

job = Table(
    "job",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),  # "maintenance.vacuum"; of a kind that no program knows, it waits
    Column("version", Integer, nullable=False),  # of the payload's form
    Column("payload", JSON, nullable=False),  # ids and hashes only
    Column("key", String(80)),  # of a kind and key there is one job; null: of any number
    Column("state", String(10), nullable=False),  # "waiting", "done" or "dead"
    Column("due", Moment, nullable=False),  # when it is to be taken; while it is leased: when the lease ends
    Column("attempts", Integer, nullable=False),  # how often it was taken
    Column("token", Integer, nullable=False),  # goes up each time that a lease begins or is given back
    Column("worker", String(80)),  # who has the lease; null: nobody
    Column("error", String(80)),  # the code of what went wrong last
    Column("made", Moment, nullable=False),
    Column("finished", Moment),  # since when it is done or dead
    UniqueConstraint("tenant", "kind", "key"),
    Index(None, "tenant", "state", "finished"),
)
# With this index, finding the next one that is due takes as long with ten thousand that wait as with none.
Index(
    "ix_job_waiting",
    job.c.kind,
    job.c.due,
    sqlite_where=job.c.state == "waiting",
    postgresql_where=job.c.state == "waiting",
)
