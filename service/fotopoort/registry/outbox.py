"""A job is written in the transaction of what it tells: both are there, or neither.

Whoever records a consent, for instance, calls `enqueue` with the session in which it was recorded.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import ColumnElement, literal_column, select, update

from fotopoort.registry.store.dialects import database_clock, insert_into
from fotopoort.registry.store.tables import job

if TYPE_CHECKING:  # sessions write jobs themselves, see `gate/rechecks.py`
    from fotopoort.registry.registry import Session

# What a job has to know: never a name or a text that somebody wrote.
Payload: TypeAlias = dict[str, "str | int | bool | list[str] | None"]

STEP: Final = timedelta(microseconds=1)  # between the jobs of one owner: the shortest that is kept

_KIND: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_COUNT: Final = re.compile(r"[0-9]{1,6}")  # in a key: too short for a telephone number
_NAME: Final = re.compile(r"[a-z_]+")  # of a value in a payload
# A code has a dot or an underscore in it: "consent.given". Otherwise "noor" would be one.
_PLAIN: Final = re.compile(
    r"""[0-9a-f]{12,128} | [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}  # an id, a hash, a UUID
    | \d{4}-\d\d-\d\d ( T\d\d:\d\d (:\d\d(\.\d{1,6})?)? (Z|[+-]\d\d:\d\d)? )?  # a day, a moment
    | (?=.{1,40}\Z) [a-z][a-z0-9]* ([._][a-z0-9]+)+  # a code""",
    re.VERBOSE | re.ASCII,
)


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
        payload: what it has to know; ids, hashes, dates, codes and numbers only.
        version: of the payload's form; a program that only knows earlier ones leaves the job to others.
        key: of the same, with colons between. There is at most one job of this kind with this key, also after it was
            done, for as long as it is kept. Where there is one, it is left as it is and its id is returned.
        due: not before this moment; None: at once, by the clock by which jobs are taken.

    Raises:
        ValueError: payload or key hold something else, or the kind is none.
    """
    new = _row(session, kind, payload, version, key, due or database_clock(session.connection))
    added = insert_into(session.connection, job).values(new)
    if_there_is_none = added.on_conflict_do_nothing(index_elements=["tenant", "kind", "key"])
    if session.connection.execute(if_there_is_none.returning(job.c.id)).first():
        return str(new["id"])
    same = job.c.tenant == session.tenant, job.c.kind == kind, job.c.key == key
    return str(session.connection.execute(select(job.c.id).where(*same)).scalar_one())


def enqueue_in_turn(
    session: Session, kind: str, payloads: Mapping[str, Payload], is_theirs: ColumnElement[bool]
) -> None:
    """Have many jobs of a kind done after this transaction, each as `enqueue` does, in turn with those of others: the
    first comes right behind the one of all schools that has waited longest, and each further one beside the next of
    everybody else who has several. It takes a few statements, however many there are.

    Jobs are taken in the order in which they are due. So the first is due with that one, and the further ones of the
    same owner each a little later than their last: so little that nobody waits for it, and only the order comes of it.
    One that is due for another attempt would then wait until nothing else does: it comes beside the first new one.

    Args:
        payloads: by the key of each job, in the order in which they are done.
        is_theirs: which jobs in this school are of the same owner.

    Raises:
        ValueError: see `enqueue`.
    """
    if payloads:
        # With the value in the statement, so that the index of jobs that wait is used.
        untaken = job.c.state == literal_column("'waiting'"), job.c.kind == kind, job.c.worker.is_(None)
        of_all = select(job.c.due).where(*untaken).order_by(job.c.due).limit(1)
        # One that was taken before waits for another attempt: what comes after it need not.
        of_theirs = select(job.c.due).where(*untaken, job.c.tenant == session.tenant, job.c.token == 0, is_theirs)
        longest = session.connection.execute(of_all).scalar()
        last = session.connection.execute(of_theirs.order_by(job.c.due.desc()).limit(1)).scalar()
        due = database_clock(session.connection)
        if longest is not None:
            _bring_forward(session, *untaken, job.c.due > longest + STEP, job.c.due <= due, to=longest + STEP)
            due = min(due, longest + STEP)  # behind it, so that nobody who comes later keeps it waiting
        if last is not None:
            due = max(due, last + STEP)
        new = [
            _row(session, kind, payload, 1, key, due + number * STEP)
            for number, (key, payload) in enumerate(payloads.items())
        ]
        added = insert_into(session.connection, job)
        session.connection.execute(added.on_conflict_do_nothing(index_elements=["tenant", "kind", "key"]), new)


def _bring_forward(session: Session, *which: ColumnElement[bool], to: datetime) -> None:
    """Of these, have the one that was taken before and has been due for longest done at a moment; if there is one."""
    tried = select(job.c.tenant, job.c.id).where(*which, job.c.token > 0).order_by(job.c.due).limit(1)
    # One that another transaction has, it takes or brings forward: nobody waits for it here.
    row = session.connection.execute(tried.with_for_update(skip_locked=True)).first()
    if row is not None:
        session.connection.execute(update(job).where(job.c.tenant == row.tenant, job.c.id == row.id).values(due=to))


def _row(
    session: Session, kind: str, payload: Payload, version: int, key: str | None, due: datetime
) -> dict[str, object]:
    _check(kind, payload, key)
    return {
        "tenant": session.tenant,
        "id": uuid.uuid4().hex,
        "kind": kind,
        "version": version,
        "payload": payload,
        "key": key,
        "state": "waiting",
        "due": due,
        "attempts": 0,
        "token": 0,
        "made": session.now,
    }


def _check(kind: str, payload: Payload, key: str | None) -> None:
    if not _KIND.fullmatch(kind) or len(kind) > 40:
        raise ValueError("a kind is lower-case words with dots, 40 characters at most")
    if key is not None and not (
        len(key) <= 80 and all(_is_plain(part) or _COUNT.fullmatch(part) for part in key.split(":"))
    ):
        raise ValueError("a key takes ids, hashes, dates, codes and numbers only, 80 characters at most")
    for name, value in payload.items():
        parts = value if isinstance(value, list) else [value]
        if not _NAME.fullmatch(name) or not all(part is None or _is_plain(part) for part in parts):
            raise ValueError("a payload takes ids, hashes, dates, codes and numbers only")


def _is_plain(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and _PLAIN.fullmatch(value) is not None)
