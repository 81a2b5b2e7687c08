"""Everything that a CMS was given is looked at again when something changed that a verdict could depend on.

That is asked for in the transaction of the change, so that it is not forgotten whoever is stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from fotopoort.canonical_json import digest
from fotopoort.registry import outbox
from fotopoort.registry.store.tables import gate, job

if TYPE_CHECKING:  # every session asks for it, see `registry.py`
    from fotopoort.registry.registry import Session

RECHECK: Final = "gate.recheck"


def ask(session: Session) -> None:
    """Have it looked at again after this transaction, where there is anything: once for each revision."""
    if is_anything_there(session):
        outbox.enqueue(session, RECHECK, {}, key=digest([f"revision {session.revision()}"])[:32])


def ask_today(session: Session, rules: str, *, at_start: bool) -> None:
    """The same, where it was not asked for today by these rules.

    Args:
        rules: what stands beside the registry and verdicts depend on; 12 hexadecimal digits, others for each.
        at_start: a program just read its rules: where the last ones today were others, they let out other things
            meanwhile, and it is asked for once more. Later calls do not look at that: programs with two sets of rules
            would take turns for ever.
    """
    keys = select(job.c.key).where(
        job.c.tenant == session.tenant, job.c.kind == RECHECK, job.c.key.startswith(f"{session.today}:")
    )
    asked = [key.rpartition(":")[2] for key in sorted(session.connection.execute(keys).scalars())]
    is_there = asked[-1:] == [rules] if at_start else rules in asked
    if not is_there and is_anything_there(session):
        outbox.enqueue(session, RECHECK, {}, key=f"{session.today}:{len(asked):03}:{rules}")


def is_anything_there(session: Session) -> bool:
    """Whether anything was ever sent to the gate of this school."""
    return bool(session.connection.execute(select(exists().where(gate.c.tenant == session.tenant))).scalar())
