"""The tables of a ledger, see `ledger.py` and `leases.py`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text

SCHEMA: Final = 2  # raised with every change to the tables; a ledger with another number is refused

metadata = MetaData()

about = Table("batch_about", metadata, Column("schema", Integer, primary_key=True))

run = Table(
    "batch_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder", LargeBinary, nullable=False),
    Column("started", Float, nullable=False),  # seconds since 1970
    Column("asked", Text),  # the run's request as JSON, for workers on other machines; null: no other takes part
    sqlite_autoincrement=True,  # a number is never given again
)

# What lies in the folder. `run`: the last one that found it; `shard`: in which it is to be done, null once it is.
photo = Table(
    "batch_photo",
    metadata,
    Column("path", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("stem", LargeBinary, nullable=False),
    Column("run", Integer, nullable=False),
    Column("shard", Integer),
    Index("batch_photo_shard", "shard", "path"),
)

# Which worker has which photos, until when. `token` grows each time that a shard is handed out, `failures` each time
# that the worker who had it never came back.
shard = Table(
    "batch_shard",
    metadata,
    Column("run", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("worker", String(200)),
    Column("until", Float),  # seconds since 1970 by the database's clock
    Column("token", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("finished", Boolean, nullable=False, default=False),
)
# With this index, claiming is as fast at the end of a long run as at its beginning.
Index(
    "batch_shard_unfinished",
    shard.c.run,
    shard.c.number,
    sqlite_where=~shard.c.finished,
    postgresql_where=~shard.c.finished,
)

# Whose rendition lies at a place, or may lie there: the row is written before the file is.
rendition = Table(
    "batch_rendition",
    metadata,
    Column("place", LargeBinary, primary_key=True),
    Column("path", LargeBinary, nullable=False, index=True),
)

# One for each photo. `key`: of all that it rests on beside the photo; `size`, `modified`: of the file that was judged;
# `settled`: it was judged, or the error lies in the file itself.
result = Table(
    "batch_result",
    metadata,
    Column("path", LargeBinary, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("taken", String(19)),
    Column("groups", Text, nullable=False),  # JSON
    Column("likeness", String(64), nullable=False),
    Column("document", LargeBinary, nullable=False),  # JSON, compressed by zlib
    Column("thumbnail", String(200), index=True),
    Column("judged", Boolean, nullable=False),
    Column("settled", Boolean, nullable=False),
)
