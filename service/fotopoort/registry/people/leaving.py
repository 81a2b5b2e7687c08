"""The last day at school, with which consents end: what a change of it means.

A last day that has passed and is moved or taken away is somebody who comes back: what was granted until then has ended,
and is asked again. Only where it is said that the day was written down wrongly, it is as if it had never been there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from fotopoort.errors import BadRecord
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import person
from fotopoort.vocabulary import Text

TICK: Final = timedelta(microseconds=1)


def is_past(leaves: date | None, today: date) -> bool:
    """Whether the last day at school has passed."""
    return leaves is not None and leaves < today


def recorded_departures(
    session: Session,
    ref: str,
    earlier: tuple[datetime, ...],
    before: date | None,
    after: date | None,
    *,
    corrected: bool = False,
) -> tuple[datetime, ...]:
    """`departures` of somebody in the registry, for arguments as there.

    Raises:
        BadRecord: it is a correction, and there is no last day that can have been wrong.
    """
    if before == after and not corrected:
        return earlier
    query = select(person.c.leaves_recorded).where(person.c.tenant == session.tenant, person.c.ref == ref)
    recorded = session.connection.execute(query).scalar_one()
    if corrected:
        require_past_day(earlier, before, after, recorded=recorded, today=session.today)
    return departures(earlier, before, after, recorded=recorded, now=session.now, corrected=corrected)


def departures(
    earlier: tuple[datetime, ...],
    before: date | None,
    after: date | None,
    *,
    recorded: datetime | None,
    now: datetime,
    corrected: bool,
) -> tuple[datetime, ...]:
    """From when somebody had left, each time that they did and are back: what was granted before has ended.

    A last day can be recorded long after it has passed. What was granted meanwhile was granted for somebody who was
    thought to be there, so it ends as well.

    Args:
        earlier: those of before this change.
        before, after: the last day as it was recorded, and as it is from now on.
        recorded: when `before` was; None: that was not kept yet.
        now: with the school's time zone.
        corrected: `before` was wrong; or, where it has not passed, that the last of `earlier` was.
    """
    if before is None or not is_past(before, now.date()):
        return earlier[:-1] if corrected else earlier
    if corrected or before == after:
        return earlier
    day_after = datetime.combine(before + timedelta(days=1), time(), now.tzinfo)
    return (*earlier, max(day_after, (recorded or now) + TICK))


def require_past_day(
    earlier: tuple[datetime, ...], before: date | None, after: date | None, *, recorded: datetime | None, today: date
) -> None:
    """Go on only if there is a last day that can have been wrong: one that has passed and is changed now, or the one of
    the last return. Arguments as for `departures`; of a correction nothing is `recorded`, so that it is none twice.

    Raises:
        BadRecord: there is none.
    """
    if (is_past(before, today) and after != before) or (not is_past(before, today) and earlier and recorded):
        return
    raise BadRecord(
        Text(
            nl="Er is geen laatste dag op school die fout kan zijn opgeschreven.",
            en="There is no last day at school that can have been written down wrongly.",
        ),
        hint=Text(
            nl="Geef met --correction ook de goede dag (of --stays). Eén keer is genoeg.",
            en="Give the right day as well with --correction (or --stays). Once is enough.",
        ),
    )


def left_at(stored: Iterable[str]) -> datetime | None:
    """From when they had left the last time, of what is stored; None: they never did."""
    return max(map(datetime.fromisoformat, stored), default=None)
