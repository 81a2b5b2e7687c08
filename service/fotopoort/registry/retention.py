"""How long records are kept: one table of rules, and what those come to today.

The audit log is kept for good: it holds no names, and a chain without its beginning proves nothing. The school's own
settings are kept as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, select

from fotopoort.errors import NotFound
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import SERVICE, Act, Caller
from fotopoort.registry.do_each import do_each
from fotopoort.registry.people import erasure
from fotopoort.registry.photos import originals
from fotopoort.registry.posts import ending
from fotopoort.registry.registry import Registry, Session
from fotopoort.registry.store.tables import answer, block, job, key, person, post, screening, takedown, verdict
from fotopoort.vocabulary import Outcome, PersonId, Text

SETTING: Final = "retention."  # followed by a rule's key: the setting with which a school changes its days
LEAVERS: Final = "left"  # the key of the rule about people who left school


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long one kind of record is kept. `days`: unless the school has set another number."""

    key: str
    nl: str
    en: str
    days: int
    why: str


RULES: Final = (
    RetentionRule(
        "rejected",
        "Foto's die nergens heen mochten: wat is gezien, gezegd en besloten",
        "Photos that could go nowhere: what was seen, said and decided",
        400,
        "a school year, for questions about a verdict",
    ),
    RetentionRule(
        "cleared",
        "Foto's die geplaatst mochten worden: wat is gezien, gezegd en besloten, en waar ze heen gingen",
        "Photos that could be published: what was seen, said and decided, and where they went",
        5 * 365,
        "as long as somebody may ask for them to be taken down",
    ),
    RetentionRule(
        "posts",
        "Berichten die klaar of verlopen zijn: hun foto's als getallen, en wat daarover is gezegd",
        "Posts that are finished or have expired: their photos as hashes, and what was said about them",
        5 * 365,
        "as long as what was cleared in them is kept",
    ),
    RetentionRule(
        "takedowns", "Afgehandelde verwijderingen", "Takedowns that are done", 2 * 365, "to show that it was done"
    ),
    RetentionRule(
        LEAVERS,
        "Mensen die van school zijn, en wat over hen is gezegd",
        "People who left, and what was said about them",
        365,
        "for photos of their last year",
    ),
    RetentionRule(
        "blocks", "Opgeheven blokkades", "Lifted blocks", 2 * 365, "in case the same photo is reported again"
    ),
    RetentionRule(
        "keys", "Ingetrokken sleutels", "Keys that were taken back", 2 * 365, "to say whose a key in the log was"
    ),
    RetentionRule(
        "jobs",
        "Taken die klaar zijn of zijn opgegeven",
        "Jobs that are done or dead",
        90,
        "to have dead ones tried again",
    ),
)

