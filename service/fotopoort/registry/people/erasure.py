"""Erasing a person for good, while the audit log can still be verified.

The log refers to people by a ref, which means nothing once their row is gone. Erasing never makes a photo publishable:
the person remains a candidate without a name (`former.py`), and answers are read the stricter way: somebody unknown
is in the photo.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Column, delete, or_, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadRecord
from fotopoort.names.places import ID_DIGITS
from fotopoort.registry.answers import answer_log
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.purposes import pseudo_channels
from fotopoort.registry.people import former
from fotopoort.registry.people.groups import Years, groups_of
from fotopoort.registry.people.people import PersonRecord, find, ref_of
from fotopoort.registry.photos import originals, takedowns
from fotopoort.registry.photos.renaming import BATCH_ROWS, rewrite_answers, rewrite_names, with_id
from fotopoort.registry.photos.serialisation import years_from_json
from fotopoort.registry.posts import erasing
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import (
    block,
    gate,
    key,
    override,
    person,
    post,
    post_photo,
    screening,
    setting,
    takedown,
    verdict,
)
from fotopoort.vocabulary import Answers, NameHit, PersonId, Text

PLACEHOLDER: Final = "…"  # replaces a name in a text
UNKNOWN: Final = "erased-"  # how the id of an erased person begins in answers; no record has such an id
FREE_TEXTS: Final[Collection[Column[Any]]] = (  # may have a name in them
    verdict.c.place,
    takedown.c.place,
    block.c.reason,
    block.c.lift_reason,
    override.c.reason,
    setting.c.reason,
    key.c.label,
    post.c.text,
    post.c.reference,
    post_photo.c.file_name,
    gate.c.text,
)
# All but digits and the letters that have two cases: to `re`, a dotless i, a long s and the sign of kelvin are i, s, k.
AS_IN_SQL: Final = re.compile("[^0-9A-HJLM-RT-Za-hjlm-rt-z]")


def erase(session: Session, person_id: PersonId, reason: str, *, to_take_down: bool = True) -> None:
    """Erase everything that identifies somebody. `Database.vacuum` then removes it from the disk.

    Args:
        to_take_down: create a task for every place where they were shown, or may have been.

    Raises:
        UnknownPerson: there is nobody with that id.
        BadRecord: no reason is given.
    """
    if not reason.strip():
        raise BadRecord(
            Text(nl="Er is een reden nodig.", en="A reason is wanted."),
            hint=Text(
                nl="Schrijf kort waarom deze persoon wordt gewist.", en="Say in a few words why this person is erased."
            ),
        )
    session.bump_revision()  # first: who erases at the same time waits, and counts on from there
    record, ref = find(session, person_id), ref_of(session, person_id)
    _remember(session, record, ref)
    if to_take_down:
        erased = [takedowns.Withdrawal(ref, channel.id, consent="") for channel in session.channels]
        takedowns.create_tasks(session, erased, cause=takedowns.ERASURE)
    _erase_originals(session, person_id, ref)
    _rewrite_answers(session, record, _rewrite_findings(session, person_id))
    # The database deletes the person's groups, consents and rows of `shown` with this row.
    session.connection.execute(delete(person).where(person.c.tenant == session.tenant, person.c.ref == ref))
    _rewrite_free_texts(session, record)
    session.note("erased", person=ref, reason=digest(reason))


def _remember(session: Session, record: PersonRecord, ref: str) -> None:
    """Keep that somebody was here, and what held for them. A yes goes with whoever said it: it is on record nowhere any
    more, so that it takes no no back either."""
    statements = consent_log.by_ref(session, [ref]).get(ref, [])
    # Purposes too: what was said about one holds for channels that the school adds later.
    channels = [*session.channels, *pseudo_channels(statements, session.channels)]
    derived = consent_log.derived_consents(session, [ref], channels=channels, every_yes_ended=True)
    states = consent_log.states_of(ref, derived, channels)
    former.remember(session, ref, states, leaves=record.leaves, never_locatable=record.never_locatable)


def _erase_originals(session: Session, person_id: PersonId, ref: str) -> None:
    """Erase the originals that are held of photos in which they are, or could be; of posts as well."""
    theirs = groups_of(session, ref, ended=True)

    def can_be_in(answers: Answers, years: Years) -> bool:
        is_named = person_id in answers.present | answers.pointed_out
        groups = frozenset[str]() if answers.others else answers.groups
        return is_named or (person_id not in answers.absent and _could_be(groups, theirs, years))

    rows = session.connection.execute(
        select(screening.c.id, screening.c.taken, screening.c.years).where(
            screening.c.tenant == session.tenant, screening.c.held_until.is_not(None)
        )
    ).all()
    for row in rows:
        if can_be_in(answer_log.answers_of(session, row.id), years_from_json(row.years, row.taken)):
            originals.erase(session, row.id)
    erasing.erase_where(session, can_be_in)


def _could_be(groups: Collection[str], theirs: Mapping[int, Collection[str]], years: Years) -> bool:
    in_years = {group for year, names in theirs.items() if years is None or year in years for group in names}
    return not groups or bool(in_years & set(groups))


def _rewrite_answers(session: Session, record: PersonRecord, renamed_hits: Collection[str]) -> None:
    unknown: dict[str, PersonId] = {}  # who they are in each photo from now on; nothing links the photos

    def without(screening_id: str, answers: Answers) -> Answers:
        somebody = unknown.setdefault(screening_id, UNKNOWN + uuid.uuid4().hex)
        answers = _without(answers, record.id, somebody, is_hidden=record.never_locatable)
        return replace(answers, not_names=answers.not_names.difference(renamed_hits))

    rewrite_answers(session, record.id, without, about_names=bool(renamed_hits))


def _without(answers: Answers, person_id: PersonId, somebody: PersonId, *, is_hidden: bool) -> Answers:
    """The answers in which the person is somebody whom the school does not know, and who may not be shown.

    Args:
        is_hidden: a photo in which they were pointed out may go nowhere: somebody else is in it, nobody knows where.
    """
    renamed = with_id(answers, person_id, somebody)
    present = renamed.present
    if is_hidden and (renamed.faces != answers.faces or renamed.drawn != answers.drawn):
        present |= {answer_log.elsewhere_in_photo(somebody)}
    return replace(
        renamed,
        present=present,
        absent=answers.absent - {person_id},
        unsure=answers.unsure - {person_id},
        listed=None if answers.listed is None else answers.listed - {person_id},
    )


def _rewrite_findings(session: Session, person_id: PersonId) -> set[str]:
    """Take the person's name out of what was read. Returns the ids that name hits had: they are made of the name, so
    that whoever knows it could tell that it was there.
    """

    def anonymous(hit: NameHit) -> NameHit:
        if hit.person not in (person_id, None):  # None: it may be theirs
            return hit
        renamed.add(hit.id)
        return replace(hit, id=f"n{secrets.token_hex(ID_DIGITS // 2)}", person=None, text=None)

    renamed: set[str] = set()
    rewrite_names(session, anonymous, person_id, lambda: UNKNOWN + uuid.uuid4().hex, nobodys=True)
    return renamed


def _rewrite_free_texts(session: Session, record: PersonRecord) -> None:
    names = _names(record)
    pattern, can_match = _pattern(names, record.id), [_like(name) for name in (*names, record.id)]
    for column in FREE_TEXTS:
        table = column.table
        texts = select(*table.primary_key.columns, column.label("text")).where(
            table.c.tenant == session.tenant, or_(*(column.ilike(like) for like in can_match))
        )
        for row in session.connection.execute(texts, execution_options={"yield_per": BATCH_ROWS}):
            text = pattern.sub(PLACEHOLDER, row.text)
            if text != row.text:
                is_row = [part == getattr(row, part.name) for part in table.primary_key.columns]
                session.connection.execute(update(table).where(*is_row).values({column.name: text}))


def _names(record: PersonRecord) -> set[str]:
    """The person's names that are of more than one word: others are of too many people."""
    names = {
        record.name,
        f"{record.call_name} {record.prefix} {record.surname}",
        f"{record.call_name} {record.surname}",
        f"{record.given_names} {record.prefix} {record.surname}",
    }
    return {name for name in names if len(name.split()) > 1}


def _pattern(names: Collection[str], person_id: PersonId) -> re.Pattern[str]:
    """Matches these names and this id as they may be written in a text or a file name."""
    patterns = [r"[\W_]*".join(map(re.escape, name.split())) for name in names]
    patterns.append(rf"(?<!\w){re.escape(person_id)}(?!\w)")
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE)


def _like(name: str) -> str:
    """A pattern of SQL for texts in which a name or id can be: any character where databases and `re` do not agree
    about upper and lower case. "Iris de Wit": "%_r__%de%W_t%"."""
    return f"%{'%'.join(AS_IN_SQL.sub('_', word) for word in name.split())}%"
