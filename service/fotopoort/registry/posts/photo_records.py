"""The photos of a post, as they are recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, String, cast, func, select, update

from fotopoort.errors import NotFound
from fotopoort.registry.people.groups import Years
from fotopoort.registry.photos.serialisation import findings_from_json, years_from_json
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post_photo, screening
from fotopoort.vocabulary import ChannelId, Findings, Text

# Why a photo failed, beside the codes of errors about photos.
TWICE: Final = "photo_twice"  # the same photo is in the post already
GONE: Final = "photo_gone"  # it was erased, or what was kept of it was damaged
BLOCKED: Final = "photo_blocked"
FAILURES: Final[Mapping[str, tuple[Text, Text]]] = {  # what is told of each, and what to do
    TWICE: (
        Text(nl="Deze foto zit al in het bericht.", en="This photo is in the post already."),
        Text(nl="Je hoeft niets te doen.", en="Nothing needs to be done."),
    ),
    GONE: (
        Text(nl="Deze foto wordt niet meer bewaard.", en="This photo is no longer kept."),
        Text(nl="Kies hem opnieuw.", en="Choose it again."),
    ),
    BLOCKED: (
        Text(nl="Deze foto is gemeld en mag nergens heen.", en="This photo was reported and may go nowhere."),
        Text(nl="Vraag ernaar bij wie over privacy gaat.", en="Ask whoever looks after privacy."),
    ),
}


class PhotoState(StrEnum):
    UPLOADING = "uploading"  # not all of it is there
    WAITING = "waiting"  # to be looked at; again, where it has a screening
    SEEN = "seen"  # what is in it is known; what may go out is being made
    JUDGED = "judged"  # and that was made
    FAILED = "failed"
    REMOVED = "removed"  # somebody took it out of the post


LIVE: Final = frozenset({PhotoState.WAITING, PhotoState.SEEN, PhotoState.JUDGED})  # of a post: they go out, or may


@dataclass(frozen=True, slots=True)
class KeptRendition:
    """What was made of a photo for a channel.

    Attributes:
        sha256: ""; nothing that may go out: once it was made, something showed in it that is to be covered.
        perceptual_hash: see `photo.perceptual_hash.perceptual_hashes`, with a space between them.
        key: of the decision that it was made by: only as long as the same is decided may it go out.
        width, height: pixels.
    """

    sha256: str
    perceptual_hash: str
    key: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """What is recorded of a photo of a post.

    Attributes:
        number: its place in the post, from 1, with those that were removed.
        client_id: what the sender calls it.
        file_name: as it was on the sender's disk; it may have a name in it.
        size, received: bytes, as they were announced and as they are kept.
        sha256: None: it is not whole.
        error: the code of why it failed.
        screening: the id of the latest.
        renditions: that were made of it last.
        generation: goes up whenever something changes by which it is judged.
        moment: when it was taken: ISO 8601 without a zone, a day or a day and a time; None: nothing tells.
        revision: of the post when this photo changed last.
    """

    id: str
    number: int
    client_id: str
    file_name: str = field(repr=False)
    size: int
    received: int
    sha256: str | None
    state: PhotoState
    error: str | None
    screening: str | None
    renditions: Mapping[ChannelId, KeptRendition]
    generation: int
    moment: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class SeenPhoto:
    """A photo of a post that was looked at.

    Attributes:
        screening: the id under which that is stored.
        years, names_searched: see `screenings.remember`.
    """

    sha256: str
    findings: Findings
    years: Years
    screening: str
    names_searched: str | None


def rows(session: Session, post_id: str, photos: Collection[str] | None = None) -> list[Row[Any]]:
    """The photos of a post, in its order, also those that were removed.

    Args:
        photos: which of them; None: all.
    """
    query = select(post_photo).where(post_photo.c.tenant == session.tenant, post_photo.c.post == post_id)
    if photos is not None:
        query = query.where(post_photo.c.id.in_(photos))
    return list(session.connection.execute(query.order_by(post_photo.c.number)).all())


def count(session: Session, post_id: str) -> int:
    """How many photos a post has, with those that were removed."""
    query = select(func.count()).where(post_photo.c.tenant == session.tenant, post_photo.c.post == post_id)
    return int(session.connection.execute(query).scalar_one())


def sent_as(session: Session, post_id: str, client_id: str) -> str | None:
    """The id of the photo of a post that the sender calls so, also where it was removed; None: there is none."""
    of_post = post_photo.c.tenant == session.tenant, post_photo.c.post == post_id
    query = select(post_photo.c.id).where(*of_post, post_photo.c.client_id == client_id)
    return session.connection.execute(query).scalar_one_or_none()


def find(session: Session, post_id: str, photo_id: str) -> Row[Any]:
    """A photo of a post.

    Raises:
        NotFound: there is none, or it was removed.
    """
    query = select(post_photo).where(is_photo(session, photo_id), post_photo.c.post == post_id)
    row = session.connection.execute(query).one_or_none()
    if row is None or row.state == PhotoState.REMOVED:
        raise NotFound(
            Text(nl="Deze foto zit niet in het bericht.", en="That photo is not in the post."),
            hint=Text(nl="Kijk welke foto's er zijn.", en="See which photos there are."),
        )
    return row


def record(row: Row[Any]) -> PhotoRecord:
    return PhotoRecord(
        id=row.id,
        number=row.number,
        client_id=row.client_id,
        file_name=row.file_name,
        size=row.size,
        received=row.received,
        sha256=row.sha256,
        state=PhotoState(row.state),
        error=row.error,
        screening=row.screening,
        renditions={channel: KeptRendition(**kept) for channel, kept in row.renditions.items()},
        generation=row.generation,
        moment=row.moment,
        revision=row.revision,
    )


def store(session: Session, photo_id: str, **values: object) -> None:
    """Change columns of a photo."""
    session.connection.execute(update(post_photo).where(is_photo(session, photo_id)).values(values))


def store_all(session: Session, photo_ids: Collection[str], **values: object) -> None:
    """Change columns of several photos at once."""
    if photo_ids:
        are_these = post_photo.c.tenant == session.tenant, post_photo.c.id.in_(photo_ids)
        session.connection.execute(update(post_photo).where(*are_these).values(values))


def is_photo(session: Session, photo_id: str) -> ColumnElement[bool]:
    return (post_photo.c.tenant == session.tenant) & (post_photo.c.id == photo_id)


def read_findings(stored: str) -> Findings:
    """What was found in a photo, as it is stored. It takes a millisecond or two.

    Raises:
        RegistryError: it cannot be read any more.
    """
    return findings_from_json(json.loads(stored))


def seen(
    session: Session,
    post_id: str,
    photos: Collection[str] | None = None,
    *,
    read: Callable[[str], Findings] = read_findings,
) -> Mapping[str, SeenPhoto]:
    """The photos of a post that were looked at, in its order.

    Args:
        photos: which of them; None: all.
        read: reads what was found in one; whoever asks often remembers what it read.
    """
    live = [row for row in rows(session, post_id, photos) if row.screening and row.state in LIVE]
    columns = screening.c.id, screening.c.years, screening.c.taken, screening.c.names_searched
    are_these = screening.c.tenant == session.tenant, screening.c.id.in_([row.screening for row in live])
    query = select(*columns, cast(screening.c.findings, String).label("findings")).where(*are_these)
    screenings = {row.id: row for row in session.connection.execute(query)}
    return {
        row.id: SeenPhoto(
            row.sha256,
            read(found.findings),
            years_from_json(found.years, found.taken),
            found.id,
            found.names_searched,
        )
        for row in live
        if (found := screenings.get(row.screening))
    }