_OF_LEAVERS: Final = next(rule for rule in RULES if rule.key == LEAVERS)


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule erases today."""

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
    keys = [row.key for row in RULES]
    if rule not in keys:
        raise NotFound(
            Text(nl="Zo'n regel is er niet.", en="There is no such rule."),
            hint=Text(nl=f"Kies uit: {', '.join(keys)}.", en=f"Choose from: {', '.join(keys)}."),
        )
    return SETTING + rule


def plan(session: Session) -> list[Due]:
    """What has been kept long enough, rule by rule; nothing is erased."""
    return [Due(rule.key, rule.nl, rule.en, _days(session, rule), len(_found(session, rule))) for rule in RULES]


def apply_in_parts(registry: Registry, caller: Caller) -> list[Due]:
    """Do what `apply` does, in several transactions, so that nobody waits for all of it: see `erase_leavers`.

    Raises:
        RegistryError: somebody could not be erased, or the rest; everything else was.
    """
    leavers = 0
    try:
        leavers = erase_leavers(registry, caller)
    finally:
        with registry.write(caller, Act.MAINTAIN) as session:
            erased = apply(session, leavers=False)
    return [replace(due, count=due.count + leavers * (due.rule == LEAVERS)) for due in erased]


def erase_leavers(registry: Registry, caller: Caller) -> int:
    """Erase who left school long enough ago, each in a transaction of its own: others can write in between, and whoever
    is erased stays so, whatever happens next. Returns how many.

    Raises:
        RegistryError: somebody could not be erased; all others were. The next call goes on with them.
    """
    with registry.read(caller, Act.MAINTAIN) as session:
        leavers = _found(session, _OF_LEAVERS)
    erased: list[PersonId] = []

    def erase(person_id: PersonId) -> None:
        with registry.write(caller, Act.MAINTAIN) as session:
            # Meanwhile another program may have erased them, or their last day was moved.
            is_due = person_id in _found(session, _OF_LEAVERS)
            if is_due:
                _erase_leaver(session, person_id)
                session.note("retention", taken={LEAVERS: 1})
        if is_due:
            erased.append(person_id)

    do_each(*(partial(erase, person_id) for person_id in leavers))
    return len(erased)


def apply(session: Session, *, leavers: bool = True) -> list[Due]:
    """Erase what has been kept long enough, and originals and posts past their time, in one transaction. Where many
    people can have left, `apply_in_parts` is for it.

    Args:
        leavers: who left school as well; False: `erase_leavers` does that, and whom it cannot erase keeps nothing else.
    """
    erased = []
    for rule in RULES:
        if rule.key == LEAVERS:
            found = _found(session, rule) if leavers else []
            for person_id in found:
                _erase_leaver(session, person_id)
            count = len(found)
        else:  # not by their ids: there can be more of them than a statement takes
            table = _KINDS[rule.key][0].table
            count = session.connection.execute(delete(table).where(*_is_due(session, rule))).rowcount
        erased.append(Due(rule.key, rule.nl, rule.en, _days(session, rule), count))
    originals.erase_expired(session)
    ending.expire(session)
    if any(due.count for due in erased):
        session.note("retention", taken={due.rule: due.count for due in erased if due.count})
    return erased


def _erase_leaver(session: Session, person_id: PersonId) -> None:
    erasure.erase(session, person_id, "kept long enough", to_take_down=False)


def _days(session: Session, rule: RetentionRule) -> int:
    return school_settings.days(session, SETTING + rule.key, rule.days)


def _found(session: Session, rule: RetentionRule) -> Sequence[str]:
    query = select(_KINDS[rule.key][0]).where(*_is_due(session, rule))
    return list(session.connection.execute(query).scalars())


def _is_due(session: Session, rule: RetentionRule) -> tuple[ColumnElement[bool], ...]:
    column, is_due = _KINDS[rule.key]
    day = session.today - timedelta(days=_days(session, rule))
    return column.table.c.tenant == session.tenant, is_due(day, session)


def _before(day: date, session: Session) -> datetime:
    return datetime.combine(day, time(), session.now.tzinfo)


def _cleared() -> ColumnElement[bool]:
    return exists().where(
        verdict.c.tenant == screening.c.tenant,
        verdict.c.screening == screening.c.id,
        verdict.c.outcome != Outcome.REJECT.value,
    )


def _is_over(day: date, session: Session) -> ColumnElement[bool]:
    """Whether a photo was looked at before a day, and nobody has said anything of it since: that holds wherever it is
    sent again, as long as this is kept."""
    before = _before(day, session)
    said_since = exists().where(
        answer.c.tenant == screening.c.tenant,
        answer.c.screening == screening.c.id,
        answer.c.at >= before,
        answer.c.actor != SERVICE,
    )
    return (screening.c.at < before) & ~said_since


# By rule: the column with the ids of its records, and whether a record is due on a day.
_KINDS: Final[dict[str, tuple[Any, Callable[[date, Session], ColumnElement[bool]]]]] = {
    "rejected": (screening.c.id, lambda day, session: _is_over(day, session) & ~_cleared()),
    "cleared": (screening.c.id, _is_over),
    "posts": (post.c.id, lambda day, session: (post.c.state != "open") & (post.c.changed < _before(day, session))),
    "takedowns": (takedown.c.id, lambda day, session: takedown.c.done < _before(day, session)),
    LEAVERS: (person.c.id, lambda day, _: person.c.leaves < day),
    "blocks": (block.c.id, lambda day, session: block.c.lifted < _before(day, session)),
    "keys": (key.c.id, lambda day, session: key.c.revoked < _before(day, session)),
    "jobs": (job.c.id, lambda day, session: job.c.finished < _before(day, session)),
}
