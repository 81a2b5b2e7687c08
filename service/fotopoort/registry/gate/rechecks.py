"""Everything that a CMS was given is looked at again when something changed that a verdict could depend on.

That is asked for in the transaction of the change, so that it is not forgotten whoever is stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from fotopoort.canonical_json import digest
from fotopoort.registry import outbox
from fotopoort.registry.store.tables import gate

if TYPE_CHECKING:  # every session asks for it, see `registry.py`
    from fotopoort.registry.registry import Session

RECHECK: Final = "gate.recheck"


def ask(session: Session, *because: str) -> None:
    """Have it looked at again after this transaction, where there is anything.

    Args:
        because: what is the reason: of the same it is done once; none: the revision of the registry now.
    """
    if is_anything_there(session):
        reason = because or (f"revision {session.revision()}",)
        outbox.enqueue(session, RECHECK, {}, key=digest(reason)[:32])


def is_anything_there(session: Session) -> bool:
    """Whether anything was ever sent to the gate of this school."""
    return bool(session.connection.execute(select(exists().where(gate.c.tenant == session.tenant))).scalar())
