"""How long records are kept: one table, and what it comes to today.

The audit log is kept whole: it holds no names, and a chain without its beginning proves nothing. What the school laid
down is kept as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, select

from fotopoort.errors import NotFound
from fotopoort.registry import school_settings
from fotopoort.registry.people import erasure
from fotopoort.registry.photos import originals
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import block, key, person, screening, takedown, verdict
from fotopoort.vocabulary import Outcome

KEEP: Final = "retention."  # and a rule's key: the setting with which a school changes its days
LEFT: Final = "left"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of record is kept. `days`: unless the school laid down otherwise."""

    key: str
    nl: str
    en: str
    days: int
    why: str


RULES: Final = (
    Rule(
        "rejected",
        "Foto's die nergens heen mochten: wat is gezien, gezegd en besloten",
        "Photos that could go nowhere: what was seen, said and decided",
        400,
        "a school year, for questions about a verdict",
    ),
    Rule(
        "cleared",
        "Foto's die geplaatst mochten worden: wat is gezien, gezegd en besloten, en waar ze heen gingen",
        "Photos that could be published: what was seen, said and decided, and where they went",
        5 * 365,
        "as long as somebody may ask for them to be taken down",
    ),
    Rule("takedowns", "Afgehandelde verwijderingen", "Takedowns that are done", 2 * 365, "to show that it was done"),
    Rule(
        LEFT,
        "Mensen die van school zijn, en wat over hen is gezegd",
        "People who left, and what was said about them",
        365,
        "for photos of their last year",
    ),
    Rule("blocks", "Opgeheven blokkades", "Lifted blocks", 2 * 365, "in case the same photo is reported again"),
    Rule("keys", "Ingetrokken sleutels", "Keys that were taken back", 2 * 365, "to say whose a key in the log was"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule takes away today."""

    rule: str
    nl: str
    en: str
    days: int
    count: int


def setting(rule: str) -> str:
    """The key of the setting with which a school changes a rule's days.

    Raises:
        NotFound: there is no such rule.
    """
    if rule not in {row.key for row in RULES}:
        raise NotFound("There is no such rule.", hint=f"Choose from: {', '.join(row.key for row in RULES)}.")
    return KEEP + rule


def plan(session: Session) -> list[Due]:
    """What has been kept long enough, rule by rule; nothing is taken away."""
    return [Due(rule.key, rule.nl, rule.en, _days(session, rule), len(_found(session, rule))) for rule in RULES]


def apply(session: Session) -> list[Due]:
    """Take away what has been kept long enough, and originals past their time."""
    taken = []
    for rule in RULES:
        found = _found(session, rule)
        if rule.key == LEFT:
            for person_id in found:
                erasure.erase(session, person_id, "kept long enough")
        elif found:
            column = _KINDS[rule.key][0]
            here = column.table.c.tenant == session.tenant
            session.connection.execute(delete(column.table).where(here, column.in_(found)))
        taken.append(Due(rule.key, rule.nl, rule.en, _days(session, rule), len(found)))
    originals.sweep(session)
    if any(due.count for due in taken):
        session.note("retention", taken={due.rule: due.count for due in taken if due.count})
    return taken


def _days(session: Session, rule: Rule) -> int:
    return school_settings.days(session, KEEP + rule.key, rule.days)


def _found(session: Session, rule: Rule) -> Sequence[str]:
    column, is_due = _KINDS[rule.key]
    day = session.today - timedelta(days=_days(session, rule))
    query = select(column).where(column.table.c.tenant == session.tenant, is_due(day, session))
    return list(session.connection.execute(query).scalars())


def _before(day: date, session: Session) -> datetime:
    return datetime.combine(day, time(), session.now.tzinfo)


def _cleared() -> ColumnElement[bool]:
    return exists().where(
        verdict.c.tenant == screening.c.tenant,
        verdict.c.screening == screening.c.id,
        verdict.c.outcome != Outcome.REJECT.value,
    )


# By rule: the column that names a record, and whether one is due on a day.
_KINDS: Final[dict[str, tuple[Any, Callable[[date, Session], ColumnElement[bool]]]]] = {
    "rejected": (screening.c.id, lambda day, session: (screening.c.at < _before(day, session)) & ~_cleared()),
    "cleared": (screening.c.id, lambda day, session: screening.c.at < _before(day, session)),
    "takedowns": (takedown.c.id, lambda day, session: takedown.c.done < _before(day, session)),
    LEFT: (person.c.id, lambda day, _: person.c.leaves < day),
    "blocks": (block.c.id, lambda day, session: block.c.lifted < _before(day, session)),
    "keys": (key.c.id, lambda day, session: key.c.revoked < _before(day, session)),
}
