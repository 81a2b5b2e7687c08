"""How far each photo of a post is: looked at first, so that questions can be asked, and then what may go out is made.

Each photo counts, as its generation, how often something changed by which it is judged. What was found out by an
earlier one is not recorded. A rendition goes with the key of the decision that it was made by: where an answer changes
nothing about a channel, what was made for it stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import Row, select

from fotopoort.errors import BadRecord, PhotoGone, PostChanged
from fotopoort.registry.answers import answer_log
from fotopoort.registry.posts import photo_files, photo_records, posts
from fotopoort.registry.posts.photo_records import KeptRendition, PhotoState, store
from fotopoort.registry.posts.work import LOOK, RENDER, ask_for
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post_photo, screening
from fotopoort.vocabulary import ChannelId, Text

_WORK: Final = {PhotoState.WAITING: LOOK, PhotoState.SEEN: RENDER}


@dataclass(frozen=True, slots=True)
class NewRendition:
    """A rendition to keep. For all but `content` see `KeptRendition`."""

    content: bytes = field(repr=False)
    perceptual_hash: str
    key: str = ""
    width: int = 0
    height: int = 0


def look_again(session: Session, post_id: str, photo_ids: Collection[str] | None = None) -> list[str]:
    """Have these photos of a post (None: all) looked at again, by what holds now. Returns which."""
    return _again(session, post_id, photo_ids, PhotoState.WAITING)


def decide_again(session: Session, post_id: str, photo_ids: Collection[str] | None = None) -> list[str]:
    """Have what may go out of these photos (None: all) made again, where something else is decided now. Returns of
    which."""
    return _again(session, post_id, photo_ids, PhotoState.SEEN)


def try_again(session: Session, post_id: str, photo_id: str, *, revision: int) -> None:
    """Have a photo that could not be judged looked at once more.

    Raises:
        NotFound, PostEnded, PostChanged: see `posts.find_open`; or there is no such photo.
        PhotoGone: it is not whole, or not kept any more.
    """
    posts.find_open(session, post_id, revision)
    row = whole(session, post_id, photo_id)
    if row.state == PhotoState.FAILED:
        _advance(session, row.post, [row], PhotoState.WAITING, changed=True)
        posts.bump(session, post_id, edited=True, photos=[photo_id])


def start(session: Session, row: Row[Any]) -> None:
    """Have a photo that is whole looked at."""
    _advance(session, row.post, [row], PhotoState.WAITING)


def record_seen(
    session: Session,
    post_id: str,
    photo_id: str,
    screening_id: str,
    view: bytes | None,
    *,
    generation: int,
    moment: str | None = None,
) -> None:
    """Record what was found in a photo, and have made what may go out of it.

    Args:
        screening_id: of a screening that was remembered, of this very photo.
        view: the whole photo as a small JPEG; None: it cannot be shown.
        generation: of the photo when what it was looked at for was read.
        moment: when it was taken, see `PhotoRecord`.

    Raises:
        NotFound, PostEnded: see `posts.find_open`; or there is no such photo.
        PostChanged: something changed meanwhile by which it is judged.
        PhotoGone: it is not whole, or not kept any more.
        BadRecord: the screening is of another photo, or is not there.
        KeyMissing, RegistryError: the view cannot be kept.
    """
    row = require_current(session, post_id, photo_id, generation)
    is_screening = screening.c.tenant == session.tenant, screening.c.id == screening_id
    if session.connection.execute(select(screening.c.sha256).where(*is_screening)).scalar() != row.sha256:
        raise BadRecord(
            Text(nl="Dat oordeel is van een andere foto.", en="That verdict is of another photo."),
            hint=Text(nl="Laat de foto opnieuw beoordelen.", en="Screen the photo again."),
        )
    if row.screening not in (None, screening_id):
        answer_log.erase_texts(session, row.screening)  # nothing will be asked about that one any more
    if view is not None:
        photo_files.write_view(session, photo_id, view)
    store(session, photo_id, error=None, screening=screening_id, moment=moment)
    _advance(session, post_id, [row], PhotoState.SEEN)
    posts.bump(session, post_id, edited=False, photos=[photo_id])
    session.note("post.photo.seen", photo=row.sha256, post=post_id, screening=screening_id)


def record_rendered(
    session: Session,
    post_id: str,
    photo_id: str,
    renditions: Mapping[ChannelId, NewRendition | KeptRendition],
    *,
    generation: int,
) -> None:
    """Record what may go out on each channel, in place of what might before.

    Args:
        renditions: new ones, and those that stay.
        generation: of the photo when what it was judged by was read.

    Raises:
        NotFound, PostEnded, PostChanged, PhotoGone: as `record_seen`.
        KeyMissing, RegistryError: a rendition cannot be kept.
    """
    row = require_current(session, post_id, photo_id, generation)
    kept = {channel: _kept(session, photo_id, rendition) for channel, rendition in renditions.items()}
    hashes = {channel: rendition.sha256 for channel, rendition in kept.items() if rendition.sha256}
    photo_files.erase_renditions(session, photo_id, but=set(hashes.values()))
    stored = {channel: asdict(rendition) for channel, rendition in kept.items()}
    store(session, photo_id, state=PhotoState.JUDGED.value, error=None, renditions=stored)
    posts.bump(session, post_id, edited=False, photos=[photo_id])
    session.note("post.photo.judged", photo=row.sha256, post=post_id, screening=row.screening, renditions=hashes)


def record_failed(session: Session, post_id: str, photo_id: str, error: str) -> None:
    """Record that a photo could not be judged, and may therefore go nowhere.

    Args:
        error: the code of why.

    Raises:
        NotFound, PostEnded, PhotoGone: as `record_seen`.
    """
    posts.find_open(session, post_id)
    row = whole(session, post_id, photo_id)
    photo_files.erase_renditions(session, photo_id)
    store(session, photo_id, state=PhotoState.FAILED.value, error=error, renditions={})
    posts.bump(session, post_id, edited=False, photos=[photo_id])
    session.note("post.photo.failed", photo=row.sha256, post=post_id, id=photo_id, code=error)


def whole(session: Session, post_id: str, photo_id: str) -> Row[Any]:
    """A photo of which every byte is there.

    Raises:
        NotFound: there is no such photo in the post.
        PhotoGone: it is not whole, or not kept any more.
    """
    row = photo_records.find(session, post_id, photo_id)
    if row.sha256 is None or row.received != row.size:
        raise PhotoGone
    return row


def require_current(session: Session, post_id: str, photo_id: str, generation: int) -> Row[Any]:
    """A photo by which nothing changed since it was of this generation.

    Raises:
        NotFound, PostEnded, PostChanged, PhotoGone: as `record_seen`.
    """
    posts.find_open(session, post_id)
    row = whole(session, post_id, photo_id)
    if row.generation != generation:
        raise PostChanged
    return row


def _again(session: Session, post_id: str, photo_ids: Collection[str] | None, state: PhotoState) -> list[str]:
    again = [
        row
        for row in photo_records.rows(session, post_id)
        if row.state in photo_records.LIVE and (photo_ids is None or row.id in photo_ids)
    ]
    if state is PhotoState.WAITING:
        for row in again:
            photo_files.erase_renditions(session, row.id)
        photo_records.store_all(session, [row.id for row in again], renditions={})
    # Those that wait to be looked at do so still, by what holds then.
    waiting = [row for row in again if row.state == PhotoState.WAITING]
    _advance(session, post_id, waiting, PhotoState.WAITING, changed=True)
    _advance(session, post_id, [row for row in again if row.state != PhotoState.WAITING], state, changed=True)
    return [row.id for row in again]


def _advance(
    session: Session, post_id: str, rows: Collection[Row[Any]], state: PhotoState, *, changed: bool = False
) -> None:
    """Have photos of a post wait in that state for what is done then; all in a few statements, as there may be
    hundreds."""
    generation = post_photo.c.generation + int(changed)
    photo_records.store_all(session, [row.id for row in rows], state=state.value, generation=generation)
    ask_for(session, _WORK[state], post_id, {row.id: row.generation + changed for row in rows})


def _kept(session: Session, photo_id: str, rendition: NewRendition | KeptRendition) -> KeptRendition:
    if isinstance(rendition, KeptRendition):
        return rendition
    sha256 = photo_files.write_rendition(session, photo_id, rendition.content) if rendition.content else ""
    return KeptRendition(sha256, rendition.perceptual_hash, rendition.key, rendition.width, rendition.height)
