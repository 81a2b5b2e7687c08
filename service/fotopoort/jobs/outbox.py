"""A job is written in the transaction of what it tells: both are there, or neither.

Whoever records a consent, for instance, calls `enqueue` with the session in which it was recorded.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from fotopoort.jobs.job import JobState, Payload
from fotopoort.registry.registry import Session
from fotopoort.registry.store.database_clock import database_clock
from fotopoort.registry.store.tables import job

# Ids, hashes, dates and paths of ours: no spaces, no letters with accents. What somebody wrote rarely fits.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:+=/-]{0,200}")


def enqueue(
    session: Session,
    kind: str,
    payload: Payload,
    *,
    version: int = 1,
    key: str | None = None,
    due: datetime | None = None,
) -> str:
    """Have a job done after this transaction. Returns its id, which stays the same through all its attempts.

    Args:
        session: of the transaction in which what the job tells is written.
        kind: which handler does it.
        payload: what it has to know; ids, hashes and numbers only.
        version: of the payload's form; a program that only knows earlier ones leaves the job to others.
        key: there is at most one job of this kind with this key, also after it was done, for as long as it is kept.
            Where there is one, it is left as it is and its id is returned.
        due: not before this moment; None: at once, by the clock by which jobs are taken.

    Raises:
        ValueError: the payload holds what is no id, hash or number.
    """
    _check(payload)
    new = {
        "tenant": session.tenant,
        "id": uuid.uuid4().hex,
        "kind": kind,
        "version": version,
        "payload": payload,
        "key": key,
        "state": JobState.WAITING.value,
        "due": due or database_clock(session.connection),
        "attempts": 0,
        "token": 0,
        "made": session.now,
    }
    insert = sqlite.insert if session.connection.dialect.name == "sqlite" else postgresql.insert
    if_there_is_none = insert(job).values(new).on_conflict_do_nothing(index_elements=["tenant", "kind", "key"])
    if session.connection.execute(if_there_is_none.returning(job.c.id)).first():
        return str(new["id"])
    same = job.c.tenant == session.tenant, job.c.kind == kind, job.c.key == key
    return str(session.connection.execute(select(job.c.id).where(*same)).scalar_one())


def _check(payload: Payload) -> None:
    for value in payload.values():
        for part in value if isinstance(value, list) else [value]:
            is_plain = _PLAIN.fullmatch(part) if isinstance(part, str) else part is None or isinstance(part, int)
            if not is_plain:
                raise ValueError("a payload takes ids, hashes and numbers only")
