"""The questions that were answered, word for word: kept with the first answer to each, to show a consent by."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import insert, select

from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import wording
from fotopoort.school_file import Wording
from fotopoort.vocabulary import ChannelId, Text


def keep(session: Session, hashes: Set[str]) -> None:
    """Keep these of the school's questions, where they are not kept yet."""
    new = hashes - kept(session).keys() if hashes else set()
    rows = [
        {
            "tenant": session.tenant,
            "sha256": question.sha256,
            "purpose": question.purpose,
            "version": question.version,
            "channels": sorted(question.channels),
            "nl": question.text.nl,
            "en": question.text.en,
            "since": session.now,
        }
        for question in session.wordings
        if question.sha256 in new
    ]
    if rows:
        session.connection.execute(insert(wording), rows)


def kept(session: Session) -> dict[str, Wording]:
    """Every question that somebody answered, by its SHA-256."""
    rows = session.connection.execute(select(wording).where(wording.c.tenant == session.tenant))
    return {row.sha256: Wording(row.purpose, row.version, tuple(row.channels), Text(row.nl, row.en)) for row in rows}


def channels(session: Session) -> dict[str, tuple[ChannelId, ...]]:
    """The channels that each of them named; of one that is not as its hash says, none."""
    return {
        sha256: question.channels if question.sha256 == sha256 else () for sha256, question in kept(session).items()
    }
